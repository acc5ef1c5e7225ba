"""Statistics of one document as plain values, and as a type of Arrow."""

from typing import TYPE_CHECKING, Any

from classifier.labels import LABELS
from classifier.statistics import DocumentStatistics

if TYPE_CHECKING:
    import pyarrow as pa


def statistics_record(statistics: DocumentStatistics, document: int) -> dict[str, Any]:
    """Return one document's statistics as plain values, labels by name.

    They have the names of a whole run's, so that those of documents add up.

    Parameters
    ----------
    statistics : DocumentStatistics
    document : int
        Which row of it.

    Returns
    -------
    dict
        ``documents`` (1), ``lines`` and ``characters`` by label, ``content_ratio`` (0–1),
        ``paywalled`` and ``truncated``.
    """
    return {
        "documents": 1,
        "lines": dict(zip(LABELS, statistics.lines[document].tolist(), strict=True)),
        "characters": dict(zip(LABELS, statistics.characters[document].tolist(), strict=True)),
        "content_ratio": float(statistics.content_ratio[document]),
        "paywalled": bool(statistics.paywalled[document]),
        "truncated": bool(statistics.truncated[document]),
    }


def statistics_type() -> "pa.StructType":
    """Give the Arrow type of a `statistics_record`.

    Returns
    -------
    pyarrow.StructType
        Of whole numbers by label, one ratio and two flags.
    """
    import pyarrow as pa

    by_label = pa.struct([(label, pa.int64()) for label in LABELS])
    return pa.struct(
        [
            ("documents", pa.int64()),
            ("lines", by_label),
            ("characters", by_label),
            ("content_ratio", pa.float64()),
            ("paywalled", pa.bool_()),
            ("truncated", pa.bool_()),
        ]
    )
