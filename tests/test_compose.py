"""Phrases in pages: blocks where real ones stand, labels that follow, the same for a seed."""

from pathlib import Path

import numpy as np
import pytest

from classifier.labels import CONTENT, NAVIGATION, PAYWALL, SPONSORED
from classifier.labels import LABELS as NAMES
from training.corpus import corpus_of, fold_of
from training.phrases import phrases_without_fold, read_phrases
from training.written import plans
from training.written.blocks import Line, banks, draw, draw_list
from training.written.compose import hard_negative_pages, placed, written_language
from training.written.layout import insert, join_pages, laid_out, split_pages
from training.written.slots import BULLET

ROOT = Path(__file__).parent.parent
MENU = "  - Hem\n  - Sport\n\n  - Kultur\n  - Mat"
STORY = "\n\n".join(f"Stycke {number} om bron över Kalvån, som byggs om." for number in range(8))
TEXT = f"{MENU}\n\n{STORY}\n\n© Kalvåposten\nKontakt"
LABELS = np.array([NAVIGATION] * 4 + [CONTENT] * 8 + [NAVIGATION] * 2, np.uint8)


@pytest.fixture(scope="module")
def bank():
    return read_phrases(ROOT / "data" / "phrases")


def corpus_in(languages, text=TEXT):
    """Make a corpus of the same page in some languages."""
    labels = [NAMES[code] for code in LABELS]
    return corpus_of(
        {"group": "a.se", "language": language, "text": text, "labels": labels}
        for language in languages
    )


def lines_of(texts):
    return [line for text in texts for line in text.split("\n") if line.strip()]


def many(bank, seed=0):
    return placed(corpus_in(["sv"] * 30), bank, seed, 1.0)


def test_every_line_of_a_changed_page_has_a_label_and_what_was_there_stays(bank):
    texts, labels, is_placed = many(bank)
    lines = lines_of(texts)
    assert len(lines) == len(labels) == len(is_placed)
    assert set(labels[is_placed]) == {0, 1, 2, 3}
    old = [
        (line, label) for line, label, new in zip(lines, labels, is_placed, strict=True) if not new
    ]
    assert set(old) == set(zip(lines_of([TEXT]), LABELS, strict=True))


def test_placed_lines_are_phrases_of_the_page_in_its_language(bank):
    texts, labels, is_placed = many(bank)
    swedish = {
        (text, label)
        for text, label, language in zip(bank.texts, bank.labels, bank.languages, strict=True)
        if language == "sv"
    }
    found = [
        (line, label)
        for line, label, new in zip(lines_of(texts), labels, is_placed, strict=True)
        if new
    ]
    # Bullets are those of the page; the rest are buttons glued together.
    known = sum(
        (line, label) in swedish or (line.removeprefix("  - "), label) in swedish
        for line, label in found
    )
    assert known > 0.9 * len(found)
    assert not any("•  " in line[:4] for line, _ in found)


def test_a_seed_gives_the_same_pages_and_another_gives_others(bank):
    first, again, other = many(bank), many(bank), many(bank, seed=1)
    assert first[0] == again[0]
    assert first[0] != other[0]


@pytest.mark.parametrize(
    ("text", "guess", "language"),
    [
        ("橋の建設が始まった。来年には完成する予定だ。", "zh", "ja"),
        ("大橋的施工已經開始，預計明年完工。", "sv", "zh"),
        ("पुल का काम शुरू हो गया।", "zh", "hi"),
        ("पुलको काम सुरु भयो।", "ne", "ne"),
        ("Bron börjar byggas i vår.", "sv", "sv"),
    ],
)
def test_the_script_overrules_a_guess(text, guess, language):
    assert written_language(text, guess) == language


def test_rare_languages_get_more(bank):
    languages = ["en"] * 400 + ["sv"] * 4
    texts, _, _ = placed(corpus_in(languages), bank, 0, 0.3)
    changed = [text != TEXT for text in texts]
    assert 0.05 < np.mean(changed[:400]) < 0.3
    assert all(changed[400:])


@pytest.mark.parametrize(("place", "before"), [("top", 4), ("end", 12)])
def test_a_wall_stands_before_or_after_the_content(place, before):
    [page] = split_pages([TEXT], LABELS)
    insert(page, [Line("Bara för prenumeranter", PAYWALL)], place, np.random.default_rng(0))
    [text], labels, is_placed = join_pages([page])
    assert np.flatnonzero(is_placed).tolist() == [before]
    assert labels[before] == PAYWALL
    assert "\n\nBara för prenumeranter\n\n" in text


def test_a_wall_amid_the_content_may_cut_it_off():
    block = [Line(text, PAYWALL) for text in ("Läs vidare", "Från 9 kr", "Logga in")]
    kept = set()
    for seed in range(20):
        [page] = split_pages([TEXT], LABELS)
        insert(page, block, "amid", np.random.default_rng(seed))
        [_], labels, _ = join_pages([page])
        after = labels[np.flatnonzero(labels == PAYWALL).max() + 1]
        kept.add((int((labels == CONTENT).sum()) == 8, int(after)))
    assert kept == {(True, CONTENT), (False, NAVIGATION)}


def test_advertisements_amid_the_content_cut_nothing_off():
    block = [Line(text, SPONSORED) for text in ("Anzug", "399 Euro", "Kaufen")]
    for seed in range(20):
        [page] = split_pages([TEXT], LABELS)
        insert(page, block, "amid", np.random.default_rng(seed))
        assert page.labels.count(CONTENT) == 8


def test_a_page_without_blank_lines_or_bullets_gets_none_where_its_print_has_none(bank):
    text = "\n".join(line.removeprefix("  - ") for line in lines_of([TEXT]))
    texts, _, is_placed = placed(corpus_in(["sv"] * 30, text), bank, 0, 1, "")
    assert is_placed.any()
    assert all(line.strip() for text in texts for line in text.split("\n"))
    assert not any(line.startswith(" ") for line in lines_of(texts))


def test_bullets_are_those_of_the_lines_around():
    [page] = split_pages([TEXT], LABELS)
    block = [Line("Alla artiklar", PAYWALL, BULLET), Line("✓ E-tidning", PAYWALL, BULLET)]
    insert(page, block, "furniture", np.random.default_rng(0))
    assert "  - Alla artiklar" in page.lines
    assert "✓ E-tidning" in page.lines


def test_pages_come_back_as_they_were():
    texts, labels, is_placed = join_pages(split_pages([TEXT, "", " \n"], LABELS))
    assert texts == [TEXT, "", " \n"]
    assert np.array_equal(labels, LABELS)
    assert not is_placed.any()


def test_every_plan_can_be_drawn_in_the_large_languages(bank):
    rng = np.random.default_rng(0)
    by_language = banks(bank)
    for choice in (
        plans.WALLS,
        plans.OFFERS,
        plans.MARKERS,
        plans.INLINE_ADS,
        plans.DISCLOSURES,
        plans.SIDE_ADS,
        plans.FURNITURE,
    ):
        for plan in choice:
            for language in ("de", "en", "es", "fr", "ja", "zh"):
                block = draw(plan, by_language[language], rng)
                assert block, plan
                assert len({line.label for line in block}) == 1, block


def test_items_of_an_ad_list_differ_and_stand_between_the_same_lines(bank):
    rng = np.random.default_rng(0)
    plan = plans.AdList(
        (), (plans.slot("product_name", label=SPONSORED),), (plans.slot("pr_label"),), 9
    )
    block = draw_list(plan, banks(bank)["en"], rng)
    marks, items = block[::2], block[1::2]
    if len({line.text for line in marks}) > 1:
        marks, items = items, marks
    assert len({line.text for line in marks}) == 1
    assert len({line.text for line in items}) == len(items) == len(marks) > 1


def test_all_lines_of_an_ad_list_are_sponsored_in_every_language_of_the_bank(bank):
    rng = np.random.default_rng(0)
    for language, lines in banks(bank).items():
        for plan in (*plans.AD_LISTS, *plans.SHOP_TILES):
            block = draw_list(plan, lines, rng)
            assert {line.label for line in block} <= {SPONSORED}, language
            assert block or language not in {"de", "en", "es", "fr", "ja", "zh"}


def test_items_of_an_ad_list_are_built_alike(bank):
    lines = banks(bank)["en"]
    price = plans.slot("product_price", 0.5, label=SPONSORED)
    plan = plans.AdList((), (plans.slot("product_name", label=SPONSORED), price), (), 9)
    prices = {line.text for line in lines["product_price"]}
    shares = set()
    for seed in range(20):
        block = draw_list(plan, lines, np.random.default_rng(seed))
        shares.add(sum(line.text in prices for line in block) / len(block))
    assert shares == {0, 0.5}


def test_an_ad_list_ends_where_the_bank_has_no_more_items(bank):
    lines = banks(bank)["en"]
    few = {"product_name": lines["product_name"][:3], "pr_label": lines["pr_label"][:1]}
    plan = plans.AdList((), (plans.slot("product_name"),), (plans.slot("pr_label"),), 50)
    assert len(draw_list(plan, few, np.random.default_rng(0))) == 6
    assert draw_list(plan, {**few, "pr_label": []}, np.random.default_rng(0)) == []


def test_a_log_in_form_within_a_wall_is_of_the_wall(bank):
    rng = np.random.default_rng(0)
    form = plans.slot("log_in_register", label=PAYWALL)
    [heading, log_in] = draw((plans.slot("rest_hidden"), form), banks(bank)["sv"], rng)
    assert [heading.label, log_in.label] == [PAYWALL, PAYWALL]
    assert log_in.text in {line.text for line in banks(bank)["sv"]["log_in_register"]}


def test_plans_name_templates_that_the_bank_has(bank):
    every = (
        *plans.WALLS,
        *plans.OFFERS,
        *plans.MARKERS,
        *plans.INLINE_ADS,
        *plans.DISCLOSURES,
        *plans.SIDE_ADS,
        *plans.FURNITURE,
        *plans.HARD_NEGATIVES,
        *(
            plan
            for kind in (*plans.AD_LISTS, *plans.SHOP_TILES)
            for plan in (kind.heading, kind.item, kind.mark)
        ),
        plans.PAGE,
    )
    named = {name for plan in every for slot in plan for name in slot.templates}
    assert named <= set(bank.templates)


def test_blank_lines_carry_no_label():
    page = laid_out([Line("a", PAYWALL), Line("b", PAYWALL)], "  • ", 1.0, np.random.default_rng(0))
    assert page.lines == ["a", "", "b"]
    assert page.labels == [PAYWALL, -1, PAYWALL]


@pytest.mark.parametrize("fold", range(5))
def test_hard_negatives_of_a_fold_come_once_each_and_are_none_of_those_without_it(bank, fold):
    sv = "sv" if fold_of("sv") == fold else "xx"
    texts, labels, is_placed = hard_negative_pages(corpus_in([sv]), bank, fold)
    lines = [
        line.removeprefix("  • ")
        for line, new in zip(lines_of(texts), is_placed, strict=True)
        if new
    ]
    assert len(lines) > 20
    assert set(labels[is_placed]) == {CONTENT}
    fitted = set(phrases_without_fold(bank, fold).texts)
    assert not fitted & set(lines)
