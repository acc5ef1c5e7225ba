"""Time extractors on the HTML of labelled pages, which is what they read instead of text."""

import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

from training.benchmark.rivals import SLOW_SECONDS, Missing
from training.benchmark.timing import Timing, amount_of, timed
from training.corpus import Corpus

N_PAGES = 60


def extractor_timings(corpus: Corpus, archive: Path) -> Iterator[Timing | tuple[str, str]]:
    """Time each extractor on some pages.

    Parameters
    ----------
    corpus : Corpus
    archive : path
        Folder, or tar file, with the pages' HTML, ``<id>.html``.

    Yields
    ------
    Timing, or (name, reason)
        Sizes are of the pages' text, not of their HTML, so that rows compare
        with all others. A name and why it is left out where it is not installed.
    """
    step = max(1, len(corpus.texts) // N_PAGES)
    chosen = list(range(0, len(corpus.texts), step))
    html = read_pages(archive, [corpus.records[i]["id"] for i in chosen])
    amount = amount_of([corpus.texts[i] for i in chosen])
    for name, load in EXTRACTORS.items():
        try:
            extract = load()
        except ImportError:
            yield name, f"not installed (pip install {name.split()[0].lower()})"
            continue
        yield timed(
            name, lambda extract=extract: [extract(page) for page in html], amount, SLOW_SECONDS, 3
        )


def read_pages(archive: Path, ids: list[str]) -> list[bytes]:
    """Read the HTML of some pages.

    Raises
    ------
    Missing
        If there is no such file or folder.
    """
    if not archive.exists():
        raise Missing(f"{archive} is not there")
    if archive.is_dir():
        return [(archive / f"{page}.html").read_bytes() for page in ids]
    wanted = {f"{page}.html" for page in ids}
    found: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name in wanted:
                found[member.name] = tar.extractfile(member).read()
    return [found[f"{page}.html"] for page in ids]


def _resiliparse(main_content: bool) -> Callable[[bytes], object]:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def extract(html: bytes) -> object:
        tree = HTMLTree.parse_from_bytes(html, detect_encoding(html))
        return extract_plain_text(tree, main_content=main_content)

    return extract


def _trafilatura() -> Callable[[bytes], object]:
    import trafilatura

    return trafilatura.extract


def _justext() -> Callable[[bytes], object]:
    import justext
    import lxml.etree

    stop_words = justext.get_stoplist("English")

    def extract(html: bytes) -> object:
        try:
            return justext.justext(html, stop_words)
        except (lxml.etree.ParserError, justext.core.JustextError):
            return None  # pages that are empty for it

    return extract


EXTRACTORS: dict[str, Callable[[], Callable[[bytes], object]]] = {
    "resiliparse (all text)": lambda: _resiliparse(False),
    "resiliparse (main content)": lambda: _resiliparse(True),
    "trafilatura": _trafilatura,
    "jusText": _justext,
}
