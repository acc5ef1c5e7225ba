"""Markdown tables."""


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
