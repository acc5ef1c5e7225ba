"""What the second layer measures on a line in its document, said again in plain Python.

Bins cut numbers that were rounded on the way. Where one lies so near an edge
that rounding decides, every bin it may fall into is given.
"""

from collections import Counter
from itertools import accumulate, product
from math import exp
from typing import NamedTuple

import numpy as np
from reference import bucket

from classifier.kernels import context_layout as context
from classifier.kernels import layout
from classifier.weights import SecondLayer, ThirdLayer

NEAR = 1e-4
BULLET = 4
SENTENCE_ENDS = (4, 5, 6, 9, 10)
FAR = 255


class Inputs(NamedTuple):
    dense: np.ndarray  # (n_lines, N_DENSE)
    bins: list[list[set[int]]]  # of each line: rows of SecondLayer.bins that are right
    doubtful: bool  # whether rounding decides where unmistakable content stands


def measure_document(
    scores: np.ndarray, facts: np.ndarray, patterns: list[int], hashes: list[int]
) -> Inputs:
    """Measure every line of one document from first-layer scores, facts, patterns and hashes."""
    n = len(scores)
    facts = facts.astype(int)
    squashed = scores / (context.HALF_WAY_SCORE + np.abs(scores))
    p = np.array([[1 / (1 + exp(-min(max(s, -80), 80))) for s in row] for row in scores])
    p /= p.sum(axis=1, keepdims=True)
    length = facts[:, layout.LENGTH] / 8 - 1
    sentence_end = np.isin(facts[:, layout.ENDING], SENTENCE_ENDS)
    bullet = facts[:, layout.BEGINNING] == BULLET
    title_case = facts[:, layout.TITLE_CASE] == 3
    channels = np.column_stack(
        [
            squashed,
            length,
            sentence_end,
            bullet,
            facts[:, layout.INDENT] / 2,
            title_case,
            facts[:, layout.BLANK_BEFORE] > 0,
            facts[:, layout.DIGITS] / 4,
            facts[:, layout.WORDS] / 8,
        ]
    )
    traces = np.column_stack([p, length, sentence_end, bullet, title_case])
    padded = np.pad(channels, ((context.WINDOW, context.WINDOW), (0, 0)))
    window = [padded[i : i + 2 * context.WINDOW + 1].ravel() for i in range(n)]
    summary = np.concatenate([traces.mean(axis=0), p.max(axis=0)])
    dense = np.column_stack(
        [window, fading(traces), fading(traces[::-1])[::-1], np.tile(summary, (n, 1))]
    )
    doubtful = bool((np.abs(p[:, 0] - 0.7) < NEAR).any())
    places = bin_places(p, facts, hashes)
    for i, row in enumerate(places):
        for a, b in context.BIN_FACT_PAIRS:
            row.append({facts[i, a] * layout.FACT_SIZES[b] + facts[i, b]})
        row += [{patterns[i] % 256}, {patterns[i] // 256}]
    bins = [
        [{start + b for b in ok} for start, ok in zip(context.BIN_STARTS, row, strict=True)]
        for row in places
    ]
    return Inputs(dense, bins, doubtful)


def fading(traces: np.ndarray) -> np.ndarray:
    """Average what stands before each line, the weight of each line fading with its distance."""
    averages = []
    for decay in context.DECAYS:
        average = np.zeros(traces.shape[1])
        before = []
        for trace in traces:
            before.append(average)
            average = average * decay + trace * (1 - decay)
        averages.append(before)
    return np.concatenate(averages, axis=1)


def bin_places(p: np.ndarray, facts: np.ndarray, hashes: list[int]) -> list[list[set[int]]]:
    """Return the possible bins of each line, all but those made of facts and patterns."""
    n = len(p)
    lengths = facts[:, layout.LENGTH]
    weights = [(length + 1) ** 0.5 if length >= 5 else 0 for length in lengths]
    own = [p[i, 0] * weights[i] for i in range(n)]
    total = sum(own)
    before = list(accumulate(own, initial=0))
    strong = [i for i in range(n) if p[i, 0] > 0.7 and lengths[i] >= 9]
    counts = Counter(hashes)
    rows = []
    for i in range(n):
        mass = cut((before[i] + own[i] / 2) * 12 / max(total, 0.001), 11)
        own_p = cut(p[i, 0] * 5, 4)
        since = min([i - j for j in strong if j <= i], default=FAR)
        until = min([j - i for j in strong if j >= i], default=FAR)
        since, until = min(since, FAR), min(until, FAR)
        best = {k for k in range(4) if p[i, k] > p[i].max() - NEAR}
        if len(set(p[i])) == 1:
            best = {0}
        near = p[max(i - 2, 0) : i + 3].sum(axis=0) - p[i]
        rows.append(
            [
                mass,
                {bucket(i + 1)},
                {bucket(n - i)},
                {bucket(n)},
                {10 * i // n},
                {bucket(int(total - NEAR) + 1), bucket(int(total + NEAR) + 1)},
                {bucket(since + 1)},
                {bucket(until + 1)},
                {(b * 7 + coarse(since)) * 7 + coarse(until) for b in own_p},
                {b * 12 + m for b, m in product(own_p, mass)},
                {b * 8 + lengths[i] // 2 for b in best},
                *(
                    {b * 6 + m for b, m in product(cut(p[i, k] * 4, 3), cut(near[k] * factor, 5))}
                    for k, factor in ((0, 1.5), (2, 3), (3, 3))
                ),
                {(hashes[i] in hashes[:i]) + 2 * min(bucket(counts[hashes[i]]) - 1, 5)},
            ]
        )
    return rows


def cut(value: float, last: int) -> set[int]:
    """Return the integer part of a value, or both if rounding decides; at most `last`."""
    return {min(int(max(value + nudge, 0)), last) for nudge in (-NEAR, NEAR)}


def coarse(distance: int) -> int:
    return sum(distance >= edge for edge in context.DISTANCE_EDGES)


def score_document(dense: np.ndarray, bins: np.ndarray, layer: SecondLayer) -> np.ndarray:
    """Return the second layer's logits from its inputs; `bins` are rows of the layer's bins."""
    weights = np.concatenate([layer.window, layer.recent, layer.summary], axis=1)
    return dense @ weights.T.astype(float) + layer.bins.astype(float)[bins].sum(axis=1) + layer.bias


def measure_agreement(scores: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return the third layer's inputs of one document, shape (n_lines, N_AGREEMENT)."""
    shares = probabilities(logits.astype(float))
    nobody = np.zeros(4)
    rows = []
    for i in range(len(logits)):
        row = [*(logits[i] - logits[i].mean()), *scores[i]]
        for distance in range(1, context.NEIGHBOURS + 1):
            above = shares[i - distance] if i >= distance else nobody
            below = shares[i + distance] if i + distance < len(logits) else nobody
            row += [own * other for own in shares[i] for other in above + below]
        rows.append(row)
    return np.array(rows, float).reshape(len(logits), context.N_AGREEMENT)


def refine_document(scores: np.ndarray, logits: np.ndarray, layer: ThirdLayer) -> np.ndarray:
    """Return the third layer's logits of one document."""
    return measure_agreement(scores, logits) @ layer.weights.astype(float) + layer.bias


def probabilities(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
