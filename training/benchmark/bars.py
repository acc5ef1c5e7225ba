"""What must hold: each bar with what was measured, in one run."""

from typing import NamedTuple

from training.benchmark.texts import GOLD, LONG_LINE, LONG_PAGE, MENUS, PROSE, WIDE
from training.benchmark.timing import Timing


class Figures(NamedTuple):
    """All that one run measured.

    Attributes
    ----------
    batches : list of Timing
        Of ``label_batch`` and ``filter_batch``, named ``label_batch, <kind of text>``.
    zlib : dict of str to Timing
        Unpacking, by kind of text.
    reading, rivals : list of Timing
        What else unpacks and parses, and what else labels, filters or extracts; on gold texts
        or their HTML.
    layers, stages : list of Timing
        Parts of `label_batch` and `filter_batch`; parts of filtering a file.
    sizes : list of Timing
        Of ever more documents in one call.
    threads, workers : list of Timing, length 2
        Of one, and of two.
    pages : list of Timing
        Of one page.
    files : list of Timing
        Of whole commands, named ``filter, <suffix>`` and ``filter --drop none, <suffix>``.
    starts : list of Timing
        Of the import, and of commands on one page.
    peaks : dict of str to float
        Megabytes of memory, by what runs.
    skipped : list of tuple of str and str
        What was left out of the rivals, and why.
    machine : str
        As `training.benchmark.run.machine` describes it.
    """

    batches: list[Timing]
    zlib: dict[str, Timing]
    reading: list[Timing]
    rivals: list[Timing]
    layers: list[Timing]
    sizes: list[Timing]
    threads: list[Timing]
    workers: list[Timing]
    pages: list[Timing]
    files: list[Timing]
    stages: list[Timing]
    starts: list[Timing]
    peaks: dict[str, float]
    skipped: list[tuple[str, str]]
    machine: str


class Bar(NamedTuple):
    """One thing that must hold.

    Attributes
    ----------
    what : str
    measured, asked : str
        With their units.
    holds : bool
    """

    what: str
    measured: str
    asked: str
    holds: bool


def named(timings: list[Timing], name: str) -> Timing:
    """Return the timing of a name.

    Parameters
    ----------
    timings : list of Timing
    name : str

    Returns
    -------
    Timing

    Raises
    ------
    StopIteration
        If there is none.
    """
    return next(timing for timing in timings if timing.name == name)


def speed_of(figures: Figures, kind: str) -> float:
    """Return the speed of `label_batch` on a kind of text.

    Parameters
    ----------
    figures : Figures
    kind : str

    Returns
    -------
    float
        MB a second.
    """
    return named(figures.batches, f"label_batch, {kind}").megabytes_per_second


def bars(figures: Figures) -> list[Bar]:
    """Compare the figures of a run with what is asked of them.

    Parameters
    ----------
    figures : Figures

    Returns
    -------
    list of Bar
    """
    gold = speed_of(figures, GOLD)
    found = []

    def at_least(what: str, value: float, least: float) -> None:
        found.append(Bar(what, f"{value:.2f} ×", f"≥ {least} ×", value >= least))

    def at_most(what: str, value: float, most: float, unit: str) -> None:
        found.append(Bar(what, f"{value:.3g}{unit}", f"≤ {most}{unit}", value <= most))

    for kind, least in ((GOLD, 1.0), (PROSE, 1.0), (WIDE, 1.0), (MENUS, 0.5)):
        speed = speed_of(figures, kind) / figures.zlib[kind].megabytes_per_second
        at_least(f"label_batch against zlib.decompress, {kind}", speed, least)
    for rival in figures.rivals:
        if rival.name.startswith("fastText"):
            at_least("label_batch against fastText, gold", gold / rival.megabytes_per_second, 12)
    for kind in (LONG_PAGE, LONG_LINE):
        at_least(f"label_batch on {kind} against gold", speed_of(figures, kind) / gold, 0.8)
    for packed in (".jsonl.gz", ".jsonl.zst"):
        with_model = named(figures.files, f"filter, {packed}").median
        without = named(figures.files, f"filter --drop none, {packed}").median
        at_most(f"filter against filter --drop none, {packed}", with_model / without, 1.5, " ×")
    one, two = (timing.median for timing in figures.threads)
    at_least("2 threads against 1", one / two, 1.7)
    one, two = (timing.median for timing in figures.workers)
    at_least("2 workers against 1", one / two, 1.8)
    costs = [1 / timing.megabytes_per_second for timing in figures.sizes]
    spread = max(costs) / min(costs) - 1
    at_most("cost per MB, 10³ to 10⁶ documents: most over least", 100 * spread, 20, " %")
    for name, most in (("clf.label", 3.0), ("clf.label_batch", 0.5)):
        at_most(f"{name}, one page", 1e3 * named(figures.pages, name).median, most, " ms")
    for name, most in (("import classifier", 0.25), ("linesift filter, one page, warm", 1.2)):
        at_most(name, named(figures.starts, name).median, most, " s")
    memory = figures.peaks["model and kernels loaded"] - figures.peaks["bare Python"]
    at_most("memory of model and kernels above bare Python", memory, 200, " MB")
    return found
