"""Why a line got its label: what each feature added to each score.

Each layer is linear, so the parts add up to its scores exactly. There are three
sums: the first layer's scores of a line by its own words and shape; from these
and the lines around it the second layer's; and from those and the labels of
the lines next to it the third layer's, which decide.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.columns import Column, read_columns
from classifier.features import (
    agreement_feature_names,
    bin_feature_names,
    dense_feature_names,
    first_layer_inputs,
    second_layer_inputs,
    shape_feature_names,
    third_layer_inputs,
)
from classifier.labels import LABELS
from classifier.weights import FirstLayer, Layers

SHOWN = 4  # features a label and layer in the printed form


class Contribution(NamedTuple):
    """What one feature added to a score, in logits."""

    feature: str
    value: float


class Explanation(NamedTuple):
    """What spoke for and against each label of one line.

    Attributes
    ----------
    text : str
        The line.
    label : str
    probabilities : dict of str to float
    words : dict of str to list of Contribution
        For each label what the line's own words and shape added to its
        first-layer score, most telling first; their sum is ``word_scores[label]``.
    word_scores : dict of str to float
    context : dict of str to list of Contribution
        For each label what the first-layer scores of this line and its
        neighbours, and its place in the page, added to its second-layer score;
        their sum is ``context_scores[label]``.
    context_scores : dict of str to float
    agreement : dict of str to list of Contribution
        For each label what the scores of the layers before, and the labels of
        the lines next to it, added to its final score; their sum is
        ``scores[label]``, of which the probabilities are the softmax.
    scores : dict of str to float
    """

    text: str
    label: str
    probabilities: dict[str, float]
    words: dict[str, list[Contribution]]
    word_scores: dict[str, float]
    context: dict[str, list[Contribution]]
    context_scores: dict[str, float]
    agreement: dict[str, list[Contribution]]
    scores: dict[str, float]

    def __str__(self) -> str:
        """Lay the explanation out for a terminal, most probable label first."""
        out = [self.text, f"is {self.label}, because:"]
        for label in sorted(LABELS, key=lambda name: -self.probabilities[name]):
            out.append(f"\n{label}  p = {self.probabilities[label]:.3f}")
            for title, parts, total in (
                ("its own words and shape", self.words, self.word_scores),
                ("with its place in the page", self.context, self.context_scores),
                ("with the labels next to it", self.agreement, self.scores),
            ):
                out.append(f"  {title}: {total[label]:+.2f}")
                out += [f"    {part.value:+7.2f}  {part.feature}" for part in parts[label][:SHOWN]]
        return "\n".join(out)


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
    """
    first, second, third = layers
    lines, rows = first_layer_inputs(column, first)
    n = len(lines.starts)
    if not 0 <= index < n:
        raise IndexError(f"the text has {n} lines with a label, so no index {index}")
    origin = column.offsets[0]
    line = column.data[origin + lines.starts[index] : origin + lines.ends[index]].tobytes()
    text = line.decode("utf-8")

    here = slice(rows.row_offsets[index], rows.row_offsets[index + 1])
    columns, values = rows.columns[here], rows.values[here]
    shape_names = shape_feature_names()
    named = token_names(text, first)
    names = [
        named.get(c, "another token with the same hash")
        if c < len(first.table)
        else shape_names[c - len(first.table)]
        for c in columns.tolist()
    ]
    levels = first.table.astype("<u4").view(np.uint8).reshape(-1, 4)
    is_token = columns < len(first.table)
    weights = np.empty((len(columns), 4), np.float64)
    weights[is_token] = (levels[columns[is_token]].astype(np.float64) - 128) * first.scale
    weights[~is_token] = first.shape[columns[~is_token] - len(first.table)]
    words, word_scores = _contributions(names, weights * values[:, None], first.bias)

    second_logits, dense, bins = second_layer_inputs(lines, second)
    dense_weights = np.concatenate([second.window, second.recent, second.summary], axis=1).T
    bin_names = bin_feature_names()
    context, context_scores = _contributions(
        [*dense_feature_names(), *(bin_names[row] for row in bins[index].tolist())],
        np.concatenate([dense_weights * dense[index][:, None], second.bins[bins[index]]]),
        second.bias,
    )
    _, agreement_inputs = third_layer_inputs(lines, second_logits, third)
    agreement, scores = _contributions(
        agreement_feature_names(),
        third.weights * agreement_inputs[index][:, None].astype(np.float64),
        third.bias,
    )
    logits = np.array([scores[label] for label in LABELS])
    powers = np.exp(logits - logits.max())
    probabilities = dict(zip(LABELS, (powers / powers.sum()).tolist(), strict=True))
    label = max(LABELS, key=lambda name: probabilities[name])
    return Explanation(
        text,
        label,
        probabilities,
        words,
        word_scores,
        context,
        context_scores,
        agreement,
        scores,
    )


def _contributions(
    names: list[str], parts: npt.NDArray[np.float64], bias: npt.NDArray[np.float32]
) -> tuple[dict[str, list[Contribution]], dict[str, float]]:
    """Gather equal names, sort by weight, and sum, for each label."""
    by_label: dict[str, list[Contribution]] = {}
    totals: dict[str, float] = {}
    for k, label in enumerate(LABELS):
        sums = {"always": float(bias[k])}
        for name, value in zip(names, parts[:, k].tolist(), strict=True):
            sums[name] = sums.get(name, 0.0) + value
        ordered = sorted(sums.items(), key=lambda item: -abs(item[1]))
        by_label[label] = [Contribution(*item) for item in ordered]
        totals[label] = sum(sums.values())
    return by_label, totals


def token_names(line: str, layer: FirstLayer) -> dict[int, str]:
    """Name the hashed tokens of a line: table index to words.

    The kernel knows only hashes. What it makes of each unit of the line and of
    each pair of units, read alone, tells which hash is which.
    """
    units = _units(line)
    names: dict[int, str] = {}
    for before, unit in zip([None, *units], units, strict=False):
        alone = _tokens(unit, layer)
        if len(alone) > 4:  # beginning and end come first, then unit, line, first, last
            names.setdefault(alone[0], f"word beginning as “{unit}”")
            names.setdefault(alone[1], f"word ending as “{unit}”")
        if len(alone) > 3:
            names.setdefault(alone[-4], f"“{unit}”")
        if before is not None:
            pair = _tokens(f"{before} {unit}", layer)
            names.setdefault(pair[-4], f"“{before} {unit}”")
    for sign in {character for character in line if not character.isalnum()}:
        tokens = _tokens(sign, layer)
        if len(tokens) == 4:
            names.setdefault(tokens[0], f"sign “{sign}”")
    if units:
        names.setdefault(_tokens(units[0], layer)[-2], f"first word “{units[0]}”")
        names.setdefault(_tokens(units[-1], layer)[-1], f"last word “{units[-1]}”")
    whole = _tokens(line, layer)
    names[whole[-3]] = "the line as a whole"
    return names


def _tokens(text: str, layer: FirstLayer) -> list[int]:
    """Return the table indices of a line's tokens; none for white space."""
    (column,) = read_columns([text])
    _, rows = first_layer_inputs(column, layer)
    return [column for column in rows.columns.tolist() if column < len(layer.table)]


def _units(line: str) -> list[str]:
    """Cut a line into words and unspaced characters, as the kernel does."""
    from classifier.kernels import characters as c

    tables = c.load_tables()
    units: list[str] = []
    before = c.SPACE
    for character in line:
        code = ord(character)
        kind = int(tables.entries[int(tables.pages[code >> 8]) * 256 + (code & 0xFF)]) & 0xFF
        if kind in (c.LETTER, c.UPPER, c.DIGIT):
            glued = kind == c.UPPER and before == c.LETTER
            if before in (c.LETTER, c.UPPER, c.DIGIT) and not glued:
                units[-1] += character
            else:
                units.append(character)
        elif kind == c.UNSPACED:
            units.append(character)
        before = kind
    return units
