"""Where each second of filtering a file goes."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from classifier import FilterPolicy, LineClassifier
from classifier.files.compression import codec_of_name, compress, decompress
from classifier.formats import jsonl
from classifier.formats.batches import Fields
from training.benchmark.timing import Amount, Timing

UNPACK, PARSE, LABEL, FILTER, RENDER, PACK = (
    "unpack and cut into blocks",
    "parse records",
    "label lines",
    "rewriting",
    "write records",
    "pack",
)


def stage_timings(clf: LineClassifier, path: Path, amount: Amount) -> list[Timing]:
    """Time each stage of filtering a JSON Lines file in this process, one after another.

    Parameters
    ----------
    clf : LineClassifier
    path : Path
        The file, packed or not.
    amount : Amount
        Of text in it.

    Returns
    -------
    list of Timing
    """
    seconds = dict.fromkeys((UNPACK, PARSE, LABEL, FILTER, RENDER, PACK), 0.0)
    codec, policy, fields = codec_of_name(path.name), FilterPolicy(), Fields()

    def stage(name: str, work: Callable[..., Any], *arguments: Any) -> Any:
        started = time.perf_counter()
        result = work(*arguments)
        seconds[name] += time.perf_counter() - started
        return result

    with path.open("rb") as raw:
        blocks = jsonl.blocks(decompress(raw, codec), fields)
        while (block := stage(UNPACK, next, blocks, None)) is not None:
            batch = stage(PARSE, jsonl.parse, block, fields)
            before = time.perf_counter()
            clf.label_batch(batch.texts)
            labelling = time.perf_counter() - before
            seconds[LABEL] += labelling
            done = stage(FILTER, clf.process, batch.texts, policy)
            seconds[FILTER] -= labelling  # which `process` does as well
            payload = stage(RENDER, jsonl.render, batch, done.texts)
            stage(PACK, compress, payload, codec)
    return [Timing(name, [some], *amount) for name, some in seconds.items()]
