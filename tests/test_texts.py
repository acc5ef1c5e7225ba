"""docs/texts.md: what it says to do with a page before it is printed, in a real browser."""

import re
from pathlib import Path

from samples import PAGES

from classifier import LineClassifier

TEXTS = Path(__file__).parents[1] / "docs" / "texts.md"
PAGE = """
<ul>
  <li><style>a { color: red }</style><a href="/"> <b>Home</b></a></li>
  <li><div>Harbour</div><ul><li>Ferries</li></ul></li>
  <li><ul><li>Weather</li></ul></li>
  <li><img src="data:,"></li>
</ul>
<p>The bridge reopened on Monday.</p>
"""
FRONT_MATTER = "---\ntitle: Ferries\nurl: https://harbour.example/\ntags: [a, b]\n---\n"


def test_front_matter_is_lost_in_part_and_stays_if_it_is_taken_off():
    said = TEXTS.read_text("utf-8")
    split, joined = re.search(r"`(head, text = .*?)`, then `(.*?)`", said).groups()
    clf = LineClassifier.load()
    for page in PAGES.values():
        for head in ("", FRONT_MATTER):
            found = {"re": re, "page": head + page, "clf": clf}
            exec(split, found)
            assert eval(joined, found) == head + clf.filter(page).text
        assert not clf.filter(FRONT_MATTER + page).text.startswith(FRONT_MATTER)


def test_each_entry_of_a_list_has_a_bullet_before_its_own_words(page):
    code = re.search(r"```js\n(.*?)```", TEXTS.read_text("utf-8"), re.DOTALL)[1]
    page.set_content(PAGE)
    page.evaluate(code)
    lines = page.evaluate("document.body.innerText").split("\n")
    assert [line.strip() for line in lines if line.strip()] == [
        "• Home",
        "• Harbour",
        "• Ferries",
        "• Weather",
        "The bridge reopened on Monday.",
    ]
