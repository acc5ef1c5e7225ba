"""Write the figures of a run as Markdown tables and a plot."""

from pathlib import Path

from training.benchmark.bars import Figures, bars, named, speed_of
from training.benchmark.texts import GOLD
from training.benchmark.timing import Timing
from training.reporting.markdown import table
from training.reporting.plots import blank_figure, save


def rate(amount: int, seconds: float) -> str:
    """Write an amount a second, rounded to three digits.

    Parameters
    ----------
    amount : int
    seconds : float

    Returns
    -------
    str
    """
    speed = amount / seconds
    return f"{float(f'{speed:.3g}'):,.0f}" if speed >= 100 else f"{speed:.3g}"


def _speed_table(figures: Figures, timings: list[Timing]) -> str:
    """Lay out speeds with their ratios to zlib on the same kind of text, and to fastText.

    The kind is what stands behind the comma in a timing's name; without one it is gold.
    """
    fasttext = [t for t in figures.rivals if t.name.startswith("fastText")]
    rows = []
    for timing in timings:
        kind = timing.name.partition(", ")[2] or GOLD
        speed = timing.megabytes_per_second
        rows.append(
            [
                timing.name,
                rate(timing.n_bytes, timing.median * 1e6),
                rate(timing.n_lines, timing.median),
                rate(timing.n_documents, timing.median),
                f"{timing.spread:.0%}",
                f"{speed / figures.zlib[kind].megabytes_per_second:.2f}",
                f"{speed / fasttext[0].megabytes_per_second:.1f}" if fasttext else "–",
            ]
        )
    head = ["what", "MB/s", "lines/s", "documents/s", "spread", "of zlib", "of fastText"]
    return table(head, rows)


def _own_table(figures: Figures) -> str:
    """Lay out the classifier's speeds by kind of text, each with zlib's on the same text."""
    rows: list[Timing] = []
    for kind, zlib in figures.zlib.items():
        rows += [t for t in figures.batches if t.name.endswith(f", {kind}")]
        rows.append(zlib._replace(name=f"zlib.decompress, {kind}"))
    return _speed_table(figures, rows)


def _rival_table(figures: Figures) -> str:
    """Lay out what everyone knows, on gold texts or their HTML."""
    text = _speed_table(figures, [figures.zlib[GOLD], *figures.reading, *figures.rivals])
    return "\n".join([text, *(f"\n{name} left out: {why}." for name, why in figures.skipped)])


def _share_table(timings: list[Timing]) -> str:
    """Lay out parts of a whole: nanoseconds a line, and shares."""
    whole = sum(timing.median for timing in timings)
    return table(
        ["part", "ns a line", "MB/s", "share"],
        [
            [
                timing.name,
                f"{1e9 * timing.median / timing.n_lines:.1f}",
                rate(timing.n_bytes, timing.median * 1e6),
                f"{timing.median / whole:.0%}",
            ]
            for timing in timings
        ],
    )


def _seconds_table(timings: list[Timing]) -> str:
    """Lay out seconds and speed."""
    return table(
        ["what", "seconds", "spread", "MB/s"],
        [
            [
                timing.name,
                f"{timing.median:.3g}",
                f"{timing.spread:.0%}",
                rate(timing.n_bytes, timing.median * 1e6),
            ]
            for timing in timings
        ],
    )


def _page_table(timings: list[Timing]) -> str:
    """Lay out times of one page."""
    return table(
        ["one page of 100 lines", "ms", "spread"],
        [[t.name, f"{1e3 * t.median:.3f}", f"{t.spread:.0%}"] for t in timings],
    )


def _start_table(figures: Figures) -> str:
    """Lay out starting times and memory."""
    starts = [[t.name, f"{t.median:.2f} s"] for t in figures.starts]
    memory = [[f"peak memory, {name}", f"{size:.0f} MB"] for name, size in figures.peaks.items()]
    return table(["what", "measured"], starts + memory)


def _bar_table(figures: Figures) -> str:
    """Lay out what must hold."""
    rows = [[b.what, b.measured, b.asked, "yes" if b.holds else "**no**"] for b in bars(figures)]
    return table(["what", "measured", "asked", "holds"], rows)


def readme_table(figures: Figures) -> str:
    """Lay out the few rows that say most; the plot below has the other tools.

    Of filtering, which takes as long as labelling, there is one row.

    Parameters
    ----------
    figures : Figures

    Returns
    -------
    str
        Markdown.
    """
    giants = ("lines", "MB")
    labelling = [t for t in figures.batches if "label" in t.name and not t.name.endswith(giants)]
    filtering = [t for t in figures.batches if t.name == f"filter_batch, {GOLD}"]
    return _speed_table(figures, [*labelling, *filtering, figures.zlib[GOLD]])


def document_tables(figures: Figures) -> dict[str, str]:
    """Lay out all tables of docs/performance.md, by the names of their markers.

    Parameters
    ----------
    figures : Figures

    Returns
    -------
    dict of str to str
        Markdown.
    """
    return {
        "machine": f"Measured on {figures.machine}.",
        "bars": _bar_table(figures),
        "texts": _own_table(figures),
        "rivals": _rival_table(figures),
        "layers": _share_table(figures.layers),
        "stages": _share_table(figures.stages),
        "commands": _seconds_table([*figures.files, *figures.workers]),
        "sizes": _seconds_table([*figures.sizes, *figures.threads]),
        "pages": _page_table(figures.pages),
        "starts": _start_table(figures),
    }


def plot(figures: Figures, path: Path) -> None:
    """Draw the speeds of everything on gold texts as bars, fastest on top.

    Parameters
    ----------
    figures : Figures
    path : Path
        Of an SVG file.
    """
    own = [named(figures.batches, f"{name}, {GOLD}") for name in ("label_batch", "filter_batch")]
    rows = [*own, figures.zlib[GOLD], *figures.reading, *figures.rivals]
    rows.sort(key=lambda timing: timing.megabytes_per_second)
    speeds = [timing.megabytes_per_second for timing in rows]
    colours = ["#1b6ca8" if timing in own else "#b8bec6" for timing in rows]
    figure = blank_figure(8, 0.32 * len(rows) + 1)
    axes = figure.add_subplot()
    drawn = axes.barh([timing.name for timing in rows], speeds, color=colours)
    axes.bar_label(drawn, [rate(t.n_bytes, t.median * 1e6) for t in rows], padding=3)
    axes.set_xscale("log")
    axes.set_xlim(min(speeds) / 2, max(speeds) * 3)
    axes.set_xlabel("MB of page text a second, one core (logarithmic)")
    axes.spines[["top", "right"]].set_visible(False)
    save(path.parent, {path.stem: figure})


def summary(figures: Figures) -> str:
    """Say in one line how fast gold texts are labelled.

    Parameters
    ----------
    figures : Figures

    Returns
    -------
    str
    """
    gold = speed_of(figures, GOLD)
    failed = [bar.what for bar in bars(figures) if not bar.holds]
    return f"label_batch: {gold:.0f} MB/s; not reached: {'; '.join(failed) or 'nothing'}"
