"""How far labels of two passes agree: ours with those of gold, and ours with ours.

Some gold pages were among the pages that were read for `training.additions` and for
`training.testset`, and not marked as such; some pages of the test set were read twice.
The second labels stand in ``data/labels/reread``.
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

REREAD = LABELS_FOLDER / "reread"
OF_GOLD = {  # what gold pages were read among
    "pages labelled in addition": REREAD / "gold.csv.gz",
    "the test set": REREAD / "gold-testset.csv.gz",
}
OF_TESTSET = REREAD / "testset.csv.gz"


def reread_pages(records: Iterable[dict], path: Path) -> tuple[Corpus, Corpus]:
    """Return the pages that were read twice, with their labels and with the second ones."""
    pages = read_rows_by_page(path)
    twice = [record for record in records if record["id"] in pages]
    return corpus_of(twice), corpus_of(labelled(page, pages[page["id"]]) for page in twice)


def agreement_text(first: Corpus, second: Corpus) -> str:
    """Say on how many lines two sets of labels agree, and how well label by label."""
    both = second.labels != UNLABELLED
    labels, others = first.labels[both], second.labels[both]
    scores = f1(confusion(labels, others))
    by_label = ", ".join(f"{k} {v:.3f}" for k, v in zip(LABELS, scores, strict=True))
    return (
        f"{len(first.texts)} pages, {len(labels):,} lines: {np.mean(labels == others):.1%} alike, "
        f"kappa {kappa(labels, others):.3f}; F1 {by_label}"
    )
