"""Scores laid out: for a terminal, and as Markdown."""

from classifier.labels import LABELS
from training.reporting.markdown import f1_cells, table, with_interval


def as_text(figures: dict, judged: str = "out of fold by group") -> str:
    """Lay out figures for a terminal.

    Parameters
    ----------
    figures : dict
        From `training.judging.scores.scores`.
    judged : str, default "out of fold by group"
        How they were judged, in words.

    Returns
    -------
    str
    """
    low, high = figures["macro_f1_interval"]
    out = [
        f"{figures['pages']} pages, {figures['lines']} lines, {judged}",
        f"macro-F1 {figures['macro_f1']:.3f}  [{low:.3f}, {high:.3f}]",
        "",
        f"{'':12} precision  recall      F1  95 % interval     lines",
    ]
    for label, row in figures["labels"].items():
        low, high = row["interval"]
        out.append(
            f"{label:12} {row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:7.3f}"
            f"  [{low:.3f}, {high:.3f}] {row['lines']:8}"
        )
    out += ["", "true \\ predicted " + " ".join(f"{label:>11}" for label in LABELS)]
    for label, row in zip(LABELS, figures["confusion"], strict=True):
        out.append(f"{label:16} " + " ".join(f"{count:11}" for count in row))
    dropped = figures["dropped"]
    out += [
        "",
        f"at {dropped['content_loss']:.0%} of content characters lost, dropped: "
        + ", ".join(
            f"{name} {with_interval(dropped[name], interval, '.1%')}"
            for name, interval in dropped["intervals"].items()
        ),
    ]
    errors = figures["calibration_errors"].items()
    out += ["calibration error: " + ", ".join(f"{k} {row['error']:.4f}" for k, row in errors)]
    for key in ("languages", "sources"):
        head = " ".join(f"{label:>10}" for label in LABELS)
        out += ["", f"{key:14} pages macro-F1  95 % interval {head}"]
        for name, row in figures[key].items():
            cells = [f"{row[label]:10.3f}" if label in row else " " * 9 + "-" for label in LABELS]
            low, high = row["intervals"]["macro_f1"]
            macro = f"{row['macro_f1']:8.3f} [{low:.3f}, {high:.3f}]"
            out.append(f"{name:14} {row['pages']:5} {macro} {' '.join(cells)}")
    return "\n".join(out)


def overall_row(figures: dict) -> dict:
    """Put F1 over all pages into the form that F1 of some of them has.

    Parameters
    ----------
    figures : dict
        From `training.judging.scores.scores`.

    Returns
    -------
    dict
        As `training.judging.scores.page_f1` returns it.
    """
    labels = figures["labels"]
    return {
        "macro_f1": figures["macro_f1"],
        **{label: row["f1"] for label, row in labels.items()},
        "intervals": {
            "macro_f1": figures["macro_f1_interval"],
            **{label: row["interval"] for label, row in labels.items()},
        },
    }


def drawn_table(figures: dict) -> str:
    """Lay out F1 over all pages with its intervals when pages and when groups are drawn.

    Parameters
    ----------
    figures : dict
        From `training.judging.scores.scores`.

    Returns
    -------
    str
        Markdown.
    """
    row = overall_row(figures)
    by_groups = row | {"intervals": figures["group_intervals"]}
    return table(
        ["resampled", "number", "macro-F1", *LABELS],
        [
            ["pages", f"{figures['pages']:,}", *f1_cells(row)],
            ["groups", f"{figures['groups']:,}", *f1_cells(by_groups)],
        ],
    )


def label_table(figures: dict) -> str:
    """Lay out precision, recall and F1 of each label.

    Parameters
    ----------
    figures : dict
        From `training.judging.scores.scores`.

    Returns
    -------
    str
        Markdown.
    """
    rows = []
    for label in LABELS:
        row = figures["labels"][label]
        low, high = row["interval"]
        measures = [f"{row[name]:.3f}" for name in ("precision", "recall", "f1")]
        rows.append([label, *measures, f"{low:.3f}–{high:.3f}", f"{row['lines']:,}"])
    low, high = figures["macro_f1_interval"]
    macro = f"**{figures['macro_f1']:.3f}**"
    rows.append(["**macro**", "", "", macro, f"{low:.3f}–{high:.3f}", ""])
    return table(["label", "precision", "recall", "F1", "95 % interval", "lines"], rows)


def score_text(figures: dict) -> str:
    """Lay out the scores per label, and what goes at a given loss.

    Parameters
    ----------
    figures : dict
        From `training.judging.scores.scores`.

    Returns
    -------
    str
        Markdown.
    """
    dropped = figures["dropped"]
    shares = [
        [name, with_interval(dropped[name], interval, ".1%")]
        for name, interval in dropped["intervals"].items()
    ]
    return (
        label_table(figures)
        + "\n\nLines dropped at a threshold that loses "
        + f"{dropped['content_loss']:.0%} of all content characters:\n\n"
        + table(["lines", "dropped (95 % interval)"], shares)
    )
