"""How far our own labels agree with those of gold.

Some gold pages were among the pages that were read for `training.additions`,
and not marked as such. Their second labels stand in ``data/labels/reread``.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from classifier.adapt.judging import confusion, f1
from classifier.annotate.agreement import kappa
from classifier.labels import LABELS
from training.additions import labelled, read_rows_by_page
from training.corpus import UNLABELLED, Corpus, corpus_of
from training.standoff import LABELS_FOLDER

REREAD = LABELS_FOLDER / "reread" / "gold.csv.gz"


def reread_pages(gold: Iterable[dict], path: Path = REREAD) -> tuple[Corpus, Corpus]:
    """Return the pages that were read twice, with gold's labels and with our own."""
    pages = read_rows_by_page(path)
    twice = [record for record in gold if record["id"] in pages]
    return corpus_of(twice), corpus_of(labelled(page, pages[page["id"]]) for page in twice)


def agreement_text(gold: Corpus, ours: Corpus) -> str:
    """Say on how many lines two sets of labels agree, and how well label by label."""
    both = ours.labels != UNLABELLED
    first, second = gold.labels[both], ours.labels[both]
    scores = f1(confusion(first, second))
    by_label = ", ".join(f"{k} {v:.3f}" for k, v in zip(LABELS, scores, strict=True))
    return (
        f"{len(gold.texts)} pages, {len(first):,} lines: {np.mean(first == second):.1%} alike, "
        f"kappa {kappa(first, second):.3f}; F1 {by_label}"
    )
