"""One run of everything."""

import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

from classifier import LineClassifier
from training.benchmark import commands, memory, own, rivals
from training.benchmark.bars import Figures
from training.benchmark.extractors import extractor_works
from training.benchmark.stages import stage_timings
from training.benchmark.texts import GOLD, make_texts
from training.benchmark.timing import Timing
from training.corpus import Corpus
from training.failures import sentence_of
from training.pages.sources import html_path


def measure(corpus: Corpus, html: Path, say: Callable[[str], None]) -> Figures:
    """Measure everything.

    Parameters
    ----------
    corpus : Corpus
        Labelled pages.
    html : path
        Folder with their HTML.
    say : callable
        Told what is being measured.

    Returns
    -------
    Figures
    """
    clf = LineClassifier.load()
    texts = make_texts(corpus)
    gold = texts[GOLD]
    batches: list[Timing] = []
    zlib: dict[str, Timing] = {}
    for kind, some in texts.items():
        say(kind)
        # One right after the other: their ratio then depends least on the machine's mood.
        zlib[kind] = rivals.zlib_timing(some)
        batches += own.batch_timings(clf, kind, some)
    say("layers, sizes, threads, one page")
    layers = own.layer_timings(clf, gold)
    sizes = own.size_timings(clf, corpus)
    threads = own.thread_timings(clf, gold)
    pages = own.page_timings(clf, gold)
    say("rivals")
    others, skipped = rival_timings(corpus, html)
    reading = rivals.reading_timings(gold)
    say("commands")
    with tempfile.TemporaryDirectory() as folder:
        files = commands.write_files(gold, Path(folder))
        return Figures(
            batches,
            zlib,
            reading,
            others,
            layers,
            sizes,
            threads,
            commands.worker_timings(files),
            pages,
            commands.file_timings(files),
            stage_timings(clf, files.gz, files.amount),
            commands.start_timings(files),
            memory.peaks(files),
            skipped,
            machine(),
        )


def machine() -> str:
    """Describe what the run was made on; processors as LLVM names them.

    Returns
    -------
    str
    """
    from classifier.kernels.machine.native import host

    triple, processor, _ = host()
    return f"{os.cpu_count()} cores of `{processor}` ({triple}), Python {platform.python_version()}"


def rival_timings(corpus: Corpus, html: Path) -> tuple[list[Timing], list[tuple[str, str]]]:
    """Time the rivals that are installed; say why the others are left out.

    Parameters
    ----------
    corpus : Corpus
    html : Path
        Folder with the pages' HTML.

    Returns
    -------
    found : list of Timing
    skipped : list of tuple of str and str
        What is left out, and why.
    """
    works: dict[str, Callable[[], Timing]] = {
        "fastText": lambda: rivals.fasttext_timing(corpus),
        "HashingVectorizer": lambda: rivals.hashing_timing(corpus),
        "C4 line rules": lambda: rivals.c4_timing(corpus.texts),
        "RefinedWeb line rules": lambda: rivals.refinedweb_timing(corpus.texts),
    }
    n_absent = sum(not html_path(html, record["id"]).exists() for record in corpus.records)
    if not n_absent:
        works |= extractor_works(corpus, html)
    found: list[Timing] = []
    skipped: list[tuple[str, str]] = []
    for name, work in works.items():
        try:
            found.append(work())
        except ImportError as error:
            skipped.append((name, sentence_of(error, "benchmark")))
    if n_absent:
        fault = f"{html} lacks {n_absent:,} of {len(corpus.records):,} pages"
        skipped.append(("extractors", f"{fault} (run `python -m training sources fetch`)"))
    return found, skipped
