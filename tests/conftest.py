"""Properties have no deadline; a browser, the bundled model, pages, files for the command."""

import gc
import gzip
import json
import os
import shutil
import signal
import sys

# Three workers on two cores: the threads of NumPy's and SciPy's OpenBLAS wait for work by spinning,
# for a tenth of all time. It reads this when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from browser import BROWSERS
from click.testing import CliRunner
from commandline import PAGE, RECORDS, lines_of
from hypothesis import settings
from letters import codes_from_letters
from samples import ENTRIES, PAGES

from classifier.commands.group import cli
from classifier.labels import LABELS

# Time says nothing about a property: the first example may load libraries, or compile.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What runs in the background is started deaf to Ctrl-C, under nohup to hangups, and its children
# are then as deaf. Those of a process that hears a signal and does nothing are not.
for number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, lambda *_: None)

# Spark would start its workers with the first python3 of the path.
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium, driven by Playwright; tests that need it skip where there is none."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="no Playwright here: pip install playwright"
    )
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium-headless-shell")
    with playwright.sync_playwright() as driver:
        # Without a sandbox, since that of Chromium refuses to run as root.
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A tab of it for the page of `linesift annotate`."""
    from labelling import tab  # its tests skip without the extra

    with tab(chromium) as page:
        yield page


@pytest.fixture(scope="session", autouse=True)
def kernels(tmp_path_factory):
    """Compiled before anything is tested: a command that has to do it says so."""
    from warming_together import warm_together

    warm_together(tmp_path_factory.getbasetemp().parent / "compiling")


@pytest.fixture(scope="module", autouse=True)
def _only_what_is_new_is_collected(kernels):
    """What is loaded stays to the end; to go through it again and again costs more than to test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def clf():
    """The bundled model."""
    from classifier import LineClassifier

    return LineClassifier.load()


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """The sample pages in the format of gold, each a group of its own."""
    from training.pages.files import read_gold

    path = tmp_path_factory.mktemp("gold") / "pages.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for name, page in ENTRIES.items():
            record = {
                "id": name,
                "group": name,
                "source": "samples",
                "language": page["language"],
                "text": PAGES[name],
                "labels": [LABELS[code] for code in codes_from_letters(page["labels"])],
            }
            file.write(json.dumps(record) + "\n")
    return read_gold(path)


@pytest.fixture
def folder(tmp_path):
    """Documents in several formats, for the tests of the command."""
    source = tmp_path / "in"
    (source / "sub").mkdir(parents=True)
    (source / "a.jsonl").write_bytes(lines_of(RECORDS))
    (source / "sub" / "b.jsonl.gz").write_bytes(
        gzip.compress(lines_of(RECORDS[:1])) + gzip.compress(lines_of(RECORDS[1:]))
    )
    (source / "sub" / "c.jsonl.zst").write_bytes(
        zstandard.compress(lines_of(RECORDS[:2])) + zstandard.compress(lines_of(RECORDS[2:]))
    )
    (source / "d.txt").write_text(PAGE)
    pq.write_table(pa.Table.from_pylist([{"text": PAGE}, {"text": "WALL"}]), source / "e.parquet")
    (source / "_SUCCESS").write_text("left alone, as a mark")
    (source / ".hidden.txt").write_text("left alone")
    return source


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command in this process, in the test's own folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words, data=None: CliRunner().invoke(cli, [*map(str, words)], input=data)
