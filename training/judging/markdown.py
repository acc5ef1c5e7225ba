"""Markdown tables, and figures as they stand in their cells."""

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


def f1_cells(row: dict) -> list[str]:
    """Write macro-F1 and F1 of each label.

    Parameters
    ----------
    row : dict
        As `label_f1` returns it, perhaps with more than that.

    Returns
    -------
    list of str
        Five cells.
    """
    return [number(row.get(name)) for name in ("macro_f1", *LABELS)]
