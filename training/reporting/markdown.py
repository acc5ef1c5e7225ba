"""Markdown tables, and figures as they stand in their cells."""

from collections.abc import Sequence

from classifier.labels import LABELS

NO_FIGURE = "–"


def table(head: list[str], rows: list[list[str]], n_left: int | None = None) -> str:
    """Lay out a Markdown table.

    Parameters
    ----------
    head : list of str
    rows : list of list of str
        Cells, as many a row as in `head`.
    n_left : int, optional
        How many columns are set flush left; the others are flush right. All, if absent.

    Returns
    -------
    str
    """
    n_left = len(head) if n_left is None else n_left
    rule = ["---" if column < n_left else "---:" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rule, *rows])


def number(value: float | None, form: str = ".3f") -> str:
    """Write a figure, or a dash where there is none.

    Parameters
    ----------
    value : float or None
    form : str, default ".3f"
        As `format` takes it.

    Returns
    -------
    str
    """
    return NO_FIGURE if value is None else format(value, form)


def with_interval(value: float | None, interval: Sequence[float] | None, form: str = ".3f") -> str:
    """Write a figure with its interval behind it, if there is one that can be seen.

    Where all pages drawn give the same figure, it is of one page alone, or 0 or 1 everywhere.

    Parameters
    ----------
    value : float or None
    interval : sequence of 2 float, or None
    form : str, default ".3f"
        As `format` takes it.

    Returns
    -------
    str

    Examples
    --------
    >>> with_interval(0.855, (0.81, 0.894), ".1%")
    '85.5% (81.0–89.4%)'
    """
    if value is None or interval is None:
        return number(value, form)
    low, high = (format(limit, form) for limit in interval)
    if low == high:
        return number(value, form)
    return f"{format(value, form)} ({low.rstrip('%')}–{high})"


def share_cell(row: dict, name: str) -> str:
    """Write a share with its interval, as far as they are there.

    Parameters
    ----------
    row : dict
        With the share, 0 to 1, and its `interval`.
    name : str
        Of the share.

    Returns
    -------
    str
    """
    return with_interval(row.get(name), row.get("interval"), ".1%")


def f1_cells(row: dict) -> list[str]:
    """Write macro-F1 and F1 of each label, with their intervals as far as there are any.

    Parameters
    ----------
    row : dict
        As `label_f1` or `page_f1` returns it, perhaps with more than that.

    Returns
    -------
    list of str
        Five cells.
    """
    intervals = row.get("intervals", {})
    return [with_interval(row.get(name), intervals.get(name)) for name in ("macro_f1", *LABELS)]
