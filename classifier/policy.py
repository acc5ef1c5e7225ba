"""What a filter is to drop: labels, a threshold or a loss that is allowed, documents."""

import math
import warnings
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from classifier.labels import LABELS, label_codes

LossTable = Sequence[tuple[float, float, float]]
"""Rows (threshold, upper bound of the content characters lost, boilerplate lines dropped), 0–1."""


@dataclass(frozen=True)
class FilterPolicy:
    """What is dropped, and at which threshold.

    Without a threshold a line goes if its label is in `drop`. With one, a line
    goes if its probability of content is below the threshold and its most
    probable other label is in `drop`.

    Parameters
    ----------
    drop : collection of str, default ("navigation", "paywall", "sponsored")
        Labels to drop. ``"content"`` is a label like any other here (to look
        at the boilerplate alone, say); under a threshold it has no effect.
    content_threshold : float, optional
        Probability of content, 0 to 1, from which a line is kept.
    max_content_loss : float, optional
        Share of content characters, 0 to below 1, that may be lost; the threshold
        then comes from the model's own table, and nothing is dropped if that
        promises no loss so small, of which a `NothingDroppedWarning` tells. Excludes
        `content_threshold`.
    min_content_chars : int, default 0
        Documents with fewer characters of content are dropped; addresses of links, and
        invisible characters, do not count.
    min_content_ratio : float, default 0.0
        Documents with a smaller share of content characters, 0 to 1, are dropped.
    drop_paywalled : bool, default False
        Whether to drop documents that gate or sell access to their publication: complete
        articles with an offer too (see `classifier.statistics.verdicts`).

    Raises
    ------
    ValueError
        If a field is out of its range, or both threshold and loss are given.

    Examples
    --------
    >>> FilterPolicy(drop=["sponsored", "paywall"]).drop
    ('paywall', 'sponsored')
    """

    drop: Collection[str] = ("navigation", "paywall", "sponsored")
    content_threshold: float | None = None
    max_content_loss: float | None = None
    min_content_chars: int = 0
    min_content_ratio: float = 0.0
    drop_paywalled: bool = False

    def __post_init__(self) -> None:
        # One order and no repeats, so that equal policies compare equal.
        codes = set(label_codes(_names(self.drop)).tolist())
        object.__setattr__(self, "drop", tuple(LABELS[code] for code in sorted(codes)))
        for name in ("content_threshold", "max_content_loss"):
            if getattr(self, name) is not None:
                _require_ratio(name, getattr(self, name))
        if self.max_content_loss == 1:  # perhaps meant as a percentage
            raise ValueError("max_content_loss is 1, all content; give a share below (1 % is 0.01)")
        if self.content_threshold is not None and self.max_content_loss is not None:
            raise ValueError(
                "content_threshold and max_content_loss both set a threshold; give only one"
            )
        chars = self.min_content_chars
        if not isinstance(chars, Integral) or isinstance(chars, bool) or chars < 0:
            raise ValueError(f"min_content_chars is {chars!r}; give a whole number, 0 or more")
        _require_ratio("min_content_ratio", self.min_content_ratio)
        if not isinstance(self.drop_paywalled, (bool, np.bool_)):
            raise ValueError(f"drop_paywalled is {self.drop_paywalled!r}; give True or False")

    @property
    def drops_documents(self) -> bool:
        """Whether whole documents may go, by their statistics."""
        return bool(self.min_content_chars or self.min_content_ratio or self.drop_paywalled)

    def least_loss(self, table: LossTable) -> float | None:
        """Tell the least loss at which a model drops any line, if that is more than is asked.

        Parameters
        ----------
        table : sequence of (float, float, float)
            As `threshold` takes it.

        Returns
        -------
        float or None
            None if something may go, or `max_content_loss` is 0 or absent.
        """
        bounds = [bound for threshold, bound, _ in table if threshold > 0]
        if not self.max_content_loss or not bounds or min(bounds) <= self.max_content_loss:
            return None
        return math.ceil(min(bounds) * 1e5) / 1e5

    def warn_if_nothing_goes(self, table: LossTable, stacklevel: int) -> None:
        """Warn if a model can promise no loss so small, so that it drops no line.

        Parameters
        ----------
        table : sequence of (float, float, float)
            As `threshold` takes it.
        stacklevel : int
            Who is warned, as for `warnings.warn`: 1 is here.
        """
        least = self.least_loss(table)
        if least is not None:
            loss = float(self.max_content_loss or 0)  # fractions cannot be written in short
            warnings.warn(
                f"max_content_loss is {loss:g}: no line is dropped; the least loss at which this "
                f"model drops any is {least:g}",
                NothingDroppedWarning,
                stacklevel=stacklevel,
            )

    def threshold(self, table: LossTable | None = None) -> float | None:
        """Find the threshold on the probability of content.

        Parameters
        ----------
        table : sequence of (float, float, float), optional
            The model's rows (threshold, upper bound of the content lost,
            boilerplate dropped), in any order; read for `max_content_loss` only.

        Returns
        -------
        float or None
            The given threshold; or the largest in `table` whose bound is at
            most `max_content_loss` (0, which drops nothing, may be the only
            one); None if the labels alone decide.

        Raises
        ------
        ValueError
            If `max_content_loss` is set and the table is missing or has no
            row that promises so little.
        """
        if self.max_content_loss is None:
            return self.content_threshold
        if not table:
            raise ValueError(
                "max_content_loss needs the model's table of content losses, and this model "
                "has none; set content_threshold, or use a model that was fitted with a table"
            )
        fitting = [threshold for threshold, bound, _ in table if bound <= self.max_content_loss]
        if not fitting:
            raise ValueError(
                f"max_content_loss is {self.max_content_loss}; the least this model can promise "
                f"is {min(bound for _, bound, _ in table)}; ask for that or more"
            )
        return max(fitting)


class NothingDroppedWarning(UserWarning):
    """A model promises no loss as small as a policy allows, so that no line goes."""


def require_policy(policy: FilterPolicy | None) -> FilterPolicy:
    """Give the policy that is meant: the default one for None.

    Parameters
    ----------
    policy : FilterPolicy or None

    Returns
    -------
    FilterPolicy
        The one given, or the default.

    Raises
    ------
    TypeError
        If it is no policy.
    """
    if policy is None:
        return FilterPolicy()
    if not isinstance(policy, FilterPolicy):
        raise TypeError(
            f"policy is a {type(policy).__name__}; give a FilterPolicy, "
            'e.g. FilterPolicy(drop=["paywall"]), or None for the default'
        )
    return policy


def _names(drop: object) -> list[str]:
    if isinstance(drop, str):
        raise ValueError(f'drop is one string, {drop!r}; write drop=("{drop}",)')
    if isinstance(drop, Iterable) and not isinstance(drop, bytes):
        with suppress(TypeError):  # arrays without a dimension only seem to have elements
            return list(drop)
    raise ValueError(f"drop is {drop!r}; give labels to drop, e.g. ('paywall',), or () for none")


def _require_ratio(name: str, value: object) -> None:
    valid = isinstance(value, Real) and not isinstance(value, bool)
    if not valid or not 0 <= value <= 1:  # type: ignore[operator]  # false of NaN as well
        raise ValueError(f"{name} is {value!r}; give a number from 0 to 1 (1 % is 0.01)")
