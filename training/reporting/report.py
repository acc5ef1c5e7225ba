"""A report of scores and judgements in a folder: tables and plots."""

from pathlib import Path

import numpy as np

from training.corpus import Corpus
from training.reporting.comparisons import read_comparisons
from training.reporting.plots import write_plots
from training.reporting.scores import score_text
from training.reporting.slice_plots import write_slice_plots
from training.reporting.tables import f1_table, sections

F1_POINTS = (
    "Points are the F1 of a label, bars the 95 % interval from a bootstrap over pages; there is "
    "none where no line has the label. *mean* is over the labels that occur."
)
PLOTS = {  # by name of the file: what it shows, and how to read it
    "confusion": (
        "Lines by label and predicted label",
        "Rows are labels, columns predicted labels. Cells give the number of lines and their "
        "share of the row, which is also the shade.",
    ),
    "content-loss": (
        "Share of boilerplate lines dropped, by share of content characters lost",
        "Both are shares from 0 to 1 and grow with the threshold on the probability of content. "
        "Boilerplate is all lines of the other labels.",
    ),
    "languages": ("F1 of each label by language", F1_POINTS),
    "learning-curve": (
        "F1 of each label by the number of pages learnt from",
        "Points are the F1 of a label after learning from that many pages; *mean* is over labels.",
    ),
    "line-lengths": ("F1 of each label by length of the line", F1_POINTS),
    "page-types": ("F1 of each label by page type", F1_POINTS),
    "precision-recall": (
        "Precision and recall of each label",
        "A curve runs through all thresholds on the probability of a label. Recall is the share "
        "of the label's lines above the threshold, precision the share of lines above it that "
        "have the label.",
    ),
    "reliability": (
        "Share of lines with a label, by predicted probability",
        "A point is all lines with about that probability of a label; on the grey line, as many "
        "of them have the label as the probability says.",
    ),
    "sources": ("F1 of each label by collection", F1_POINTS),
    "views": ("F1 of each label by view", F1_POINTS),
}


def write_report(folder: Path, figures: dict, corpus: Corpus, probabilities: np.ndarray) -> None:
    """Write ``report.md`` and the plots that it shows.

    Parameters
    ----------
    folder : Path
        Is made if it is not there.
    figures : dict
        Scores with what `training.judging.judgements` gathers.
    corpus : Corpus
    probabilities : ndarray, shape (n_lines, 4)
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_plots(folder, corpus, probabilities, read_comparisons(figures).get("curve", {}))
    write_slice_plots(folder, figures)
    write_report_text(folder, figures)


def write_report_text(folder: Path, figures: dict) -> None:
    """Write ``report.md`` alone, with the plots that are in the folder already.

    Parameters
    ----------
    folder : Path
    figures : dict
        Scores with what `training.judging.judgements` gathers.
    """
    parts = [
        "# Out-of-fold scores",
        f"{figures['pages']:,} pages, {figures['lines']:,} lines. Each page is judged by a model "
        "that has seen no page of its group, but the recipe was chosen while looking at these "
        "pages ([docs/choices.md](../choices.md)), so the figures are too optimistic, by an "
        "unknown amount. In brackets are 95 % intervals from a bootstrap over pages, where "
        "nothing else is said; they mean little where one or two pages hold all lines of a label. "
        "Macro-F1 is the mean over the labels that occur: rows with – average fewer and cannot be "
        "compared with others.",
        score_text(figures),
        "## By language\n\nAs guessed by a detector, with at least ten pages.\n\n"
        f"{f1_table(figures['languages'], 'language', 'pages')}",
        "## By collection\n\nThose with at least ten pages.\n\n"
        f"{f1_table(figures['sources'], 'source', 'pages')}",
        sections(figures | read_comparisons(figures)),
        "## Plots",
        *(
            f"![{title}]({name}.svg)\n\n{note}"
            for name, (title, note) in PLOTS.items()
            if (folder / f"{name}.svg").exists()
        ),
    ]
    (folder / "report.md").write_text("\n\n".join(parts) + "\n", "utf-8")
