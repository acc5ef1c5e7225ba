"""Views of a page: what each extractor prints, and the files of all views."""

import gzip
import json
import re
from pathlib import Path

import pytest

pytest.importorskip("resiliparse")
pytest.importorskip("trafilatura")
pytest.importorskip("inscriptis")
pytest.importorskip("html2text")
pytest.importorskip("bs4")
pytest.importorskip("lxml")

from training.corpus import UNLABELLED
from training.render import VIEWS, resiliparse_full, title_of, wet
from training.views.printing import build_views, counts_text
from training.views.reading import read_views

TEXTS = Path(__file__).parents[1] / "docs" / "texts.md"
PAGE = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>Fähre fährt nicht mehr - Hafenpost</title>
<style>p { color: red }</style><script>var tickets = "none";</script></head>
<body>
<nav><ul><li><a href="/">Startseite</a></li><li><a href="/s">Sport</a></li></ul></nav>
<article><h1>Fähre fährt nicht mehr</h1>
<p>Am Dienstag legt die <b>Corrie Belle</b> zum letzten Mal ab, nach einundsechzig Jahren und
mehr als zweiundzwanzigtausend Fahrten über die Bucht.</p>
<p>Die Karten für die Nachtfahrt verkauft schon lange niemand mehr; man geht am Häuschen vorbei
und sucht sich einen warmen Platz am Fenster.</p></article>
<div style="display:none">Nur hier versteckt</div>
<button>Merken</button>
<table><tr><td>Abfahrt</td><td>23:40</td></tr></table>
</body></html>
""".encode()


def test_the_call_that_is_recommended_prints_the_view_of_gold(tmp_path, monkeypatch):
    code = re.search(r"```python\n(.*?)```", TEXTS.read_text("utf-8"), re.DOTALL)[1]
    (tmp_path / "page.html").write_bytes(PAGE)
    monkeypatch.chdir(tmp_path)
    namespace = {}
    exec(code, namespace)
    assert namespace["text"] == resiliparse_full(PAGE)


def test_the_view_of_gold_keeps_menu_and_bullets_and_no_title():
    lines = [line for line in resiliparse_full(PAGE).split("\n") if line.strip()]
    assert lines[:3] == ["  • Startseite", "  • Sport", "Fähre fährt nicht mehr"]


def test_wet_has_the_title_first_and_one_line_a_block():
    assert wet(PAGE).split("\n") == [
        "Fähre fährt nicht mehr - Hafenpost",
        "Startseite",
        "Sport",
        "Fähre fährt nicht mehr",
        "Am Dienstag legt die Corrie Belle zum letzten Mal ab, nach einundsechzig Jahren und "
        "mehr als zweiundzwanzigtausend Fahrten über die Bucht.",
        "Die Karten für die Nachtfahrt verkauft schon lange niemand mehr; man geht am Häuschen "
        "vorbei und sucht sich einen warmen Platz am Fenster.",
        "Nur hier versteckt",
        "Merken",
        "Abfahrt 23:40",
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_prints_the_article_and_no_script(view):
    text = VIEWS[view](PAGE)
    assert "letzten Mal ab" in text
    assert "var tickets" not in text
    assert "color: red" not in text


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("html", [b"", b"\xff\xfe\x00", b"<p>", b"<a" * 2000])
def test_no_view_stumbles_over_a_broken_page(view, html):
    assert isinstance(VIEWS[view](html), str)


def test_a_page_without_title_has_an_empty_one():
    assert title_of(b"<p>Text") == ""
    assert title_of(PAGE) == "Fähre fährt nicht mehr - Hafenpost"


def test_views_carry_labels_and_can_be_read(tmp_path):
    text = resiliparse_full(PAGE)
    labels = ["navigation"] * 2 + ["content"] * 5
    record = {"id": "p", "group": "g", "language": "de", "source": "s", "page_type": None}
    (tmp_path / "p.html").write_bytes(PAGE)
    records = [{**record, "text": text, "labels": labels}]
    counts = build_views(records, tmp_path, tmp_path / "views", workers=1)
    assert counts["full"]["content"] == 5
    assert "wet" in counts_text(counts)
    corpus = read_views(tmp_path / "views")["wet"]
    assert corpus.records == [{**record, "view": "wet"}]
    assert corpus.labels.tolist() == [1, 1, 1, 0, 0, 0, 0, UNLABELLED, 0]
    with gzip.open(tmp_path / "views" / "full.jsonl.gz", "rt", encoding="utf-8") as file:
        assert json.loads(file.read())["labels"] == labels
