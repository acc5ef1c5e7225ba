"""Filter or label the texts of a pandas DataFrame."""

import numpy as np

from classifier.columns import read_columns
from classifier.labels import LABELS
from classifier.pipelines import worker
from classifier.pipelines.checks import ModelPath, check_columns, check_options, needs
from classifier.policy import FilterPolicy
from classifier.results import code_point_spans

with needs("pandas"):
    import pandas as pd

    from classifier.pipelines.pandas_columns import require_frame, rows_named, texts_of, with_texts


def filter_documents(
    frame: "pd.DataFrame",
    text_column: str = "text",
    policy: FilterPolicy | None = None,
    model: ModelPath = None,
    stats_column: str | None = None,
) -> "pd.DataFrame":
    """Filter the texts of a DataFrame.

    Parameters
    ----------
    frame : pandas.DataFrame
    text_column : str, default "text"
    policy : FilterPolicy, optional
    model : path, optional
    stats_column : str, optional
        See `classifier.pipelines`.

    Returns
    -------
    pandas.DataFrame
        Without the documents that the policy drops; all else as it was.

    Raises
    ------
    ValueError, TypeError
        If `frame` is something else, or a column is missing, exists, or holds
        something else than strings.
    """
    require_frame(frame)
    check_options(policy, model, stats_column)
    check_columns(frame.columns, text_column, stats_column)
    with rows_named(frame, text_column):
        done = worker.load_model(model).process(texts_of(frame[text_column]), policy)
    rows = [row for row, reason in enumerate(done.reasons) if reason is None]
    result = frame.iloc[rows].copy()
    result[text_column] = with_texts(result[text_column], [done.texts[row] for row in rows])
    if stats_column is not None:
        records = worker.statistics_records(done)
        result[stats_column] = pd.Series([records[row] for row in rows], result.index, object)
    return result


def label_documents(
    frame: "pd.DataFrame", text_column: str = "text", model: ModelPath = None
) -> "pd.DataFrame":
    """Label the lines of a DataFrame's texts; parameters and errors as in `filter_documents`.

    Parameters
    ----------
    frame : pandas.DataFrame
    text_column : str, default "text"
    model : path, optional
        A model file; the bundled model if absent.

    Returns
    -------
    pandas.DataFrame
        A row a line that is not blank, under the index of its document:
        ``line`` (its text), ``start`` and ``end`` (code points in the
        document), ``label`` (categorical), and its probability of each label.
    """
    require_frame(frame)
    check_columns(frame.columns, text_column, None)
    with rows_named(frame, text_column):
        texts = texts_of(frame[text_column])
        batch = worker.load_model(model).label_batch(texts)
    (column,) = read_columns(texts)
    starts, ends = code_point_spans(column, batch)
    rows = np.repeat(np.arange(len(texts)), np.diff(batch.document_offsets))
    lines = [texts[row][i:j] for row, i, j in zip(rows, starts, ends, strict=True)]
    label = pd.Categorical.from_codes(batch.labels, LABELS)
    # The type of strings depends on pandas' version; of no strings it would be that of numbers.
    line = pd.array(lines, pd.Series([""]).dtype)
    columns = {"line": line, "start": starts, "end": ends, "label": label}
    columns |= dict(zip(LABELS, batch.probabilities.T, strict=True))
    return pd.DataFrame(columns, frame.index[rows])
