"""Time what everyone knows on the same texts: unpacking, parsing, other classifiers, line rules."""

import json
import zlib

from training.baselines.classifiers import fit_fasttext, flat
from training.baselines.rules import c4_rules, refinedweb_lines
from training.benchmark.timing import Timing, amount_of, timed
from training.corpus import Corpus

SLOW_SECONDS = 0.1  # of things so slow that the fewest repetitions are enough


def zlib_timing(texts: list[str]) -> Timing:
    """Time zlib unpacking a text packed at its usual level.

    Parameters
    ----------
    texts : list of str

    Returns
    -------
    Timing
    """
    data = "\n".join(texts).encode()
    packed = zlib.compress(data, 6)
    return timed("zlib.decompress", lambda: zlib.decompress(packed), amount_of(texts))


def reading_timings(texts: list[str]) -> list[Timing]:
    """Time other ways of unpacking, and of parsing JSON.

    Parameters
    ----------
    texts : list of str

    Returns
    -------
    list of Timing
    """
    import isal.isal_zlib
    import orjson
    import zstandard

    data = "\n".join(texts).encode()
    packed = zlib.compress(data, 6)
    zstd = zstandard.ZstdCompressor(3).compress(data)
    records = [orjson.dumps({"text": text}) for text in texts]
    amount = amount_of(texts)
    return [
        timed("isal decompress", lambda: isal.isal_zlib.decompress(packed), amount),
        timed("zstd decompress", lambda: zstandard.ZstdDecompressor().decompress(zstd), amount),
        timed("orjson.loads", lambda: [orjson.loads(record) for record in records], amount),
        timed("json.loads", lambda: [json.loads(record) for record in records], amount),
    ]


def fasttext_timing(corpus: Corpus) -> Timing:
    """Time fastText, trained on the same lines.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    Timing

    Raises
    ------
    ImportError
        If it is not installed.
    """
    lines = flat(corpus.lines())
    # Without the baseline's parts of words, and so a faster rival.
    model = fit_fasttext(lines, corpus.labels, epoch=3, wordNgrams=2)
    return timed(
        "fastText predict",
        lambda: model.multilinePredict(lines, 1, 0.0, ""),
        amount_of(corpus.texts),
        SLOW_SECONDS,
        3,
    )


def hashing_timing(corpus: Corpus) -> Timing:
    """Time scikit-learn's hashing vectorizer with a linear model, trained on the same lines.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    Timing

    Raises
    ------
    ImportError
        If it is not installed.
    """
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline

    lines = corpus.lines()
    model = make_pipeline(
        HashingVectorizer(ngram_range=(1, 2)), SGDClassifier("log_loss", max_iter=2, tol=None)
    ).fit(lines, corpus.labels)
    return timed(
        "HashingVectorizer + linear",
        lambda: model.predict(lines),
        amount_of(corpus.texts),
        SLOW_SECONDS,
        3,
    )


def c4_timing(texts: list[str]) -> Timing:
    """Time the line rules of C4 as datatrove has them, without counting sentences.

    Parameters
    ----------
    texts : list of str

    Returns
    -------
    Timing

    Raises
    ------
    ImportError
        If it is not installed.
    """
    keep = c4_rules()
    return timed(
        "C4 line rules (datatrove)",
        lambda: [keep(text) for text in texts],
        amount_of(texts),
        SLOW_SECONDS,
    )


def refinedweb_timing(texts: list[str]) -> Timing:
    """Time RefinedWeb's line rules; datatrove has none, so these are written from the paper.

    Parameters
    ----------
    texts : list of str

    Returns
    -------
    Timing
    """
    return timed(
        "RefinedWeb line rules (Python)",
        lambda: ["\n".join(refinedweb_lines(text)) for text in texts],
        amount_of(texts),
        SLOW_SECONDS,
    )
