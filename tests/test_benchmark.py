"""The benchmark: texts that it measures on, tables that it makes, bars that can fail."""

import importlib.util
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose

from classifier import LineClassifier, pieces
from classifier.kernels.activation import softmax
from training import benchmark
from training.baselines.rules import refinedweb_lines
from training.benchmark import memory, own, rivals, run
from training.benchmark.bars import Figures, bars, named
from training.benchmark.tables import document_tables, plot, rate, readme_table
from training.benchmark.texts import LONG_LINE, LONG_PAGE, MENUS, PROSE, WIDE, repeated, small_pages
from training.benchmark.timing import Amount, Timing, amount_of, timed
from training.commands import repository_files as writing_commands
from training.corpus import Corpus, corpus_of

KINDS = ("gold", PROSE, MENUS, WIDE, LONG_PAGE, LONG_LINE)


def timing(name: str, seconds: float) -> Timing:
    return Timing(name, [seconds] * 3, 10_000_000, 200_000, 1_000)


def figures(second: float) -> Figures:
    """Figures of a run in which the classifier takes so many seconds for 10 MB."""
    return Figures(
        batches=[
            timing(f"{name}, {kind}", second)
            for kind in KINDS
            for name in ("label_batch", "filter_batch")
        ],
        zlib={kind: timing("zlib.decompress", 0.05) for kind in KINDS},
        reading=[timing("json.loads", 0.03)],
        rivals=[timing("fastText predict", 1.0)],
        layers=[
            timing("first layer", second),
            timing("second layer", second),
            timing("third layer", second),
        ],
        sizes=[timing("1,000 documents", second), timing("10,000 documents", 1.1 * second)],
        threads=[timing("1 thread", 0.2), timing("2 threads", 0.11)],
        workers=[timing("1 worker", 2.0), timing("2 workers", 1.05)],
        pages=[timing("clf.label", 0.002), timing("clf.label_batch", 0.0004)],
        files=[
            timing(f"filter{drop}, {kind}", seconds)
            for kind in (".jsonl.gz", ".jsonl.zst")
            for drop, seconds in (("", 1.4), (" --drop none", 1.0))
        ],
        stages=[timing("pack", 0.1)],
        starts=[timing("import classifier", 0.1), timing("linesift filter, one page, warm", 1.0)],
        peaks={"bare Python": 10.0, "model and kernels loaded": 190.0},
        skipped=[("jusText", "No module named 'justext'")],
        machine="2 cores of `generic`",
    )


def test_every_part_of_labelling_and_filtering_can_be_timed(monkeypatch):
    def run_once(name, work, amount):
        work()
        return name

    found = []

    def softmax_kept(logits, probabilities, labels):
        softmax(logits, probabilities, labels)
        found.append(probabilities[: len(logits)].copy())

    monkeypatch.setattr(own, "timed", run_once)
    monkeypatch.setattr(own, "softmax", softmax_kept)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 20)
    texts = ["Home\nThe tide was high.\n\nLog in", "Share", "Subscribe now\nHome\nShare\n1 €"]
    names = own.layer_timings(LineClassifier.load(), texts)
    assert names[1:4] == ["first layer", "second layer", "third layer"]
    assert names[-2:] == ["statistics", "rewriting"]
    # What was timed part by part is what labelling does at once.
    assert len(found) > 1
    together = LineClassifier.load().label_batch(texts).probabilities
    assert_allclose(np.concatenate(found), together, atol=1e-6)


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves only when `clock.seconds` is added to."""
    hand = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(benchmark.timing.time, "perf_counter", lambda: hand.seconds)
    return hand


@pytest.mark.parametrize(("duration", "calls_a_time"), [(1.0, 1), (0.003, 7)])
def test_work_is_repeated_until_its_time_is_spent_short_work_several_times_over(
    clock, duration, calls_a_time
):
    calls = []

    def work():
        calls.append(1)
        clock.seconds += duration

    found = timed("work", work, Amount(3_000_000, 4, 1), budget=0, fewest=5)
    assert found.seconds == pytest.approx([duration] * 5)
    assert len(calls) == 2 + 5 * calls_a_time
    assert found.n_bytes == 3_000_000


def test_speed_and_spread_are_of_the_median():
    found = Timing("x", [1.0, 2.0, 2.0, 2.0, 9.0], 4_000_000)
    assert found.megabytes_per_second == 2.0
    assert found.spread == 0.0


def test_lines_that_are_not_blank_are_counted():
    assert amount_of(["é\n\n \nb", ""]) == (7, 2, 2)


def test_lines_used_again_get_a_number_in_front():
    assert repeated(["a", "b"], 5) == ["a", "b", "1 a", "1 b", "2 a"]


@pytest.mark.parametrize("n", [1, 7, 40])
def test_there_are_as_many_small_pages_as_asked(n):
    texts = ["\n".join(f"line {i} of {page}" for i in range(30)) for page in range(5)]
    nothing = np.zeros(0)
    array = small_pages(Corpus(texts, nothing, nothing, nothing, [], ""), n)
    assert len(array) == n
    assert all(len(text.as_py().split("\n")) == 12 for text in array)


def test_rates_have_three_digits():
    assert [rate(12_345_678, 1), rate(1_234, 10), rate(5, 100)] == ["12,300,000", "123", "0.05"]


def test_a_run_that_is_fast_enough_passes_every_bar():
    assert [bar.what for bar in bars(figures(0.05)) if not bar.holds] == []


def test_a_run_that_is_slower_than_unpacking_fails_where_it_should():
    failed = [bar.what for bar in bars(figures(0.08)) if not bar.holds]
    assert failed == [
        f"label_batch against zlib.decompress, {kind}" for kind in ("gold", PROSE, WIDE)
    ]


def test_every_table_has_its_rows():
    tables = document_tables(figures(0.05))
    assert "| label_batch, gold | 200 | 4,000,000 | 20,000 | 0% | 1.00 | 20.0 |" in tables["texts"]
    assert "jusText left out: No module named 'justext'." in tables["rivals"]
    assert "| first layer | 250.0 | 200 | 33% |" in tables["layers"]
    assert tables["machine"] == "Measured on 2 cores of `generic`."
    rows = readme_table(figures(0.05)).split("\n")[2:]
    kinds = ("gold", PROSE, MENUS, WIDE)
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [
        *(f"label_batch, {kind}" for kind in kinds),
        "filter_batch, gold",
        "zlib.decompress",
    ]


def test_bars_of_the_plot_say_what_the_tables_say(tmp_path):
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib (extra train) is missing")
    with matplotlib.rc_context({"svg.fonttype": "none"}):  # letters, not their outlines
        plot(figures(0.0095), tmp_path / "plot.svg")
    drawn = re.findall(r">([^<>]+)</text>", (tmp_path / "plot.svg").read_text("utf-8"))
    assert drawn.count("1,050") == 2  # label_batch and filter_batch
    assert not [text for text in drawn if "e+" in text]


def test_a_missing_timing_is_an_error():
    with pytest.raises(StopIteration):
        named([], "nothing")


def test_refinedweb_rules_drop_what_its_authors_say():
    page = "\n".join(
        ["ALL CAPITALS HERE", "12 345", "3 likes", "Menu", "Sign in", "Read more…", "A real line."]
    )
    assert list(refinedweb_lines(page)) == ["A real line."]


def without(monkeypatch, module):
    """Let a module not be installed."""
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)


@pytest.fixture
def ferries():
    text = "The ferry leaves at noon.\nMenu"
    page = {"id": "a", "group": "", "text": text, "labels": ["content", "navigation"]}
    return corpus_of([page] * 30)


@pytest.mark.parametrize(
    ("time", "module"),
    [
        (rivals.fasttext_timing, "fasttext"),
        (lambda corpus: rivals.c4_timing(corpus.texts), "datatrove"),
    ],
)
def test_a_rival_is_timed_if_it_is_installed(ferries, monkeypatch, time, module):
    if importlib.util.find_spec(module):
        assert time(ferries).seconds
    without(monkeypatch, module)
    with pytest.raises(ImportError):
        time(ferries)


def test_rivals_that_are_not_installed_are_left_out(ferries, monkeypatch, tmp_path):
    (tmp_path / "a.html").write_text("<p>The ferry leaves at noon.</p>")
    for module in ("fasttext", "sklearn", "datatrove", "resiliparse", "trafilatura", "justext"):
        without(monkeypatch, module)
    monkeypatch.delitem(sys.modules, "training.render", raising=False)  # is made with resiliparse
    found, skipped = run.rival_timings(ferries, tmp_path)
    assert [timing.name for timing in found] == ["RefinedWeb line rules (Python)"]
    assert [name for name, _ in skipped] == [
        *("fastText", "HashingVectorizer", "C4 line rules"),
        *("resiliparse (all text)", "resiliparse (main content)", "trafilatura", "jusText"),
    ]
    assert all(why.endswith("; type: pip install -e '.[benchmark]'") for _, why in skipped)
    (tmp_path / "a.html").rename(tmp_path / "of the test set.html")
    _, skipped = run.rival_timings(ferries, tmp_path)
    remedy = "(run `python -m training sources fetch`)"
    assert skipped[3:] == [("extractors", f"{tmp_path} lacks 30 of 30 pages {remedy}")]


NO_STATUS_FILE = """
import builtins
def refuse(*arguments):
    raise FileNotFoundError
builtins.open = refuse
"""


@pytest.mark.parametrize("system", ["", NO_STATUS_FILE])
def test_peak_memory_is_told_with_and_without_a_status_file(system):
    used = memory.peak_megabytes(f"{system}\nx = bytes(range(256)) * 800_000")
    assert 200 < used < 20_000


def test_the_benchmark_says_what_to_install(tmp_path, monkeypatch):
    def measure(*arguments):
        raise ModuleNotFoundError("No module named 'regex'", name="regex")

    monkeypatch.setattr(run, "measure", measure)
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "a", "group": "a", "text": "Home", "labels": ["navigation"]}\n')
    said = CliRunner().invoke(writing_commands.benchmark, ["--gold", str(gold)]).output
    assert "No module named 'regex'; type: pip install -e '.[benchmark]'" in said
