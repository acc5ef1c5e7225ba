"""What is read of a line, said again in plain Python."""

import re
from itertools import groupby, pairwise
from unicodedata import normalize

from reference_words import character

from classifier.kernels import characters
from classifier.kernels.fragments import LEAST_JOINTS as FEWEST
from classifier.kernels.links import MOST_NESTED
from classifier.kernels.page_layout import LINES_TO_GAP, MOST_GAPS
from classifier.kernels.paragraphs import PARAGRAPH
from classifier.kernels.splitting import LONG_LINE
from classifier.kernels.stray_indents import STRAY, WHOLE
from classifier.kernels.survey import INDENTED, WRAPPED_LEAST
from classifier.kernels.usual_layout import INDENT
from classifier.kernels.wrapping import (
    LEAST,
    LEAST_UNCASED,
    LONGEST,
    NARROWEST,
    TENTHS,
    TENTHS_UNCASED,
    TO_LONGER,
    TRIED,
    WIDEST,
)
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
BEHIND_MARK = "[ \t\u00a0\u202f]+(?=[^\0- \u00a0\u202f])"
ENTRY = re.compile(rf"([ \t\r]*)([-*•]){BEHIND_MARK}")
NESTED = re.compile(rf"([ \t\r]*)([*+o]){BEHIND_MARK}")
OTHER_ENTRY = re.compile(rf"[ \t\r]*([0-9]{{1,3}}[.)]|[^\0-\x7f]){BEHIND_MARK}")
TRAILING = re.compile("[\t\v\f\r\x1c-\x1f \xa0\u1680\u2000\u3000]$")
HEADING = re.compile(rf"([ \t\r]*(?:[-*•]{BEHIND_MARK})?)(#{{1,6}}){BEHIND_MARK}")
SMALL = re.compile("[\xdf-\u058f\u1e00-\u1fff]")
SENTENCE = re.compile(r"""[.!?:…؟。۔।][\s"'’“”」』)\]}】》>»›→▶►]*$""")


def as_read(text: str) -> str:
    """Return a document as it is read."""
    text = "\n".join(map(joined_lines, read_as_one(text)))
    lines = pairwise([*map(as_counted, text.split("\n")), ""])
    return in_usual_layout("\n".join(without_marks(line, below) for line, below in lines))


def joined_lines(lines: list[str]) -> str:
    """Return lines as one, with a blank where they meet, but behind a hyphen."""
    text = lines[0]
    for line in lines[1:]:
        text += line if re.search(r"[^\0-\-]-$", text.lstrip()) else " " + line
    return text


def read_as_one(text: str) -> list[list[str]]:
    """Return the lines of a document, those together that were broken."""
    lines = text.split("\n")
    joined = [False] * (len(lines) - 1)
    for begins, least, tenths in (
        (begin_small(lines), LEAST, TENTHS),
        (begin_uncased(lines), LEAST_UNCASED, TENTHS_UNCASED),
        (are_indented(lines), LEAST, TENTHS),
    ):
        if begins:
            joined = was_wrapped(lines, least, tenths)
            break
    if not any(joined) and not are_ends_blank(lines):
        goes_on_below = [goes_on(line, below) for line, below in pairwise(lines)]
        joined = [is_found and sum(goes_on_below) >= FEWEST for is_found in goes_on_below]
    found = [[lines[0]]]
    for line, is_joined in zip(lines[1:], joined, strict=True):
        if is_joined:
            found[-1][-1] = found[-1][-1].rstrip()
            found[-1].append(line.lstrip())
        else:
            found.append([line])
    return found


def begin_small(lines: list[str]) -> bool:
    """Return whether lines begin with a small letter as where they were wrapped."""
    return sum(is_small(line[0]) for line in below_others(lines)) >= WRAPPED_LEAST


def begin_uncased(lines: list[str]) -> bool:
    """Return whether lines begin with a letter of a script without small ones."""
    found = (re.match("[\u05c0-\u1fff\ua000-\udfff]", line) for line in below_others(lines))
    return sum(map(bool, found)) >= WRAPPED_LEAST


def are_indented(lines: list[str]) -> bool:
    """Return whether nearly all lines are indented."""
    below = below_others(lines)
    return sum(line[0] != " " for line in below) * INDENTED < len(below)


def below_others(lines: list[str]) -> list[str]:
    """Return the lines below others that are not empty."""
    return [line for above, line in pairwise(lines) if above and line]


def goes_on(line: str, below: str) -> bool:
    """Return whether a sentence goes on in the line below."""
    is_left = re.search("(?<! ) $", line) or (below[:1] == " " < min(line[:1], below[1:2]))
    seen, before = line.rstrip(), None
    while seen != before:
        before, seen = seen, re.sub(rf"({INVISIBLE.pattern})$", "", seen).rstrip()
    if not is_left or is_blank(below) or seen == "":
        return False
    if not is_small(below.lstrip()[0]):
        are_left = line[-1] == below[-1] == " "
        if are_left or not is_small(seen[-1]):
            return False
    is_whole = SENTENCE.search(normalize("NFKC", seen)) or begins_entry(line)
    return not (is_whole or begins_entry(below))


def is_small(sign: str) -> bool:
    """Return whether a character is a small letter."""
    if sign.isascii():
        return sign.islower()
    return SMALL.match(sign) is not None and character(sign).kind == characters.LETTER


def was_wrapped(lines: list[str], least: int, tenths: int) -> list[bool]:
    """Tell which lines were wrapped where they end, but for the last."""
    fitting = [fitting_widths(line, below) for line, below in pairwise(lines)]
    first = [*filter(None, fitting)][:TRIED]
    n = most_fitting(first)[1]
    is_likely = len(first) < TRIED or 10 * n >= tenths * TRIED
    width = wrap_width(lines, fitting, least, tenths) if is_likely else 0
    return [width in widths for widths in fitting]


def fitting_widths(line: str, below: str) -> range:
    """Return the widths at which a line ends if it was wrapped before the word below it."""
    n = len(line.rstrip())
    if len(line.encode()) < LONG_LINE or is_blank(below) or begins_entry(below):
        return range(0)
    if re.match(r"[ \t\r]*\|", below):  # of a table
        return range(0)
    first, word = (re.match(r"[^\t-\r ]*", text.lstrip())[0] for text in (line.rstrip(), below))
    if is_unspaced(first) or is_unspaced(word) or line.rstrip().endswith(("…", "...")):
        return range(0)
    return range(n, n + len(word) + 1) if 0 < n <= WIDEST else range(0)


def most_fitting(fitting: list[range]) -> tuple[int, int]:
    """Return the least width that most lines fit, and how many do."""
    counts = {width: sum(width in own for own in fitting) for width in range(NARROWEST, WIDEST + 1)}
    return max(counts.items(), key=lambda item: item[1])


def is_unspaced(word: str) -> bool:
    """Return whether a word is as long as only those of scripts without blanks are."""
    return len(word) > LONGEST and len(word.encode()) > 2 * len(word)


def wrap_width(lines: list[str], fitting: list[range], least: int, tenths: int) -> int:
    """Return the width at which lines were wrapped, 0 if they were not."""
    width, n = most_fitting(fitting)
    n_breaks = sum(map(bool, fitting))
    n_longer = sum(
        len(line.rstrip()) > width
        and re.search("[\t-\r ]", line.strip()) is not None
        and not begins_entry(line)
        for line in lines
    )
    is_wrapped = n >= least and 10 * n >= tenths * n_breaks and TO_LONGER * n_longer <= n
    return width if is_wrapped else 0


def without_marks(line: str, below: str) -> str:
    """Return a line without Markdown's marks of headings and emphasis."""
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
    copy = "".join(sign for place, sign in enumerate(line) if place not in dropped)
    return line if is_blank(copy) else copy


def in_usual_layout(text: str) -> str:
    """Return a document with bullets, indents and blank lines where most have them."""
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


def nested_depths(lines: list[str]) -> dict[int, int]:
    """Return the depth of each entry where lists in lists have marks of their own."""
    found = {}
    for number, line in enumerate(lines):
        match = NESTED.match(line)
        if match and (match[1] or match[2] == "*"):
            found[number] = "*+o".index(match[2]) + 1
    return found if {1, 2} <= set(found.values()) else {}


def are_ends_blank(lines: list[str]) -> bool:
    """Return whether most lines that are not blank have white space at their ends."""
    printed = [line for line in lines if not is_blank(line)]
    n_trailed = sum(bool(TRAILING.search(line)) for line in printed)
    other_space = sum(line != "" and is_blank(line) and not TRAILING.search(line) for line in lines)
    return n_trailed > 0 and 2 * n_trailed >= len(printed) + other_space


def begins_entry(line: str) -> bool:
    """Return whether a line is an entry, with a number or another sign as well."""
    if ENTRY.match(line):
        return True
    other = OTHER_ENTRY.match(line)
    signs = (characters.PUNCTUATION, characters.SYMBOL)
    return bool(other) and (other[1].isascii() or character(other[1]).kind in signs)


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


def as_counted(line: str) -> str:
    """Return the line without addresses of links, and without what nobody sees."""
    without_addresses = _shortened(line) if LINK.search(line) else line
    if not is_blank(without_addresses):
        line = without_addresses
    elif "](" in line:
        line = ":"
    found = INVISIBLE.sub("", line)
    return line if is_blank(found) else found


def _shortened(line: str) -> str:
    copy: list[str] = []
    opened: list[int] = []  # where in the copy
    i = 0
    while i < len(line):
        here = line[i]
        if LINK.match(line, i):
            behind = _behind_address(line, i + 1)
            place = opened.pop() if opened and here == "]" else None
            if behind is not None:
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
    return "".join(copy)


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
