"""What looks the same is read as the same, and stays in the text as it is."""

import re
import textwrap
from itertools import pairwise

import pytest
import reference_as_read
import reference_counted
from examples import random_layers, texts
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from classifier import as_read, pieces
from classifier.columns import Column, read_columns
from classifier.labelling import label_column
from classifier.lines import line_spans

INVISIBLE = [*"\u00ad\u061c\u200b\u200e\u200f\u202a\u202e\u2060\u2066\ufeff"]
JOINERS = [*"\u200c\u200d"]
# What begins with the same bytes, and is seen.
LIKE_THEM = [*"\u00ac\xa0\u0618\u2010\u2020\u2022\u2026\u203a\u2070\u23ce\ufefc！"]
OTHERS = [*("a", "ο", "می", " ", "\n", "x" * 61, "[", "](", ")")]
signs = st.sampled_from([*INVISIBLE, *JOINERS, *LIKE_THEM, *OTHERS])
parts = st.sampled_from(
    [*"-*•·1# \t\r\xa0\u2003.!？”)", "- ", "  • ", "a", "é", "x" * 39, "橋" * 19, "\n\n"]
)
lines = st.lists(parts, max_size=5).map("".join)
marks = st.sampled_from([*"#*_\\- a\n\té", "**", "x" * 60, "## ", "\\\n"])
marked = st.lists(st.lists(marks, max_size=40).map("".join), max_size=3)
# What was wrapped, and what was not.
words = st.sampled_from(
    ["a", "é", "橋", "word", "xxxxxx\xa0xx", "x" * 17, "x" * 60, "- ", "9. ", "\n"]
)
wrapped = st.tuples(
    st.lists(st.lists(words, max_size=60).map(" ".join), max_size=4),
    st.sampled_from([49, 50, 72, 130]),
).map(lambda drawn: ["\n".join(textwrap.wrap(text, drawn[1])) + text[-99:] for text in drawn[0]])
layouts = st.lists(st.lists(lines, max_size=30).map("\n".join), max_size=3)
documents = st.lists(st.lists(signs | texts, max_size=20).map("".join), max_size=4)


def texts_of(column: Column) -> list[str]:
    offsets = column.offsets.tolist()
    return [column.data[start:end].tobytes().decode() for start, end in pairwise(offsets)]


def counted(given_texts: list[str]) -> list[str]:
    (column,) = read_columns(given_texts)
    return texts_of(as_read.as_counted(column))


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("Sub\u00adscribe to con\u00adtinue", "Subscribe to continue"),
        ("\ufeffSubscribe to continue\u200b", "Subscribe to continue"),
        ("\u202bاشترك الآن\u202c\u200f", "اشترك الآن"),
        # Persian spells "I want" with one; at the end of a line it does nothing.
        ("می\u200cخواهم\u200c", "می\u200cخواهم"),
        ("Go on \u200c\xa0\u200c\u200b\u200d\ufeff", "Go on \xa0"),
        ("👨\u200d👩\u200d👧 family\u200d plan", "👨\u200d👩\u200d👧 family plan"),
        # All that a line has is not left out.
        ("\u200b \u200b", "\u200b \u200b"),
        ("[\u200b](/home)", "\u200b"),
    ],
)
def test_what_nobody_sees_does_not_count(line, seen):
    assert counted([line]) == [seen]
    assert reference_counted.as_counted(line) == seen


LONG = "The bridge reopened on Monday after two years."
TAIL, GAP = "\nHome", f"\n\n{LONG}"


@pytest.mark.parametrize(
    ("page", "read"),
    [
        # Markdown's dashes.
        (f"Menu\n\n  - Home\n    - News\n\n{LONG}", f"Menu\n\n  • Home\n    • News\n\n{LONG}"),
        ("Menu\n\n-   Home\n-\tNews\n\nx", "Menu\n\n  •   Home\n  •\tNews\n\nx"),
        ("Menu\n\n-\xa0Home\n•\u202fNews\n-\xa0", "Menu\n\n  •\xa0Home\n  •\u202fNews\n-\xa0"),
        # What is said begins with dashes as well; where there is more of it, none is a bullet.
        (f"- Who is it?\n- “It is I.”\n\n{LONG}", f"- Who is it?\n- “It is I.”\n\n{LONG}"),
        ("- Home\n- News\n\n- Who is it?", "  • Home\n  • News\n\n  • Who is it?"),
        ("- Home\na\n- Who?\n- I.\n\nx", "  • Home\na\n- Who?\n- I.\n\nx"),
        ("- Home\n- News\na\n- Who is it?", "  • Home\n  • News\na\n  • Who is it?"),
        ("- Who is it?\n• Home\n\nx", "- Who is it?\n  • Home\n\nx"),
        # No indents; if one entry has some, the others are further out.
        ("Menu\n\n• Home\n* News\n- Help", "Menu\n\n  • Home\n  * News\n  • Help"),
        ("Menu\n\n• Home\n  • News", "Menu\n\n• Home\n  • News"),
        # No blank lines but at the ends, or few: they stand around paragraphs.
        (f"\nHome\nNews\n{LONG}\n{LONG}\nHelp\n", f"\nHome\nNews\n\n{LONG}\n\n{LONG}\n\nHelp\n"),
        (f"\n\nHome\n{LONG}\n\n", f"\n\nHome\n\n{LONG}\n"),
        (f"Kelm\n\n{LONG}" + 9 * "\nHome", f"Kelm\n\n{LONG}\n" + 9 * "\nHome"),
        (f"Home\n \nNews\n{LONG}", f"Home\n \nNews\n{LONG}"),
        # A third blank line far below is enough, and paragraphs have 40 characters, not bytes.
        (f"  • a{20 * TAIL}{3 * GAP}\n{LONG}", f"  • a{20 * TAIL}{3 * GAP}\n{LONG}"),
        (f"a\n{39 * '橋'}\nb", f"a\n{39 * '橋'}\nb"),
        (f"a\n{40 * '橋'}\nb", f"a\n\n{40 * '橋'}\n\nb"),
        (f"Home\n\u3000\xa0\nNews\n{LONG}", f"Home\n\u3000\xa0\nNews\n{LONG}"),
        # Line ends twice; no gap of one blank line.
        ("Menu\n\n\n\n• a\n\n• b\n \n\nc", "Menu\n\n  • a\n  • b\nc"),
        (f"Home\n\nNews\n\n{LONG}", f"Home\n\nNews\n\n{LONG}"),
        ("Home\nNews\n\n\nHelp\n\n\n\nx\n\n  \n", "Home\nNews\n\nHelp\n\n\nx\n"),
        ("Home\n\nNews", "Home\n\nNews"),
        # No entries: dashes within lines, rules, and what stands alone.
        ("a - b\n\n-\n---\n-a\n•\n•a", "a - b\n\n-\n---\n-a\n•\n•a"),
        # Markdown's marks of headings and emphasis.
        ("# Terms\n\n * ## **Use**\n\n### _You_ may **not**:", "Terms\n\n * Use\n\nYou may not:"),
        ("# Log in\nlogin\n## Log out\nlogout", "# Log in\nlogin\nLog out\nlogout"),
        ("snake_case, _a b_, (_c_)\n\n2 ** 3, f(**x)", "snake_case, a b, (c)\n\n2 ** 3, f(x)"),
        ("#1 \\_a \\**b 5* ____ **** _\n\n##\n\n**", "#1 \\_a \\**b 5* ____ **** _\n\n##\n\n**"),
        # Its line breaks: a single backslash at the end.
        ("a\\\n## b\\\n\\\n**\\\nc", "a\nb\n\\\n**\\\nc"),
        ("a\\\\\nb\\ \nc\\d", "a\\\\\nb\\ \nc\\d"),
        (LONG + "\\", LONG),
        # Indents, but not those of lists.
        ("\tMenu\n\n    Home\n News\nHelp", "Menu\n\nHome\nNews\nHelp"),
        ("x\n\n" + 11 * "  Home\n" + "  - News", "x\n\n" + 11 * "Home\n" + "  • News"),
        ("x\n\n" + 9 * "  Home\n" + "  • News", "x\n\n" + 9 * "  Home\n" + "  • News"),
        ("x\n\n  1. Home\n  12) News", "x\n\n  1. Home\n  12) News"),
        ("x\n\n  ▪ Home\n  – News", "x\n\n  ▪ Home\n  – News"),
        ("x\n\n  2024. Home\n  é News", "x\n\n2024. Home\né News"),
        ("\n   \n\t\nMenu\nHome\n", "\n   \n\t\nMenu\nHome\n"),
        # Those of a whole page, but where "•" stands before entries as in the usual layout.
        ("    Menu\n\n      * Home\n      * News\n\n    x", "Menu\n\n  * Home\n  * News\n\nx"),
        ("    Menu\n\n      • Home\n      • News", "    Menu\n\n      • Home\n      • News"),
        ("Menu\n\n" + 9 * "  x\n" + "  * a\n* b", "Menu\n\n" + 9 * "  x\n" + "  * a\n* b"),
        # Lists in lists, as inscriptis and lynx mark them, at the depth that their mark tells.
        ("* Home\n  + News\n   o Kelm\n\nx", "  * Home\n    * News\n      * Kelm\n\nx"),
        ("x\n\n        * a\n          + b\n\ny", "x\n\n        * a\n          * b\n\ny"),
        ("  * Home\n    + News\n\n• Help\n+ x\no x", "  * Home\n    * News\n\n• Help\n+ x\no x"),
        ("    x\n\n      * a\n        + b\n      - c", "x\n\n  * a\n    * b\n  • c"),
        ("* Home\n+ News\no Kelm", "  * Home\n+ News\no Kelm"),
        ("  • Home\n    + News\n    o Kelm", "  • Home\n    + News\n    o Kelm"),
        # White space at the ends of lines.
        ("Home\r\n\r\nNews\r\n", "Home\n\nNews\n"),
        ("Home \n\nNews \u3000\xa0\t\nHelp\u2003", "Home\n\nNews\nHelp"),
        ("Home \n\nNews\n  \nHelp", "Home \n\nNews\n  \nHelp"),
        ("Home\n \xa0\nNews", "Home\n \xa0\nNews"),
        (LONG, LONG),
        # All on one long line, of which the middle third is read, to where a sentence ends.
        ("\n" + "a" * 639 + "橋" * 214 + "c" * 639 + " \n", "橋" * 212),
        ("a" * 640 + "b" * 400 + "!” " + "b" * 235 + "c" * 640, "b" * 400 + "!”"),
        ("a" * 640 + "b" * 300 + "!” " + "b" * 335 + "c" * 640, "b" * 300 + "!” " + "b" * 335),
        ("a" * 640 + "b" * 639 + "c" * 640, "a" * 640 + "b" * 639 + "c" * 640),
        ("a" * 640 + " " * 640 + "c" * 640, "a" * 640 + " " * 640 + "c" * 640),
        ("a" * 1999 + "\nb", "a" * 1999 + "\n\nb"),
    ],
)
def test_a_page_is_read_in_the_usual_layout(page, read):
    (column,) = read_columns([page])
    assert texts_of(as_read.as_read(column).column) == [read]
    assert reference_as_read.as_read(page) == read


HARD_TEXTS = [
    *("a\nb\nc\nd\nh", "ttp\na", "A\n \xa0\nb\n 1. c\n \n d", "A\nb\nc\nd\n "),
    *("A\nb\n" * 2 + "x" * n + " \nc\nd" for n in (52, 53, 54, 55)),
    *("A\nb\n" * 2 + "x" * n + "\n c\nd" for n in (53, 54, 55, 56)),
    "x" * 62 + "\u200b" + "x" * 59 + "\u00ad\n\ufeff",
    "\u200b\n\u200ba",
    "\u200c",
    "- a\n" + "x" * 40 + "\n• b",
    "- a?\n\n- b!”\n  • c\n- \n\xa0\n- d" + "-   e\n" * 40,
    "\n\na\n" + "é" * 40 + "\n\u3000\n",
    "a\n\n" + "é\n" * 9 + "x" * 40,
    "a\n\n" + "é\n" * 8 + "x" * 40,
    "a\n\n" + "b\n\n\n\n" + "x" * 40 + "\n\xa0\n\n- c\n\n",
    "\n\na\nb\n\n\n" + "x" * 40 + "\n\n\n\n",
    "  • a\n\nb\n\nc\n\nd\n\ne\nf",
    "  • a\n\nb\n\nc\n\nd\n\ne\nf\n - g\n",
    "a\n\n\n" * 12 + "x" * 40,
    "a\n\n" * 5 + "x" * 40 + "\n\n\n\nb",
    "a\n\n" * 3 + "x\n" * 40 + "x" * 40,
    "  • a\n\nb\n" + "x-" * 40 + "\n - c",
    "x" * 63 + " \n\n" + "x" * 62 + "  \n\na",
    "x" * 62 + "\u3000",
    "a\r\n\u2003\n\nb\u2003\n \u2003\n\u2003 \nc\r",
    "# a\n\u2003\n# b\n\u3000c\n # d",
    "a\n\n" + "  9\n  10.\n  11. \n  ·\n  · b\n  12.c\n" * 3,
    *("x" * n + "# a" for n in (61, 62, 63)),
    *(" " * n + "**a" for n in (61, 62, 63)),
    *("x" * n + " _a" for n in (61, 62, 63)),
    "a\n\n" + " \xa0\n\tb\n" * 11 + " * c\n\x0bd\n" + "x" * 63 + "\n e\n  \n\n" + "x" * 64,
    "a\n\n" + "\r\t- b?\n c\n" * 8,
    "a\n\n" + " \u3000b\n" * 11 + "\xa0- c\n\xa0" + "x" * 39 + "\n \xa0\xa0" + "é" * 40,
    "à\n\n　\n\n \n" + "x" * 60 + "‒\n\nb" + " " * 63,
    *("\n\xa0\n" + "é橋🌉a" * n + " \u3000\n\x1f" for n in (191, 192, 193, 194)),
    *("é橋🌉? )a." * n + " b" * 99 + "é. c)" * n for n in (81, 82, 83, 84)),
    *("  - a" + "\xa0" * n + "b" for n in (958, 1920)),
]


def assert_read_as_the_reference_does(given_texts: list[str]) -> None:
    expected = [reference_as_read.as_read(text) for text in given_texts]
    (column,) = read_columns(given_texts)
    assert texts_of(as_read.as_read(column).column) == expected


@given(documents | layouts | marked | wrapped)
@example(HARD_TEXTS)
def test_texts_are_read_as_the_reference_does(given_texts):
    assert_read_as_the_reference_does(given_texts)


@given(documents | layouts | wrapped, st.integers(1, 400))
@example(["\u200be\n\n- a\n"], 40)  # one line shorter, one longer
def test_lines_stay_where_they_are(given_texts, longest):
    (column,) = read_columns(given_texts)
    before = pieces.LONGEST_BYTES, pieces.PIECE_BYTES
    pieces.LONGEST_BYTES, pieces.PIECE_BYTES = longest, longest  # long ones in parts
    try:
        found = label_column(column, random_layers(0))
    finally:
        pieces.LONGEST_BYTES, pieces.PIECE_BYTES = before
    for text, first, stop in zip(
        given_texts, found.document_offsets[:-1], found.document_offsets[1:], strict=True
    ):
        spans = [
            (len(text[:start].encode()), len(text[:end].encode()))
            for start, end in line_spans(text)
        ]
        starts, ends = found.starts[first:stop].tolist(), found.ends[first:stop].tolist()
        assert list(zip(starts, ends, strict=True)) == spans


@given(layouts, st.text("\r \t\u00a0").map(lambda space: f"{space} "))
@example(["x" * 39 + "\n\nb", "", " "], "\r ")
def test_white_space_at_the_ends_of_lines_is_not_read(given_texts, space):
    bare = ["\n".join(line.rstrip() for line in text.split("\n")) for text in given_texts]
    # White space makes an entry of a bullet, a heading of "#".
    assume(not re.search(r"(^|\s)([-*•]|#+)$", "\n".join(bare), re.M))
    assume("**" not in "".join(bare))  # U+00A0 touches Markdown's marks
    # Of blank lines, those that begin with a sign beyond ASCII count as not indented.
    around_blank = re.sub(r"[^\0-\x7f]", "", space)
    padded = [
        re.sub(r"(.?)\n", lambda m: m[1] + (space if m[1] else around_blank) + "\n", text)
        for text in bare
    ]
    found, expected = read_without_blanks(padded), read_without_blanks(bare)
    # Lines too short to have been wrapped may be long enough with what ends them.
    assume(count_lines(found) == count_lines(expected))
    assert found == expected


def count_lines(given_texts: list[str]) -> int:
    return sum(len(line_spans(text)) for text in given_texts)


def read_without_blanks(given_texts: list[str]) -> list[str]:
    """Read texts, their blank lines as if nothing stood on them, and none at the end."""
    (column,) = read_columns(given_texts)
    read = texts_of(as_read.as_read(column).column)
    return [re.sub(r"^[^\S\n]+$", "", text, flags=re.M).rstrip("\n") for text in read]


@pytest.mark.parametrize("end", ["\r", "   ", "\xa0"])
def test_white_space_at_the_ends_of_lines_changes_no_label_and_stays(end, clf, corpus):
    for page in corpus.texts:
        padded = "\n".join(line + end for line in page.split("\n"))
        plain, found = clf.filter(page), clf.filter(padded)
        assert [(line.label, line.text) for line in found.kept] == [
            (line.label, line.text + end) for line in plain.kept
        ]


@pytest.mark.parametrize("mark", [*INVISIBLE, *JOINERS])
def test_what_nobody_sees_changes_no_label_and_stays_in_the_text(mark, clf, corpus):
    for page in corpus.texts:
        marked = "\n".join(line + mark * bool(line.strip()) for line in page.split("\n"))
        plain, found = clf.filter(page), clf.filter(marked)
        assert [(line.label, line.text) for line in found.kept] == [
            (line.label, line.text + mark) for line in plain.kept
        ]
        assert found.text.replace(mark, "") == plain.text.replace(mark, "")


def test_a_word_with_soft_hyphens_is_the_word(clf):
    plain = "Nach zwei Jahren ist die Brücke wieder offen.\n\nJetzt weiterlesen im Probeabonnement"
    hyphened = plain.replace("weiterlesen", "wei\u00adter\u00adle\u00adsen")
    hyphened = hyphened.replace("Probeabonnement", "Pro\u00adbe\u00adabon\u00adne\u00adment")
    assert_array_equal(
        clf.label_batch([hyphened]).probabilities, clf.label_batch([plain]).probabilities
    )
    assert clf.explain(hyphened, 1).contributions == clf.explain(plain, 1).contributions
