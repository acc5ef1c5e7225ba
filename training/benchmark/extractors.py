"""Time extractors on the HTML of labelled pages, which is what they read instead of text."""

import importlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from training.benchmark.rivals import SLOW_SECONDS, Missing
from training.benchmark.timing import Timing, amount_of, timed
from training.corpus import Corpus
from training.sources import html_path

N_PAGES = 60
EXTRACTORS = (
    "resiliparse (all text)",
    "resiliparse (main content)",
    "trafilatura",
    "jusText",
)


def extractor_timings(corpus: Corpus, folder: Path) -> Iterator[Timing | tuple[str, str]]:
    """Time each extractor on some pages.

    Parameters
    ----------
    corpus : Corpus
    folder : path
        With the pages' HTML, ``<id>.html``.

    Yields
    ------
    Timing, or (name, reason)
        Sizes are of the pages' text, not of their HTML, so that rows compare
        with all others. A name and why it is left out where it is not installed.
    """
    step = max(1, len(corpus.texts) // N_PAGES)
    chosen = list(range(0, len(corpus.texts), step))
    html = read_pages(folder, [corpus.records[i]["id"] for i in chosen])
    amount = amount_of([corpus.texts[i] for i in chosen])
    for name in EXTRACTORS:
        try:
            extract = load_extractor(name)
        except ImportError:
            yield name, f"not installed (pip install {package_of(name)})"
            continue
        yield timed(
            name, lambda extract=extract: [extract(page) for page in html], amount, SLOW_SECONDS, 3
        )


def read_pages(folder: Path, ids: list[str]) -> list[bytes]:
    """Read the HTML of some pages.

    Parameters
    ----------
    folder : Path
    ids : list of str

    Returns
    -------
    list of bytes

    Raises
    ------
    Missing
        If there is no such folder.
    """
    if not folder.is_dir():
        raise Missing(f"{folder} is not there (make it with `python -m training sources fetch`)")
    return [html_path(folder, page).read_bytes() for page in ids]


def load_extractor(name: str) -> Callable[[bytes], str]:
    """Give a function that prints a page, with the options of its view or baseline.

    Parameters
    ----------
    name : str
        One of this benchmark's tables.

    Returns
    -------
    callable
        Gives the text of a page's HTML.

    Raises
    ------
    ImportError
        If its package is not installed.
    """
    importlib.import_module(package_of(name))
    from training.baselines.extractors import print_page
    from training.render import resiliparse_full

    if name.endswith("(all text)"):
        return resiliparse_full
    return partial(print_page, name.split()[0], language="en")


def package_of(name: str) -> str:
    """Return the package that an extractor of this name is in.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    return name.split()[0].lower()
