"""Find the crosses of a context layer: CatBoost does.

Cross after cross, each where the model so far is most wrong (multinomial logistic
loss): CatBoost's symmetric trees are just such tables of weights. What weights are best
for all of them together, `training.fitting.refitting` says.
"""

import json
import tempfile
from pathlib import Path

import numpy as np

from classifier.kernels.context.inputs import CELLS, DEPTH
from classifier.labels import LABELS
from classifier.weights import ContextLayer, blank_context_layer
from training.fitting.material import Material

CROSS_PENALTY = 20.0
# The rare labels weigh more: a little over-confidence in them finds more of
# their lines at the same F1 of the others.
LABEL_WEIGHTS = (1.0, 1.0, 1.5, 1.5)


def boosted_layer(
    inputs: np.ndarray, material: Material, chosen: np.ndarray, n_crosses: int, rate: float
) -> ContextLayer:
    """Find crosses, and weights for them, by the chosen lines that count.

    Parameters
    ----------
    inputs : ndarray of uint8, shape (n_lines, N_INPUTS)
        From scores of layers below that have not seen the lines.
    material : Material
    chosen : ndarray of bool, shape (n_lines,)
    n_crosses : int
    rate : float
        How much of what is missing each cross makes good, 0–1.

    Returns
    -------
    ContextLayer
    """
    from catboost import CatBoostClassifier

    chosen, targets, weights = lessons(material, chosen)
    model = CatBoostClassifier(
        loss_function="MultiClass",
        iterations=n_crosses,
        depth=DEPTH,
        learning_rate=rate,
        l2_leaf_reg=CROSS_PENALTY,
        border_count=64,
        rsm=0.3,
        bootstrap_type="Bernoulli",
        subsample=0.4,
        leaf_estimation_iterations=1,
        boosting_type="Plain",
        score_function="L2",
        metric_period=n_crosses,  # nobody reads the loss of each cross
        thread_count=2,
        random_seed=0,
        allow_writing_files=False,
        verbose=False,
    ).fit(inputs[chosen].astype(np.float32), targets, sample_weight=weights)
    return crosses_of(model)


def lessons(material: Material, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Say what is learnt from the chosen lines.

    Parameters
    ----------
    material : Material
    chosen : ndarray of bool, shape (n_lines,)

    Returns
    -------
    ndarray of bool, shape (n_lines,)
        Those of the lines that count.
    ndarray of uint8, ndarray of float
        Their labels, and how much each counts.
    """
    chosen = chosen & (material.context_weights > 0)
    targets = material.labels[chosen]
    return chosen, targets, material.context_weights[chosen] * np.take(LABEL_WEIGHTS, targets)


def crosses_of(model) -> ContextLayer:
    """Take the tables out of a fitted CatBoost model.

    Parameters
    ----------
    model : catboost.CatBoostClassifier

    Returns
    -------
    ContextLayer
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crosses.json"
        model.save_model(str(path), format="json")
        stored = json.loads(path.read_text("utf-8"))
    trees = stored["oblivious_trees"]
    layer = blank_context_layer(len(trees))
    weights = np.empty((len(trees), CELLS, len(LABELS)))
    for cross, tree in enumerate(trees):
        for question, split in enumerate(tree["splits"]):
            layer.inputs[cross, question] = split["float_feature_index"]
            layer.borders[cross, question] = int(split["border"])
        for question in range(len(tree["splits"]), DEPTH):
            layer.borders[cross, question] = 255  # never above: the answer is always no
        cells = np.array(tree["leaf_values"]).reshape(-1, len(LABELS))
        weights[cross] = np.resize(cells, weights[cross].shape)
    factor, bias = stored["scale_and_bias"]
    return rounded(layer, weights * factor, np.array(bias))


def rounded(layer: ContextLayer, weights: np.ndarray, bias: np.ndarray) -> ContextLayer:
    """Give the crosses of a layer other weights, rounded to eight bits.

    Parameters
    ----------
    layer : ContextLayer
    weights : ndarray of float64, shape (n_crosses, CELLS, 4)
        In logits.
    bias : ndarray of float64, shape (4,)
        In logits.

    Returns
    -------
    ContextLayer
    """
    scale = np.abs(weights).max(axis=(0, 1)) / np.iinfo(np.int8).max
    return layer._replace(
        weights=np.rint(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
    )
