"""How fast the classifier is, against things that everyone knows, in one run.

All figures are of one core. Each is the median over repetitions; the ratios
compare medians of the same run, which is what can be told on to other machines.
"""

import gc
import json
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from classifier import LABELS, FilterPolicy, LineClassifier
from training.corpus import Corpus

REPETITIONS = 7
PIECE_BYTES = 18_000_000  # size that each corpus is brought to


class Timing(NamedTuple):
    """Seconds of each repetition over `n_bytes` of text."""

    name: str
    seconds: list[float]
    n_bytes: int

    @property
    def megabytes_per_second(self) -> float:
        """Median speed, in millions of bytes a second."""
        return self.n_bytes / statistics.median(self.seconds) / 1e6


def timed(name: str, work: Callable[[], object], n_bytes: int, times: int = REPETITIONS) -> Timing:
    """Time `work`, after once to warm up."""
    work()
    seconds = []
    for _ in range(times):
        gc.collect()
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return Timing(name, seconds, n_bytes)


def corpora(corpus: Corpus) -> dict[str, list[str]]:
    """Make corpora of about the same size from the lines of labelled pages.

    Lines are used again with other digits where there are not enough, so that
    no cache of whole lines could help.
    """
    lines = [line for text in corpus.texts for line in text.split("\n") if line.strip()]
    wide = np.array(
        [sum("\u3040" <= c <= "\u9fff" for c in line) > len(line) / 2 for line in lines]
    )
    length = np.array([len(line) for line in lines])
    kinds = {
        "prose": (length > 200) & ~wide,
        "menus": (length < 20) & ~wide,
        "Chinese and Japanese": wide,
    }
    found = {"gold": list(corpus.texts)}
    for name, chosen in kinds.items():
        found[name] = pages([line for line, take in zip(lines, chosen, strict=True) if take], 150)
    found["a page of a million lines"] = ["\n".join(repeated(lines, 1_000_000))]
    found["one line of 100 MB"] = [" ".join(repeated(lines, 1_600_000))]
    return found


def repeated(lines: list[str], n: int) -> list[str]:
    """Repeat lines to `n` of them, each time round with a number put in front."""
    return [
        line if i < len(lines) else f"{i // len(lines)} {line}"
        for i, line in enumerate(lines[j % len(lines)] for j in range(n))
    ]


def pages(lines: list[str], per_page: int) -> list[str]:
    """Put lines into pages, and repeat them up to `PIECE_BYTES`."""
    size = sum(len(line.encode()) + 1 for line in lines)
    many = repeated(lines, int(len(lines) * max(1, PIECE_BYTES / size)))
    return ["\n".join(many[i : i + per_page]) for i in range(0, len(many), per_page)]


def own_timings(clf: LineClassifier, texts: list[str]) -> list[Timing]:
    """Time the classifier on one corpus."""
    array = pa.array(texts, pa.large_string())
    size = sum(len(text.encode()) for text in texts)
    policy = FilterPolicy()
    return [
        timed("label_batch", lambda: clf.label_batch(array), size),
        timed("filter_batch", lambda: clf.filter_batch(array, policy), size),
    ]


def unpacking_timings(texts: list[str]) -> list[Timing]:
    """Time what reading the same text costs anyway."""
    import isal.isal_zlib
    import orjson
    import zstandard

    data = "\n".join(texts).encode()
    packed = zlib.compress(data, 6)
    zstd = zstandard.ZstdCompressor(3).compress(data)
    records = [orjson.dumps({"text": text}) for text in texts]
    return [
        timed("zlib.decompress", lambda: zlib.decompress(packed), len(data)),
        timed("isal decompress", lambda: isal.isal_zlib.decompress(packed), len(data)),
        timed("zstd decompress", lambda: zstandard.ZstdDecompressor().decompress(zstd), len(data)),
        timed("orjson.loads", lambda: [orjson.loads(record) for record in records], len(data)),
        timed("json.loads", lambda: [json.loads(record) for record in records], len(data)),
    ]


def classifier_timings(corpus: Corpus) -> list[Timing]:
    """Time fastText and a hashing vectorizer with a linear model, trained on the same lines."""
    import fasttext
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline

    lines = [line for text in corpus.texts for line in text.split("\n") if line.strip()]
    flat = [" ".join(line.split()) for line in lines]
    size = sum(len(line.encode()) + 1 for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.txt"
        path.write_text(
            "\n".join(
                f"__label__{LABELS[label]} {line}"
                for label, line in zip(corpus.labels, flat, strict=True)
            ),
            "utf-8",
        )
        model = fasttext.train_supervised(str(path), epoch=3, wordNgrams=2, thread=2, verbose=0)
    vectorizer = make_pipeline(
        HashingVectorizer(ngram_range=(1, 2)), SGDClassifier("log_loss", max_iter=5, tol=None)
    ).fit(lines, corpus.labels)
    return [
        # The compiled method itself: the Python wrapper does not run on NumPy 2.
        timed("fastText predict", lambda: model.f.multilinePredict(flat, 1, 0.0, ""), size, 3),
        timed("HashingVectorizer + linear", lambda: vectorizer.predict(lines), size, 2),
    ]


def run(corpus: Corpus) -> str:
    """Run all timings; return a Markdown table."""
    clf = LineClassifier.load()
    texts = corpora(corpus)
    unpacking = unpacking_timings(texts["gold"])
    others = classifier_timings(corpus)
    zlib_speed = unpacking[0].megabytes_per_second
    fasttext_speed = others[0].megabytes_per_second
    rows = [(f"{t.name}, gold", t) for t in own_timings(clf, texts["gold"])]
    for name, documents in texts.items():
        if name != "gold":
            rows += [(f"{t.name}, {name}", t) for t in own_timings(clf, documents)]
    rows += [(t.name, t) for t in (*unpacking, *others)]
    out = [
        "| what | MB/s | spread | of zlib | of fastText |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, timing in rows:
        speed = timing.megabytes_per_second
        spread = (max(timing.seconds) - min(timing.seconds)) / statistics.median(timing.seconds)
        out.append(
            f"| {name} | {speed:.0f} | {spread:.0%} | {speed / zlib_speed:.2f} "
            f"| {speed / fasttext_speed:.1f} |"
        )
    return "\n".join(out)
