"""Thresholds on the probability of content, and what each may cost."""

import math

import numpy as np
import numpy.typing as npt

from classifier.adapt.labelled_pages import LabelledPages
from classifier.labels import CONTENT

THRESHOLDS = (0.001, 0.002, 0.005, *np.round(np.arange(0.01, 0.96, 0.01), 2).tolist())
SHOWN_LOSSES = (0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2)


def loss_table(pages: LabelledPages, content: npt.NDArray[np.float32]) -> list[list[float]]:
    """Tabulate thresholds against the content they cost, by conformal risk control.

    With n groups, ``(sum of losses + 1) / (n + 1)`` bounds the expected loss of
    a new one, whatever the distribution (Angelopoulos et al., "Conformal Risk
    Control", 2022). The loss of a group is that of `group_losses`.

    Parameters
    ----------
    pages : LabelledPages
    content : ndarray of float32, shape (n_lines,)
        Probability of content of each line, 0 to 1, by a model that was not
        fitted on the pages.

    Returns
    -------
    list of [threshold, bound, boilerplate]
        Rising thresholds on the probability of content; the last column is the
        share of boilerplate lines dropped.
    """
    is_boilerplate = pages.decided & (pages.labels != CONTENT)
    boilerplate = content[is_boilerplate].astype(np.float64)
    rows = [[0.0, 0.0, 0.0]]
    for threshold in THRESHOLDS:
        losses = group_losses(pages, content, threshold)
        bound = (losses.sum() + 1) / (len(losses) + 1)
        dropped = (boilerplate < threshold).sum() / max(len(boilerplate), 1)
        rows.append([float(threshold), float(bound), float(dropped)])
    return rows


def group_losses(
    pages: LabelledPages, content: npt.NDArray[np.float32], threshold: float
) -> npt.NDArray[np.float64]:
    """Return what each group of pages loses below a threshold, at most.

    A line that nobody has decided on may be content: if it goes, it counts as content that is
    lost. Otherwise pages of which only the boilerplate is labelled would promise that nothing is.

    Parameters
    ----------
    pages : LabelledPages
    content : ndarray of float32, shape (n_lines,)
        Probability of content of each line, 0 to 1.
    threshold : float
        0 to 1.

    Returns
    -------
    ndarray of float64, shape (n_groups,)
        Mean over the group's pages of the share of content characters, 0 to 1; 0 for a page
        without content.
    """
    n_pages = len(pages.line_counts)
    page = pages.line_pages()
    goes = content.astype(np.float64) < threshold
    counts = np.where(pages.decided, pages.labels == CONTENT, goes)
    characters = np.where(counts, pages.characters, 0)
    total = np.maximum(np.bincount(page, characters, n_pages), 1)
    lost = np.bincount(page, characters * goes, n_pages) / total
    return np.bincount(pages.groups, lost) / np.bincount(pages.groups)


def label_losses(pages: LabelledPages, labels: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """Return what each group of pages loses if labels alone decide, at most.

    Parameters
    ----------
    pages : LabelledPages
    labels : ndarray of int, shape (n_lines,)
        Codes, as a model gives them.

    Returns
    -------
    ndarray of float64, shape (n_groups,)
        As of `group_losses`.
    """
    # A line that is called content is above a threshold between the two values.
    return group_losses(pages, (labels == CONTENT).astype(np.float32), 0.5)


def best_row(table: list[list[float]], max_content_loss: float) -> list[float] | None:
    """Return the row with the highest threshold within a loss; None if nothing may go.

    Parameters
    ----------
    table : list of list of float
        As `loss_table` returns it.
    max_content_loss : float
        Share of the content, 0 to 1.

    Returns
    -------
    list of float or None
        Threshold, bound of the loss, share of boilerplate dropped.
    """
    fitting = [row for row in table if row[1] <= max_content_loss and row[0] > 0]
    return max(fitting, default=None)


def require_row(
    table: list[list[float]], max_content_loss: float | None, n_groups: int
) -> list[float]:
    """Return the row with the highest threshold within a loss.

    Parameters
    ----------
    table : list of [threshold, bound, boilerplate]
        As `loss_table` makes it.
    max_content_loss : float or None
        Above 0, to 1; None for the highest of `SHOWN_LOSSES`, which nobody has asked for.
    n_groups : int
        How many groups of pages the table is of.

    Returns
    -------
    [threshold, bound, boilerplate]

    Raises
    ------
    ValueError
        If there is none; the message says whether more pages would help.
    """
    loss = SHOWN_LOSSES[-1] if max_content_loss is None else max_content_loss
    row = best_row(table, loss)
    if row is not None:
        return row
    needed = 1 / loss - 1  # infinite for the least of numbers
    counted = f"{n_groups} page{'s' * (n_groups != 1)} (or groups of pages)"
    if n_groups < needed:
        at_least = math.ceil(needed) if math.isfinite(needed) else "more than anyone has"
        if max_content_loss is None:
            raise ValueError(
                f"{counted}: too few for thresholds, of which each may lose "
                f"{1 / (n_groups + 1):.2f} of the content or more. Label at least {at_least}"
            )
        raise ValueError(
            f"{counted} cannot promise a loss of {loss}: it takes at least {at_least}. "
            "Label more, or allow more loss"
        )
    lowest, remedy = f"{table[1][1]:.3f}", "Teach the model such pages first (linesift fit)"
    if max_content_loss is None:
        raise ValueError(f"even the lowest threshold may lose {lowest} of the content. {remedy}")
    raise ValueError(
        f"a loss of {loss} lets nothing be dropped: the lowest threshold may lose {lowest}. "
        f"{remedy}, or allow more loss"
    )


def describe_table(table: list[list[float]]) -> str:
    """Lay out the best threshold for each of some losses, for a terminal.

    Parameters
    ----------
    table : list of list of float
        As `loss_table` returns it.

    Returns
    -------
    str
        A row for each of `SHOWN_LOSSES`, without those that say the same as the one
        before.
    """
    rows = [f"{'content lost, at most':>21} {'threshold':>10} {'boilerplate dropped':>20}"]
    before = None
    for loss in SHOWN_LOSSES:
        row = best_row(table, loss)
        if row is not None and row != before:
            rows.append(f"{row[1]:21.3f} {row[0]:10.3f} {row[2]:20.3f}")
        before = row
    return "\n".join(rows)
