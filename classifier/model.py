"""`LineClassifier`: a trained model and what one does with it."""

import os
from typing import TYPE_CHECKING, Any

from classifier.columns import Texts, read_columns, read_text
from classifier.first_use import load_for_columns, load_for_explanations, load_for_texts
from classifier.kernels.machine.loading import loading_alone
from classifier.labelling import label_column
from classifier.policy import FilterPolicy, require_policy
from classifier.processing import filter_text, process_texts
from classifier.results import (
    FilterResult,
    LabelledBatch,
    LabelledLine,
    ProcessedBatch,
    joined_batches,
    labelled_lines,
)
from classifier.storage import load_model, save_model
from classifier.weights import Layers, fixed_layers
from classifier.weights.checks import require_layers

if TYPE_CHECKING:
    from classifier.explaining.explanation import Explanation


class LineClassifier:
    """Labels the lines of texts with a trained additive model.

    Parameters
    ----------
    layers : Layers
        Weights.
    metadata : dict, optional
        What is known of the model: data, date, scores, table of content losses.

    Raises
    ------
    ValueError
        If an array of `layers` has another type, shape or values than the kernels count on.

    Examples
    --------
    >>> clf = LineClassifier.load()
    >>> clf.filter("Log in", FilterPolicy(min_content_chars=200)).reason
    'content_chars'
    """

    def __init__(self, layers: Layers, metadata: dict[str, Any] | None = None) -> None:
        require_layers(layers)
        self.layers = layers
        self.metadata = metadata or {}
        self._warned_of: set[float | None] = set()

    def __getstate__(self) -> dict[str, Any]:
        # Caches go by what is pickled, which must not change by use.
        return {**self.__dict__, "_warned_of": set()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # A pickle or a deep copy makes arrays writable; what is worked out of them is kept.
        self.__dict__.update(state, layers=fixed_layers(state["layers"]))

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None) -> "LineClassifier":
        """Load a model.

        Parameters
        ----------
        path : path, optional
            A model file of this machine; the bundled model if absent.

        Returns
        -------
        LineClassifier

        Raises
        ------
        ModelError
            If the file is missing, damaged, no model, on another machine, has other labels,
            or was made by an older or newer linesift.
        """
        with loading_alone():
            return cls(*load_model(path))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Save the model; the file appears when it is complete.

        Parameters
        ----------
        path : path
            By custom ends in ``.npz``. Folders that are missing are made.

        Raises
        ------
        OSError
            If it cannot be written.
        TypeError, ValueError
            If the path is of another machine, or the model none that could be loaded again.
        """
        save_model(path, self.layers, self.metadata)

    def label(self, text: str) -> list[LabelledLine]:
        """Label the lines of one text.

        Parameters
        ----------
        text : str

        Returns
        -------
        list of LabelledLine
            All lines that are not blank, in order.

        Raises
        ------
        TypeError, ValueError
            If the text is no string, or holds a lone surrogate.
        """
        column = read_text(text)
        load_for_texts(self.layers)
        return labelled_lines(text, column, label_column(column, self.layers))

    def filter(self, text: str, policy: FilterPolicy | None = None) -> FilterResult:
        """Filter one text.

        Parameters
        ----------
        text : str
        policy : FilterPolicy, optional
            What is dropped; everything but content if absent.

        Returns
        -------
        FilterResult

        Raises
        ------
        TypeError, ValueError
            If the text is no string, or the policy no policy; if the text holds a lone
            surrogate, or the model cannot promise what the policy asks for.
        """
        policy = require_policy(policy)
        load_for_texts(self.layers)
        return filter_text(text, self.layers, policy, self._threshold(policy, 4))

    def label_batch(self, texts: Texts) -> LabelledBatch:
        """Label the lines of many texts.

        Parameters
        ----------
        texts : sequence of (str or None), pyarrow.Array or pyarrow.ChunkedArray
            Arrow strings are read in place; a null has no lines.

        Returns
        -------
        LabelledBatch

        Raises
        ------
        TypeError, ValueError
            As `label`; the message names document and offset.
        """
        load_for_texts(self.layers)
        return joined_batches([label_column(column, self.layers) for column in read_columns(texts)])

    def filter_batch(self, texts: Texts, policy: FilterPolicy | None = None) -> Any:
        """Filter many texts.

        Parameters
        ----------
        texts : sequence of (str or None), pyarrow.Array or pyarrow.ChunkedArray
        policy : FilterPolicy, optional
            What is dropped; everything but content if absent.

        Returns
        -------
        list, pyarrow.Array or pyarrow.ChunkedArray
            Of the type, length and order of `texts`; null where the document
            was null or is dropped.

        Raises
        ------
        TypeError, ValueError
            As `filter`; the message names document and offset.
        """
        return self.process(texts, policy).texts

    def process(
        self, texts: Texts, policy: FilterPolicy | None = None, *, are_checked: bool = False
    ) -> ProcessedBatch:
        """Label and filter many texts and return everything that is known of them.

        Parameters
        ----------
        texts : sequence of (str or None), pyarrow.Array or pyarrow.ChunkedArray
        policy : FilterPolicy, optional
        are_checked : bool, default False
            Whether Arrow arrays are known to be sound and to hold valid UTF-8, as those of our
            readers. Of others, what does not hold ends the process.

        Returns
        -------
        ProcessedBatch

        Raises
        ------
        TypeError, ValueError
            As `filter_batch`.
        """
        policy = require_policy(policy)
        threshold = self._threshold(policy, 5)
        load_for_columns(self.layers)
        return process_texts(texts, self.layers, policy, threshold, are_checked)

    def explain(self, text: str, index: int) -> "Explanation":
        """Show what spoke for and against each label of one line.

        Parameters
        ----------
        text : str
        index : int
            Which labelled line, from 0; blank lines do not count.

        Returns
        -------
        Explanation

        Raises
        ------
        IndexError
            If the text has no such line.
        TypeError, ValueError
            As `label`; a TypeError, too, if `index` is no whole number.
        """
        column = read_text(text)
        load_for_explanations(self.layers)
        from classifier.explaining.explanation import explain_line

        return explain_line(column, index, self.layers)

    def _threshold(self, policy: FilterPolicy, stacklevel: int) -> float | None:
        """Find the threshold; warn, once for each loss, if it lets nothing be dropped."""
        table = self.metadata.get("loss_table")
        threshold = policy.threshold(table)
        if policy.max_content_loss not in self._warned_of:
            self._warned_of.add(policy.max_content_loss)
            policy.warn_if_nothing_goes(table or (), stacklevel)
        return threshold
