"""docs/texts.md: what it says to do with a page before it is printed, in a real browser."""

import re
from pathlib import Path

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
