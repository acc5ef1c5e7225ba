"""Fit the three layers.

First layer: what a line says by itself (`training.fitting.first_layer`). Second layer: a linear
model over crosses of questions about a line and what stands around it
(`training.fitting.boosting`, `training.fitting.refitting`). Third layer: the same, but what
it sees of a line and its neighbours are the scores of the second, which know of their
surroundings already (W. W. Cohen and V. R. Carvalho, "Stacked sequential learning", 2005).

Each layer is fitted on scores of layers below that have not seen the page: in
use it will meet such scores too.
"""

from functools import cache, partial
from pathlib import Path

import numpy as np

from classifier.features import context_inputs, refined
from classifier.kernels.first_layer.feature_layout import N_SCORES
from classifier.labels import LABELS
from classifier.layers import ScoredLines
from classifier.weights import ContextLayer, FirstLayer, Layers, blank_context_layer
from training.corpus import N_FOLDS
from training.fitting.boosting import boosted_layer
from training.fitting.first_layer import apply_first_layer, first_layer_without, measure
from training.fitting.material import Material
from training.fitting.refitting import refitted
from training.fitting.thinning import thinned

N_SECOND_CROSSES, SECOND_RATE = 256, 0.15
N_THIRD_CROSSES, THIRD_RATE = 384, 0.12
# How hard weights are held where boosting left them. Held as the second is, the third layer was
# the more certain of what it got wrong on pages of other groups.
SECOND_HOLD, THIRD_HOLD = 5000.0, 20000.0
# Of the logits of the second layer, to those of the third. A third, a half and all of
# them were tried, on the folds that are reported: they differ by less than .001 of macro-F1.
CARRY = 1 / 3


def fit_model(
    material: Material, held_out: int | None = None, folder: Path | None = None
) -> Layers:
    """Fit all layers.

    Parameters
    ----------
    material : Material
    held_out : int, optional
        A fold that nothing is to be learnt from.
    folder : Path, optional
        Where first layers on this material are kept, and looked for.

    Returns
    -------
    Layers
        Not calibrated.
    """
    features = measure(material)
    folds = material.line_folds()
    unseen = frozenset(() if held_out is None else (held_out,))

    @cache
    def first_without(left_out: frozenset[int]) -> FirstLayer:
        return first_layer_without(left_out, features, material, folder)

    scores = np.empty((len(folds), N_SCORES), np.float32)
    for fold in range(N_FOLDS):
        own = folds == fold
        scores[own] = apply_first_layer(features.matrix[own], first_without(unseen | {fold}))
    by_label, outlooks = np.hsplit(scores, [len(LABELS)])
    lines = features.lines._replace(
        scores=np.ascontiguousarray(by_label), outlooks=np.ascontiguousarray(outlooks)
    )
    seen = ~np.isin(folds, list(unseen))
    telling = thinned(material, lines.scores)
    second, scores = fit_second_layer(lines, telling, seen)
    inputs = context_inputs(lines, blank_context_layer(), scores)[1]
    third = boosted_layer(inputs, telling, seen, N_THIRD_CROSSES, THIRD_RATE)
    third = refitted(third, inputs, telling, seen, THIRD_HOLD)
    carry = np.full(len(LABELS), CARRY, np.float32)
    return Layers(first_without(unseen), second, third, carry)


def fit_second_layer(
    lines: ScoredLines, material: Material, seen: np.ndarray
) -> tuple[ContextLayer, np.ndarray]:
    """Fit the second layer; return it, and the scores that the third is to see.

    The scores of each fold come from a layer that has not seen it: its crosses were found
    by half of the folds, their weights fitted on all but the one.

    Parameters
    ----------
    lines : ScoredLines
        With scores from first layers that have not seen them.
    material : Material
    seen : ndarray of bool, shape (n_lines,)
        Lines of folds to learn from.

    Returns
    -------
    layer : ContextLayer
    scores : ndarray of float32, shape (n_lines, 4)
        Of the lines of `seen`.
    """
    inputs = context_inputs(lines, blank_context_layer())[1]
    found = partial(boosted_layer, inputs, material, n_crosses=N_SECOND_CROSSES, rate=SECOND_RATE)
    refit = partial(refitted, hold=SECOND_HOLD)
    folds = material.line_folds()
    scores = np.zeros_like(lines.scores)
    for half in np.array_split(np.unique(folds[seen]), 2):
        crosses = found(chosen=seen & ~np.isin(folds, half))
        for fold in half:
            own = folds == fold
            scoring = refit(crosses, inputs, material, seen & ~own)
            scores[own] = refined(lines, scoring)[own]
    return refit(found(chosen=seen), inputs, material, seen), scores
