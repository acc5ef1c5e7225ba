"""Links are read by their words, and lines stay where they are."""

from itertools import pairwise

import pytest
import reference_counted
from examples import random_layers, texts
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from test_as_read import assert_read_as_the_reference_does, counted

from classifier import FilterPolicy, LineClassifier, pieces
from classifier.as_read import line_characters
from classifier.kernels.reading.links import MOST_NESTED
from classifier.statistics_records import statistics_record

MARKS = [*("[", "](", "]", "(", ")", "!", "<", ">", '"', "'", "\\")]
marks = st.sampled_from(
    [*MARKS, " ", "\t", "\n", "a", "é", "/p", "javascript:", " (/", " (#", "<tel:"]
)
marked = st.lists(marks, max_size=30).map("".join)
documents = st.lists(marked | st.lists(texts | marked, max_size=4).map("".join), max_size=4)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("* [Home](https://kelm.example/)", "* Home"),
        ("[About](about.html) | [Help](/help)", "About | Help"),
        ("![A ferry](/ferry.jpg) at dusk", "A ferry at dusk"),
        ("[![Logo](logo.png) Kelm](/ 'Front page')", "Logo Kelm"),
        ('[Kelm](/kelm "the "old" harbour")', "Kelm"),
        ("[Kelm](https://w.example/Kelm_(harbour))", "Kelm"),
        ("[two words](<two words.html>)", "two words"),
        ("[Kelm](/kelm (the (old) harbour))", "Kelm"),
        ("[Print](javascript:open('page', 'print'))", "Print"),
        ("[Offer]( https://kelm.example/offer )", "Offer"),
        # An escaped bracket is none, one in an address neither.
        (r"[a \[b\]](c\)d)", r"a \[b\]"),
        ("Hurry![Offer](/offer)", "HurryOffer"),
        # Where the bracket begins on the line above, as printers with short lines do it.
        ("and more](/more) of it", "and more of it"),
        ('[a](/u "1) First") and (b)', "a and (b)"),
        # Prose that begins like an address and a title.
        ("[1](see (a b) c). He (as (we) say)", "[1](see (a b) c). He (as (we) say)"),
        ('[x](foo "bar" baz) and ("more")', '[x](foo "bar" baz) and ("more")'),
        ("[1](Smith(2001, p. 4)) says", "[1](Smith(2001, p. 4)) says"),
        # No addresses: white space in it, no end, a reference.
        ("see [1](not an address)", "see [1](not an address)"),
        ("see [1](http://open.example", "see [1](http://open.example"),
        ("see [Kelm][1] and [x] (y)", "see [Kelm][1] and [x] (y)"),
        # Addresses behind bare words.
        ("  • News     (https://kelm.example/news)", "  • News"),
        ("Kelm (/) News (/n_(2)), Write (mailto:a@kelm.example) to us", "Kelm News, Write to us"),
        ("Expand (#) Call (tel:+49 30) (javascript:go(1, 2))", "Expand Call (tel:+49 30)"),
        ("Call (tel:+4930) or read (http://kelm.example/)", "Call or read"),
        ("The bridge (see /plans), either (or both), (1/2)", None),
        ("Kelm (/kɛlm/) has bugs (#1204), (/kelm harbour)", None),
        ("open (/kelm, open(/kelm) and (https:)", None),
        # In other brackets, as mails and html-to-text have them.
        (" * Home [https://kelm.example/] News [/news] Top [#top]", " * Home News Top"),
        ("Home <https://kelm.example/> or write<mailto:a@kelm.example>!", "Home or write!"),
        ("Home ( https://kelm.example/ ) Fähre<http://kelm.example/é> [a]<tel:1>", "Home Fähre a"),
        ("bold</b> [sic] [/kelm harbour] [#1204] <kelm.example> <https://kelm harbour>", None),
        ("open [https://kelm.example (see) <https://kelm.example", None),
        ("code(<https://kelm.example>)", None),
        # All that a line has is not left out.
        ("[https://kelm.example/]", None),
        ("  <https://kelm.example/>", None),
        ("  (/kelm)", None),
        # Of what has no words, as images without a description, a sign is read.
        ("![](/ferry.jpg)", ":"),
        ("  [ ](/) \xa0", ":"),
        ("[![](/ferry.jpg)](/ferry) (/kelm)", ":"),
        ("](/kelm)", ":"),
        ("- [](/)", "- "),
        # The words of one link on several lines, as of a teaser; each line has its own label.
        ("[### Ferry\n\nIt sails [1].\n\nMore](/f) of", "### Ferry\n\nIt sails [1].\n\nMore of"),
        (
            "- [![Logo](/l.png)\n  Kelm](/)\n[\n\n![\nNews\n](/n)",
            "- Logo\n  Kelm\n[\n\n!:\nNews\n:",
        ),
        ("[a\nb](/b) [c\nd](/d)\n[e\n](/f)](/g)", "a\nb c\nd\ne\n:"),
        ("[\na](/b)\n![e\nf](/g)", ":\na\ne\nf"),
        # No end, none of these, or it is escaped.
        ("[a\nb] (/c)\n[d\ne][f](/g)\n\\[h\ni](/j)", "[a\nb]\n[d\ne]f\n\\[h\ni"),
    ],
)
def test_a_link_is_read_by_its_words(line, words):
    words = line if words is None else words
    assert counted([line]) == [words]
    assert reference_counted.as_counted(line) == words


HARD_TEXTS = [
    "[" * (MOST_NESTED + 2) + "a" + "](b)" * (MOST_NESTED + 2),
    "](a)" * 9 + '\n[a](b\n[![a](b "c")](<d e>)',
    "[a](b",
    "[a](b (c (d)) )",
    "[\n" * 9 + "[a\n![\u200b\n\\[b]\n" * 9 + "](c)\n[\u200b](d)" * 30,
    "[a  (/b) c](d) [ (#)](e) (/" + "x" * 60 + " (/f)",
    "x" * 63 + " (/y)" + " " * 57 + "(#)",
]


@given(documents)
@example(HARD_TEXTS)
def test_links_are_read_as_the_reference_does(given_texts):
    assert_read_as_the_reference_does(given_texts)


def test_a_page_has_the_labels_and_statistics_that_it_has_without_addresses(clf):
    page = "\n".join(
        [
            "* [Home](https://kelm.example/)",
            '* [News](/news "All news")',
            "",
            "The bridge reopened on [Monday](/monday) after two years of [repairs](/r_(2024)).",
            "[Subscribe](https://kelm.example/subscribe?from=bridge) to continue reading",
        ]
    )
    (plain,) = counted([page])
    assert "](" not in plain
    done = clf.process([page, plain])
    found = done.batch.probabilities
    n_lines = len(found) // 2
    assert_array_equal(found[:n_lines], found[n_lines:])
    assert statistics_record(done.statistics, 0) == statistics_record(done.statistics, 1)


def test_a_long_address_makes_no_wall_of_a_short_line(clf):
    page = f"The bridge reopened on Monday, says the city.\n\n[Subscribe now](/{'offer' * 20})"
    done = clf.filter(page)
    assert done.dropped[-1].label == "paywall"
    assert not done.stats["paywalled"]


@pytest.mark.parametrize(
    "unit", ["](", "[", "[a](b", "](<", "[](", "](a 'b", "[[a](b)", "\\](", "](a)\n", "[\n](a)"]
)
def test_a_long_line_of_brackets_is_read_as_the_reference_does(unit):
    line = unit * (50_000 // len(unit)) + ")"
    assert counted([line]) == [reference_counted.as_counted(line)]
    counted([line * 20])  # would take minutes, if each looked at all behind it


def test_an_explanation_names_the_words_of_a_link(clf):
    page = "[Harbour](https://kelm.example/h)\n\nThe bridge reopened on Monday."
    why = clf.explain(page, 0)
    assert why.text == page.split("\n")[0]
    names = [part.feature for part in why.contributions["navigation"]]
    assert any("Harbour" in name for name in names)
    assert not any("https" in name or "kelm" in name for name in names)


@settings(max_examples=30)
@given(documents)
def test_characters_of_lines_add_up_to_those_of_documents(given_texts):
    clf = LineClassifier(random_layers(0))
    done = clf.process(given_texts)
    bounds = pairwise(done.batch.document_offsets.tolist())
    characters = line_characters(given_texts)
    found = [characters[first:stop].sum() for first, stop in bounds]
    assert found == done.statistics.characters.sum(axis=1).tolist()


def test_lines_of_links_stay_where_they_are_whatever_is_counted(clf):
    page = "[Home](https://kelm.example/)\n\nThe bridge reopened on [Monday](/m) after two years."
    policy = FilterPolicy(min_content_chars=1)  # decided by statistics, before lines are cut out
    assert clf.filter(page, policy=policy).text == clf.filter(page).text
    done = clf.process([page], policy)
    starts = done.batch.starts.tolist()
    assert done.statistics.lines.sum() == 2
    assert done.batch.starts.tolist() == starts


def test_links_in_a_long_document_leave_lines_where_they_are(monkeypatch, clf):
    monkeypatch.setattr(pieces, "LONGEST_BYTES", 60)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 60)
    lines = [f"[Harbour {i}](https://kelm.example/{i}) at dusk" for i in range(9)]
    assert [line.text for line in clf.label("\n".join(lines))] == lines
