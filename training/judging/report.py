"""All figures beside the scores, and a report of both in a folder."""

from pathlib import Path

import numpy as np

from classifier.weights import Layers
from training.baselines.run import figures_of
from training.corpus import Corpus
from training.judging.comparisons import read_comparisons
from training.judging.hard_negatives import hard_negatives_dropped
from training.judging.plots import write_plots
from training.judging.promise import kept_promises, site_loss
from training.judging.score_layout import score_text
from training.judging.scores import page_confusions, sliced
from training.judging.slice_plots import write_slice_plots
from training.judging.slices import bought_lines, by_line_length
from training.judging.tables import f1_table, sections
from training.judging.verdicts import ReadPages, reported_verdicts
from training.judging.views import view_scores
from training.judging.wcxb import wcxb_scores
from training.phrases import Phrases

LEAST_PAGES = 10  # of a page type
F1_POINTS = (
    "A point is the F1 of a label, the bar through it the 95 % interval by bootstrap over pages; "
    "where no line has the label there is none. *mean* is over the labels that lines have."
)
PLOTS = {  # by name of the file: what it shows, and how to read it
    "confusion": (
        "Lines by their label and by what they were taken for",
        "A row is a label, a column what its lines were taken for: how many, and which share of "
        "the row, which is the shade, too.",
    ),
    "content-loss": (
        "Share of boilerplate lines dropped by share of content characters lost",
        "Both are shares, 0 to 1, and grow with the threshold on the probability of content: lost "
        "are characters of content, dropped are lines of the other labels.",
    ),
    "languages": ("F1 of each label by language", F1_POINTS),
    "learning-curve": (
        "F1 of each label by the number of pages learnt from",
        "A point is the F1 of a label when so many pages are learnt from; *mean* is over labels.",
    ),
    "line-lengths": ("F1 of each label by length of the line", F1_POINTS),
    "page-types": ("F1 of each label by page type", F1_POINTS),
    "precision-recall": (
        "Precision and recall of each label",
        "A curve goes through all thresholds on the probability of a label: recall is the share "
        "of its lines that are above, precision the share of lines above that are its own.",
    ),
    "reliability": (
        "Share of lines with a label by the probability that they were given",
        "A point is all lines to which a label was given about that probability; on the grey line "
        "as many of them have it as was said.",
    ),
    "sources": ("F1 of each label by collection", F1_POINTS),
    "views": ("F1 of each label by view", F1_POINTS),
}


def judgements(
    corpus: Corpus,
    probabilities: np.ndarray,
    models: dict[int, Layers],
    views: dict[str, Corpus],
    phrases: Phrases,
    documents: list[dict],
    read_pages: ReadPages,
) -> dict:
    """Gather what is said of held-out pages beside their scores, as plain values.

    Parameters
    ----------
    corpus : Corpus
        Pages with the labels to judge by.
    probabilities : ndarray of float32, shape (n_lines, 4)
        Of their lines: out of fold, calibrated.
    models : dict of int to Layers
        By the fold that a model has not seen, calibrated without it.
    views : dict of str to Corpus
    phrases : Phrases
    documents : list of dict
        WCXB's pages, with their main content; empty to leave them out.
    read_pages : ReadPages
        Those of `corpus` that were read for their verdicts.

    Returns
    -------
    dict
        `default_policy`, as `figures_of` returns it; `default_site_loss`, as `site_loss`
        does; `verdicts`, as `reported_verdicts`. The others by the names of
        `training.judging.tables.SECTIONS`: `page_types`, as `sliced` returns them;
        `line_lengths`, as `by_line_length`; `views`, as `view_scores`; `bought_lines`, as
        `bought_lines`; `promise`, as `kept_promises`; `wcxb`, as `wcxb_scores`;
        `hard_negatives`, as `hard_negatives_dropped`.
    """
    predicted = probabilities.argmax(axis=1)
    return {
        "default_policy": figures_of(corpus, predicted),
        "default_site_loss": site_loss(corpus, predicted),
        "verdicts": reported_verdicts(corpus, read_pages, predicted),
        "page_types": sliced(corpus, page_confusions(corpus, predicted), "page_type", LEAST_PAGES),
        "line_lengths": by_line_length(corpus, predicted),
        "views": view_scores(views, models),
        "bought_lines": bought_lines(corpus, predicted),
        "promise": kept_promises(corpus, probabilities),
        **({"wcxb": wcxb_scores(documents, models)} if documents else {}),
        "hard_negatives": hard_negatives_dropped(corpus, phrases, models),
    }


def write_report(folder: Path, figures: dict, corpus: Corpus, probabilities: np.ndarray) -> None:
    """Write ``report.md`` and the plots that it shows.

    Parameters
    ----------
    folder : Path
        Is made if it is not there.
    figures : dict
        Scores with the `judgements`.
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
        Scores with the `judgements`.
    """
    parts = [
        "# Labels out of fold",
        f"{figures['pages']:,} pages, {figures['lines']:,} lines; each page is judged by a model "
        "that has seen none of its group. In brackets: 95 % intervals by bootstrap over pages, "
        "which say nothing where a page or two have all lines of a label.",
        score_text(figures),
        f"## By language\n\n{f1_table(figures['languages'], 'language', 'pages')}",
        f"## By collection\n\n{f1_table(figures['sources'], 'source', 'pages')}",
        sections(figures | read_comparisons(figures), 2),
        "## Plots",
        *(
            f"![{title}]({name}.svg)\n\n{note}"
            for name, (title, note) in PLOTS.items()
            if (folder / f"{name}.svg").exists()
        ),
    ]
    (folder / "report.md").write_text("\n\n".join(parts) + "\n", "utf-8")
