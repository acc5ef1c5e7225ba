"""Markdown of studies and baselines: what the model owes to what, and what others reach."""

from collections.abc import Sequence
from pathlib import Path

from classifier.labels import LABELS
from training.judging.ages import made_with, older_rows, today
from training.judging.figures import read_figures
from training.reporting.baselines import baseline_table
from training.reporting.markdown import f1_cells, share_cell, table

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
        What `SECTIONS` lays out, each by name: `baselines`, for each its row as `figures_of`
        (`training.judging.default_policy`) returns it; each study, for each of its names the row
        that a function of `training.judging.studies` returns, with what `today` adds;
        `older_studies`, what `older_note` takes. What was not run, or on other pages or
        labels, or baselines of texts that were read otherwise, is left out: `not_compared`
        lists the commands.
    """
    studies = read_figures(STUDIES)
    baselines = read_figures(BASELINES)
    found, not_compared = {}, []
    judged = {"data_sha256": "judged_sha256", "reading_sha256": "reading_sha256"}
    if all(baselines.get(own, "") == figures.get(theirs) for own, theirs in judged.items()):
        found["baselines"] = baselines["rows"] | {"linesift": figures["default_policy"]}
    else:
        not_compared.append("baselines")
    if studies.get("gold_sha256", "") == figures.get("gold_sha256"):
        rows = {name: rows for name, rows in studies.items() if isinstance(rows, dict)}
        now = today(figures["reading_sha256"])
        older = older_rows(rows, now)
        note = {"older_studies": (made_with(now, now), older)} if older else {}
        found |= rows | note
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


def older_note(found: tuple[str, dict[str, dict[str, list[str]]]]) -> str:
    """Say which rows of studies are of older models.

    Parameters
    ----------
    found : tuple of str and dict of str to dict of str to list of str
        What `made_with` says of today, and what `older_rows` returns.

    Returns
    -------
    str
    """
    now, older = found
    intro = (
        "These rows are older: of models with other features, pages or phrases than today's, "
        f"which have {now}, or of texts that were read otherwise."
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
        ["language", "pages", "macro-F1", *LABELS, "paywall and sponsored not labelled content"],
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


SECTIONS = {
    "not_compared": (
        "Not compared",
        "Results on other pages or labels, or of texts that were read otherwise, are left out.",
        not_compared_note,
    ),
    "baselines": (
        "Baselines",
        "Other tools on the same pages (`python -m training baselines`). Line rules and extractors "
        "only keep or drop a line. Classifiers of single lines learnt from the other folds of "
        "these pages alone, linesift also from additional labelled pages and text written for it. "
        "Extractors read the HTML, which linesift never sees; a line counts as kept if at least "
        "half of its words are in their output.",
        baseline_table,
    ),
    "older_studies": (
        "Studies",
        "Models fitted with fewer pages, phrases or languages show what each contributes.",
        older_note,
    ),
    "curve": (
        "Learning curve",
        "Models fitted on a share of the groups outside fold 0 and judged on fold 0, not "
        "calibrated (`python -m training studies`). They learnt from no other views, so their "
        "figures cannot be compared with those above; nor can those of the next section. "
        "Each row here and in the sections below is of one fit, where nothing else is said: "
        "differences of the size of those in *What chance does* may be chance.",
        _curve_table,
    ),
    "phrases": (
        "Without phrases and invented pages",
        "Also on fold 0: *none* learns from neither phrases nor invented pages, *phrases alone* "
        "from phrases but no invented pages. Compare with the last row of the learning curve, "
        "which has both.",
        _phrase_table,
    ),
    "new_hard_negatives": (
        "Hard negatives of new templates in new languages",
        "A hash of their names assigns languages and templates to folds. The model of a fold "
        "learnt from no phrase with a language or template of the fold, and from none of its "
        "pages; it is judged on phrases with both, placed into pages of the fold. Two folds were "
        "tried: 0 has German, Spanish and Chinese among its languages, 3 has English. Otherwise "
        "trained as the bundled model is, not calibrated.",
        _new_hard_negative_table,
    ),
    "draws": (
        "What chance does",
        "Lowest and highest figures of several fits to the same lines in different orders, on a "
        "held-out fold. With another order, other easy lines are sampled to learn from, and "
        "CatBoost samples other lines for each cross. The first layers are the same, so the "
        "effect of chance on them is left out. Trained as the bundled model is, not calibrated.",
        draw_table,
    ),
    "left_out": (
        "Languages left out",
        "Models that learnt from no group with a page in the language (by a detector, or by "
        "script), and from none of its phrases and invented pages, judged on its pages. Otherwise "
        "trained as the bundled model is, not calibrated.",
        _language_table,
    ),
    "left_out_with_phrases": (
        "Languages left out, with their phrases",
        "The same, where it was tried, but with the phrases and invented pages of the language: "
        "what these give a language without labelled pages.",
        _language_table,
    ),
}
