"""Plots of F1 by language, collection, page type, view and length of the line."""

from pathlib import Path

from classifier.labels import LABELS
from training.reporting.plots import LINES, MEAN, blank_figure, save
from training.reporting.scores import overall_row
from training.views.reading import FULL_VIEW

SLICES = {  # what is counted, by the name of the rows among the figures
    "languages": "pages",
    "sources": "pages",
    "page_types": "pages",
    "views": "lines",
    "line_lengths": "lines",
}
ROW_INCHES = 0.24
POINT = {"marker": "o", "markersize": 4, "clip_on": False}  # whole at 0 and 1, too


def write_slice_plots(folder: Path, figures: dict) -> None:
    """Write one SVG file for each way of telling pages or lines apart that was measured.

    Parameters
    ----------
    folder : Path
    figures : dict
        Scores with the `judgements`.
    """
    plots = {}
    for name, count in SLICES.items():
        if rows := figures.get(name):
            if FULL_VIEW not in rows:
                rows = {"all": overall_row(figures) | {count: figures[count]}, **rows}
            plots[name.replace("_", "-")] = slice_figure(rows, count)
    save(folder, plots)


def slice_figure(rows: dict[str, dict], count: str):
    """Draw F1 of each label with its interval, a line each row, and a panel each label.

    Parameters
    ----------
    rows : dict of str to dict
        `count`, and F1 as by `page_f1`.
    count : str
        What is counted: `pages` or `lines`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    page = blank_figure(10, 1.1 + ROW_INCHES * len(rows))
    panels = page.subplots(1, 1 + len(LABELS), sharey=True)
    for axes, (score, line) in zip(panels, {"macro_f1": MEAN, **LINES}.items(), strict=True):
        for place, row in enumerate(rows.values()):
            if score in row:
                axes.hlines(place, *row["intervals"][score], color=line["color"], linewidth=1.5)
                axes.plot(row[score], place, **POINT, color=line["color"])
        axes.set(title=line["label"], xlim=(0, 1), xticks=(0, 0.5, 1), xlabel="F1")
        axes.grid(axis="x", linewidth=0.4)
    panels[0].set_yticks(
        range(len(rows)), [f"{name} ({row[count]:,} {count})" for name, row in rows.items()]
    )
    panels[0].invert_yaxis()
    return page
