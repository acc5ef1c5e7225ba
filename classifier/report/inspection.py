"""What `linesift inspect` shows of documents: lines, probabilities, statistics, reasons."""

import base64
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.as_read import line_characters
from classifier.columns import read_text
from classifier.explaining.explanation import explain_lines
from classifier.files.problems import DataError, Problem
from classifier.formats import format_of_name
from classifier.formats.documents import Document
from classifier.formats.hosts import host_of
from classifier.labels import LABELS, LETTERS
from classifier.model import LineClassifier
from classifier.policy import FilterPolicy
from classifier.report.reasons import describe_reason
from classifier.report.templates import render_page
from classifier.results import LabelledBatch
from classifier.shown_text import SHOWN_CHARS

MOST_TEXT_BYTES = 64 << 20  # of a page: browsers open files of this size
MOST_EXPLAINED = 6_000  # lines of a page: some megabytes, and seconds of work
SHOWN_REASONS = 12
STYLES = ["style.css", "inspect.css", "lines.css", "overview.css", "media.css"]
SCRIPTS = ["policy.js", "documents.js", "overview.js", "lines.js", "reasons.js", "inspect.js"]


def take_documents(documents: Iterable[Document], most: int) -> tuple[list[Document], bool]:
    """Take as many documents as a page can show.

    Parameters
    ----------
    documents : iterable of Document
    most : int
        Number of documents; their texts may also have `MOST_TEXT_BYTES` at most.

    Returns
    -------
    documents : list of Document
    is_all : bool
        Whether these are all.

    Raises
    ------
    DataError
        If there is no document, or the first is too long for a page.
    """
    taken: list[Document] = []
    n_bytes = 0
    for document in documents:
        n_bytes += len(document.text.encode())
        if len(taken) == most or n_bytes > MOST_TEXT_BYTES:
            if taken:
                return taken, False
            reason = f"its text of {n_bytes / 1e6:.0f} MB is too long for a page"
            problem = Problem("too long", reason, "Cut it, or look at linesift label.")
            raise DataError(problem, document.file)
        taken.append(document)
    return taken, True


def inspection_page(
    documents: Sequence[Document],
    classifier: LineClassifier,
    policy: FilterPolicy,
    model: str | None = None,
    watch: Callable[[Iterable[Document]], Iterable[Document]] = iter,
    most_explained: int = MOST_EXPLAINED,
) -> str:
    """Make a page that shows what a policy keeps and drops of documents, and why.

    Parameters
    ----------
    documents : sequence of Document
    classifier : LineClassifier
    policy : FilterPolicy
        What the page begins with; its reader can change threshold and labels.
    model : str, optional
        Path of the model, for the commands that the page offers; absent for the bundled one.
    watch : callable, optional
        Passes the documents through as their lines are explained, to show progress.
    most_explained : int, default MOST_EXPLAINED
        How many lines get an explanation: the least certain ones.

    Returns
    -------
    str
        HTML.
    """
    texts = [document.text for document in documents]
    done = classifier.process(texts, policy)
    sizes = line_characters(texts)
    bounds = done.batch.document_offsets
    certainty = done.batch.probabilities.max(axis=1, initial=0)
    is_joined = np.concatenate([part.is_joined for part in done.parts])
    is_explained = np.zeros(len(certainty), np.bool_)
    is_explained[np.argsort(certainty, kind="stable")[:most_explained]] = True
    wanted = [is_explained[start:end] for start, end in pairwise(bounds.tolist())]
    explanations = _explanations(watch(documents), wanted, classifier)
    names = _names(documents)
    shown = []
    for i, (document, explained) in enumerate(zip(documents, explanations, strict=True)):
        lines = slice(bounds[i], bounds[i + 1])
        n_lines = bounds[i + 1] - bounds[i]
        reason = done.reasons[i]
        shown.append(
            {
                "id": names[i],
                "host": host_of(document.url) or "",
                "source": _source(document),
                "command": _command(document, model),
                "text": document.text,
                "mark": document.mark,
                "letters": line_letters(document.text, done.batch, i),
                "sizes": _packed(sizes[lines], "<i4"),
                "joined": np.flatnonzero(is_joined[lines]).tolist(),
                "probabilities": _packed(done.batch.probabilities[lines], "<f4"),
                "reason": None if reason is None else describe_reason(reason),
                "paywalled": bool(done.statistics.paywalled[i]),
                "truncated": bool(done.statistics.truncated[i]),
                "uncertainty": float((1 - certainty[lines]).mean()) if n_lines else 0.0,
                "explained": explained,
            }
        )
    data = {
        "labels": LABELS,
        "letters": LETTERS,
        "shown_chars": SHOWN_CHARS,
        "drop": policy.drop,
        "threshold": policy.threshold(classifier.metadata.get("loss_table")),
        "documents": shown,
    }
    return render_page("inspect.html", STYLES, SCRIPTS, data=data, n_documents=len(shown))


def line_letters(text: str, batch: LabelledBatch, document: int) -> str:
    """Write the labels of a document's lines as letters, a space for each blank line.

    Parameters
    ----------
    text : str
    batch : LabelledBatch
    document : int
        Which document of the batch `text` is.

    Returns
    -------
    str, length n_lines with the blank ones
    """
    data = np.frombuffer(text.encode(), np.uint8)
    newlines = np.flatnonzero(data == ord("\n"))
    lines = slice(batch.document_offsets[document], batch.document_offsets[document + 1])
    letters = np.full(len(newlines) + 1, ord(" "), np.uint8)
    places = np.searchsorted(newlines, batch.starts[lines])
    letters[places] = np.frombuffer(LETTERS.encode(), np.uint8)[batch.labels[lines]]
    return letters.tobytes().decode()


def _explanations(
    documents: Iterable[Document],
    wanted: Sequence[npt.NDArray[np.bool_]],
    classifier: LineClassifier,
) -> Iterator[dict[str, Any]]:
    """Explain the wanted lines of each document: its names once, then what each added."""
    indices = [np.flatnonzero(lines).tolist() for lines in wanted]
    columns = (read_text(document.text) for document in documents)
    asked = zip(columns, indices, strict=True)
    explained = explain_lines(asked, classifier.layers, SHOWN_REASONS)
    for own, many in zip(indices, explained, strict=True):
        numbers: dict[str, int] = {}
        lines = {}
        for index, reasons in zip(own, many, strict=True):
            # In thousandths: short to write, and the sum stays right to the second place.
            values = np.rint(reasons.values * 1000).astype(np.int64).tolist()
            names = [numbers.setdefault(name, len(numbers)) for name in reasons.names]
            lines[index] = [[name, *row] for name, row in zip(names, values, strict=True)]
        yield {"names": list(numbers), "lines": lines}


def _packed(values: npt.NDArray[Any], dtype: str) -> str:
    return base64.b64encode(values.astype(dtype).tobytes()).decode()


def _names(documents: Sequence[Document]) -> list[str]:
    """Name documents by identifier, or by file without the folders that all have in common."""
    paths = {tuple(document.file.split("/")) for document in documents}
    levels = zip(*(path[:-1] for path in paths), strict=False)
    depth = sum(1 for _ in takewhile(lambda level: len(set(level)) == 1, levels))
    names = []
    for document in documents:
        if document.id is not None:
            names.append(document.id)
        else:
            file = "/".join(document.file.split("/")[depth:])
            names.append(document.place_in(file))
    return names


def _command(document: Document, model: str | None) -> str:
    """Begin the command that explains a line; its number is to follow."""
    if document.format != "text" or document.file == "stdin":
        return ""
    options = [] if model is None else ["--model", model]
    if format_of_name(document.file) != "text":  # told by its content, or said to be
        options += ["--input-format", "text"]
    return f"{shlex.join(['linesift', 'explain', document.file, *options])} --line"


def _source(document: Document) -> str:
    is_alone = document.format == "text"
    return document.file if is_alone else f"{document.file}, record {document.record}"
