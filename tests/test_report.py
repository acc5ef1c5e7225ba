"""`linesift report`: what runs counted, added up, in a page that loads nothing."""

import gzip
import html
import json
import re
from collections import Counter

import pytest

from classifier.files.problems import DataError
from classifier.report.corpus import SHOWN_HOSTS, corpus_page, read_statistics
from classifier.running.counts import Counts
from classifier.running.counts_as_json import as_json

SETTINGS = {"action": "filter", "drop": ["paywall"], "min_content_chars": 9, "model_sha256": "ab"}


def statistics(**values):
    counts = Counts(10, 8, lines=[5, 3, 2, 0], characters=[600, 300, 100, 0])
    counts.dropped["paywalled"] += 2
    counts.hosts.add("a.example", 2, 70)
    counts.hosts.add("<b>b</b>.example", 1, 30)
    counts.ratios[3], counts.ratios[9] = 4, 6
    counts.lengths[11], counts.kept_lengths[0], counts.kept_lengths[11] = 10, 2, 8
    counts.text_bytes, counts.kept_bytes = 20_000, 15_000
    return {"settings": SETTINGS, **as_json(counts), **values}


def write(path, data):
    path.write_text(json.dumps(data))
    return str(path)


@pytest.fixture
def page_of(tmp_path):
    """Make the page of the statistics of one run."""
    return lambda data: corpus_page(*read_statistics([write(tmp_path / "s.json", data)]))


def rows(page):
    """Cells of all rows of the page's tables, as text."""
    found = re.findall(r"<tr>(.*?)</tr>", page)
    return [
        [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.split(r"</t[hd]>", row)]
        for row in found
    ]


def test_runs_are_added_up_and_shown(tmp_path):
    one, two = (write(tmp_path / name, statistics()) for name in ("1.json", "2.json"))
    counts, settings = read_statistics([one, two])
    assert (counts.documents, counts.hosts.ordered()[0]) == (20, ("a.example", 4, 140))
    page = corpus_page(counts, settings)
    table = rows(page)
    assert ["content", "", "60.0 %", "1,200", "10", ""] in table
    assert ["30 to 40 %", "", "8", ""] in table
    assert ["1 KiB to 2 KiB", "", "20", "16", ""] in table
    assert ["nothing", "", "0", "4", ""] in table
    assert ["a.example", "", "140", "4", ""] in table
    assert ["<b>b</b>.example", "", "60", "2", ""] in table
    assert "<b>" not in page
    assert page.count("drop paywall; min content chars 9; model ab") == 1
    assert "25.0 %" in page
    assert "may be short" not in page


def test_why_documents_were_dropped_is_told_in_words(page_of):
    dropped = {"content_chars": 11, "content_ratio": 12, "paywalled": 13, "of another time": 14}
    page = page_of(statistics(dropped_documents=dropped))
    assert re.findall(r"<dt>dropped: (.*?)</dt><dd>(\d+)</dd>", page) == [
        ("too little content", "11"),
        ("too small a share of content", "12"),
        ("of another time", "14"),
        ("paywalled", "13"),
    ]


def test_a_threshold_of_nothing_is_named(page_of):
    settings = {**SETTINGS, "content_threshold": 0.0, "min_content_ratio": 0.0}
    page = page_of(statistics(settings=settings))
    assert "drop paywall; content threshold 0.0; min content chars 9; model ab" in page


def test_bars_are_as_long_as_their_numbers_say(page_of):
    page = page_of(statistics())
    (row,) = (row for row in page.split("<tr>") if "&lt;b&gt;b" in row)
    assert 'width="42.857%"' in row  # 30 of the 70 characters of the first host
    above, below = re.findall(r'<svg class="(\w+)"', page.split("1 KiB to 2 KiB")[1])[:2]
    assert (above, below) == ("read", "kept")
    assert "the upper bar is what was read, the lower one what was kept" in page


def test_what_hosts_may_lack_is_said(page_of):
    data = statistics()
    data["paywall_hosts"]["most_missing_characters"] = 1234
    page = page_of(data)
    assert "short by up to 1,234 characters" in page


def test_nothing_is_loaded_and_no_script_runs(page_of):
    page = page_of(statistics())
    assert "<script" not in page
    assert not re.search(r"src=|href=|url\(|@import", page)
    assert "default-src 'none'" in html.unescape(page)


def test_run_without_documents_is_shown(page_of):
    empty = {"settings": {}, **as_json(Counts())}
    page = page_of(empty)
    assert "<h1>0 documents</h1>" in page
    assert "None: no text was labelled paywall." in page


def test_one_document_is_called_one(page_of):
    one = {"settings": {}, **as_json(Counts(1, 1))}
    page = page_of(one)
    assert "<h1>1 document</h1>" in page
    assert "<title>1 document –" in page


def test_paywall_text_without_an_address_is_not_called_none(page_of):
    data = statistics(paywall_hosts={"hosts": [], "most_missing_characters": 0})
    page = page_of(data)
    assert "no record with paywall text has an address" in page
    assert "no text was labelled paywall" not in page


def test_paywall_text_beside_that_of_the_hosts_is_counted(page_of):
    data = statistics(paywall_hosts={"hosts": [HOST], "most_missing_characters": 0})
    page = page_of(data)
    assert "Of all 100 characters, 99 are in documents without an address (see" in page
    assert "forgotten" not in page
    data["paywall_hosts"]["most_missing_characters"] = 7
    page = page_of(data)
    assert "99 are in documents without an address (see --url-field) or of forgotten hosts." in page
    page = page_of(statistics())
    assert "without an address" not in page


HOST = {"host": "a.example", "documents": 1, "characters": 1}


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        statistics(documents="many"),
        statistics(dropped_documents=[1, "a"]),
        statistics(dropped_documents="paywalled"),
        statistics(lines={"content": 1}),
        statistics(length_histogram=[1, 2]),
        statistics(text_bytes=True),
        statistics(error_examples=[7]),
        statistics(paywall_hosts={"hosts": [HOST | {"host": 7}], "most_missing_characters": 0}),
        statistics(paywall_hosts={"hosts": [7], "most_missing_characters": 0}),
        statistics(characters=dict.fromkeys(["content", "navigation", "paywall", "sponsored"], -1)),
        statistics(settings=None),
        statistics(settings={"drop": 7}),
        statistics(settings={"drop": {"paywall": 1}}),
        statistics(settings={"drop": ["\ud800"]}),
    ],
)
def test_other_files_are_refused_with_a_remedy(tmp_path, data):
    path = write(tmp_path / "s.json", data)
    with pytest.raises(DataError, match=r"s\.json: it is not a statistics file .* --stats FILE"):
        read_statistics([path])


def test_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_statistics([str(tmp_path / "none.json")])


def test_packed_statistics_are_read_and_cut_off_ones_refused(tmp_path):
    packed = gzip.compress(json.dumps(statistics()).encode())
    (tmp_path / "s.json.gz").write_bytes(packed)
    assert read_statistics([str(tmp_path / "s.json.gz")])[0].documents == 10
    (tmp_path / "s.json.gz").write_bytes(packed[:-40])
    with pytest.raises(DataError, match=r"s\.json\.gz: the compressed data ends .* make it anew"):
        read_statistics([str(tmp_path / "s.json.gz")])


def test_statistics_of_many_runs_are_found_by_a_pattern_or_in_a_folder(run, tmp_path):
    for name in ("1.json", "2.json"):
        write(tmp_path / name, statistics())
    for argument in (tmp_path, tmp_path / "*.json"):
        result = run("report", argument)
        assert result.exit_code == 0
        assert "1,200" in result.stdout  # characters of content of both


def test_all_that_a_run_dropped_is_named(page_of):
    page = page_of(statistics(settings={**SETTINGS, "drop_paywalled": True}))
    assert "; drop paywalled documents; model ab" in page


def test_only_the_hosts_with_most_paywall_text_are_shown(tmp_path):
    counts, settings = read_statistics([write(tmp_path / "s.json", statistics())])
    for i in range(SHOWN_HOSTS):
        counts.hosts.add(f"{i}.more.example", 1, 100 + i)
    page = corpus_page(counts, settings)
    assert page.count(".more.example") == SHOWN_HOSTS
    assert "a.example" not in page


@pytest.mark.parametrize("width", [360, 1280])
def test_no_figure_stands_alone_and_no_host_is_broken(chromium, tmp_path, page_of, width):
    hosts = [HOST, HOST | {"host": "www.regional-news.example.com"}]
    found = {"hosts": hosts, "most_missing_characters": 0}
    data = statistics(paywall_hosts=found, dropped_documents={})
    (tmp_path / "page.html").write_text(page_of(data), "utf-8")
    tab = chromium.new_page(viewport={"width": width, "height": 800})
    tab.goto((tmp_path / "page.html").as_uri())
    figures = [figure.bounding_box() for figure in tab.locator(".figures > div").all()]
    assert len(figures) == 7
    assert len(set(Counter(box["y"] for box in figures).values())) == 1, "as many in each row"
    heights = [host.bounding_box()["height"] for host in tab.locator(".host").all()]
    assert heights[0] == heights[1], "both have one line"
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    tab.close()
