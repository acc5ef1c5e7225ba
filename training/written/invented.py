"""Invented pages: whole pages written for this project, with a label before each line.

The phrase bank has one kind of line after the other; here they come in the mixture of
a page, where the same words are an offer in one place and a menu in another. All
sites, people, products and wordings are invented.

There is a file for each language. A page begins with ``%% <kind>``; then comes each
line after the letter of its label and a space, as an extractor prints it, with
bullet and indentation. An empty line is a blank one.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from classifier.labels import LABELS, LETTERS
from training.corpus import Corpus, corpus_of
from training.pages.text_files import fault_of_line, read_text

FOLDER = Path(__file__).parents[2] / "data" / "invented"
HEAD = re.compile(r"%% ([a-z0-9-]+)")
LINE = re.compile(f"([{LETTERS}]) (.*[^\\s].*)")
NAMES = dict(zip(LETTERS, LABELS, strict=True))


def read_invented(folder: Path = FOLDER) -> Corpus:
    """Read all pages; each is a group of its own.

    Parameters
    ----------
    folder : Path, default FOLDER
        Holds ``<language>.txt``.

    Returns
    -------
    Corpus
        Records have `language` and `kind`.

    Raises
    ------
    ValueError
        If a line is neither the head of a page, nor blank, nor a label's letter, a
        space and text; the message names file and line. If there is no file.
    """
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise ValueError(f"{folder}: is not there, or has no invented pages, <language>.txt")
    return corpus_of(page for path in paths for page in _pages(path))


def _pages(path: Path) -> Iterator[dict]:
    page: dict = {}
    text = io.StringIO(read_text(path), newline=None).read()  # whatever ends lines in the file
    for number, line in enumerate(text.split("\n"), 1):
        if head := HEAD.fullmatch(line):
            if page:
                yield _finished(page)
            page = {"language": path.stem, "kind": head[1], "lines": [], "labels": []}
        elif page and not line:
            page["lines"].append("")
        elif page and (found := LINE.fullmatch(line)):
            if fault := fault_of_line(found[2]):
                raise ValueError(f"{path}: line {number} {fault}: {line[:60]!r}")
            page["lines"].append(found[2])
            page["labels"].append(NAMES[found[1]])
        else:
            raise ValueError(
                f"{path}: line {number} is not a label's letter, a space and text: {line[:60]!r}"
            )
    if page:
        yield _finished(page)


def _finished(page: dict) -> dict:
    text = "\n".join(page.pop("lines")).strip("\n")
    return page | {"text": text, "group": f"invented {text[:200]}"}


def problems(corpus: Corpus) -> list[str]:
    """Say what is wrong with invented pages: one is empty or there twice, a label has no line.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    list of str
    """
    seen, found = set(), []
    for text, record in zip(corpus.texts, corpus.records, strict=True):
        if text in seen:
            found.append(f"a page is there twice: {text[:60]!r}")
        seen.add(text)
        if not text:
            found.append(f"a page of {record['language']} is empty")
    if len(np.unique(corpus.labels)) < len(LABELS):
        found.append("a label has no line")
    return found
