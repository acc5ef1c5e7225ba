"""What `linesift compare` shows of two models: the lines that change, document by document."""

from collections.abc import Iterable

from classifier.adapt.comparison import Comparison, Totals
from classifier.labels import LABELS, LETTERS
from classifier.report.templates import render_page
from classifier.shown_text import cut

MOST_LINES = 20_000  # of a page: browsers stay quick


def comparison_page(comparisons: Iterable[Comparison], before: str, after: str) -> str:
    """Make a page of the lines whose label changes: `MOST_LINES` of them, and how many there are.

    Parameters
    ----------
    comparisons : iterable of Comparison
    before, after : str
        Names of the models.

    Returns
    -------
    str
        HTML that refers to nothing outside of it.
    """
    totals = Totals()
    shown: list[Comparison] = []
    n_shown = 0
    for comparison in comparisons:
        totals.add(comparison)
        if comparison.changes and n_shown < MOST_LINES:
            changes = [
                change._replace(text=cut(change.text))
                for change in comparison.changes[: MOST_LINES - n_shown]
            ]
            shown.append(comparison._replace(changes=changes))
            n_shown += len(changes)
    return render_page(
        "compare.html",
        ["style.css", "compare.css"],
        [],
        before=before,
        after=after,
        documents=shown,
        totals=totals,
        letters=dict(zip(LABELS, LETTERS, strict=True)),
        n_shown_lines=n_shown,
    )
