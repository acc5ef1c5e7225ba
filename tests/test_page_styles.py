"""How the pages of inspect, report and compare look: legible, on paper and in small windows."""

import numpy as np
import pytest
from inspecting import document, write_page
from samples import PAGES

from classifier import LABELS, LineClassifier
from classifier.adapt.comparison import Change, Comparison
from classifier.report.comparison import comparison_page
from classifier.report.corpus import corpus_page
from classifier.running.counts import Counts
from classifier.shown_text import SHOWN_CHARS

CONTRAST = 4.5  # of WCAG 2, level AA


def large_corpus():
    counts = Counts(104_857_600, 98_765_432)
    counts.text_bytes, counts.kept_bytes = 900_000_000_000, 105_226_698_752
    counts.lines = [4_123_456_789, 3_123_456_789, 223_456_789, 98_765_432]
    counts.characters = [412_345_678_901, 98_345_678_901, 9_345_678_901, 1_345_678_901]
    counts.dropped.update(paywalled=12_345_678, content_chars=12_345_678)
    counts.ratios = [98_765_432] * len(counts.ratios)
    counts.lengths = counts.kept_lengths = [98_765_432] * len(counts.lengths)
    counts.hosts.add(f"www.{'long-name-' * 8}.example", 98_765_432, 123_456_789_012)
    counts.hosts.add("b.example", 8_765_432, 23_456_789_012)
    return corpus_page(counts, [{"action": "filter", "drop": ["paywall"]}])


def comparison():
    change = Change(7, "The bridge. " * 100_000, "content", "navigation", 0.5, 0.6)
    counts = np.eye(4, dtype=np.int64)
    return comparison_page([Comparison("a_long_name" * 50, [change], counts)], "a.npz", "b.npz")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    documents = [document(text, name) for name, text in PAGES.items()]
    inspect = write_page(folder, LineClassifier.load(), documents, most_explained=0)
    for name, page in (("report", large_corpus()), ("compare", comparison())):
        (folder / f"{name}.html").write_text(page, "utf-8")
    return {"inspect": inspect, **{name: folder / f"{name}.html" for name in ("report", "compare")}}


@pytest.fixture
def tab(chromium):
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["inspect", "report", "compare"])
def test_no_page_is_wider_than_its_window(tab, files, name, width):
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(files[name].as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1280])
def test_figures_of_a_large_corpus_stay_in_their_cells(tab, files, width):
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(files["report"].as_uri())
    wide = """() => [...document.querySelectorAll("td, th, dd, dt")]
        .filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent)"""
    assert tab.evaluate(wide) == []
    bars = "[...document.querySelectorAll('svg')].map((bar) => bar.clientWidth)"
    assert min(tab.evaluate(bars)) > 20


@pytest.mark.parametrize("name", ["inspect", "report", "compare"])
def test_paper_is_light_and_has_no_controls(tab, files, name):
    colours = (
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    scheme = "getComputedStyle(document.documentElement).colorScheme"
    seen = {}
    for medium, preferred in (("screen", "light"), ("screen", "dark"), ("print", "dark")):
        tab.emulate_media(media=medium, color_scheme=preferred)
        tab.goto(files[name].as_uri())
        seen[medium, preferred] = tab.evaluate(colours), tab.evaluate(scheme)
    assert seen["print", "dark"] == seen["screen", "light"] != seen["screen", "dark"]
    assert not [
        control
        for control in tab.locator("button, input, canvas, kbd").all()
        if control.is_visible()
    ]


def test_without_javascript_a_page_of_inspect_says_so_and_has_nothing_to_press(chromium, files):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(files["inspect"].as_uri())
    said = "This page needs JavaScript, which it holds itself: nothing is loaded."
    assert tab.inner_text("body").strip() == said
    context.close()


def test_a_page_of_inspect_is_printed_without_empty_space(tab, files):
    tab.emulate_media(media="print")
    tab.goto(files["inspect"].as_uri())
    tab.evaluate("open(DOCUMENTS.find((doc) => doc.lines.length % BLOCK_LINES < 20))")
    below = (
        "document.documentElement.scrollHeight - lines.rows.at(-1).getBoundingClientRect().bottom"
    )
    assert tab.evaluate(below) < 50


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_the_tint_of_its_label(tab, files, scheme):
    tab.emulate_media(color_scheme=scheme)
    tab.goto(files["inspect"].as_uri())
    painted = """(label) => {
        const row = document.querySelector(".line.dropped");
        row.dataset.label = label;
        const canvas = document.createElement("canvas").getContext("2d");
        const paint = (element, name) => {
            canvas.fillStyle = getComputedStyle(element)[name];
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        return [...row.querySelectorAll(".text, .number, .share")].map((part) => {
            paint(document.body, "backgroundColor");
            return [paint(row, "backgroundColor"), paint(part, "color")];
        });
    }"""
    for label in LABELS:
        pairs = np.array(tab.evaluate(painted, label))
        assert pairs.shape == (3, 2, 3)
        assert min(map(contrast, pairs)) >= CONTRAST, label


def contrast(pair):
    """Ratio of the luminances of two colours, as WCAG 2 defines it."""
    shares = pair / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    dark, bright = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (bright + 0.05) / (dark + 0.05)


def test_a_long_line_that_changes_is_cut(tab, files):
    tab.goto(files["compare"].as_uri())
    shown = tab.locator(".text").text_content()
    assert shown == ("The bridge. " * 1_000)[:SHOWN_CHARS] + "… (+1,198,000 characters)"
