"""What the context layers measure on a line in its document, said again in plain Python.

Columns are numbers cut to integers. Where one lies so near an edge that rounding
decides, every value that it may have is given.
"""

from collections import Counter, defaultdict
from itertools import accumulate, chain, groupby
from math import exp, floor
from typing import NamedTuple

import numpy as np
from reference import bucket

from classifier.kernels.context import inputs as context
from classifier.kernels.first_layer import feature_layout as layout
from classifier.weights import ContextLayer

NEAR = 2e-3  # of a step
DOUBTFUL = 1e-4  # of a probability
BULLET = 4
SENTENCE_ENDS = (4, 5, 6, 9, 10)
FAR = 255

Column = list[set[int]]  # of each line: the values that are right


class Surroundings(NamedTuple):
    columns: list[Column]  # in the order of COLUMN_NAMES
    doubtful: bool  # whether rounding decides where unmistakable content stands


def measure_document(
    scores: np.ndarray,
    word_scores: np.ndarray,
    outlooks: np.ndarray,
    facts: np.ndarray,
    hashes: list[int],
    terms: list[list[int]],
) -> Surroundings:
    """Measure every line of one document.

    From scores of the layer before and of the first, outlooks, facts, hashes and terms.
    """
    n = len(scores)
    facts = facts.astype(int)
    p, p_words = logistic_shares(scores), logistic_shares(word_scores)
    traces = np.column_stack(
        [
            p,
            facts[:, layout.LENGTH] / 16,
            np.isin(facts[:, layout.ENDING], SENTENCE_ENDS),
            facts[:, layout.BEGINNING] == BULLET,
            facts[:, layout.TITLE_CASE] == 3,
        ]
    )
    own, own_words = score_columns(scores), score_columns(word_scores)
    columns = [
        *own,
        *([{value} for value in fact] for fact in facts.T.tolist()),
        *mean_columns(fading(traces)),
        *mean_columns(fading(traces[::-1])[::-1]),
        *places(p, facts[:, layout.LENGTH].tolist(), hashes),
        *mean_columns(np.tile(traces.mean(axis=0), (n, 1))),
        *mean_columns(np.tile(p.max(axis=0), (n, 1))),
        *runs(block_starts(facts), p_words, own_words, 0),
        *runs(list_starts(facts), p_words, own_words, -1)[:-2],
        *own_words,
        *kinship(p_words, terms),
        *outlook_columns(likelihoods(outlooks)),
    ]
    return Surroundings(columns, bool((np.abs(p[:, 0] - 0.7) < DOUBTFUL).any()))


def likelihoods(scores: np.ndarray) -> np.ndarray:
    return np.array([[1 / (1 + exp(-min(max(s, -80), 80))) for s in row] for row in scores])


def logistic_shares(scores: np.ndarray) -> np.ndarray:
    p = likelihoods(scores)
    return p / p.sum(axis=1, keepdims=True)


def score_columns(scores: np.ndarray) -> list[Column]:
    return [[score_step(score) for score in scores[:, k]] for k in range(4)]


def cut(value: float, last: int) -> set[int]:
    """Return the integer part of a value, or both if rounding decides; at most `last`."""
    return {min(max(floor(value + nudge), 0), last) for nudge in (-NEAR, NEAR)}


def score_step(score: float) -> set[int]:
    return cut(context.SCORE_STEPS * float(score) + 0.5 + context.SCORE_ZERO, 255)


def mean_columns(means: np.ndarray) -> list[Column]:
    return [[cut(mean * context.MEAN_STEPS, 255) for mean in column] for column in means.T]


def fading(traces: np.ndarray, decays: tuple[float, ...] = context.DECAYS) -> np.ndarray:
    """Average what stands before each line, the weight of each line fading with its distance."""
    averages = []
    for decay in decays:
        average = np.zeros(traces.shape[1])
        before = []
        for trace in traces:
            before.append(average)
            average = average * decay + trace * (1 - decay)
        averages.append(before)
    return np.concatenate(averages, axis=1)


def places(p: np.ndarray, lengths: list[int], hashes: list[int]) -> list[Column]:
    """Return the columns from `content before` to `repetition`."""
    n = len(p)
    own = [
        p[i, 0] * ((length + 1) ** 0.5 if length >= 5 else 0) for i, length in enumerate(lengths)
    ]
    content = sum(own)
    before = list(accumulate(own, initial=0))
    strong = [i for i in range(n) if p[i, 0] > 0.7 and lengths[i] >= 9]
    counts = Counter(hashes)
    rows = []
    for i in range(n):
        mass = (before[i] + own[i] / 2) * context.MASS_STEPS / max(content, 0.001)
        since = min([i - j for j in strong if j <= i], default=FAR)
        until = min([j - i for j in strong if j >= i], default=FAR)
        rows.append(
            [
                cut(mass, context.MASS_STEPS - 1),
                {bucket(i + 1)},
                {bucket(n - i)},
                {bucket(n)},
                {context.POSITION_STEPS * i // n},
                {bucket(int(content + nudge) + 1) for nudge in (-NEAR, NEAR)},
                {min(since, FAR)},
                {min(until, FAR)},
                {(hashes[i] in hashes[:i]) + 2 * min(bucket(counts[hashes[i]]) - 1, 5)},
            ]
        )
    return [list(column) for column in zip(*rows, strict=True)]


def block_starts(facts: np.ndarray) -> list[bool]:
    return [i == 0 or blanks > 0 for i, blanks in enumerate(facts[:, layout.BLANK_BEFORE].tolist())]


def list_starts(facts: np.ndarray) -> list[bool]:
    looks = facts[:, [layout.BEGINNING, layout.INDENT]].tolist()
    return [i == 0 or look != looks[i - 1] for i, look in enumerate(looks)]


def runs(starts: list[bool], p: np.ndarray, own: list[Column], head: int) -> list[Column]:
    """Return the columns of runs: place, size, scores of the head, means, two highest."""
    number = list(accumulate(starts))
    rows = []
    for _, members in groupby(range(len(starts)), key=lambda i: number[i]):
        run = list(members)
        above = run[0] + head
        scores = [own[k][above] if above >= 0 else {0} for k in range(4)]
        means = [cut(mean * context.MEAN_STEPS, 255) for mean in p[run].mean(axis=0)]
        highest = [cut(p[run, k].max() * context.MEAN_STEPS, 255) for k in (2, 3)]
        rows += [
            [{bucket(place + 1)}, {bucket(len(run))}, *scores, *means, *highest]
            for place in range(len(run))
        ]
    return [list(column) for column in zip(*rows, strict=True)]


def kinship(p: np.ndarray, terms: list[list[int]]) -> list[Column]:
    """Return the columns of the lines that share terms with each line."""
    n_places = 64
    while n_places < min(2 * sum(map(len, terms)), 1 << 16):
        n_places *= 2
    owners: dict[int, int] = {}  # of each place: the first term that falls on it
    for term in chain(*terms):
        owners.setdefault((term >> 4) % n_places, term)
    known = set(owners.values())
    sums: defaultdict[int, np.ndarray] = defaultdict(lambda: np.zeros(4))
    counts = Counter(chain(*terms))
    for own, shares in zip(terms, p, strict=True):
        for term in own:
            sums[term] += shares
    rows = []
    for own, shares in zip(terms, p, strict=True):
        kin = np.zeros(4)
        for term in own:
            if term in known and counts[term] > 1:
                kin += (term & 15) * (sums[term] - shares) / (counts[term] - 0.5)
        weights = sum(term & 15 for term in own)
        kinship = kin / max(weights, 1)
        rows.append([*kinship, *kin[:3] / max(kin.sum(), 1e-9), kinship.sum()])
    return mean_columns(np.array(rows))


def outlook_columns(p: np.ndarray) -> list[Column]:
    decays = context.OUTLOOK_DECAYS
    sides = [fading(p, decays), fading(p[::-1], decays)[::-1]]
    means = np.tile(p.mean(axis=0), (len(p), 1))
    return mean_columns(np.concatenate([*sides, p, means], axis=1))


def score_document(columns: np.ndarray, layer: ContextLayer) -> np.ndarray:
    """Return a context layer's logits from the columns of one document, (n_lines, N_COLUMNS)."""
    n = len(columns)
    sums = np.zeros((n, 4))
    for asked, borders, weights in zip(layer.inputs, layer.borders, layer.weights, strict=True):
        for i in range(n):
            row = 0
            for question, (place, border) in enumerate(zip(asked, borders, strict=True)):
                column, distance = context.INPUTS[place]
                there = i + distance
                value = columns[there, column] if 0 <= there < n else 0
                row += int(value > border) << question
            sums[i] += weights[row]
    return sums * layer.scale.astype(float) + layer.bias


def probabilities(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
