"""The test set as Markdown, with the addresses of its links and without them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from classifier import LineClassifier
from classifier.adapt.metrics import confusion
from classifier.as_read import as_counted
from classifier.columns import read_columns
from training.corpus import UNLABELLED, corpus_of
from training.judging.scores import label_f1
from training.pages.sources import html_path


def link_scores(records: list[dict], folder: Path, clf: LineClassifier) -> dict[str, dict]:
    """Judge a model on pages as html2text prints them, links and images left out and not.

    Parameters
    ----------
    records : list of dict
        Labelled pages.
    folder : Path
        Holds ``<id>.html`` for each page.
    clf : LineClassifier

    Returns
    -------
    dict of str to dict
        For `without` and `with` links: F1 as by `label_f1`, and `boilerplate`, the share of
        these lines that are not called content.
    """
    from training.render import html2text

    prints = {"without": html2text, "with": partial(html2text, has_links=True)}
    return {name: _scores(records, folder, clf, render) for name, render in prints.items()}


def _scores(
    records: list[dict], folder: Path, clf: LineClassifier, render: Callable[[bytes], str]
) -> dict:
    from training.align import carry_over
    from training.render import title_of

    printed = []
    for record in records:
        html = html_path(folder, record["id"]).read_bytes()
        text = render(html)
        # Labels are carried over by words, and those of an address are no page's.
        own = carry_over(record["text"], record["labels"], _as_counted(text), title_of(html))
        if any(own):
            printed.append({**record, "text": text, "labels": own})
    corpus = corpus_of(printed)
    known = corpus.labels != UNLABELLED
    found = clf.label_batch(corpus.texts).labels
    matrix = confusion(corpus.labels[known], found[known])
    boilerplate = matrix[1:]
    return {**label_f1(matrix), "boilerplate": float(boilerplate[:, 1:].sum() / boilerplate.sum())}


def _as_counted(text: str) -> str:
    (column,) = read_columns([text])
    data, offsets, _ = as_counted(column)
    return data[offsets[0] : offsets[-1]].tobytes().decode("utf-8")
