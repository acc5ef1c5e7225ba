"""The usual layout of pages, said again in plain Python."""

import re
from itertools import groupby, pairwise
from unicodedata import normalize

from reference_entries import BEHIND_MARK, ENTRY, SENTENCE, are_ends_blank, begins_entry

from classifier.kernels.reading.one_line import LEAST_MIDDLE, MOST_CLOSING
from classifier.kernels.reading.one_line import SENTENCE as SENTENCE_BYTES
from classifier.kernels.reading.page_layout import LINES_TO_GAP, MOST_GAPS
from classifier.kernels.reading.paragraphs import PARAGRAPH
from classifier.kernels.reading.stray_indents import STRAY, WHOLE
from classifier.kernels.reading.usual_layout import INDENT
from classifier.lines import is_blank

NESTED = re.compile(rf"([ \t\r]*)([*+o]){BEHIND_MARK}")


def in_usual_layout(text: str) -> str:
    """Return a document with bullets, indents and blank lines where most have them."""
    middle = middle_of_line(text.strip().encode())
    if not is_blank(middle):
        return middle
    lines = text.split("\n")
    printed = [number for number, line in enumerate(lines) if not is_blank(line)]
    depths = nested_depths(lines)
    indented = [number for number in printed if lines[number][0] in " \t\r"]
    marked = [lines[n] for n in indented if n in depths or begins_entry(lines[n])]
    n_flush = sum(line[:1] > " " for line in lines)
    has_bullets = any(line.lstrip(" \t\r")[0] == "•" for line in marked)
    is_whole = not has_bullets and len(indented) - len(marked) > WHOLE * n_flush
    is_stray = is_whole or STRAY * len(marked) < len(indented)
    if is_stray:
        for number in printed:
            lines[number] = lines[number].lstrip(" \t\r")
    entries = {number: ENTRY.match(lines[number]) for number in printed}
    dashes = [number for number in printed if entries[number] and entries[number][2] == "-"]
    if is_spoken([lines[number] for number in dashes]):
        for is_dash, numbers in groupby(printed, dashes.__contains__):
            run = [*numbers]
            if is_dash and is_spoken([lines[number] for number in run]):
                entries.update(dict.fromkeys(run))
    marked = [entry for entry in entries.values() if entry]
    is_flat = bool(depths or marked) and not any(entry[1] for entry in marked)
    is_flat = is_flat and (is_stray or not depths)
    found_gaps = [below - above - 1 for above, below in pairwise(printed)]
    gaps = usual_gaps(found_gaps)
    if is_stray:
        for number in printed:
            lines[number] = lines[number].lstrip()
    are_paragraphs = [len(lines[number].rstrip()) >= PARAGRAPH for number in printed]
    n_gaps = sum(map(bool, gaps))
    is_dense = n_gaps <= min(MOST_GAPS, len(printed) // LINES_TO_GAP)
    is_dense = is_dense and len(printed) > 1 and any(are_paragraphs)
    is_trailed = are_ends_blank(lines)
    is_other = is_dense or is_flat or is_trailed or is_stray
    if not (is_other or dashes or depths or gaps != found_gaps):
        return text
    if is_dense:
        around = map(any, pairwise(are_paragraphs))
        gaps = [gap or int(added) for gap, added in zip(gaps, around, strict=True)]
    copy = "\n" * printed[0]
    for gap, number in zip([*gaps, 0], printed, strict=True):
        line, entry = lines[number], entries[number]
        if number in depths:
            bare = line.lstrip(" \t\r")
            indent = line[: len(line) - len(bare)]
            line = " " * (INDENT * depths[number] - len(indent)) + indent + "*" + bare[1:]
        elif entry:
            indent = " " * INDENT if is_flat else entry[1]
            line = indent + entry[2].replace("-", "•") + line[entry.end(2) :]
        copy += (line.rstrip() if is_trailed else line) + "\n" * (gap + 1)
    return copy if printed[-1] + 1 < len(lines) else copy[:-1]


def middle_of_line(text: bytes) -> str:
    """Return the middle third of a long text on one line, to where a sentence ends; or ""."""
    third = len(text) // 3
    if b"\n" in text or third < LEAST_MIDDLE:
        return ""
    stop = len(text) - third
    while text[stop] & 0xC0 == 0x80:
        stop -= 1
    middle = text[third:stop].decode(errors="ignore")
    for end in range(stop, stop - SENTENCE_BYTES, -1):
        last = text[end - MOST_CLOSING : end].decode(errors="ignore")
        if text[end] == ord(" ") and SENTENCE.search(normalize("NFKC", last)):
            return text[third:end].decode(errors="ignore")
    return middle


def nested_depths(lines: list[str]) -> dict[int, int]:
    """Return the depth of each entry where lists in lists have marks of their own."""
    found = {}
    for number, line in enumerate(lines):
        match = NESTED.match(line)
        if match and (match[1] or match[2] == "*"):
            found[number] = "*+o".index(match[2]) + 1
    return found if {1, 2} <= set(found.values()) else {}


def is_spoken(dashes: list[str]) -> bool:
    """Return whether entries with dashes are what somebody says, and no list."""
    n_sentences = sum(bool(SENTENCE.search(normalize("NFKC", line))) for line in dashes)
    return 2 * n_sentences >= len(dashes)


def usual_gaps(gaps: list[int]) -> list[int]:
    """Return how many blank lines are read between lines, before any are added."""
    if gaps and min(gaps) > 0 and max(gaps) > 2:  # all line ends are doubled
        return [(gap - 1) // 2 for gap in gaps]
    surplus = min(filter(None, gaps), default=1) - 1
    return [gap and gap - surplus for gap in gaps]
