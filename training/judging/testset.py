"""A model, and what others have, on the test set."""

import hashlib
import json
from pathlib import Path

from classifier import LineClassifier
from classifier.storage import model_digest
from training.corpus import corpus_of
from training.judging.default_policy import figures_of
from training.judging.links import link_scores
from training.judging.promise import setting_losses
from training.judging.scores import scores
from training.pages.additions import read_rows_by_page
from training.pages.testset import TESTSET, learnt_groups, read_test_pages

FIELDS = (
    *("pages", "lines", "macro_f1", "macro_f1_interval", "labels", "confusion"),
    *("groups", "group_intervals", "dropped", "languages", "sources", "calibration_errors"),
)


def rows_sha256() -> str:
    """Return the SHA-256 of what the test set is today, from the rows that point at it.

    So it can be told without the pages, which most checkouts lack, whether figures are of
    these pages and labels.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    groups = learnt_groups()
    labels = {
        page: rows
        for path in TESTSET.glob("*.csv.gz")
        for page, rows in read_rows_by_page(path).items()
    }
    pages = [
        (page, list(labels[page.id].values()))
        for page in read_test_pages()
        if page.group not in groups
    ]
    return hashlib.sha256(json.dumps(pages).encode()).hexdigest()


def judged_testset(records: list[dict], folder: Path, model: Path, baselines: dict) -> dict:
    """Judge a model on the test set.

    Parameters
    ----------
    records : list of dict
        From `training.pages.testset.read_testset`.
    folder : Path
        Holds ``<id>.html`` for each page.
    model : Path
    baselines : dict of str to dict
        What others make of the pages, by name, as `figures_of` returns it.

    Returns
    -------
    dict
        Figures of `training.judging.scores.scores`, the SHA-256 of the model's file
        and, as `data_sha256`, that of `rows_sha256`;
        the `baselines`, with the model's own row as the last,
        `settings`, what promised losses cost there, and `links`, of the pages as Markdown.
    """
    corpus = corpus_of(records)
    clf = LineClassifier.load(model)
    probabilities = clf.label_batch(corpus.texts).probabilities
    found = scores(corpus, probabilities)
    own = figures_of(corpus, probabilities.argmax(axis=1))
    return {
        "model_sha256": model_digest(model),
        "data_sha256": rows_sha256(),
        **{name: found[name] for name in FIELDS},
        "baselines": baselines | {"linesift": own},
        "settings": setting_losses(corpus, probabilities, clf.metadata["loss_table"]),
        "links": link_scores(records, folder, clf),
    }
