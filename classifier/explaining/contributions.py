"""What features added to the scores of lines, summed up by reason."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from classifier.explaining.wording import Reason

Values = npt.NDArray[np.float64]


class Ledger:
    """Sums up what features added to the scores of lines, by reason.

    Parameters
    ----------
    n_lines : int

    Attributes
    ----------
    values : dict of Reason to ndarray of float64, shape (n_lines, 4)
        What each reason added to the score of each label, in the order of their coming.
    """

    def __init__(self, n_lines: int) -> None:
        self.n_lines = n_lines
        self.values: dict[Reason, Values] = {}

    def of(self, reason: Reason) -> Values:
        """Give what a reason added so far, to add to.

        Parameters
        ----------
        reason : Reason

        Returns
        -------
        ndarray of float64, shape (n_lines, 4)
            The ledger's own array; zeros at first.
        """
        return self.values.setdefault(reason, np.zeros((self.n_lines, 4)))

    def add(self, reason: Reason, values: Values) -> None:
        """Add something to all lines, values of shape (4,) or (n_lines, 4).

        Parameters
        ----------
        reason : Reason
        values : ndarray of float64
        """
        if np.any(values):
            self.of(reason)[:] += values

    def add_each(
        self,
        lines: npt.NDArray[np.int64],
        reasons: Sequence[Reason],
        features: npt.NDArray[np.integer],
        values: Values,
    ) -> None:
        """Add single features.

        Parameters
        ----------
        lines : ndarray of int64, shape (n_values,)
            Which line each is of, 0 to ``n_lines - 1``.
        reasons : sequence of Reason
            That of each feature there is.
        features : ndarray of int, shape (n_values,)
            Index in `reasons`.
        values : ndarray of float64, shape (n_values, 4)
            What each adds.
        """
        used, which = np.unique(features, return_inverse=True)
        own = [reasons[feature] for feature in used.tolist()]
        for reason in dict.fromkeys(own):
            here = np.array([other == reason for other in own])[which]
            np.add.at(self.of(reason), lines[here], values[here])


def most_telling(
    values: Values, n_rows: int | None
) -> tuple[npt.NDArray[np.int64], Values, list[str]]:
    """Order reasons by how far apart they pull the labels, and sum up all but the first.

    Parameters
    ----------
    values : ndarray of float64, shape (n_reasons, 4)
    n_rows : int or None
        How many to show; None for all that added something.

    Returns
    -------
    shown : ndarray of int64, shape (n_shown,)
        Which reasons.
    values : ndarray of float64, shape (n_shown or n_shown + 1, 4)
        What these added and, in one more row, what the others did.
    names : list of str
        The name of that row; empty if there is none.
    """
    order = np.argsort(-np.ptp(values, axis=1), kind="stable")
    order = order[np.any(values[order] != 0, axis=1)]
    if n_rows is None or len(order) <= n_rows + 1:
        return order, values[order], []
    shown, rest = order[:n_rows], order[n_rows:]
    summed = values[rest].sum(axis=0, keepdims=True)
    name = f"{len(rest)} smaller ones together"
    return shown, np.concatenate([values[shown], summed]), [name]
