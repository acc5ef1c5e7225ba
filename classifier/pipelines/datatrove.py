"""A datatrove filter: rewrites the text of documents, and drops some."""

from typing import Any

from classifier.filtering import FilterPolicy
from classifier.labels import LABELS
from classifier.lines import encode_text
from classifier.pipelines.worker import ModelPath, check_options, load_model, needs
from classifier.results import statistics_record

with needs("datatrove"):
    from datatrove.pipeline.filters.base_filter import BaseFilter

BATCH_DOCUMENTS = 1000
METADATA_KEY = "linesift"


class LinesiftFilter(BaseFilter):  # type: ignore[misc]
    """Filters the texts of datatrove's documents.

    The text becomes the kept text, and ``metadata["linesift"]`` the
    document's statistics: documents (1), lines and characters by label,
    content_ratio, paywalled, truncated. datatrove's own counts go on, and the lines of each
    label are counted beside them as ``lines_content`` and so on.

    Parameters
    ----------
    policy, model
        See `classifier.pipelines`.
    exclusion_writer : datatrove DiskWriter, optional
        Takes the documents that the policy drops: with their whole text, and
        the reason in ``metadata["filter_reason"]``.

    Raises
    ------
    TypeError
        If `policy` is no policy, or `model` no path.
    """

    name = "linesift"

    def __init__(
        self,
        policy: FilterPolicy | None = None,
        model: ModelPath = None,
        exclusion_writer: Any = None,
    ) -> None:
        check_options(policy, model)
        super().__init__(exclusion_writer, batch_size=BATCH_DOCUMENTS)
        self.policy = policy
        self.model = model

    def filter(self, doc: Any) -> bool | tuple[bool, str]:
        """Filter one document, see `filter_batch`."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Any]) -> list[bool | tuple[bool, str]]:
        """Filter documents in place.

        Parameters
        ----------
        batch : list of datatrove.data.Document

        Returns
        -------
        list of True or (False, str)
            Whether each document stays, and why not.

        Raises
        ------
        TypeError, ValueError
            If a text is no string, or holds a lone surrogate; the message names the
            document's id.
        """
        classifier = load_model(self.model)
        try:
            done = classifier.process([doc.text for doc in batch], self.policy)
        except (TypeError, ValueError):
            _require_texts(batch)
            raise
        for label, n_lines in zip(LABELS, done.statistics.lines.sum(axis=0), strict=True):
            self.stat_update(f"lines_{label}", value=int(n_lines), unit="line")
        results: list[bool | tuple[bool, str]] = []
        for i, (doc, reason) in enumerate(zip(batch, done.reasons, strict=True)):
            doc.metadata[METADATA_KEY] = statistics_record(done.statistics, i)
            if reason is None and doc.text is not None:
                doc.text = done.texts[i]
            results.append(True if reason is None else (False, reason))
        return results


def _require_texts(batch: list[Any]) -> None:
    """Find the text that cannot be read, and name it by its id: it has no number in the job."""
    for doc in batch:
        if doc.text is not None and not isinstance(doc.text, str):
            kind = type(doc.text).__name__
            raise TypeError(f"document {doc.id}: its text is a {kind}; give str or None") from None
        encode_text(doc.text or "", f"document {doc.id}")
