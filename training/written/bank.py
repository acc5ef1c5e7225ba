"""What the phrase bank promises, and whether it holds: counts, labels, repeats, borrowed lines."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from pathlib import Path

from classifier.labels import LABELS
from training.pages.additions import read_rows_by_page
from training.pages.files import read_records
from training.pages.standoff import line_hash
from training.pages.testset import TESTSET
from training.phrases import Phrases

DOCUMENTS = "*/documents.jsonl.gz"  # of page collections, below a folder of them
LEAST = 60
LEAST_LARGE = 200
# The twelve languages of most web pages, and those that gold lacks most.
LARGE = (
    *("de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "tr", "zh"),
    *("ar", "fa", "hi", "id", "ko", "sv", "vi"),
)
# Shorter lines ("Skip to main content") are formulas that thousands of sites share.
FORMULA_CHARS = 40
FORMULA_CHARS_DENSE = 16  # in scripts that need about that many for the same
DENSE = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
EDGES = re.compile(r"^\W+|\W+$")
# With its fractions, as of a price, a date or a time.
NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
# Lines with the short hash of another line of the test set: of some hundred thousand lines with
# hashes of 32 bits about one is expected to. The pages, where they were there, showed it.
HASHED_ALIKE = frozenset({"Win: 11 Lose: 3 Draw: 2"})


def problems(phrases: Phrases) -> list[str]:
    """Say in what the bank falls short of its promises; an empty list if in nothing.

    Parameters
    ----------
    phrases : Phrases

    Returns
    -------
    list of str
    """
    found = []
    counts = Counter(phrases.languages)
    labelled = set(zip(phrases.languages, phrases.labels.tolist(), strict=True))
    for language, count in sorted(counts.items()):
        least = LEAST_LARGE if language in LARGE else LEAST
        if count < least:
            found.append(f"{language}: {count} lines, fewer than {least}")
        found += [
            f"{language}: no {name} line"
            for code, name in enumerate(LABELS)
            if (language, code) not in labelled
        ]
    found += [f"{language}: no file" for language in LARGE if language not in counts]
    repeats = Counter(zip(phrases.languages, phrases.texts, strict=True))
    found += [f"{language}: twice: {text}" for (language, text), n in repeats.items() if n > 1]
    found += [
        f"{language}: more than one line or blank at an end: {text!r}"
        for language, text in repeats
        if text != text.strip() or "\n" in text
    ]
    found += _labelled_apart(phrases)
    found += _ambiguous("kind", phrases.kinds, [LABELS[code] for code in phrases.labels])
    found += _ambiguous("template", phrases.templates, phrases.kinds)
    return found


def _ambiguous(what: str, names: list[str], owners: list[str]) -> list[str]:
    """Name what belongs to more than one owner: it could not be held out across languages."""
    pairs = Counter(name for name, _ in set(zip(names, owners, strict=True)))
    return [f"{what} {name} belongs to more than one" for name, n in pairs.items() if n > 1]


def _labelled_apart(phrases: Phrases) -> list[str]:
    """Name texts that have another label in another language's file."""
    given: dict[str, dict[int, str]] = defaultdict(dict)
    for text, label, language in zip(
        phrases.texts, phrases.labels.tolist(), phrases.languages, strict=True
    ):
        given[text].setdefault(label, language)
    return [
        f"{text!r} is "
        + " but ".join(f"{LABELS[code]} in {language}" for code, language in labels.items())
        for text, labels in given.items()
        if len(labels) > 1
    ]


def wording(line: str) -> str | None:
    """Return a line without case, outer punctuation and spacing; None for a mere formula.

    Parameters
    ----------
    line : str

    Returns
    -------
    str or None
    """
    core = " ".join(EDGES.sub("", line.casefold()).split())
    least = FORMULA_CHARS_DENSE if DENSE.search(core) else FORMULA_CHARS
    return core if len(core) >= least else None


def borrowed(written: Iterable[str], pages: Iterable[str]) -> list[str]:
    """Find written lines that are a line of one of the pages, formulas aside.

    Parameters
    ----------
    written : iterable of str
    pages : iterable of str
        Their texts.

    Returns
    -------
    list of str
    """
    known = {wording(line): line for line in written}
    known.pop(None, None)
    lines = {line for page in pages for line in page.split("\n")}  # many come again and again
    return sorted(known[core] for core in known.keys() & map(wording, lines))


def hashes_of_testset() -> set[str]:
    """Return the short hash of each line of the test set, for which no page is needed.

    Returns
    -------
    set of str
    """
    files = map(read_rows_by_page, TESTSET.glob("*.csv.gz"))
    return {row.hash for pages in files for rows in pages.values() for row in rows.values()}


def borrowed_by_hash(written: Iterable[str], hashes: Container[str]) -> list[str]:
    """Find written lines with the short hash of a line of pages, formulas aside.

    A short line with two numbers or more is no formula: few sites share it.

    Parameters
    ----------
    written : iterable of str
    hashes : container of str
        As `line_hash` makes them.

    Returns
    -------
    list of str
        But for `HASHED_ALIKE`.
    """
    return [
        line
        for line in sorted(set(written) - HASHED_ALIKE)
        if line_hash(line) in hashes
        and (wording(line) is not None or len(NUMBER.findall(line)) > 1)
    ]


def page_texts(folder: Path) -> Iterable[str]:
    """Read the texts of all ``documents.jsonl.gz`` in the folders of a folder.

    Parameters
    ----------
    folder : Path

    Yields
    ------
    str
    """
    for path in sorted(folder.glob(DOCUMENTS)):
        for record in read_records(path):
            yield record["text"]
