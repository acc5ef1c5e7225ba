"""Broken lines are read as the paragraphs they are of, and stay in the text as they are."""

import textwrap

import numpy as np
import pytest
import reference_as_read
from harbour import harbour_page
from numpy.testing import assert_array_equal
from test_adapt import ignorant_layers, labelled

from classifier.adapt.tokens import read_tokens
from classifier.as_read import as_read
from classifier.columns import read_columns
from classifier.kernels.reading.wrapping import TRIED
from classifier.lines import numbered_lines
from classifier.statistics import document_statistics

STORY = (
    "After two years of work the bridge over the Kelm reopened on Monday at noon, and the first "
    "cars crossed it within minutes, followed by a brass band and half of the town’s children, who "
    "had been given the morning off. Nobody in Kelm could remember such a crowd at the river."
)
OFFER = (
    "Subscribe today and read all our articles without limits for three months, for only 3 euros a "
    "month; cancel at any time, and keep the harbour calendar that every new subscriber receives."
)
PAGE = f"Kelm Gazette\n\n  • Home\n  • News\n  • Subscribe\n\n{STORY}\n\n{OFFER}\n\nImprint"


def wrapped(text: str, width: int, begin: str = "", end: str = "\n") -> str:
    lines = (
        textwrap.wrap(line, width, initial_indent=begin, subsequent_indent=begin) or [line]
        for line in text.split("\n")
    )
    return end.join(part for parts in lines for part in parts)


def read(text: str) -> str:
    (column,) = read_columns([text])
    found = as_read(column).column
    return found.data[found.offsets[0] : found.offsets[1]].tobytes().decode()


def lines_read(text: str) -> list[str]:
    assert read(text) == reference_as_read.as_read(text)
    return [line for _, line in numbered_lines(read(text))]


KOREAN = (
    "켈름 강의 다리가 이 년에 걸친 공사 끝에 월요일 정오에 다시 열렸고 몇 분 만에 "
    "첫 자동차들이 다리를 건넜으며 악대와 오전 수업을 쉬게 된 마을 아이들의 절반이 그 "
    "뒤를 따랐다. 강가에 그렇게 많은 사람이 모인 것을 기억하는 이는 켈름에 아무도 "
    "없었다. 시장은 지난해 여름까지 다리를 열겠다고 약속했지만 겨울 폭풍이 두 번이나 "
    "공사장을 덮쳐 일이 늦어졌다고 말했다. 옛 다리의 돌은 이제 물레방아로 가는 "
    "산책로에 깔려 있고 봄에는 작은 박물관이 문을 연다."
)
HEBREW = (
    "הגשר מעל נהר קלם נפתח מחדש ביום שני בצהריים לאחר שנתיים של עבודות, והמכוניות הראשונות "
    "חצו אותו בתוך דקות, ואחריהן תזמורת ומחצית מילדי העיירה, ששוחררו באותו בוקר מן הלימודים. "
    "איש בקלם לא זכר המון כזה על גדת הנהר, אמר ראש העיר, שהבטיח לפתוח את הגשר כבר בקיץ שעבר. "
    "אבני הגשר הישן מרצפות עכשיו את השביל אל הטחנה, ובאביב ייפתח שם מוזיאון קטן, שהכניסה אליו "
    "תהיה חופשית לילדים."
)
HEADLINES = (
    "켈름 강의 다리가 이 년에 걸친 긴 공사 끝에 월요일 정오 마침내 다시 열려 첫 자동차 통과\n"
    "시장은 지난 두 번의 겨울 폭풍 때문에 강가의 공사가 예정보다 일 년 가까이 늦어졌다고 말해",
    "הגשר מעל נהר קלם נפתח מחדש לאחר שנתיים ארוכות של עבודות\n"
    "ראש העיר הבטיח לפתוח את הגשר החדש כבר בקיץ של השנה שעברה",
    "Мост через реку Кельм снова открыт после двух лет работ\n"
    "Мэр города обещал открыть новый мост ещё прошлым летом",
    "Über die neue Brücke fahren seit Montag die ersten Bahnen\n"
    "Öffnung der Brücke war schon im letzten Sommer geplant",
)
TABLE = [
    "| Fahrt über die Brücke | werktags bis 20 Uhr | 2,40 Euro |",
    "|-----------------------|---------------------|-----------|",
    "| Fahrt mit dem Rad     | werktags bis 22 Uhr | 1,10 Euro |",
    "| Fahrt mit der Fähre   | nur an den Feiertagen | frei    |",
]
LINES = "Kelm Bridge Opens At Noon After Two Years Of Work And Cars Cross It Within Minutes " * 5
SHORT = "The bridge over the river Kelm reopened on Monday"  # 49 characters


@pytest.mark.parametrize(
    ("page", "found"),
    [
        *((wrapped(PAGE, width), PAGE) for width in (50, 66, 72, 78, 100, 130)),
        (wrapped(PAGE, 72, end="\r\n"), PAGE),
        (wrapped(PAGE, 72, end=" \n"), PAGE),
        (wrapped(f"{STORY}\n\n{OFFER}", 80, "   "), f"{STORY}\n\n{OFFER}"),
        # Lines of scripts without blanks fit any width, and what was cut ends in an ellipsis.
        ("\n".join("橋が二年ぶりに開通し、" * n for n in (5, 6, 5, 7, 6)), None),
        ("\n".join("สะพานเปิดใช้อีกครั้ง" * n for n in (5, 6, 5, 7, 6)), None),
        *(
            ("".join(f"{SHORT} {end}\nnoonish {n}.\n\n" for n in range(4)), None)
            for end in ("of…", "a...")
        ),
        # Where no small letters tell, many more breaks have to.
        *((wrapped(text, 50), text) for text in (KOREAN, HEBREW)),
        *(("\n".join([lines] * 2), None) for lines in HEADLINES),
        # Rows of tables are as wide as each other.
        ("\n".join(TABLE), None),
        ("\n".join(["bridge", "river", *TABLE, *TABLE]), None),
        # Words are broken behind hyphens, without a blank.
        (wrapped(STORY.replace(" cars", "-cars"), 75), STORY.replace(" cars", "-cars")),
        # Links are wrapped with their addresses, and read without.
        (
            wrapped(STORY.replace("Kelm", "[the Kelm](https://kelm.example/river)"), 78),
            STORY.replace("Kelm", "the Kelm"),
        ),
        # Wider than any that is looked for.
        (wrapped(LINES, 140), None),
        # Two breaks may be chance.
        (f"{SHORT} at\nnoonish.\n\n" * 2, None),
        (f"{SHORT} at\nnoonish.\n\n" * 3, f"{SHORT} at noonish.\n" * 3),
        # Entries begin anew, and what would have fitted.
        *(
            (
                f"{wrapped(STORY, 66)}\n{SHORT} at noon,\n{mark}a",
                f"{STORY}\n{SHORT} at noon,\n{mark}a",
            )
            for mark in ("  • ", "12. ")
        ),
        (f"{wrapped(STORY, 78)}\nBy Ida Marlow", f"{STORY}\nBy Ida Marlow"),
        # Verse: hardly any break is where the line is full.
        ("\n".join(f"{SHORT[: 20 + 7 * n % 29]} and on." for n in range(40)), None),
        # Most lines are longer, and could have been wrapped.
        (f"{wrapped(LINES, 60)}\n\n{STORY}\n\n{OFFER}", None),
        # A word that is longer could not; nor are entries of lists by html2text.
        (f"{wrapped(STORY, 72)}\n\n{'kelm/' * 30}", f"{STORY}\n{'kelm/' * 30}"),
        (f"{wrapped(STORY, 72)}\n\n  * {OFFER}", f"{STORY}\n  * {OFFER}"),
    ],
)
def test_lines_that_were_wrapped_are_read_as_one(page, found):
    lines = (page if found is None else found).split("\n")
    assert lines_read(page) == [line for line in lines if line]


@pytest.mark.parametrize(("width", "n_breaks", "most_longer"), [(50, 5, 1), (60, 4, 0)])
def test_five_breaks_allow_for_one_longer_line(width, n_breaks, most_longer):
    broken = wrapped(STORY, width)
    assert broken.count("\n") == n_breaks
    for n_longer in range(3):
        page = "\n\n".join([broken, *[OFFER] * n_longer])
        assert (STORY in lines_read(page)) == (n_longer <= most_longer)


def test_long_pages_are_told_by_their_first_breaks():
    n_paragraphs = 1 + TRIED // 4
    stories = "\n\n".join([wrapped(STORY, 60)] * n_paragraphs)  # of four breaks each
    verse = "\n".join(f"{SHORT[: 20 + 7 * n % 29]} and on." for n in range(TRIED + 1))
    assert lines_read(stories) == [STORY] * n_paragraphs
    assert lines_read(f"{stories}\n\n{verse}").count(STORY) == n_paragraphs
    assert STORY not in lines_read(f"{verse}\n\n{stories}")


BROKEN = (
    "The \nbridge\n over the Kelm reopened on Monday, and \nhalf of the town\n, with a \nbrass band"
    "\n crossed it.\nNobody had seen such a crowd."
)
WHOLE = (
    "The bridge over the Kelm reopened on Monday, and half of the town\n"
    ", with a brass band crossed it.\nNobody had seen such a crowd."
)


@pytest.mark.parametrize(
    ("page", "found"),
    [
        # As BeautifulSoup's get_text("\n") prints links and emphasis.
        (BROKEN, WHOLE),
        (
            "Он \nшёл\n по \nмосту.\nΉταν \nμια\n έκτακτη \nμέρα.",
            "Он шёл по мосту.\nΉταν μια έκτακτη μέρα.",
        ),
        ("read \nThe Kelm Post\n by \nIda Marlow", "read The Kelm Post by Ida Marlow"),
        # Behind sentences, colons and blank lines a line begins anew, and so do entries.
        (f"{BROKEN} \nbut so it is \n\nhere", f"{WHOLE}\nbut so it is\nhere"),
        (f"{BROKEN}\nTags: \nbridges", f"{WHOLE}\nTags:\nbridges"),
        (f"{BROKEN}\nto see \n1. the Kelm", f"{WHOLE}\nto see\n1. the Kelm"),
        (f"{BROKEN}\n1. Kelm \nto see", f"{WHOLE}\n1. Kelm\nto see"),
        # A single blank tells, and a small letter beside it.
        (f"{BROKEN}\nto see  \nthe Kelm\n  river", f"{WHOLE}\nto see\nthe Kelm\nriver"),
        (f"{BROKEN}\nTO SEE \nThe Kelm\n IN MAY", f"{WHOLE}\nTO SEE\nThe Kelm IN MAY"),
        # Entries of menus, and titles, may each have one.
        (
            f"{BROKEN}\nLog in \nBridge reopens \nBy Ida Marlow \nKelm. ",
            f"{WHOLE}\nLog in\nBridge reopens\nBy Ida Marlow\nKelm.",
        ),
        # Two may be chance.
        ("Kelm \nis \na town", "Kelm\nis\na town"),
        ("Kelm \nis \na\n town", "Kelm is a town"),
        # What all lines have tells nothing.
        ("\n".join(f" line {n}" for n in range(9)), "\n".join(f"line {n}" for n in range(9))),
        # Lines that were wrapped are joined where they were, and not elsewhere.
        (f"{wrapped(STORY, 66)} \nand so on", f"{STORY}\nand so on"),
    ],
)
def test_sentences_that_were_broken_are_read_as_one_line(page, found):
    others = "Home\nNews\n" * 6  # so most lines end without white space
    assert [line.strip() for line in lines_read(others + page)] == (others + found).split("\n")


def test_white_space_at_the_ends_of_most_lines_tells_nothing():
    page = "\n".join(f"line {n} of many " for n in range(9))
    assert lines_read(page) == [f"line {n} of many" for n in range(9)]


def spread(text: str, width: int) -> tuple[str, list[int]]:
    """Wrap a text; return also which of its lines each line is of."""
    lines = [line for _, line in numbered_lines(text)]
    counts = [len(textwrap.wrap(line, width)) for line in lines]
    return wrapped(text, width), [n for n, count in enumerate(counts) for _ in range(count)]


@pytest.mark.parametrize("width", [60, 78, 120])
def test_each_line_has_the_label_of_its_paragraph_at_its_own_place(clf, width):
    pages = [PAGE, "", "Home\n\nNews", PAGE.replace("Kelm", "Brim"), PAGE]
    texts, lines = zip(*(spread(page, width) for page in pages), strict=True)
    plain, found = clf.label_batch(pages), clf.label_batch(list(texts))
    before = 0
    for d, (text, own) in enumerate(zip(texts, lines, strict=True)):
        first, stop = found.document_offsets[d : d + 2]
        expected = plain.probabilities[plain.document_offsets[d] :][own]
        assert_array_equal(found.probabilities[first:stop], expected)
        spans = zip(found.starts[first:stop], found.ends[first:stop], strict=True)
        data = text.encode()
        assert [data[start:end].decode() for start, end in spans] == [
            line for _, line in numbered_lines(text)
        ]
        before += len(own)
        assert stop == before
    assert_array_equal(found.labels, found.probabilities.argmax(axis=1))


def test_verdicts_count_lines_that_are_read_as_one_as_one(clf):
    article = f"{STORY}\n\n{STORY[:99]}\n\n{OFFER}"
    plain, found = clf.filter(article), clf.filter(wrapped(article, 60))
    assert plain.stats["truncated"]
    assert found.stats["truncated"]
    statistics = {"data": np.zeros(99, np.uint8), "offsets": np.array([0, 40, 99])}
    spans = {"starts": np.array([0, 20, 0]), "ends": np.array([19, 39, 9])}
    lines = {**statistics, **spans, "document_offsets": np.array([0, 2, 3])}
    labels = np.full(3, 2, np.uint8)
    alone = document_statistics(**lines, labels=labels)
    as_one = document_statistics(**lines, labels=labels, is_joined=np.array([0, 1, 0], np.bool_))
    assert alone.paywalled.tolist() == [True, False]
    assert as_one.paywalled.tolist() == [False, False]
    assert as_one.lines.tolist() == alone.lines.tolist()


def test_an_appeal_is_one_wherever_its_words_were_broken(clf):
    appeal = (
        "The Gazette is read by thousands every day, and it is free. Will you support us with as "
        "little as $5 a month, and keep independent reporting alive for everyone who needs it?"
    )
    page = f"{STORY}\n\n{STORY[:150]}\n\n{appeal}"
    found = [clf.filter(page), *(clf.filter(wrapped(page, width)) for width in range(60, 90))]
    assert all(result.dropped[-1].label == "paywall" for result in found)
    assert not any(result.stats["paywalled"] for result in found)


@pytest.mark.parametrize(
    "unit", [" \n", "\v \n", " " * 33 + "\n", "\u3000" * 12 + "\n", "a \n", "\u200b \n", ") \n"]
)
def test_blank_lines_and_ends_take_no_time_that_grows_with_the_page(unit):
    page = "Some text\n" + unit * (2_000_000 // len(unit.encode())) + "end"
    assert read(page).endswith("end")  # in minutes, were it not so


def test_a_wrapped_offer_goes_whole_and_the_story_stays_as_it_was(clf):
    done = clf.filter(wrapped(PAGE, 72))
    assert wrapped(STORY, 72) in done.text
    assert " ".join(line.text for line in done.dropped if line.label == "paywall") == OFFER


def test_an_explanation_is_that_of_the_paragraph(clf):
    text = wrapped(PAGE, 72)
    (plain,) = [n for n, line in enumerate(clf.label(PAGE)) if line.text == OFFER]
    for n, line in enumerate(clf.label(text)):
        if line.label == "paywall":
            why = clf.explain(text, n)
            assert why.text == line.text != OFFER
            assert why[1:-1] == clf.explain(PAGE, plain)[1:-1]
            assert why.read_as == OFFER
            assert f"\n(read as one line: {OFFER})\n" in str(why)
    assert clf.explain(PAGE, plain).read_as is None
    with pytest.raises(IndexError, match=f"the text has {n + 1} lines"):
        clf.explain(text, n + 1)


def test_wrapped_pages_teach_what_the_same_pages_do():
    bare = [harbour_page(seed) for seed in range(3)]
    story = (f"{STORY}\n\n{OFFER}", "cp")
    pages = labelled([*bare, story])
    text, own = spread(story[0], 72)
    again = labelled([*bare, (text, "".join(story[1][n] for n in own))])
    layers = ignorant_layers()
    plain, found = read_tokens(pages, layers), read_tokens(again, layers)
    rows = [*range(len(pages.labels) - 2), *(len(pages.labels) - 2 + n for n in own)]
    assert found.rows.tolist() == rows
    assert_array_equal(found.places, plain.places)
    assert_array_equal(found.matrix.toarray(), plain.matrix.toarray()[rows])
    added = np.random.default_rng(0).normal(size=(len(pages.labels), 4))
    assert_array_equal(found.logits(layers, added[rows]), plain.logits(layers, added)[rows])
