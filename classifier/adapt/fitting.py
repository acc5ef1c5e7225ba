"""Adapt a model to a user's pages: the least change that serves them.

Only weights of tokens that occur in the pages change. What all pages share
(shape, place, neighbours, intercepts) would carry a change to every page there
is: fitted on pages of one kind, it costs more elsewhere than it gains.

The other layers stay as they are. What the tokens should add is fitted to the
final scores, and given to the first layer by the measure in which its scores
get through. The model as it would then be, on pages held out, shows how firmly
the weights must be tied to the present ones.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.adapt.labelled_pages import LabelledPages
from classifier.adapt.metrics import decided_confusion, line_weights, macro_f1, page_losses
from classifier.adapt.offset_regression import fit_difference
from classifier.adapt.token_weights import rounded, with_change
from classifier.adapt.tokens import Tokens, read_tokens
from classifier.features import final_logits
from classifier.kernels.scored_lines import ScoredLines
from classifier.labels import LABELS
from classifier.weights import FirstLayer, Layers, token_levels

# Ridge for each thousand lines. A weaker tie than the last gains more on pages of
# the kind and can cost more than it should on others (`python -m training adapt`).
STRENGTHS = (2.0, 1.0, 0.5, 0.3, 0.1)
N_FOLDS = 5
# A weight of so many logits halves how far its token may move. The model has met
# such a token on many pages, and all of them would feel the change.
KNOWN_WEIGHT = 0.05
PROBE = 0.5  # logits: deviation of the random changes that show what gets through

Scores = npt.NDArray[np.float32]


class Adaptation(NamedTuple):
    """An adapted model, and how it does on pages held out.

    Attributes
    ----------
    layers : Layers
        Those given, if nothing was better.
    strength : float or None
        How firmly the weights are tied to those given; None if nothing was
        better than no change.
    before, after : ndarray of float32, shape (n_lines, 4)
        Final logits of all lines: by the model as it was, and for each page by
        one that was adapted without its group.
    """

    layers: Layers
    strength: float | None
    before: Scores
    after: Scores


def adapt(
    pages: LabelledPages,
    layers: Layers,
    watch: Callable[[Iterable[float]], Iterable[float]] = iter,
) -> Adaptation:
    """Fit token weights to labelled pages, starting from a model.

    Parameters
    ----------
    pages : LabelledPages
        Of at least `N_FOLDS` groups.
    layers : Layers
        The model to start from, which must not have been fitted on the pages:
        it would find nothing to learn.
    watch : callable, optional
        Passes the strengths through as they are tried, to show progress.

    Returns
    -------
    Adaptation

    Raises
    ------
    ValueError
        If there are too few groups.
    """
    if pages.n_groups < N_FOLDS:
        raise ValueError(
            f"too few labelled pages (or groups of pages), {pages.n_groups}, to tell what they "
            f"teach from what they happen to say; label at least {N_FOLDS}, better 30"
        )
    tokens = read_tokens(pages, layers)
    before = tokens.logits(layers)
    share = share_that_gets_through(tokens.lines, layers)

    def change(chosen: npt.NDArray[np.bool_], strength: float) -> Scores:
        wanted = wanted_change(tokens, layers.first, before, pages.labels, chosen, strength)
        return rounded(layers.first, tokens.places, wanted / share)

    line_folds = np.repeat(pages.groups % N_FOLDS, pages.line_counts)
    after = {}
    for strength in watch(STRENGTHS):
        added = np.zeros((len(line_folds), len(LABELS)))
        for fold in range(N_FOLDS):
            held_out = line_folds == fold
            added[held_out] = tokens.matrix[held_out] @ change(pages.decided & ~held_out, strength)
        after[strength] = tokens.logits(layers, added)
    chosen = choose_strength(pages, before, after)
    if chosen is None:
        return Adaptation(layers, None, before, before)
    first = with_change(layers.first, tokens.places, change(pages.decided, chosen))
    return Adaptation(layers._replace(first=first), chosen, before, after[chosen])


def share_that_gets_through(lines: ScoredLines, layers: Layers) -> float:
    """Measure how much of a change of first-layer scores reaches the final ones.

    Differences between labels count; what is added to all four is nothing.

    Parameters
    ----------
    lines : ScoredLines
        With first-layer scores.
    layers : Layers
        The first is not looked at.

    Returns
    -------
    float
        0.01 or more; 1 if all of it does.
    """
    rng = np.random.default_rng(0)
    probe = rng.normal(0, PROBE, lines.scores.shape).astype(np.float32)
    changed = lines._replace(scores=lines.scores + probe)
    response = final_logits(changed, layers) - final_logits(lines, layers)
    probe -= probe.mean(axis=1, keepdims=True)
    return max(float((probe * response).sum() / (probe * probe).sum()), 0.01)


def wanted_change(
    tokens: Tokens,
    first: FirstLayer,
    logits: Scores,
    labels: npt.NDArray[np.uint8],
    chosen: npt.NDArray[np.bool_],
    strength: float,
) -> npt.NDArray[np.float64]:
    """Fit what tokens should add to the final logits.

    Parameters
    ----------
    tokens : Tokens
    first : FirstLayer
    logits : ndarray of float32, shape (n_lines, 4)
        Final logits without a change.
    labels : ndarray of uint8, shape (n_lines,)
    chosen : ndarray of bool, shape (n_lines,)
        Lines to learn from.
    strength : float
        How firmly all weights are tied to the present ones, for each thousand lines.

    Returns
    -------
    ndarray of float64, shape (n_tokens, 4)
    """
    from scipy.sparse import diags

    weights = token_levels(first, tokens.places) * first.scale
    known = np.abs(weights[:, : len(LABELS)]).max(axis=1)
    freedom = KNOWN_WEIGHT / (KNOWN_WEIGHT + known.astype(np.float64))
    difference = fit_difference(
        tokens.matrix[chosen] @ diags(freedom),
        logits[chosen].astype(np.float64),
        labels[chosen],
        line_weights(labels[chosen]),
        strength * chosen.sum() / 1000,
    )
    difference *= freedom[:, None]
    return difference


def choose_strength(
    pages: LabelledPages, before: Scores, after: dict[float, Scores]
) -> float | None:
    """Choose the firmest tie that does as well as the best, on pages held out.

    As well: the loss, in mean over pages, is within one standard error of the
    lowest. What a change costs on other kinds of pages cannot be seen on these,
    so it shall be no larger than what it gains can be seen.

    Parameters
    ----------
    pages : LabelledPages
    before : ndarray of float32, shape (n_lines, 4)
        Logits without a change.
    after : dict of float to ndarray of float32, shape (n_lines, 4)
        For each strength the logits of pages held out.

    Returns
    -------
    float or None
        None if it does not improve both loss and macro-F1.
    """
    losses = {strength: page_losses(pages, logits) for strength, logits in after.items()}
    least_f1 = macro_f1(decided_confusion(pages, before))
    most_loss = page_losses(pages, before).mean()
    better = {
        strength: loss
        for strength, loss in losses.items()
        if loss.mean() < most_loss
        and macro_f1(decided_confusion(pages, after[strength])) > least_f1
    }
    if not better:
        return None
    best = min(better.values(), key=np.mean)
    excess = {strength: loss - best for strength, loss in better.items()}
    return max(
        strength
        for strength, more in excess.items()
        if more.mean() <= more.std() / np.sqrt(len(more))
    )
