"""Why a line got its label, in plain words that add up to its scores."""

from collections.abc import Iterable, Iterator, Sequence
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np

from classifier.columns import Column
from classifier.explaining.attribution import Evidence, gather_evidence
from classifier.explaining.contributions import Values, most_telling
from classifier.explaining.parts import WHOLE, Part, parts_of
from classifier.explaining.steps import model_steps
from classifier.explaining.token_names import UNKNOWN, token_names
from classifier.explaining.wording import describe
from classifier.labels import LABELS
from classifier.lines import line_spans
from classifier.shown_text import beginning, one_line
from classifier.weights import Layers

SHOWN = 14  # reasons in the printed form; all others are one row
LINE_CHARS = 300  # of the line itself there
SNIPPET_CHARS = 24  # of a neighbour: its row fits a terminal of 80 columns


class Contribution(NamedTuple):
    """What one feature, in plain words, added to a score, in logits."""

    feature: str
    value: float


class Reasons(NamedTuple):
    """What was added to a line's scores, for all labels side by side.

    Attributes
    ----------
    names : list of str
    values : ndarray of float64, shape (n_reasons, 4)
        What each added to the score of each label; columns add up to the scores.
    """

    names: list[str]
    values: Values


class Explanation(NamedTuple):
    """What spoke for and against each label of one line.

    Attributes
    ----------
    text : str
        The line.
    label : str
    probabilities : dict of str to float
    contributions : dict of str to list of Contribution
        For each label what each word, pattern and neighbour added to its
        score, most telling first; their sum is ``scores[label]``.
    scores : dict of str to float
        Logits; the probabilities are their softmax, so only differences count.
    read_as : str or None
        What the line was read as, if as one with lines beside it.
    """

    text: str
    label: str
    probabilities: dict[str, float]
    contributions: dict[str, list[Contribution]]
    scores: dict[str, float]
    read_as: str | None = None

    def __str__(self) -> str:
        """Lay the explanation out for a terminal: a row a reason, a column a label."""
        columns = [dict(self.contributions[label]) for label in LABELS]
        names = list(columns[0])
        values = np.array([[column[name] for column in columns] for name in names])
        values = values.reshape(-1, len(LABELS))  # nothing at all may have been added
        places, values, rest = most_telling(values, SHOWN)
        names = [names[place] for place in places] + rest

        def row(cells: Sequence[str], name: str) -> str:
            # As narrow as the heads: reasons are long, and terminals may be of 80 columns.
            columns = (f"{cell:>{len(label)}}" for cell, label in zip(cells, LABELS, strict=True))
            return f"{' '.join(columns)}  {one_line(name)}"

        reasons = (
            row([f"{value:+.2f}" for value in own], name)
            for name, own in zip(names, values.tolist(), strict=True)
        )
        whole = (
            []
            if self.read_as is None
            else [f"(read as one line: {beginning(self.read_as, LINE_CHARS)})"]
        )
        return "\n".join(
            [
                beginning(self.text, LINE_CHARS),
                *whole,
                f"is {self.label}. What spoke for (+) and against (-) each label:",
                "",
                row(LABELS, "").rstrip(),
                *reasons,
                row([f"{self.scores[label]:+.2f}" for label in LABELS], "= score, the sum"),
                row([f"{self.probabilities[label]:.1%}" for label in LABELS], "probability"),
            ]
        )

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Lay it out in a notebook, too: its fields as they are would fill pages."""
        printer.text(str(self))


def explain_line(column: Column, index: int, layers: Layers) -> Explanation:
    """Explain one line of a column of one document.

    Parameters
    ----------
    column : Column
        One document.
    index : int
        Which labelled line, from 0.
    layers : Layers

    Returns
    -------
    Explanation

    Raises
    ------
    IndexError
        If there is no such line.
    TypeError
        If `index` is no whole number.
    """
    if not isinstance(index, Integral) or isinstance(index, bool):
        raise TypeError(f"index is {index!r}; give a whole number, 0 for the first labelled line")
    # numpy's integers of few bits overflow, and those without a sign go below 0.
    (part,) = parts_of(column, [int(index)], layers)
    evidence = gather_evidence(part.column, layers, model_steps(layers), part.indices)
    (reasons,) = _named(part, evidence, layers, None)
    scores = reasons.values.sum(axis=0)
    powers = np.exp(scores - scores.max())
    contributions = {}
    for k, label in enumerate(LABELS):
        parts = map(Contribution, reasons.names, reasons.values[:, k].tolist())
        contributions[label] = sorted(parts, key=lambda part: -abs(part.value))
    first, last = part.column.offsets.tolist()
    text = part.column.data[first:last].tobytes().decode()
    start, end = line_spans(text)[part.indices[0]]  # as it stands, not as it is read
    return Explanation(
        text[start:end],
        LABELS[scores.argmax()],
        dict(zip(LABELS, (powers / powers.sum()).tolist(), strict=True)),
        contributions,
        dict(zip(LABELS, scores.tolist(), strict=True)),
        _line_text(evidence, int(evidence.rows[0])) if evidence.is_part[0] else None,
    )


def explain_lines(
    wanted: Iterable[tuple[Column, Sequence[int]]], layers: Layers, n_reasons: int
) -> Iterator[list[Reasons]]:
    """Explain many lines of many documents, at the cost of few.

    Parameters
    ----------
    wanted : iterable of (Column, sequence of int)
        Columns of one document each, and which of its labelled lines, from 0, in order.
    layers : Layers
    n_reasons : int
        How many reasons to name, those that pull the labels farthest apart;
        the others are summed up in one more.

    Yields
    ------
    list of Reasons
        A document's, one a line.

    Raises
    ------
    IndexError
        If there is no such line.
    """
    steps = model_steps(layers)
    for column, indices in wanted:
        explained: list[Reasons] = []
        for part in parts_of(column, indices, layers) if indices else ():
            evidence = gather_evidence(part.column, layers, steps, part.indices)
            explained += _named(part, evidence, layers, n_reasons)
        yield explained


def _named(
    part: Part, evidence: Evidence, layers: Layers, n_reasons: int | None
) -> Iterator[Reasons]:
    """Say in plain words what was added to each line's scores."""
    rows = evidence.rows.tolist()
    token_name = token_names([_line_text(evidence, row) for row in rows], layers.first)
    lines = evidence.lines

    for i, row in enumerate(rows):
        own = slice(evidence.token_offsets[i], evidence.token_offsets[i + 1])
        tokens, which = np.unique(evidence.tokens[own], return_inverse=True)
        token_values = np.zeros((len(tokens), len(LABELS)))
        np.add.at(token_values, which, evidence.token_values[own])
        values = np.concatenate([token_values, evidence.values[i]])
        shown, values, rest = most_telling(values, n_reasons)

        def neighbour(distance: int, row: int = row) -> str:
            place = row + distance
            if not 0 <= place < len(lines.starts):
                return part.begins if place < 0 else part.ends
            text = _line_text(evidence, place).strip()
            short = text if len(text) <= SNIPPET_CHARS else text[: SNIPPET_CHARS - 1] + "…"
            return f"“{short}”"

        ends = []
        if row == 0 and part.begins.startswith(WHOLE):
            ends.append(("before",))
        if row == len(lines.starts) - 1 and part.ends.startswith(WHOLE):
            ends.append(("after",))
        names = []
        for place in shown:
            if place < len(tokens):
                names.append(token_name[i].get(int(tokens[place]), UNKNOWN))
            else:
                reason = evidence.reasons[place - len(tokens)]
                names.append(describe(reason, lines.facts[row], neighbour, ends))
        yield _merged(names + rest, values)


def _merged(names: list[str], values: Values) -> Reasons:
    """Join rows of one name: different words may share a hash that has no name."""
    unique = list(dict.fromkeys(names))
    if len(unique) == len(names):
        return Reasons(names, values)
    place = {name: i for i, name in enumerate(unique)}
    summed = np.zeros((len(unique), values.shape[1]))
    np.add.at(summed, [place[name] for name in names], values)
    return Reasons(unique, summed)


def _line_text(evidence: Evidence, row: int) -> str:
    column, lines = evidence.column, evidence.lines
    origin = column.offsets[0]
    return column.data[origin + lines.starts[row] : origin + lines.ends[row]].tobytes().decode()
