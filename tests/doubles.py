"""A model without weights, and the command run with it.

Tests of files, errors and crashes need a model whose every decision can be
seen in the text: lines with AD are sponsored, documents with WALL are dropped.
"""

import sys
import time
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from classifier.files.problems import BrokenFileError
from classifier.formats.text_columns import text_column
from classifier.labels import CONTENT, SPONSORED
from classifier.results import LabelledBatch
from classifier.statistics import DocumentStatistics


class Processed(NamedTuple):
    texts: pa.Array
    reasons: list
    batch: LabelledBatch
    statistics: DocumentStatistics


class MarkedLines:
    """Drops lines with AD, and documents with WALL for the reason "paywalled"."""

    metadata = {"name": "marked lines"}  # noqa: RUF012 (read only)

    def process(self, texts, policy, *, are_checked=False):
        kept, reasons = [], []
        documents = texts.to_pylist()
        lines = np.zeros((len(documents), 4), np.int64)
        for i, text in enumerate(documents):
            if "SLOW" in text:
                time.sleep(0.05)
            if "HUGE" in text:
                raise MemoryError
            labels = [SPONSORED if "AD" in line else CONTENT for line in text.split("\n")]
            lines[i] = np.bincount(labels, minlength=4)
            reasons.append("paywalled" if "WALL" in text else None)
            kept.append(None if reasons[-1] else without_ads(text))
        flags = np.array([reason is not None for reason in reasons], bool)
        ratio = lines[:, 0] / np.maximum(lines.sum(axis=1), 1)
        statistics = DocumentStatistics(lines, lines * 10, ratio, flags, flags)
        return Processed(strings(kept), reasons, labelled(documents), statistics)


def labelled(documents):
    labels, starts, ends, bounds = [], [], [], [0]
    for text in documents:
        at = 0
        for line in text.encode().split(b"\n"):
            if line.strip():
                labels.append(SPONSORED if b"AD" in line else CONTENT)
                starts.append(at)
                ends.append(at + len(line))
            at += len(line) + 1
        bounds.append(len(labels))
    codes = np.array(labels, np.uint8)
    probabilities = np.full((len(labels), 4), 0.1, np.float32)
    probabilities[np.arange(len(labels)), codes] = 0.7
    return LabelledBatch(
        codes, probabilities, *(np.array(s, np.int64) for s in (starts, ends, bounds))
    )


def strings(texts):
    """As `pa.array` does, which imports pandas if there is one: longer work than all others."""
    _, offsets, data = text_column([(text or "").encode() for text in texts]).buffers()
    is_text = np.array([text is not None for text in texts], bool)
    bits = pa.py_buffer(np.packbits(is_text, bitorder="little"))
    return pa.LargeStringArray.from_buffers(len(texts), offsets, data, bits)


def without_ads(text):
    return "\n".join(line for line in text.split("\n") if "AD" not in line)


def load_marked_lines(path=None):
    del path
    return MarkedLines()


def until_broken(items):
    """Collect items, and what then breaks their source off."""
    seen = []
    try:
        for item in items:
            seen.append(item)  # noqa: PERF402 (kept although it raises)
    except BrokenFileError as error:
        return seen, error.problem
    return seen, None


def use_marked_lines():
    """Let the command use this model instead of a file's."""
    import classifier.running.summary
    from classifier.model import LineClassifier

    LineClassifier.load = staticmethod(load_marked_lines)
    classifier.running.summary.model_digest = lambda path: "marked lines"


if __name__ == "__main__":
    # So that worker processes find the functions under a name they can import.
    from doubles import use_marked_lines as use

    from classifier.cli import main

    use()
    if sys.argv[1:2] == ["--standby"]:
        from standby import await_runs

        import classifier.commands.group
        import classifier.formats.jsonl
        import classifier.running.run  # noqa: F401 (what most runs import)
        from classifier.running.processor import Processor
        from classifier.running.task import Task

        Processor(Task("filter", load_marked_lines)).load()
        await_runs(sys.argv[2])
    main()
