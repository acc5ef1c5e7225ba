"""Markdown of what is measured beside the scores of `training.judging.scores`."""

from classifier.labels import LABELS
from training.judging.promise import SLICE_LIMIT
from training.judging.views import LEAST_LINES
from training.reporting import comparisons
from training.reporting.markdown import (
    NO_FIGURE,
    f1_cells,
    number,
    share_cell,
    table,
    with_interval,
)
from training.reporting.promises import kind_table, promise_table


def f1_table(rows: dict[str, dict], name: str, count: str) -> str:
    """Lay out F1 of each label, a row each thing that is told apart.

    Parameters
    ----------
    rows : dict of str to dict
        By what stands in the first cell: F1 as by `page_f1`, and `count`.
    name : str
        What is told apart.
    count : str
        What is counted: `pages` or `lines`.

    Returns
    -------
    str
        Markdown.
    """
    return table(
        [name, count, "macro-F1", *LABELS],
        [[key, f"{row[count]:,}", *f1_cells(row)] for key, row in rows.items()],
    )


def _view_table(views: dict[str, dict], name: str) -> str:
    """Lay out what `view_scores` returns, with the label that loses most against the full text."""
    rows = []
    for view, row in views.items():
        worst = min(row["gaps"].items(), key=lambda item: item[1], default=None)
        gap = NO_FIGURE
        if worst:
            low, high = row["gap_intervals"][worst[0]]
            gap = f"{worst[1]:+.3f} ({low:+.3f} to {high:+.3f}) {worst[0]}"
        rows.append([view, f"{row['lines']:,}", *f1_cells(row), gap])
    return table([name, "lines", "macro-F1", *LABELS, "worst gap to full"], rows)


def _bought_table(languages: dict[str, dict]) -> str:
    """Lay out what `bought_lines` returns."""
    return table(
        ["language", "pages", "paywall and sponsored lines", "not labelled content"],
        [
            [name, str(row["pages"]), f"{row['lines']:,}", share_cell(row, "not_content")]
            for name, row in languages.items()
        ],
    )


def calibration_table(errors: dict[str, dict]) -> str:
    """Lay out what `calibration_scores` returns.

    Parameters
    ----------
    errors : dict of str to dict

    Returns
    -------
    str
        Markdown.
    """
    rows = errors.values()
    return table(
        ["", *errors],
        [
            [
                "expected calibration error",
                *(with_interval(r["error"], r["interval"]) for r in rows),
            ],
            ["mean probability", *(number(row["mean"]) for row in rows)],
            ["observed share of lines", *(number(row["share"]) for row in rows)],
        ],
    )


def _wcxb_table(scores: dict) -> str:
    """Lay out F1 of what `wcxb_scores` returns, over all pages and by page type."""
    kinds = {
        "all": {
            "pages": scores["pages"],
            **{
                name: with_interval(scores[name]["f1"], scores[name]["interval"])
                for name in ("default", "threshold")
            },
        },
        **{
            kind: {name: number(row[name]) for name in ("default", "threshold")}
            | {"pages": row["pages"]}
            for kind, row in scores["page_types"].items()
        },
    }
    return table(
        ["page type", "pages", "default policy", "threshold from other folds"],
        [
            [name, f"{row['pages']:,}", row["default"], row["threshold"]]
            for name, row in kinds.items()
        ],
    )


def _hard_negative_table(found: dict[str, dict]) -> str:
    """Lay out what `hard_negatives_dropped` returns."""
    names = {"all": "all", "unseen": "of these, wording not seen in training"}
    return table(
        ["hard negatives", "lines", "dropped"],
        [
            [names[key], f"{row['lines']:,}", share_cell(row, "dropped")]
            for key, row in found.items()
        ],
    )


SECTIONS = {
    "page_types": (
        "By page type",
        "Only WCXB's pages have a known type (*not known* is all others). Types with at least ten "
        "pages.",
        lambda rows: f1_table(rows, "page type", "pages"),
    ),
    "line_lengths": (
        "By length of the line",
        "In code points.",
        lambda rows: f1_table(rows, "length", "lines"),
    ),
    "views": (
        "By view",
        "The same pages as other extractors print them; lines without a counterpart in the "
        "labelled text are left out. The last column is the largest fall of a label's F1 below "
        f"that of the full text, among labels with at least {LEAST_LINES} lines in both.",
        lambda rows: _view_table(rows, "view"),
    ),
    "layouts": (
        "By layout",
        "The labelled text with other bullets, indents and blank lines, or its lines wrapped, as "
        "other tools print it. Of a wrapped line, the first part is judged. The last column is as "
        "above.",
        lambda rows: _view_table(rows, "layout"),
    ),
    "bought_lines": (
        "Paywall and sponsored lines by language",
        "The share that the default policy drops, under whatever label.",
        _bought_table,
    ),
    "calibration_errors": (
        "Calibration",
        "Each fold is calibrated on the others. *overall* is for each line's most probable label. "
        "Intervals lie high, since resampled pages also differ by chance from what their "
        "probabilities say. Labels that weigh more than navigation in calibration (*Limits* in "
        "[MODEL_CARD.md](../../MODEL_CARD.md)) get higher probabilities than their share of lines, "
        "navigation lower.",
        calibration_table,
    ),
    "promise": (
        "Promised content loss",
        "The threshold for each fold is set on the labels of the other folds (conformal risk "
        "control over groups of sites), though the models that judge those have seen this one. "
        "The loss is the share of a page's content characters that is dropped, as a mean over "
        "groups; intervals are from resampling groups. What is promised is the mean over all new "
        "groups: some groups lose more, and so may the mean of a few. The bundled model takes its "
        "thresholds from what these five models said out of fold, since it has seen all of these "
        "pages itself. Other kinds of pages lose more, as those of the "
        "test set do ([MODEL_CARD.md](../../MODEL_CARD.md#on-a-test-set)).",
        promise_table,
    ),
    "promise_kinds": (
        "Promised content loss by kind of page",
        f"What a promise of at most {SLICE_LIMIT:.0%} costs pages of a type or in a language, with "
        "the thresholds above: it holds in the mean over all of them, not for each.",
        kind_table,
    ),
    "wcxb": (
        "WCXB development pages",
        "Held out by group. What the model keeps of the full text is compared with the main "
        "content that people marked: F1 of words, mean over pages. WCXB's definition of content "
        "differs from that of our labels. The threshold is on the probability of content alone.",
        _wcxb_table,
    ),
    "hard_negatives": (
        "Hard negatives",
        "Content from the phrase bank that resembles the other labels, placed into held-out pages. "
        "The models have seen the languages and templates of the bank, and most of these phrases. "
        "*Wording not seen in training* counts those of the held-out fold alone, which the model "
        "has not seen (a hash of a phrase's text tells its fold).",
        _hard_negative_table,
    ),
    **comparisons.SECTIONS,
}


def sections(figures: dict) -> str:
    """Lay out all that was measured, each with a heading.

    Parameters
    ----------
    figures : dict
        Scores with the `judgements` and what `read_comparisons` returns; of these,
        what is not there is left out.

    Returns
    -------
    str
        Markdown.
    """
    return "\n\n".join(
        f"## {title}\n\n{note}\n\n{lay_out(figures[key])}"
        for key, (title, note, lay_out) in SECTIONS.items()
        if key in figures
    )
