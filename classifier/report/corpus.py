"""What `linesift report` shows of a filtered corpus, from the statistics of its runs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import orjson

from classifier.files.compression import read_whole
from classifier.files.problems import BrokenFileError, DataError, Problem, unreadable
from classifier.files.streams import open_decompressed
from classifier.labels import LABELS, PAYWALL
from classifier.report.reasons import describe_reason
from classifier.report.templates import render_page
from classifier.running.counts import RATIO_BINS, Counts
from classifier.running.counts_as_json import from_json

SHOWN_HOSTS = 25
THRESHOLDS = ("content_threshold", "max_content_loss")
MINIMA = ("min_content_chars", "min_content_ratio")
UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


class Bar(NamedTuple):
    """A bar of a chart: how many, and its length as a share of the longest, 0 to 1.

    Attributes
    ----------
    name : str
    documents : int
    length : float
    """

    name: str
    documents: int
    length: float


def read_statistics(paths: Sequence[str]) -> tuple[Counts, list[dict[str, Any]]]:
    """Read statistics of runs and add them up.

    Parameters
    ----------
    paths : sequence of str
        Files that ``linesift filter --stats`` or ``linesift label --stats`` wrote.

    Returns
    -------
    counts : Counts
        Of all runs together.
    settings : list of dict
        The settings of each run.

    Raises
    ------
    DataError
        If a file cannot be read or is no such statistics.
    """
    total = Counts()
    settings = []
    for path in paths:
        try:
            with open_decompressed(path) as stream:
                # Refuses half surrogate pairs, which no page can show.
                data = orjson.loads(read_whole(stream))
            counts = from_json(data)
            settings.append(_settings(data))
        except BrokenFileError as error:
            problem = replace(error.problem, remedy="Fetch it or make it anew.")
            raise DataError(problem, path) from None
        except OSError as error:
            raise DataError(unreadable(error), path) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            reason = "it is not a statistics file written by this version of linesift"
            remedy = "Make it with linesift filter --stats FILE."
            raise DataError(Problem("no statistics", reason, remedy), path) from None
        total.add(counts)
    return total, settings


def corpus_page(counts: Counts, settings: Sequence[dict[str, Any]]) -> str:
    """Make a page of charts.

    Parameters
    ----------
    counts : Counts
        Of all runs together.
    settings : sequence of dict
        The settings of each run.

    Returns
    -------
    str
        HTML without scripts.
    """
    hosts = counts.hosts.ordered()
    n_paywall = counts.characters[PAYWALL]
    n_homeless = n_paywall - sum(characters for _, _, characters in hosts)
    hosts = hosts[:SHOWN_HOSTS]
    most = max((characters for _, _, characters in hosts), default=0)
    return render_page(
        "report.html",
        ["style.css", "report.css"],
        [],
        counts=counts,
        policies=sorted({_describe(setting) for setting in settings}),
        n_runs=len(settings),
        read=_size(counts.text_bytes),
        kept=_size(counts.kept_bytes),
        dropped=[(describe_reason(reason), n) for reason, n in sorted(counts.dropped.items())],
        totals=[
            (label, n_lines, n_characters, _share(n_characters, sum(counts.characters)))
            for label, n_lines, n_characters in zip(
                LABELS, counts.lines, counts.characters, strict=True
            )
        ],
        ratios=[(label, _ratio_bars(counts, k)) for k, label in enumerate(LABELS)],
        lengths=_length_bars(counts),
        hosts=[(host, n, characters, _share(characters, most)) for host, n, characters in hosts],
        n_paywall=n_paywall,
        n_homeless=n_homeless,
    )


def _settings(data: dict[str, Any]) -> dict[str, Any]:
    """Take the settings out of statistics, if they are of the kind that is shown."""
    settings = {**data["settings"], "threshold": data.get("threshold")}
    if not isinstance(settings.get("drop") or [], list):
        raise TypeError("the labels to drop are no list")
    return settings


def _describe(settings: dict[str, Any]) -> str:
    """Say what was done, as one would ask for it."""
    action = settings.get("action", "filter")
    if action != "filter":
        return f"{action}: nothing dropped"
    drop = settings.get("drop") or ["none"]
    parts = [f"drop {', '.join(map(str, drop))}"]
    # A threshold of 0 keeps everything, a minimum of 0 asks for nothing.
    given = [name for name in THRESHOLDS if settings.get(name) is not None]
    given += [name for name in MINIMA if settings.get(name)]
    parts += [f"{name.replace('_', ' ')} {settings[name]}" for name in given]
    if settings.get("max_content_loss") is not None and settings["threshold"] is not None:
        parts.append(f"by threshold {settings['threshold']}")
    if settings.get("drop_paywalled"):
        parts.append("drop paywalled documents")
    model = str(settings.get("model_sha256"))[:12]
    return f"{'; '.join(parts)}; model {model}"


def _ratio_bars(counts: Counts, label: int) -> list[Bar]:
    own = counts.ratios[label * RATIO_BINS : (label + 1) * RATIO_BINS]
    step = 100 // RATIO_BINS
    names = [f"{step * i} to {step * (i + 1)} %" for i in range(RATIO_BINS)]
    return [Bar(name, n, _share(n, max(own))) for name, n in zip(names, own, strict=True)]


def _length_bars(counts: Counts) -> list[list[Bar]]:
    """Give for each range of lengths a bar of what was read, and one of what was kept."""
    pairs = list(zip(counts.lengths, counts.kept_lengths, strict=True))
    used = [digits for digits, pair in enumerate(pairs) if any(pair)]
    if not used:
        return []
    most = max(map(max, pairs))
    names = ["nothing", *(f"{_size(1 << i)} to {_size(2 << i)}" for i in range(len(pairs) - 1))]
    shown = range(min([digits for digits in used if digits] or used), used[-1] + 1)
    return [
        [Bar(names[i], n, _share(n, most)) for n in pairs[i]]
        for i in ([0] if 0 in used and 0 not in shown else []) + list(shown)
    ]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _size(n_bytes: int) -> str:
    """Write a number of bytes for people."""
    power = min(max(0, n_bytes.bit_length() - 1) // 10, len(UNITS) - 1)
    size, unit = n_bytes / 1024**power, UNITS[power]
    return f"{size:.0f} {unit}" if size >= 100 or size == int(size) else f"{size:.1f} {unit}"
