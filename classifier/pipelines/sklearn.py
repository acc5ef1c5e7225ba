"""A scikit-learn transformer from texts to filtered texts."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from classifier import __version__
from classifier.pipelines.checks import ModelPath, column_of_texts, needs
from classifier.pipelines.worker import load_model
from classifier.policy import FilterPolicy
from classifier.storage import model_digest
from classifier.weights.model_contents import ModelError

with needs("sklearn"):
    from sklearn.base import BaseEstimator, TransformerMixin

MADE_BY = "_made_by"


# What it gives is a list, which scikit-learn should not wrap into a table.
class TextFilter(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg, misc]
    """Filters texts, ahead of a vectorizer for example.

    It has nothing to learn, so `transform` works without `fit`.

    Parameters
    ----------
    policy : FilterPolicy, optional
    model : path, optional
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
        """Do nothing: there is nothing to learn.

        Parameters
        ----------
        X : object
            Not looked at.
        y : object, optional
            Not looked at.

        Returns
        -------
        TextFilter
            Itself.
        """
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
        filtered = load_model(self.model).filter_batch(column_of_texts(X), self.policy)
        texts = filtered if isinstance(filtered, list) else filtered.to_pylist()
        return [text or "" for text in texts]

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """Name the column of texts, for pipelines that ask each of their steps.

        Parameters
        ----------
        input_features : array-like of str, optional

        Returns
        -------
        ndarray of object, shape (1,)
            As given; ``"text"`` if absent.
        """
        return np.asarray(["text"] if input_features is None else input_features, object)

    # A pipeline with memory keeps results by what its steps are pickled as: the path of a model
    # that was fitted anew is the same, and so are the parameters under another version.
    def __getstate__(self) -> dict[str, Any]:
        try:
            digest = model_digest(self.model)
        except (ModelError, TypeError):  # said when it is used
            digest = None
        return {**super().__getstate__(), MADE_BY: (__version__, digest)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__({name: value for name, value in state.items() if name != MADE_BY})

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags
