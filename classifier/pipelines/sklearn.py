"""A scikit-learn transformer from texts to filtered texts."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from classifier.filtering import FilterPolicy
from classifier.pipelines.worker import ModelPath, load_model, needs

with needs("sklearn"):
    from sklearn.base import BaseEstimator, TransformerMixin


class TextFilter(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Filters texts, ahead of a vectorizer for example.

    It has nothing to learn, so `transform` works without `fit`.

    Parameters
    ----------
    policy, model
        See `classifier.pipelines`.

    Examples
    --------
    >>> policy = FilterPolicy(min_content_chars=200)
    >>> TextFilter(policy).transform(["Log in"])
    ['']
    """

    def __init__(self, policy: FilterPolicy | None = None, model: ModelPath = None) -> None:
        self.policy = policy
        self.model = model

    def fit(self, X: Any, y: Any = None) -> "TextFilter":
        """Do nothing: there is nothing to learn."""
        del X, y
        return self

    def transform(self, X: Iterable[str | None]) -> list[str]:
        """Filter texts.

        Parameters
        ----------
        X : iterable of (str or None)
            A list, an array or a column of texts; Arrow's too.

        Returns
        -------
        list of str, length n_documents
            Kept texts; ``""`` for a document that the policy drops or that is missing.

        Raises
        ------
        ValueError, TypeError
            If `X` is one string, a table, no iterable, or holds something else than strings.
        """
        if isinstance(X, str):
            raise ValueError(f"X is one string, {X[:20]!r}; give an iterable of texts, e.g. [text]")
        # Iterating over these would give names of columns, or rows.
        if isinstance(X, Mapping) or len(getattr(X, "shape", (0,))) != 1:
            raise ValueError(f'X is a {type(X).__name__}; give one column of it, e.g. X["text"]')
        if not isinstance(X, Iterable) or isinstance(X, bytes):
            raise TypeError(f"X is a {type(X).__name__}; give an iterable of texts, e.g. [text]")
        if isinstance(X, (pa.Array, pa.ChunkedArray)):
            X = X.to_pylist()
        texts = [text if isinstance(text, str) or not _is_missing(text) else None for text in X]
        filtered = load_model(self.model).filter_batch(texts, self.policy)
        return [text or "" for text in filtered]

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags


def _is_missing(value: Any) -> bool:
    """Tell whether a value stands for nothing: None, NaN, pandas.NA."""
    try:
        return not pa.scalar(value, from_pandas=True).is_valid
    except (pa.ArrowException, OverflowError):  # of no type that Arrow knows
        return False
