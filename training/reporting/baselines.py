"""Markdown of baselines: what other tools reach, lose and drop."""

from classifier.labels import LABELS
from training.reporting.markdown import NO_FIGURE, f1_cells, number, table


def baseline_table(rows: dict[str, dict]) -> str:
    """Lay out scores of baselines, and what they lose and drop.

    Parameters
    ----------
    rows : dict of str to dict
        For each, by name, what `training.judging.default_policy.figures_of` returns.

    Returns
    -------
    str
        Markdown.
    """
    shares = ("content_loss", "boilerplate", "paywall_dropped", "sponsored_dropped")
    # What only keeps or drops a line has no paywall or sponsored label to score.
    return table(
        [
            "",
            "macro-F1",
            *LABELS,
            "content characters lost",
            "boilerplate dropped",
            "paywall dropped",
            "sponsored dropped",
        ],
        [
            [
                name,
                *(f1_cells(row) if row["paywall"] else [NO_FIGURE, number(row["content"]), *"–––"]),
                *(number(row[share], ".1%") for share in shares),
            ]
            for name, row in rows.items()
        ],
    )
