"""Pages as raw lines, and blocks printed into them as the lines around are printed."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from classifier.labels import CONTENT, NAVIGATION, PAYWALL
from training.written.blocks import Line
from training.written.slots import BULLET

USUAL_BULLET = "  • "
BULLET_MARK = re.compile(r"^[ \t]*[•*·‣▪–-][ \t]+")
MARKED = re.compile(r"^\W")  # a phrase that brings a bullet of its own
NEAR = 10  # labelled lines on each side whose blank lines are imitated
MIMICRY_SHARE = 0.7  # of blocks: blank lines as the neighbours have them; the others are tight
TIGHT_SPACING = 0.1
BULLET_SPACING = 0.15  # chance of a blank line between bullets, against that between other lines
GAP_SHARE = 0.3  # of blocks between two lines without a blank one: set apart by blank lines
TRUNCATED_SHARE = 0.4  # of walls amid the content: the rest of the content goes
MOST_BETWEEN = 4  # other lines that may interrupt a stretch of content


class Page(NamedTuple):
    """A page as raw lines; blank lines have the label -1.

    Attributes
    ----------
    lines : list of str
        Blank ones too.
    labels : list of int
        Codes.
    is_placed : list of bool
        Whether a line was placed into the page.
    """

    lines: list[str]
    labels: list[int]
    is_placed: list[bool]


Pages = tuple[list[str], np.ndarray, np.ndarray]


def split_pages(texts: Sequence[str], labels: np.ndarray) -> list[Page]:
    """Split texts into raw lines with their labels.

    Parameters
    ----------
    texts : sequence of str
    labels : ndarray, shape (n_lines,)

    Returns
    -------
    list of Page
    """
    pages, row = [], 0
    for text in texts:
        lines = text.split("\n")
        codes = [-1] * len(lines)
        for number, line in enumerate(lines):
            if line.strip():
                codes[number] = int(labels[row])
                row += 1
        pages.append(Page(lines, codes, [False] * len(lines)))
    return pages


def join_pages(pages: list[Page]) -> Pages:
    """Make texts, labels and marks of pages again.

    Parameters
    ----------
    pages : list of Page

    Returns
    -------
    texts : list of str
    labels : ndarray of uint8, shape (n_lines,)
    is_placed : ndarray of bool, shape (n_lines,)
    """
    labels = [code for page in pages for code in page.labels]
    marks = [mark for page in pages for mark in page.is_placed]
    kept = np.array(labels, np.int64) >= 0
    return (
        ["\n".join(page.lines) for page in pages],
        np.array(labels, np.int64)[kept].astype(np.uint8),
        np.array(marks, np.bool_)[kept],
    )


def insert(
    page: Page,
    block: list[Line],
    place: str,
    rng: np.random.Generator,
    usual_bullet: str = USUAL_BULLET,
) -> None:
    """Insert a block where such blocks stand; a page without such a place stays as it is.

    Parameters
    ----------
    page : Page
        Changed.
    block : list of Line
    place : {"top", "amid", "end", "furniture"}
        Before, amid or after the longest stretch of content; or between two
        lines of navigation.
    rng : Generator
    usual_bullet : str, default USUAL_BULLET
        What lines of a list begin with, on a page that has no list itself.
    """
    labelled = [number for number, code in enumerate(page.labels) if code >= 0]
    spots = _spots(page, labelled, place)
    if not block or not spots:
        return
    spot = spots[rng.integers(len(spots))]
    before = labelled[spot - 1] if spot else -1
    near = labelled[max(0, spot - NEAR) : spot + NEAR]
    spacing, bullet = _spacing(page, near), _bullet(page, near, usual_bullet)
    if place == "amid" and block[0].label == PAYWALL:
        if len(block) > 2 and rng.random() < TRUNCATED_SHARE:
            _truncate(page, labelled, spot)
    elif place == "amid" and block[0].label == CONTENT and BULLET_MARK.match(page.lines[before]):
        block = [line._replace(role=BULLET) for line in block]
    if rng.random() >= MIMICRY_SHARE:
        spacing = min(spacing, TIGHT_SPACING)
    new = laid_out(block, bullet, spacing, rng)
    at = before + 1
    is_apart = at < len(page.lines) and not page.lines[at].strip()
    has_blank_lines = len(labelled) < len(page.lines)  # some prints have none anywhere
    has_gap = is_apart or (rng.random() < GAP_SHARE and has_blank_lines)
    _insert_blank(new, 0, has_gap)
    _insert_blank(new, len(new.lines), has_gap and not is_apart)
    for part, added in zip(page, new, strict=True):
        part[at:at] = added


def laid_out(block: list[Line], bullet: str, spacing: float, rng: np.random.Generator) -> Page:
    """Print a block: bullets, and blank lines between others with the chance `spacing`.

    Parameters
    ----------
    block : list of Line
    bullet : str
        What stands before items of lists.
    spacing : float
    rng : numpy.random.Generator

    Returns
    -------
    Page
    """
    page = Page([], [], [])
    for previous, line in zip([None, *block], block, strict=False):
        if previous is not None:
            in_list = previous.role == line.role == BULLET
            chance = spacing * BULLET_SPACING if in_list else spacing
            _insert_blank(page, len(page.lines), rng.random() < chance)
        own_mark = line.role != BULLET or MARKED.match(line.text)
        page.lines.append(line.text if own_mark else bullet + line.text)
        page.labels.append(line.label)
        page.is_placed.append(True)
    return page


def _insert_blank(page: Page, at: int, wanted: bool) -> None:
    if wanted:
        page.lines.insert(at, "")
        page.labels.insert(at, -1)
        page.is_placed.insert(at, False)


def _spots(page: Page, labelled: list[int], place: str) -> list[int]:
    """Return the labelled lines before which a block may stand, counted from 0."""
    codes = [page.labels[number] for number in labelled]
    if place == "furniture":
        inner = [k for k in range(1, len(codes)) if codes[k - 1] == codes[k] == NAVIGATION]
        apart = [k for k in inner if labelled[k] - labelled[k - 1] > 1]
        return apart or inner
    first, last = _main_stretch(page, labelled)
    if first == last:
        return []
    if place == "top":
        return [first]
    if place == "end":
        return [last]
    # Not between a title and what belongs to it, if there is more.
    inner = [k for k in range(first + 1, last) if codes[k - 1] == codes[k] == CONTENT]
    return inner[min(2, len(inner) // 2) :] or [last]


def _main_stretch(page: Page, labelled: list[int]) -> tuple[int, int]:
    """Find the stretch of content with most characters, as numbers of labelled lines."""
    best, most = (0, 0), 0
    start, size, last = 0, 0, -1
    for k, number in enumerate(labelled):
        if page.labels[number] != CONTENT:
            continue
        if size == 0 or k - last > MOST_BETWEEN + 1:
            start, size = k, 0
        size += len(page.lines[number])
        last = k
        if size > most:
            best, most = (start, k + 1), size
    return best


def _truncate(page: Page, labelled: list[int], spot: int) -> None:
    """Take away the content of the main stretch from a labelled line on."""
    _, last = _main_stretch(page, labelled)
    gone = {number for number in labelled[spot:last] if page.labels[number] == CONTENT}
    for part in page:
        part[:] = [value for number, value in enumerate(part) if number not in gone]


def _bullet(page: Page, near: list[int], usual: str) -> str:
    """Return the bullet that lines nearby have, or else that of the page, or the usual one."""
    for numbers in (near, range(len(page.lines))):
        marks = Counter(
            mark.group() for number in numbers if (mark := BULLET_MARK.match(page.lines[number]))
        )
        if marks:
            return marks.most_common(1)[0][0]
    return usual


def _spacing(page: Page, near: list[int]) -> float:
    """Return which share of neighbouring lines, bullets aside, a blank line separates."""
    apart = [
        after - before > 1
        for before, after in itertools.pairwise(near)
        if not BULLET_MARK.match(page.lines[after])
    ]
    return float(np.mean(apart)) if apart else 0.5
