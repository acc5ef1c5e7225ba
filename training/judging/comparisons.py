"""Markdown of studies and baselines: what the model owes to what, and what others reach."""

from collections.abc import Sequence
from pathlib import Path

from classifier.labels import LABELS
from training.judging.ages import made_with, older_rows, today
from training.judging.figures import read_figures
from training.judging.markdown import NO_FIGURE, f1_cells, number, share_cell, table

STUDIES = Path("data/studies.json")
BASELINES = Path("data/baselines.json")


def read_comparisons(figures: dict) -> dict:
    """Read what `studies` and `baselines` found on the pages and labels of an evaluation.

    Parameters
    ----------
    figures : dict
        Of the model, from `evaluate`: its row stands below the baselines.

    Returns
    -------
    dict
        What `SECTIONS` lays out, each by name: `baselines`, for each its row as
        `training.baselines.run.figures_of` returns it; each study, for each of its names the
        row that a function of `training.judging.studies` returns, with what `marked` adds;
        `older_studies`, as `older_rows` returns it. What was not run, or on other pages or
        labels, is left out: `not_compared` lists the commands.
    """
    studies = read_figures(STUDIES)
    baselines = read_figures(BASELINES)
    found, not_compared = {}, []
    if baselines.get("data_sha256", "") == figures.get("judged_sha256"):
        found["baselines"] = baselines["rows"] | {"linesift": figures["default_policy"]}
    else:
        not_compared.append("baselines")
    if studies.get("gold_sha256", "") == figures.get("gold_sha256"):
        rows = {name: rows for name, rows in studies.items() if isinstance(rows, dict)}
        older = older_rows(rows)
        found |= rows | ({"older_studies": older} if older else {})
    else:
        not_compared.append("studies")
    return found | ({"not_compared": not_compared} if not_compared else {})


def not_compared_note(commands: Sequence[str]) -> str:
    """Say how to get the comparisons that are left out.

    Parameters
    ----------
    commands : sequence of str
        Of ``python -m training``, one at least.

    Returns
    -------
    str
    """
    names = " and ".join(f"`python -m training {command}`" for command in commands)
    return f"Run {names} for figures on these pages and labels."


def older_note(older: dict[str, dict[str, list[str]]]) -> str:
    """Say which rows of studies are of older models.

    Parameters
    ----------
    older : dict of str to dict of str to list of str
        As `older_rows` returns it.

    Returns
    -------
    str
    """
    intro = (
        "These rows were not made anew: their models had other features, pages or phrases than "
        f"those of today, which have {made_with(today())}."
    )
    rows = [
        f"- {SECTIONS[study][0]} ({', '.join(names)}): {models}"
        for models, studies in sorted(older.items(), reverse=True)
        for study, names in studies.items()
    ]
    return "\n".join([intro, "", *rows])


def _curve_table(rows: dict[str, dict]) -> str:
    """Lay out scores by how much was learnt from: rows of `share_of_groups`."""
    return table(
        ["share of groups", "groups", "pages", "macro-F1", *LABELS],
        [
            [share, f"{row['groups']:,}", f"{row['pages']:,}", *f1_cells(row)]
            for share, row in rows.items()
        ],
    )


def _phrase_table(rows: dict[str, dict]) -> str:
    """Lay out scores with less of what we wrote: rows of `less_written`."""
    return table(
        ["learnt from", "macro-F1", *LABELS], [[name, *f1_cells(row)] for name, row in rows.items()]
    )


def _new_hard_negative_table(rows: dict[str, dict]) -> str:
    """Lay out which share of hard negatives goes: rows of `new_hard_negatives`."""
    return table(
        ["fold", "lines", "dropped"],
        [[name, f"{row['lines']:,}", share_cell(row, "dropped")] for name, row in rows.items()],
    )


def _language_table(languages: dict[str, dict]) -> str:
    """Lay out scores of languages that were left out: rows of `left_out_language`."""
    return table(
        ["language", "pages", "macro-F1", *LABELS, "paywall and sponsored not called content"],
        [
            [name, f"{row['pages']:,}", *f1_cells(row), share_cell(row, "not_content")]
            for name, row in languages.items()
        ],
    )


def draw_table(folds: dict[str, dict]) -> str:
    """Lay out by how much scores of a fold differ from draw to draw.

    Parameters
    ----------
    folds : dict of str to dict
        For each fold, by its number, what `different_draws` returns.

    Returns
    -------
    str
        Markdown.
    """

    def span(values: list[float]) -> str:
        return f"{min(values):.3f} to {max(values):.3f}"

    return table(
        ["fold", "fits", "macro-F1", *LABELS],
        [
            [fold, f"{len(row['macro_f1'])}", *(span(row[name]) for name in ("macro_f1", *LABELS))]
            for fold, row in folds.items()
        ],
    )


def baseline_table(rows: dict[str, dict]) -> str:
    """Lay out scores of baselines, and what they lose and drop.

    Parameters
    ----------
    rows : dict of str to dict
        For each, by name, what `training.baselines.run.figures_of` returns.

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


SECTIONS = {
    "not_compared": (
        "Not compared",
        "What was found on other pages or labels than these is left out.",
        not_compared_note,
    ),
    "baselines": (
        "Baselines",
        "What people have today, on the same pages (`python -m training baselines`). Line rules "
        "and extractors keep or drop a line; classifiers of single lines are trained on the other "
        "folds of these pages alone, linesift also on the pages labelled in addition and on what "
        "we wrote. Extractors read the HTML, which the model never sees; a line counts as kept if "
        "at least half of its words stand in what they print.",
        baseline_table,
    ),
    "older_studies": (
        "Studies",
        "What the model owes to its pages, its phrases and its languages: models fitted on less.",
        older_note,
    ),
    "curve": (
        "Learning curve",
        "Fitted on a share of the groups outside fold 0 and judged on fold 0, not calibrated "
        "(`python -m training studies`).",
        _curve_table,
    ),
    "phrases": (
        "Without what we wrote",
        "Fold 0 again: *none* learns from no phrases and no invented pages, *phrases alone* from "
        "no invented pages. Compare with the whole of the learning curve.",
        _phrase_table,
    ),
    "new_hard_negatives": (
        "Hard negatives of new templates in new languages",
        "Of a fold are languages and templates by their names. Nothing was learnt from phrases of "
        "either, nor from pages of the fold; judged are phrases of both, in pages of the fold.",
        _new_hard_negative_table,
    ),
    "draws": (
        "What chance does",
        "Least and most of several fits that were given the same lines in another order, on a fold "
        "that was held out: other easy lines are drawn to learn from then, and CatBoost samples "
        "other lines for each cross. Their first layers are the same, so what chance does to "
        "these is not in it. Not calibrated; learnt from as the bundled model is.",
        draw_table,
    ),
    "left_out": (
        "Languages left out",
        "Nothing was learnt from pages of groups with a page in the language (by a detector, and "
        "by script), nor from its phrases and invented pages; judged on its pages, not "
        "calibrated. Learnt from as the bundled model is.",
        _language_table,
    ),
    "left_out_with_phrases": (
        "Languages left out, with their phrases",
        "The same, where it was tried, but what we wrote in the language was learnt "
        "from: what that gives a language without a labelled page.",
        _language_table,
    ),
}
