"""The sample pages and their labels: what README, tests and new annotators rely on."""

import pytest
from samples import ENTRIES, PAGES

from classifier.labels import LETTERS
from classifier.lines import is_blank, split_lines


def labelled_lines(name: str) -> list[tuple[str, str]]:
    """Lines of a sample that carry a label, each with its letter."""
    lines = [line for line in split_lines(PAGES[name]) if not is_blank(line)]
    return list(zip(lines, ENTRIES[name]["labels"], strict=True))


def test_every_page_has_an_entry_and_every_entry_a_page():
    assert sorted(ENTRIES) == list(PAGES)


def test_the_pages_are_many_and_of_many_languages():
    assert len(ENTRIES) >= 12
    assert len({entry["language"] for entry in ENTRIES.values()}) >= 7


def test_each_label_is_found_in_at_least_three_languages():
    for letter in LETTERS:
        entries = [entry for entry in ENTRIES.values() if letter in entry["labels"]]
        assert len({entry["language"] for entry in entries}) >= 3, letter


@pytest.mark.parametrize("name", ENTRIES)
def test_a_page_has_one_letter_for_each_line_that_is_not_blank(name):
    lines = labelled_lines(name)  # strict: raises if the counts differ
    assert 30 <= len(lines) <= 120
    assert {letter for _, letter in lines} <= set(LETTERS)
    assert {"c", "n"} <= {letter for _, letter in lines}


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_says_what_the_page_is(name):
    entry = ENTRIES[name]
    assert list(entry) == ["language", "page_type", "comment", "labels"]
    assert name.endswith(f".{entry['language']}.txt")
    assert entry["page_type"] in {"article", "documentation", "forum", "product", "service"}
    assert entry["comment"].endswith(".")


# Equal counts would not show that the letters have slipped by a line: these
# lines, most of them from the ends of a block, would.
@pytest.mark.parametrize(
    ("name", "line", "letter"),
    [
        ("news-metered-wall.en.txt", "Subscribe to continue reading", "p"),
        ("news-metered-wall.en.txt", "  • Subscribe", "n"),
        ("news-metered-wall.en.txt", "Story continues below advertisement", "s"),
        ("magazine-subscription-offers.en.txt", "  • Print £30", "p"),
        ("blog-affiliate-disclosures.en.txt", "Price: $54.95 at Trailbarn", "s"),
        ("blog-affiliate-disclosures.en.txt", "1. Emberling Solo", "c"),
        ("forum-thread.en.txt", "Promoted post", "s"),
        ("product-page.en.txt", "£148.00", "c"),
        ("product-page.en.txt", "Add to cart", "n"),
        ("docs-software.en.txt", "Subscribe to an event", "c"),
        ("docs-software.en.txt", "Team\t$19 per month\t2 million", "c"),
        ("recipe-share-print.en.txt", "  • Salt", "c"),
        ("regional-news-consent-or-pay.de.txt", "Pur-Abo abschließen", "p"),
        ("company-service.de.txt", "Jetzt Rabatt sichern", "s"),
        ("news-reserve-abonnes.fr.txt", "Article réservé aux abonnés", "p"),
        ("sports-link-farm.es.txt", "  • tarot por videollamada", "s"),
        ("magazine-donation-appeal.it.txt", "Causale: donazione", "p"),
        ("news-portal.zh.txt", "青禾枕业", "s"),
        ("members-only-article.ja.txt", "いつでも解約できます", "p"),
        ("news-ads-newsletter.ar.txt", "أكاديمية السبيل", "s"),
        ("personal-blog.ru.txt", "Только для подписчиков", "p"),
    ],
)
def test_a_line_that_says_what_it_is_has_that_label(name, line, letter):
    assert (line, letter) in labelled_lines(name)
