"""A datatrove filter: rewrites the text of documents, and drops some."""

from typing import Any

from classifier.labels import LABELS
from classifier.pipelines.checks import ModelPath, check_options, documents_named, needs
from classifier.pipelines.worker import load_model
from classifier.policy import FilterPolicy
from classifier.statistics_records import statistics_record

with needs("datatrove"):
    from datatrove.pipeline.filters.base_filter import BaseFilter

BATCH_DOCUMENTS, METADATA_KEY = 1000, "linesift"
EMPTY = "empty"
"""Why a document goes of which no line stays.

Datatrove's readers know no document without text, and its writers leave an empty one out:
Parquet then loses the column in all of a file if its first document has none.
"""


class LinesiftFilter(BaseFilter):  # type: ignore[misc]
    """Filters the texts of datatrove's documents.

    The text becomes the kept text, and ``metadata["linesift"]`` the statistics of
    `classifier.statistics_records.statistics_record`. The lines of each label are counted beside
    datatrove's own counts, as ``lines_content`` and so on. A document of which no line stays
    goes, whatever the policy, with the reason ``"empty"``.

    Parameters
    ----------
    policy : FilterPolicy, optional
    model : path, optional
        See `classifier.pipelines`.
    exclusion_writer : datatrove DiskWriter, optional
        Takes the documents that go: with the whole text, and ``metadata["filter_reason"]``.

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
        self.policy, self.model = policy, model

    def filter(self, doc: Any) -> bool | tuple[bool, str]:
        """Filter one document, see `filter_batch`.

        Parameters
        ----------
        doc : datatrove.data.Document

        Returns
        -------
        bool or tuple of bool and str
            True if it stays, else False with the reason.
        """
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Any]) -> list[bool | tuple[bool, str]]:
        """Filter documents in place.

        Parameters
        ----------
        batch : list of datatrove.data.Document

        Returns
        -------
        list of True or (False, str)
            Whether each stays, and why not.

        Raises
        ------
        TypeError, ValueError
            If a text is no string, or holds a lone surrogate; it names the document's id.
        """
        classifier = load_model(self.model)
        with documents_named(lambda number: batch[number].id):
            done = classifier.process([doc.text for doc in batch], self.policy)
        for label, n_lines in zip(LABELS, done.statistics.lines.sum(axis=0), strict=True):
            self.stat_update(f"lines_{label}", value=int(n_lines), unit="line")
        verdicts: list[bool | tuple[bool, str]] = []
        for i, (doc, reason) in enumerate(zip(batch, done.reasons, strict=True)):
            doc.metadata[METADATA_KEY] = statistics_record(done.statistics, i)
            text = done.texts[i]
            if text:
                doc.text = text
            verdicts.append(bool(text) or (False, reason or EMPTY))
        return verdicts
