"""Labels of a labelled record: one for each line that is not blank."""

from classifier.labels import LABELS
from classifier.lines import line_spans


def read_labels(labels: object, text: str) -> list[str | None]:
    """Check the labels that a record came with.

    Parameters
    ----------
    labels : object
        A JSON value.
    text : str
        Of the record.

    Returns
    -------
    list of (str or None)
        The labels as they are.

    Raises
    ------
    ValueError
        If they are not, for each line that is not blank, a label's name or None.
    """
    if not isinstance(labels, list):
        raise ValueError("'labels' is no list")
    for position, label in enumerate(labels):
        if label is not None and label not in LABELS:
            raise ValueError(
                f"label {label!r} at position {position} is none of {', '.join(LABELS)}"
            )
    n_lines = len(line_spans(text))
    if len(labels) != n_lines:
        raise ValueError(f"it has {n_lines} lines that are not blank but {len(labels)} labels")
    return labels
