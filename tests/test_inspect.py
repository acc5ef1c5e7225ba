"""The page of `linesift inspect`, in a real browser: it filters as Python does, and keeps still."""

import html
import json
import random
import re
from itertools import pairwise

import pytest
from browser import main_thread_clock
from inspecting import Opened, document, write_page
from samples import PAGES

from classifier import LABELS, FilterPolicy
from classifier.files.problems import DataError
from classifier.formats.batches import Fields
from classifier.formats.documents import read_documents
from classifier.report.inspection import inspection_page, take_documents

ATTACK = '<img src=x onerror="pwned=1"><script>pwned=1</script>'
ATTACKS = [
    f"Home\n{ATTACK}\n</script><script>pwned=1</script>\nBody text of the page stands here.",
    "<!--<script>\n\u2028\u2029 '\"); pwned=1 //\n{{ 7 * 7 }} {% raw %}\n]]>\n\u202etfel ot\n",
]


def ragged(seed):
    """A page of sample lines with many kinds of blank lines between, before and after."""
    dice = random.Random(seed)
    lines = [line for page in PAGES.values() for line in page.split("\n") if line.strip()]
    pieces = []
    for _ in range(dice.randint(0, 30)):
        pieces += dice.choices(["", " ", "\t\r", "\u3000"], k=dice.choice([0, 0, 1, 2]))
        pieces.append(dice.choice(lines))
    return "\n".join(pieces) + dice.choice(["", "\n", "\n\n", "\n "])


DOCUMENTS = [
    *(document(text, name, f"https://www.{name}.example/a") for name, text in PAGES.items()),
    *(document(text, ATTACK, "https://<b>host</b>.example") for text in ATTACKS),
    *(document(ragged(seed), f"ragged {seed}") for seed in range(9)),
    *(document(text, repr(text)) for text in ("", "\n", " \n\n")),
]


@pytest.fixture(scope="module")
def file(clf, tmp_path_factory):
    assert len(DOCUMENTS) == 30
    return write_page(tmp_path_factory.mktemp("inspect"), clf, DOCUMENTS)


@pytest.fixture
def page(chromium, file):
    opened = Opened(chromium, file, viewport={"width": 1280, "height": 900})
    yield opened
    assert opened.requests == [file.as_uri()]
    assert opened.errors == []
    assert opened.tab.evaluate("typeof pwned") == "undefined"
    opened.context.close()


def policies(clf):
    """Policies of all kinds, some with a threshold that is exactly a line's probability."""
    own = clf.label_batch(list(PAGES.values())).probabilities[::97, 0].astype(float).tolist()
    yield FilterPolicy()
    yield FilterPolicy(drop=())
    yield FilterPolicy(drop=["content", "paywall"])
    yield from (FilterPolicy(content_threshold=p) for p in (0, 0.3, 0.7, 1, *own))
    yield FilterPolicy(drop=["sponsored"], content_threshold=0.9)


def test_every_policy_keeps_the_text_that_python_keeps(page, clf):
    for policy in policies(clf):
        kept = page.tab.evaluate(
            """([drop, threshold]) => {
                const policy = {drop: LABELS.map((name) => drop.includes(name) ? 1 : 0), threshold};
                return DOCUMENTS.map((doc) => rewrite(doc, settle(doc, decide(doc, policy))));
            }""",
            [list(policy.drop), policy.content_threshold],
        )
        assert kept == clf.filter_batch([doc.text for doc in DOCUMENTS], policy)


@pytest.mark.parametrize("name", ["news-metered-wall.en.txt", "ragged 3", "ragged 7"])
def test_slider_refilters_what_is_seen_and_saved(page, clf, name, tmp_path):
    text = next(doc.text for doc in DOCUMENTS if doc.id == name)
    page.open(name)
    page.tab.get_by_label("filtered", exact=True).check()
    page.tab.get_by_label("use", exact=True).check()
    for threshold in (0.3, 0.72):
        page.tab.locator("#threshold").fill(str(threshold))
        expected = clf.filter(text, FilterPolicy(content_threshold=threshold)).text
        lines = [line if line.strip() else "" for line in expected.split("\n")] if expected else []
        assert page.shown() in (lines, lines[:-1])  # a final line end is no line to see
        with page.tab.expect_download() as download:
            page.tab.get_by_text("Save filtered text").click()
        download.value.save_as(tmp_path / "saved.txt")
        assert (tmp_path / "saved.txt").read_bytes().decode() == expected


def test_labels_can_be_hidden_and_kept(page, clf):
    name = "news-metered-wall.en.txt"
    page.open(name)
    lines = clf.label(PAGES[name])
    assert [text for text in page.shown() if text] == [line.text for line in lines]
    page.press("3")
    expected = [line.text for line in lines if line.label != "paywall"]
    assert [text for text in page.shown() if text] == expected
    page.press("3")
    struck = page.tab.locator("#lines .dropped")
    assert struck.count() == sum(line.label != "content" for line in lines)
    page.tab.locator("#drop-paywall").uncheck()
    assert struck.count() == sum(line.label in ("navigation", "sponsored") for line in lines)
    style = "element => getComputedStyle(element).textDecorationLine"
    assert struck.first.locator(".text").evaluate(style) == "line-through"


def test_documents_sort_by_what_is_worth_a_look(page, clf):
    done = clf.process([doc.text for doc in DOCUMENTS])
    sizes = done.statistics.characters
    share = 1 - done.statistics.content_ratio * (sizes.sum(axis=1) > 0) - (sizes.sum(axis=1) == 0)
    paywalled = done.statistics.paywalled + sizes[:, 2] / sizes.sum(axis=1).clip(1)
    bounds = done.batch.document_offsets
    unsure = 1 - done.batch.probabilities.max(axis=1)
    unsure = [unsure[a:b].mean() if b > a else 0.0 for a, b in pairwise(bounds.tolist())]
    for button, values in (
        ("most dropped", share),
        ("paywalled", paywalled),
        ("least certain", unsure),
        ("as read", [0] * len(DOCUMENTS)),
    ):
        page.tab.get_by_role("button", name=button, exact=True).click()
        order = sorted(range(len(DOCUMENTS)), key=lambda i: (-round(float(values[i]), 9), i))
        names = page.tab.locator(".document .name").all_text_contents()
        assert names == [DOCUMENTS[i].id for i in order]


def test_a_document_is_as_certain_as_its_lines_are_in_mean(page, clf):
    facts = page.tab.locator(".document .facts").all_text_contents()
    for doc, said in zip(DOCUMENTS, facts, strict=True):
        found = re.search(r"labels ([\d.]+)\s% certain", said)
        certainty = [max(line.probabilities) for line in clf.label(doc.text)]
        if certainty:
            assert float(found[1]) == pytest.approx(100 * sum(certainty) / len(certainty), abs=0.51)
        else:
            assert not found, "there is nothing to be certain of"


def test_everything_can_be_done_by_keyboard(page, clf):
    page.press("]", "]")
    name = DOCUMENTS[2].id
    assert page.tab.locator("#name").text_content() == name
    lines = clf.label(DOCUMENTS[2].text)
    page.press("l", "ArrowDown", "ArrowDown")
    focused = page.tab.locator(":focus")
    assert focused.locator(".text").text_content() == lines[2].text
    odds = page.tab.locator("#odds .odd").all_text_contents()
    assert [odd.split()[0] for odd in odds] == list(LABELS)
    shares = [float(odd.split()[1]) / 100 for odd in odds]
    assert shares == pytest.approx(lines[2].probabilities, abs=0.006)
    page.press("Enter")
    rows = [row.split("\t") for row in focused.locator("table").inner_text().split("\n")]
    numbers = [
        [float(cell.replace("−", "-")) for cell in row[-4:]] for row in rows if row[-1][:1] in "+−"
    ]
    why = clf.explain(DOCUMENTS[2].text, 2)
    assert numbers[-1] == pytest.approx([why.scores[label] for label in LABELS], abs=0.02)
    added = [sum(column) for column in zip(*numbers[:-1], strict=True)]
    assert added == pytest.approx(numbers[-1], abs=0.01 * len(numbers))
    page.press("Enter", "End")
    assert focused.locator(".text").text_content() == lines[-1].text
    page.press("v", "Home")
    kept = [line.text for line in lines if line.label == "content"]
    assert focused.locator(".text").text_content() == kept[0]
    page.press("t", "ArrowRight")
    assert page.tab.locator("#threshold-value").text_content() == "0.51"
    page.press("[", "Shift+Tab")
    assert page.tab.locator("#name").text_content() == DOCUMENTS[1].id
    keys = page.tab.locator(".keys dt").all_text_contents()
    assert "p n or [ ]" in keys, "brackets need two keys at once on some keyboards"
    page.press("p")
    assert page.tab.locator("#name").text_content() == DOCUMENTS[0].id


def test_the_next_document_is_walked_through_where_one_was(page, clf):
    page.press("l", "ArrowDown", "n")
    assert page.tab.locator("#name").text_content() == DOCUMENTS[1].id
    focused = page.tab.locator(":focus .text")
    lines = clf.label(DOCUMENTS[1].text)
    assert focused.text_content() == lines[0].text
    assert page.tab.evaluate("scrollY") == 0, "the head of a document is seen first"
    page.press("ArrowDown")
    assert focused.text_content() == lines[1].text


@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_follows_the_keys(page, width):
    page.tab.set_viewport_size({"width": width, "height": 500})
    for key, name in (("n", DOCUMENTS[20].id), ("p", DOCUMENTS[0].id)):
        page.press(*[key] * 20)
        assert page.tab.locator("#name").text_content() == name
        shown = page.tab.locator("[aria-current]").bounding_box()
        assert -1 < shown["y"] < 501 - shown["height"]
        assert page.tab.evaluate("scrollY") == 0


def test_attacks_are_shown_as_the_text_they_are(page):
    for number, text in enumerate(ATTACKS):
        page.tab.locator(".document").nth(len(PAGES) + number).click()
        assert page.tab.locator("#name").text_content() == ATTACK
        assert "<b>host<" in page.tab.locator("#origin").text_content()
        assert page.tab.locator("#lines .text").all_text_contents() == text.split("\n")
        page.press("l", "Enter", "ArrowDown", "Enter")
    page.tab.wait_for_timeout(100)  # for what a script might do later


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_window(chromium, file, width):
    opened = Opened(chromium, file, viewport={"width": width, "height": 700})
    for name in ("news-metered-wall.en.txt", "news-ads-newsletter.ar.txt", "news-portal.zh.txt"):
        opened.tab.evaluate("name => open(DOCUMENTS.find((doc) => doc.id === name))", name)
        opened.press("l", "Enter")
        assert opened.tab.evaluate("document.documentElement.scrollWidth") <= width
        share = opened.tab.locator("#lines .share").first
        share.evaluate("share => share.replaceChildren(percent(1))")  # the widest that may come
        assert share.evaluate("share => share.scrollWidth <= share.clientWidth")
    opened.context.close()


def test_arabic_lines_begin_at_the_right_and_numbers_stay_left(page):
    page.open("news-ads-newsletter.ar.txt")
    row = page.tab.locator("#lines .line[data-label]").first
    text = row.locator(".text")
    assert text.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert row.locator(".number").bounding_box()["x"] < text.bounding_box()["x"]


def test_twenty_thousand_lines_open_at_once_and_scroll_smoothly(chromium, clf, tmp_path):
    dice = random.Random(3)
    lines = [line for text in PAGES.values() for line in text.split("\n") if line.strip()]
    text = "\n".join(dice.choices(lines, k=20_000))
    path = write_page(tmp_path, clf, [document(text)])
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    seconds = main_thread_clock(tab)

    def cost(script):
        before = seconds()
        tab.evaluate(script)
        return seconds() - before

    tab.goto(path.as_uri())
    assert tab.locator("#lines .line").count() == 20_000
    assert seconds() < 2
    frame = "await new Promise(requestAnimationFrame);"
    scrolling = f"async () => {{for (let i = 0; i < 100; i++) {{scrollBy(0, 500); {frame}}}}}"
    assert cost(scrolling) / 100 < 1 / 30
    change = "policy.threshold = i / 10; policyChanged();"
    sliding = f"async () => {{for (let i = 0; i < 10; i++) {{{change} {frame}}}}}"
    assert cost(sliding) / 10 < 0.2
    context.close()


def test_a_threshold_finer_than_the_slider_is_shown_and_comes_back(chromium, clf, tmp_path):
    documents = [document(PAGES["news-metered-wall.en.txt"])]
    path = write_page(tmp_path, clf, documents, FilterPolicy(max_content_loss=0.001))
    opened = Opened(chromium, path)
    threshold = opened.tab.evaluate("policy.threshold")
    assert 0 < threshold < 0.01
    shown, dropped = (opened.tab.locator(f"#{name}") for name in ("threshold-value", "dropped"))
    before = shown.text_content(), dropped.text_content()
    assert float(before[0]) == threshold
    for _ in range(2):
        opened.tab.locator("#by-threshold").click()
    assert (shown.text_content(), dropped.text_content()) == before
    assert opened.tab.evaluate("policy.threshold") == threshold
    opened.context.close()


def test_page_refers_to_nothing_outside_and_explains_the_least_certain(clf):
    page = inspection_page(DOCUMENTS[:3], clf, FilterPolicy(), most_explained=5)
    assert page.count("<script") == 2
    head, data = page.split('<script type="application/json" id="data">')
    assert "default-src 'none'" in html.unescape(head)
    assert not re.search(r"src=|href=|url\(|@import", head)
    data = json.loads(data.split("</script>")[0])
    explained = [
        (i, int(n)) for i, doc in enumerate(data["documents"]) for n in doc["explained"]["lines"]
    ]
    certainty = {
        (i, n): max(line.probabilities)
        for i, doc in enumerate(DOCUMENTS[:3])
        for n, line in enumerate(clf.label(doc.text))
    }
    assert sorted(explained) == sorted(sorted(certainty, key=certainty.get)[:5])


def test_documents_are_read_from_every_format_up_to_a_number(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"text": "one", "id": 7, "url": "u.example"}\n{"text": "two"}\n'
    )
    (tmp_path / "b.txt").write_text("three")
    documents, is_all = take_documents(read_documents([str(tmp_path)], Fields()), 2)
    assert [(doc.text, doc.id, doc.url, doc.record) for doc in documents] == [
        ("one", "7", "u.example", 1),
        ("two", None, None, 2),
    ]
    assert not is_all
    documents, is_all = take_documents(read_documents([str(tmp_path)], Fields()), 3)
    assert (documents[2].text, documents[2].format, is_all) == ("three", "text", True)


def test_documents_are_read_up_to_a_bad_one(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n{"text": 2}\n{"text": "three"}\n')
    documents = read_documents([str(tmp_path)], Fields())
    assert next(documents).text == "one"
    with pytest.raises(DataError, match=r"a\.jsonl, record 2: "):
        next(documents)


def test_a_text_too_long_for_a_page_is_refused_and_one_behind_others_left_out(monkeypatch):
    monkeypatch.setattr("classifier.report.inspection.MOST_TEXT_BYTES", 5)
    assert take_documents([document("one"), document("three")], 9) == ([document("one")], False)
    with pytest.raises(DataError, match="too long for a page"):
        take_documents([document("longer")], 9)
