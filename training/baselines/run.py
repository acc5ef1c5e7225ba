"""All baselines on labelled pages, and what they keep and lose."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from classifier.labels import CONTENT, NAVIGATION
from training.baselines.classifiers import TRAINERS, out_of_fold
from training.baselines.extractors import EXTRACTORS, kept_of_html
from training.baselines.rules import c4_kept, refinedweb_kept
from training.corpus import Corpus
from training.failures import sentence_of
from training.judging.default_policy import figures_of

DROPPED = NAVIGATION  # the label that a dropped line stands for


def as_labels(kept: list[list[bool]]) -> np.ndarray:
    """Call kept lines content and the others boilerplate.

    Parameters
    ----------
    kept : list of list of bool
        Of each page, one for each line that is not blank.

    Returns
    -------
    ndarray of int64, shape (n_lines,)
    """
    return np.where(np.concatenate([np.array(page, np.bool_) for page in kept]), CONTENT, DROPPED)


def pending_baselines(
    corpus: Corpus, html: Path, found: dict
) -> Iterator[tuple[str, Callable[[], np.ndarray]]]:
    """Return name and work of every baseline that is not there yet.

    Parameters
    ----------
    corpus : Corpus
    html : Path
        Holds ``<id>.html`` for each page.
    found : dict of str to dict
        What is there, by name.

    Returns
    -------
    iterator of tuple of str and callable
        The work returns labels as `figures_of` takes them.
    """
    pages = [
        (record["id"], record["language"], text)
        for record, text in zip(corpus.records, corpus.texts, strict=True)
    ]

    def rules(keep: Callable[[str], list[bool]]) -> np.ndarray:
        return as_labels([keep(text) for text in corpus.texts])

    def extractor(name: str) -> np.ndarray:
        with ProcessPoolExecutor(2) as pool:
            return as_labels(list(pool.map(partial(kept_of_html, name, html), pages, chunksize=8)))

    works: dict[str, Callable[[], np.ndarray]] = {
        "C4 line rules": partial(rules, c4_kept),
        "RefinedWeb line rules": partial(rules, refinedweb_kept),
        **{name: partial(out_of_fold, corpus, train) for name, train in TRAINERS.items()},
        **{f"{name} (HTML)": partial(extractor, name) for name in EXTRACTORS},
    }
    return ((name, work) for name, work in works.items() if name not in found)


def made_baselines(
    corpus: Corpus, html: Path, found: dict, tell: Callable[[str], None]
) -> Iterator[tuple[str, dict]]:
    """Yield name and figures of every baseline that is not there yet and whose tool is installed.

    Parameters
    ----------
    corpus : Corpus
    html : Path
        Holds ``<id>.html`` for each page, which extractors read.
    found : dict of str to dict
        What is there, by name.
    tell : callable
        Takes a line on each baseline as it begins, and on each that is left out.

    Yields
    ------
    name : str
    figures : dict
        As `figures_of` returns them.
    """
    for name, run in pending_baselines(corpus, html, found):
        tell(f"… {name}")
        try:
            predicted = run()
        except ImportError as error:
            tell(f"{name} is left out: {sentence_of(error, 'benchmark')}")
            continue
        yield name, figures_of(corpus, predicted)
