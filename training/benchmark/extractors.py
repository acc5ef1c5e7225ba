"""Time extractors on the HTML of labelled pages, which is what they read instead of text."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from training.benchmark.rivals import SLOW_SECONDS
from training.benchmark.timing import Timing, amount_of, timed
from training.corpus import Corpus
from training.pages.sources import html_path

N_PAGES = 60
EXTRACTORS = (
    "resiliparse (all text)",
    "resiliparse (main content)",
    "trafilatura",
    "jusText",
)


def extractor_works(corpus: Corpus, folder: Path) -> dict[str, Callable[[], Timing]]:
    """Set up the timing of each extractor on some pages.

    Sizes are of the pages' text, not of their HTML, so that rows compare with all others.

    Parameters
    ----------
    corpus : Corpus
    folder : Path
        With the pages' HTML, ``<id>.html``.

    Returns
    -------
    dict of str to callable
        By name: what times it, or raises ImportError if it is not installed.
    """
    step = max(1, len(corpus.texts) // N_PAGES)
    chosen = range(0, len(corpus.texts), step)
    html = [html_path(folder, corpus.records[i]["id"]).read_bytes() for i in chosen]
    amount = amount_of([corpus.texts[i] for i in chosen])

    def work(name: str) -> Timing:
        # With the options of its view or baseline.
        from training.baselines.extractors import print_page
        from training.render import resiliparse_full

        extract = partial(print_page, name.split()[0], language="en")
        if name.endswith("(all text)"):
            extract = resiliparse_full
        return timed(name, lambda: [extract(page) for page in html], amount, SLOW_SECONDS, 3)

    return {name: partial(work, name) for name in EXTRACTORS}
