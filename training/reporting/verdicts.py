"""Figures of the verdicts on documents laid out: for a terminal, and as Markdown."""

from training.judging.verdicts import MEASURES, REPORTED_FOLDS
from training.reporting.markdown import number, table, with_interval

WAYS = {"gold": "gold labels", "out_of_fold": "out-of-fold labels"}


def as_text(figures: dict[str, dict]) -> str:
    """Lay out several results of `verdict_figures`, by what they are called.

    Parameters
    ----------
    figures : dict of str to dict

    Returns
    -------
    str
    """
    head = "".join(f"{name:22}" for name in MEASURES)
    out = [f"{'':24}{'':10}{'pages':>6} {'true':>5} {'found':>6}  {head}".rstrip()]
    for title, verdicts in figures.items():
        for verdict, row in verdicts.items():
            cells = "".join(f"{cell:22}" for cell in measure_cells(row))
            counts = f"{row['pages']:>6} {row['true']:>5} {row['found']:>6}"
            out.append(f"{title:24}{verdict:10}{counts}  {cells}".rstrip())
    return "\n".join(out)


def measure_cells(row: dict) -> list[str]:
    """Write precision, recall and F1 of a verdict with their intervals, as far as there are any.

    Parameters
    ----------
    row : dict
        Of a verdict, from `verdict_figures`.

    Returns
    -------
    list of str
        Three cells.
    """
    return [with_interval(row.get(name), row["intervals"].get(name)) for name in MEASURES]


def verdict_table(figures: dict) -> str:
    """Lay out the verdicts on pages that their rule was not chosen by.

    Parameters
    ----------
    figures : dict
        Of `evaluate`; its `verdicts` are what `reported_verdicts` returns.

    Returns
    -------
    str
        Markdown.
    """
    folds = " and ".join(map(str, REPORTED_FOLDS))
    return table(
        [f"folds {folds}", "precision", "recall", "F1", "pages read", "true", "found"],
        [
            [
                f"{verdict}, from {words}",
                *measure_cells(row),
                *(f"{row[count]:,}" for count in ("pages", "true", "found")),
            ]
            for way, words in WAYS.items()
            for verdict, row in figures["verdicts"][way].items()
        ],
    )


def verdict_text(figures: dict) -> str:
    """Say in a sentence how right the verdicts are.

    Parameters
    ----------
    figures : dict
        As for `verdict_table`.

    Returns
    -------
    str
        Markdown, with a link that holds at the top of the repository.
    """
    gold, found = (figures["verdicts"][way] for way in WAYS)
    f1 = {
        verdict: f"{number(row.get('f1'), '.2f')} ({number(gold[verdict].get('f1'), '.2f')}"
        for verdict, row in found.items()
    }
    return (
        "The verdict *paywalled* on a document depends on its paywall lines. On "
        f"{found['paywalled']['pages']:,} pages of sites that the model had not seen, its F1 is "
        f"{f1['paywalled']} if every line had its right label), that of *truncated* "
        f"{f1['truncated']}). [data/README.md]"
        "(data/README.md#pages-read-for-the-document-verdicts) says how that was measured."
    )
