"""Labels as pointers: written, read, joined with pages again, and checked."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from harbour import write

pytest.importorskip("resiliparse")

from training.__main__ import main
from training.commands.corpus import corpus
from training.pages import added_pages, rebuild, sources, standoff
from training.pages.added_pages import AddedPage, text_hash
from training.pages.check import problems
from training.pages.files import read_documents
from training.pages.rows import write_rows
from training.pages.sources import require_labelled_html
from training.pages.standoff import (
    LabelRow,
    line_hash,
    page_of,
    read_labels,
    read_pages,
    read_sources,
    write_labels,
)
from training.render import resiliparse_full

FERRY = "<ul><li>Home</li></ul><p>The ferry, “Corrie Belle”, sails.</p><p>Subscribe, 3 €</p>"
SHOP = "<p>Ladder, 3 m</p><p>Advertisement</p>"


def record(name: str, html: str, labels: list[str], **fields) -> dict:
    known = {
        "id": name,
        "source": "public",
        "repo": "owner/pages",
        "commit": "a" * 40,
        "path": f"html/{name}.html",
        "url": f"https://{name}.example.org/a,b",
        "host": f"{name}.example.org",
        "site": f"{name}.example.org",
        "language": "en",
        "page_type": None,
        "text": resiliparse_full(html.encode()),
        "labels": labels,
        "group": name,
    }
    return known | fields


@pytest.fixture
def records():
    return [
        record("ferry", FERRY, ["navigation", "content", "paywall"]),
        record("shop", SHOP, ["content", "sponsored"], page_type="product"),
    ]


@pytest.fixture
def folder(tmp_path, records):
    """The committed labels and the pages of two records."""
    (tmp_path / "pages").mkdir()
    for each, html in zip(records, (FERRY, SHOP), strict=True):
        (tmp_path / "pages" / f"{each['id']}.html").write_bytes(html.encode())
    pages = [
        page_of(each, html.encode()) for each, html in zip(records, (FERRY, SHOP), strict=True)
    ]
    write_labels(tmp_path, records, pages)
    (tmp_path / "sources.json").write_text(json.dumps({"public": {"repo": "owner/pages"}}))
    return tmp_path


def built(folder) -> list:
    parts = read_pages(folder), read_labels(folder), read_sources(folder)
    return list(rebuild.build(*parts, folder / "pages"))


def test_documents_come_back_equal(folder, records, tmp_path):
    documents = built(folder)
    assert documents == records
    rebuild.write_documents(tmp_path / "out" / "documents.jsonl.gz", documents)
    assert read_documents(tmp_path / "out" / "documents.jsonl.gz") == records


def test_equal_labels_give_equal_files(folder, records):
    before = (folder / "public.csv.gz").read_bytes()
    write_labels(folder, records, read_pages(folder))
    assert (folder / "public.csv.gz").read_bytes() == before


def test_rows_name_lines_from_one_and_hold_no_text(folder):
    rows = read_labels(folder)["ferry"]
    text = resiliparse_full(FERRY.encode()).split("\n")
    assert [(text[row.line - 1], row.label) for row in rows] == [
        ("  • Home", "navigation"),
        ("The ferry, “Corrie Belle”, sails.", "content"),
        ("Subscribe, 3 €", "paywall"),
    ]
    assert all(row.hash == line_hash(text[row.line - 1]) for row in rows)


def test_a_page_that_prints_otherwise_is_reported_with_its_first_line(folder):
    (folder / "pages" / "ferry.html").write_bytes(FERRY.replace("3 €", "4 €").encode())
    differing, shop = built(folder)
    last = read_labels(folder)["ferry"][-1].line
    assert (differing.page.id, differing.reason) == ("ferry", f"1 lines differ, first {last}")
    assert shop["id"] == "shop"


def test_a_page_of_other_bytes_is_reported_though_it_prints_the_same_lines(folder):
    page = folder / "pages" / "ferry.html"
    page.write_bytes(FERRY.encode() + b"<script>track()</script>")
    other, shop = built(folder)
    assert other.reason.startswith("other bytes than were labelled; run `python -m training sour")
    assert shop["id"] == "shop"


def test_html_that_is_missing_or_has_other_bytes_is_refused_if_its_page_is_known(two_pages):
    pages = two_pages / "pages"
    require_labelled_html(pages, ["ferry", "shop"])
    (pages / "ferry.html").write_bytes(FERRY.encode() + b" ")
    (pages / "harbour.html").write_bytes(b"of no page of gold")
    require_labelled_html(pages, ["shop", "harbour"])
    with pytest.raises(ValueError, match=r"ferry\.html has other bytes .* sources fetch`"):
        require_labelled_html(pages, ["ferry", "shop"])
    (pages / "shop.html").unlink()
    with pytest.raises(ValueError, match=r"mill\.html \(and 1 more\) is not there; run `"):
        require_labelled_html(pages, ["shop", "ferry", "mill"])


@pytest.mark.parametrize("command", [["views", "build"], ["baselines"]])
def test_nothing_is_made_of_html_of_other_bytes(two_pages, records, command):
    gold, out = write(two_pages / "gold.jsonl", records), two_pages / "out"
    (two_pages / "pages" / "shop.html").write_bytes(SHOP.encode() + b" ")
    options = ["--gold", str(gold), "--pages", str(two_pages / "pages"), "--out", str(out)]
    run = CliRunner().invoke(main, [*command, *options])
    assert run.exit_code == 1
    assert "shop.html has other bytes than were labelled; run `python -m" in run.output
    assert not out.exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda rows: [*rows, rows[-1]], "its lines do not rise, or come twice, first 3"),
        (lambda rows: [rows[0], rows[0]._replace(label="sponsored"), rows[1]], "come twice"),
        (lambda rows: rows[::-1], "its lines do not rise"),
        (lambda rows: [rows[0]._replace(label="advert"), rows[1]], "line 1 is labelled 'advert'"),
    ],
)
def test_a_page_with_wrong_label_rows_is_reported(folder, change, reason):
    labels = read_labels(folder)
    labels["shop"] = change(labels["shop"])
    parts = read_pages(folder), labels, read_sources(folder)
    ferry, wrong = rebuild.build(*parts, folder / "pages")
    assert ferry["id"] == "ferry"
    assert wrong.page.id == "shop"
    assert reason in wrong.reason
    assert "page shop" not in wrong.reason, "that is said before"


def test_a_missing_page_is_named_and_the_others_are_there(folder):
    (folder / "pages" / "ferry.html").unlink()
    missing, shop = built(folder)
    assert missing.page.id == "ferry"
    assert re.search(r"ferry\.html is not there; run", missing.reason)
    assert shop["id"] == "shop"


@pytest.fixture
def two_pages(folder, monkeypatch):
    """A checkout whose labelled pages are those of the folder alone."""
    monkeypatch.setattr(standoff, "read_pages", lambda: read_pages(folder))
    monkeypatch.setattr(sources, "read_pages", lambda: read_pages(folder))
    monkeypatch.setattr(standoff, "read_labels", lambda: read_labels(folder))
    monkeypatch.setattr(standoff, "read_sources", lambda: read_sources(folder))
    monkeypatch.setattr(added_pages, "read_added_pages", list)
    return folder


def build_command(folder):
    options = ["--pages", str(folder / "pages"), "--out", str(folder / "out")]
    return CliRunner().invoke(corpus, ["build", *options])


def test_the_command_writes_the_pages_that_are_there_and_fails(two_pages):
    (two_pages / "pages" / "ferry.html").unlink()
    run = build_command(two_pages)
    assert run.exit_code == 1
    assert "ferry (html/ferry.html): " in run.output
    assert "1 pages do not match their labels" in run.output
    (shop,) = read_documents(two_pages / "out" / "gold" / "documents.jsonl.gz")
    assert shop["id"] == "shop"


def test_without_any_page_the_command_leaves_what_was_built(two_pages):
    assert build_command(two_pages).exit_code == 0
    for page in (two_pages / "pages").iterdir():
        page.unlink()
    run = build_command(two_pages)
    assert run.exit_code == 1
    assert "no page can be had; the first: " in run.output
    assert len(read_documents(two_pages / "out" / "gold" / "documents.jsonl.gz")) == 2


@pytest.mark.parametrize("name", ["documents.jsonl.gz", "labels.csv.gz"])
def test_whoever_stops_writing_leaves_the_file_as_it_was(tmp_path, records, monkeypatch, name):
    def write():
        if name.startswith("labels"):
            write_rows(tmp_path / name, ("id",), [["ferry"]])
        else:
            rebuild.write_documents(tmp_path / name, records)

    def stopped(*arguments, **options):
        raise KeyboardInterrupt

    write()
    before = (tmp_path / name).read_bytes()
    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write()
    assert (tmp_path / name).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [name]


def added(name: str, html: str) -> AddedPage:
    digest = text_hash(resiliparse_full(html.encode()))
    known = ("walks", "public", "a" * 40, f"html/{name}.html", "", "a.example", "en")
    return AddedPage(name, *known, digest)


def test_pages_labelled_in_addition_come_back_by_collection_if_they_print_as_they_did(folder):
    changed = added("shop", SHOP + "<p>Closed</p>")
    pages = [added("ferry", FERRY), changed, added("lost", FERRY)]
    found = rebuild.build_additions(pages, read_sources(folder), folder / "pages")
    (ferry,) = found.pop("walks")
    assert not found
    assert ferry["text"] == resiliparse_full(FERRY.encode())
    assert (ferry["repo"], ferry["group"]) == ("owner/pages", "a.example")


def test_another_extractor_is_refused(monkeypatch):
    monkeypatch.setattr(rebuild, "version", lambda name: "1.9")
    with pytest.raises(ValueError, match=r"pip install resiliparse==2\.0\.1"):
        rebuild.check_extractor()


def test_sound_labels_have_no_problems(folder):
    assert problems(read_pages(folder), read_labels(folder)) == []


def found(folder, pages=None, labels=None) -> str:
    return "\n".join(problems(pages or read_pages(folder), labels or read_labels(folder)))


def test_an_unknown_label_is_found(folder):
    labels = read_labels(folder)
    labels["shop"][1] = labels["shop"][1]._replace(label="advert")
    assert "page shop: line 3 is labelled 'advert'" in found(folder, labels=labels)


def test_a_line_without_label_and_a_label_without_page_are_found(folder):
    labels = read_labels(folder)
    del labels["shop"][1]
    labels["ghost"] = [LabelRow("ghost", "public", "html/ghost.html", 1, "0" * 8, "content")]
    assert "page shop has 2 lines but 1 labels" in found(folder, labels=labels)
    assert "labels of ghost, which is not in pages.csv" in found(folder, labels=labels)


@pytest.mark.parametrize("field", ["site", "host"])
def test_a_site_or_a_host_in_two_groups_is_found(folder, field):
    ferry, shop = read_pages(folder)
    moved = shop._replace(**{field: getattr(ferry, field)})
    assert problems([ferry, moved], read_labels(folder)) == [
        f"{field} ferry.example.org is in several groups: ferry, shop"
    ]


def test_a_page_that_stands_twice_is_found(folder):
    ferry, shop = read_pages(folder)
    copied = shop._replace(html_sha256=ferry.html_sha256)
    assert "pages ferry, shop have the same html_sha256" in found(folder, pages=[ferry, copied])


def test_a_file_with_other_columns_is_named(folder):
    (folder / "pages.csv").write_text("id,source\nferry,public\n")
    with pytest.raises(ValueError, match=r"pages\.csv: the columns must be id, source, commit"):
        read_pages(folder)
    (folder / "pages.csv").write_text("")
    with pytest.raises(ValueError, match=r"pages\.csv: the columns must be"):
        read_pages(folder)


def test_a_damaged_list_of_sources_is_named(folder):
    (folder / "sources.json").write_text("{")
    with pytest.raises(ValueError, match=r"sources\.json: is no JSON"):
        read_sources(folder)
