"""What counts of a text, without addresses and what nobody sees, said again in plain Python."""

import re

from classifier.kernels.reading.links import MOST_NESTED
from classifier.lines import is_blank

INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]|"
    "[\u200c\u200d](?![^\0-\x7f\xa0\xad\u2000-\u207f\ufeff])"
)
SCHEME = "https?://|mailto:|tel:|javascript:"
LINK = re.compile(
    rf"\]\(| \((?= *(?:/[!-(*-~]*\)|#[^0-9]|{SCHEME}))| \[(?=/[!-\\^-~]*\]|#[^0-9]|{SCHEME})|"
    rf"[^\0-\x1f(]<(?={SCHEME})"
)


def as_counted(text: str) -> str:
    """Return the text without addresses of links, and without what nobody sees."""
    found: list[str] = []
    n_above = 0  # where no link begins that ends below
    for line in text.split("\n"):
        without_addresses, is_from_above = _shortened(line)
        if is_from_above:
            found[n_above:] = without_bracket(found[n_above:])
            n_above = len(found)
        if not is_blank(without_addresses):
            line = without_addresses
        elif "](" in line:
            line = ":"
        seen = INVISIBLE.sub("", line)
        found.append(line if is_blank(seen) else seen)
    return "\n".join(found)


def without_bracket(lines: list[str]) -> list[str]:
    """Return the lines without the last bracket that is not closed."""
    text = "\n".join(lines)
    depth = 0
    for sign in reversed([*re.finditer(r"(?<!\\)[][]", text)]):
        if sign[0] == "[" and depth == 0:
            before, behind = text[: sign.start()], text[sign.end() :]
            left = before.removesuffix("!")
            if is_blank(left.rpartition("\n")[2] + behind.partition("\n")[0]):
                return f"{before}:{behind}".split("\n")
            return (left + behind).split("\n")
        depth += 1 if sign[0] == "]" else -1
    return lines


def _shortened(line: str) -> tuple[str, bool]:
    """Return the line without addresses, and whether a link ends in it that begins above."""
    copy: list[str] = []
    is_from_above = False
    opened: list[int] = []  # where in the copy
    i = 0
    while i < len(line):
        here = line[i]
        if LINK.match(line, i):
            behind = _behind_address(line, i + 1)
            place = opened.pop() if opened and here == "]" else None
            if behind is not None:
                is_from_above |= here == "]" and place is None
                while here == " " and copy and copy[-1] == " ":
                    copy.pop()
                if place is not None and len(opened) < MOST_NESTED:
                    is_image = place > 0 and copy[place - 1] == "!"
                    del copy[place - is_image : place + 1]
                if here not in " ]":
                    copy.append(here)
                i = behind
                continue
        elif here == "[":
            opened.append(len(copy))
        elif here == "]" and opened:
            opened.pop()
        elif here == "\\" and i + 1 < len(line):
            copy.append(here)
            i += 1
        copy.append(line[i])
        i += 1
    return "".join(copy), is_from_above


def _behind_address(line: str, start: int) -> int | None:
    """Return the place behind the brackets at `start`, if they hold an address."""
    following = LINK.search(line, start + 1)
    whole = line[start + 1 : following.start() if following else len(line)]
    if line[start] != "(":
        found = re.match(r"[^\0- ]*?\]" if line[start] == "[" else r"[^\0- ]*?>", whole)
        return start + 1 + found.end() if found else None
    text = whole.lstrip(" ")
    start += len(whole) - len(text)
    if text.startswith("<"):
        if ">" not in text:
            return None
        at = text.index(">") + 1
    else:
        at = _plain_address(text)
    rest = text[at:].lstrip(" ")
    at = len(text) - len(rest)
    size = _title_size(rest)
    return start + 1 + at + size + 1 if rest[size:].startswith(")") else None


def _plain_address(text: str) -> int:
    depth = at = 0
    while at < len(text):
        if text[at] < " " or (depth == 0 and text[at] == ")"):
            break
        if text[at] == " " and (depth == 0 or not text.startswith("javascript:")):
            break
        depth += (text[at] == "(") - (text[at] == ")")
        at += 2 if text[at] == "\\" else 1
    return min(at, len(text))


def _title_size(text: str) -> int:
    """Return how long the title is with which `text` begins, and spaces behind one in brackets."""
    if text.startswith("("):
        depth = 0
        for place, sign in enumerate(text):
            depth += (sign == "(") - (sign == ")")
            if depth == 0:
                behind = text[place + 1 :]
                return len(text) - len(behind.lstrip(" "))
    elif text[:1] in ("'", '"'):
        quoted, *others = text[1:].split(text[0])
        size = 1 + len(quoted)
        for number, part in enumerate(others):
            size += 1
            if part.startswith(")"):
                return size
            if number % 2 == 0 and ")" in part:  # outside of quotations
                break
            size += len(part)
    return 0
