"""What is read of a document, said again in plain Python."""

import re
from itertools import pairwise

from reference_counted import as_counted
from reference_entries import BEHIND_MARK
from reference_joining import joined_lines, read_as_one
from reference_layout import in_usual_layout

from classifier.lines import is_blank

HEADING = re.compile(rf"([ \t\r]*(?:[-*•]{BEHIND_MARK})?)(#{{1,6}}){BEHIND_MARK}")


def as_read(text: str) -> str:
    """Return a document as it is read."""
    text = "\n".join(map(joined_lines, read_as_one(text)))
    lines = pairwise([*as_counted(text).split("\n"), ""])
    return in_usual_layout("\n".join(without_marks(line, below) for line, below in lines))


def without_marks(line: str, below: str) -> str:
    """Return a line without Markdown's marks of headings, emphasis and line breaks."""
    heading = HEADING.match(line)
    if heading and heading[2] == "#" and not is_blank(below):
        heading = None  # a comment in code
    dropped = set(range(heading.end(1), heading.end())) if heading else set()
    for run in re.finditer(r"\*+|_+", line):
        before, behind = (f" {line} "[place] for place in (run.start(), run.end() + 1))
        touches = before > " ", behind > " "
        at_word = [sign > "\x7f" or sign.isalnum() for sign in (before, behind)]
        if run[0][0] == "*":
            is_mark = len(run[0]) in (2, 3) and any(touches)
        else:
            opens, closes = not at_word[0] and touches[1], touches[0] and not at_word[1]
            is_mark = len(run[0]) == 1 and (opens or closes)
        if is_mark and before != "\\":
            dropped.update(range(*run.span()))
    if re.search(r"(?<!\\)\\$", line):
        dropped.add(len(line) - 1)
    copy = "".join(sign for place, sign in enumerate(line) if place not in dropped)
    return line if is_blank(copy) else copy
