"""Extractors: which lines of a page stand in what they print of its HTML."""

from pathlib import Path

from training.align import matched_labels, words_of
from training.corpus import lines_of
from training.pages.sources import html_path

EXTRACTORS = ("trafilatura", "resiliparse", "jusText")
KEPT = "kept"
# Their names of those with stop words of their own.
JUSTEXT_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "id": "Indonesian",
    "it": "Italian",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian_Bokmal",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
}


def extracted(text: str, printed: str) -> list[bool]:
    """Say which lines of a page stand in what an extractor printed of it.

    Parameters
    ----------
    text : str
        The whole page.
    printed : str

    Returns
    -------
    list of bool
        One for each line that is not blank.
    """
    kept = [words_of(line) for line in lines_of(printed)]
    found = matched_labels(kept, [KEPT] * len(kept), [words_of(line) for line in lines_of(text)])
    return [label == KEPT for label in found]


def justext(html: bytes, language: str) -> str:
    """Print the paragraphs that jusText takes for text, with the stop words of the language.

    Parameters
    ----------
    html : bytes
    language : str
        Code, such as "en".

    Returns
    -------
    str
    """
    import justext
    import lxml.etree

    name = JUSTEXT_LANGUAGES.get(language)
    try:
        # Without a list of its own, a language is judged by lengths and links alone.
        paragraphs = (
            justext.justext(html, justext.get_stoplist(name))
            if name
            else justext.justext(html, frozenset(), stopwords_low=0, stopwords_high=0)
        )
    except (lxml.etree.ParserError, justext.core.JustextError):
        return ""  # a page that is empty for it
    return "\n".join(p.text for p in paragraphs if not p.is_boilerplate)


def print_page(name: str, html: bytes, language: str) -> str:
    """Print a page with an extractor.

    Parameters
    ----------
    name : str
        "jusText", "trafilatura" or "resiliparse".
    html : bytes
    language : str
        Code; for jusText.

    Returns
    -------
    str
    """
    from training import render

    if name == "jusText":
        return justext(html, language)
    return {"trafilatura": render.trafilatura, "resiliparse": render.resiliparse_main}[name](html)


def kept_of_html(name: str, folder: Path, page: tuple[str, str, str]) -> list[bool]:
    """Say which lines of a page (id, language, text) an extractor keeps, from its HTML.

    Parameters
    ----------
    name : str
        As for `print_page`.
    folder : Path
        Holds ``<id>.html``.
    page : tuple of str, str and str

    Returns
    -------
    list of bool
        One for each line that is not blank.
    """
    identifier, language, text = page
    html = html_path(folder, identifier).read_bytes()
    return extracted(text, print_page(name, html, language))
