"""Corrections of labels: each fits one line, and both label sets stay readable."""

import json
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from training.pages import standoff
from training.pages.check_pointers import REVIEWED_ROWS, ReviewedRow
from training.pages.corrections import Correction, correct, misfits, read_corrections
from training.pages.files import read_gold
from training.pages.rows import read_rows, write_rows
from training.pages.standoff import LABELS_FOLDER, LabelRow, line_hash
from training.views.alignment_check import (
    Verdict,
    error_counts,
    interval,
    rates_text,
    read_verdicts,
)

DATA_CARD = LABELS_FOLDER.parent / "README.md"

OLD_PAGE = {
    "id": "a",
    "group": "a",
    "source": "public",
    "path": "news.html",
    "text": "Home\n\nReserved for subscribers\nThe tide was high.",
    "labels": ["navigation", "navigation", "content"],
}
NEW_PAGE = OLD_PAGE | {
    "id": "b",
    "text": "Home\n\nReserved for guests\nThe tide was low.",
}


def correction(line: int, text: str, old: str, new: str, path: str = "news.html") -> Correction:
    return Correction("public", path, line, line_hash(text), old, new, "standalone marker")


MARKER = correction(3, "Reserved for subscribers", "navigation", "paywall")


def test_a_correction_changes_one_label_of_the_page_that_has_the_line():
    corrected = correct([OLD_PAGE, NEW_PAGE], [MARKER])
    assert [page["labels"][1] for page in corrected] == ["paywall", "navigation"]
    assert OLD_PAGE["labels"][1] == "navigation"


@pytest.mark.parametrize(
    "wrong",
    [
        MARKER._replace(line=4),
        MARKER._replace(hash="0" * 8),
        MARKER._replace(old="content"),
        MARKER._replace(path="gone.html"),
    ],
)
def test_a_correction_that_fits_no_line_is_named(wrong):
    with pytest.raises(ValueError, match=rf"public {wrong.path} line {wrong.line} fits no line"):
        correct([OLD_PAGE, NEW_PAGE], [wrong])
    rows = [LabelRow("a", "public", "news.html", 3, MARKER.hash, "navigation")]
    assert misfits([MARKER, wrong], {"a": rows}) == [
        f"the correction of public {wrong.path} line {wrong.line} fits 0 label rows, not one"
    ]


def test_corrections_of_pages_that_are_not_there_are_left_out_and_counted(monkeypatch, caplog):
    lost = SimpleNamespace(id="b", source="public", path="news.html")
    there = SimpleNamespace(id="a", source="public", path="news.html")
    monkeypatch.setattr(standoff, "read_pages", lambda: [there, lost])
    of_lost = correction(3, "Reserved for guests", "navigation", "paywall")
    corrected = correct([OLD_PAGE], [MARKER, of_lost])
    assert corrected[0]["labels"] == ["navigation", "paywall", "content"]
    assert "1 of 2 corrections are of pages that are not there" in caplog.text
    with pytest.raises(ValueError, match="fits no line"):
        correct([OLD_PAGE, NEW_PAGE], [MARKER, of_lost._replace(line=4)])


def test_a_correction_that_fits_two_pages_is_named():
    home = correction(1, "Home", "navigation", "content")
    with pytest.raises(ValueError, match="fits two lines"):
        correct([OLD_PAGE, NEW_PAGE], [home])
    row = LabelRow("a", "public", "news.html", 1, home.hash, "navigation")
    (found,) = misfits([home], {"a": [row], "b": [row._replace(id="b")]})
    assert found.endswith("line 1 fits 2 label rows, not one")


@pytest.mark.parametrize("new", ["paywall", "sponsored"])
def test_a_line_is_corrected_once(tmp_path, new):
    with pytest.raises(ValueError, match=r"public news\.html line 3 is there twice"):
        correct([OLD_PAGE], [MARKER, MARKER._replace(new=new, reason="read a third time")])
    row = f"public,news.html,3,{MARKER.hash},navigation"
    other = f"public,news.html,4,{MARKER.hash},navigation,content,a reason"
    write(tmp_path / "c.csv", f"{row},paywall,a reason", other, f"{row},{new},a reason")
    named = rf"row 2 .paywall. and row 4 .{new}. correct one line, 3 of public news\.html"
    with pytest.raises(ValueError, match=named):
        read_corrections(tmp_path / "c.csv")


def test_gold_can_be_read_with_and_without_corrections(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(OLD_PAGE) + "\n" + json.dumps(NEW_PAGE) + "\n")
    original, corrected = read_gold(path), read_gold(path, [MARKER])
    assert np.flatnonzero(original.labels != corrected.labels).tolist() == [1]
    assert original.sha256 != corrected.sha256


def write(path, *rows: str) -> None:
    path.write_text("\n".join(["source,path,line,hash,old,new,reason", *rows]) + "\n")


def test_no_file_is_no_correction(tmp_path):
    assert read_corrections(tmp_path / "corrections.csv") == []


def test_corrections_are_read(tmp_path):
    write(
        tmp_path / "c.csv", f"public,news.html,3,{MARKER.hash},navigation,paywall,standalone marker"
    )
    assert read_corrections(tmp_path / "c.csv") == [MARKER]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("public,news.html,3,00000000,navigation,advert,a reason", "row 2 turns"),
        ("public,news.html,3,00000000,content,content,a reason", "row 2 turns"),
        ("public,news.html,3,00000000,content,paywall, ", "row 2 gives no reason"),
        ("public,news.html,3,00000000,content,paywall", "row 2 has not 7 columns"),
        ("public,news.html,three,00000000,content,paywall,a reason", "row 2: .*'three'"),
    ],
)
def test_a_bad_row_is_named(tmp_path, row, message):
    write(tmp_path / "c.csv", row)
    with pytest.raises(ValueError, match=message):
        read_corrections(tmp_path / "c.csv")


def test_corrections_that_are_not_utf_8_are_named(tmp_path):
    (tmp_path / "c.csv").write_bytes(b"source,path,line,hash,old,new,reason\npublic,caf\xe9\n")
    with pytest.raises(ValueError, match=r"c\.csv: line 2 is not UTF-8"):
        read_corrections(tmp_path / "c.csv")


@pytest.mark.parametrize("size", [0, 5, 40, -4])
def test_half_a_packed_file_is_named(tmp_path, size):
    path = tmp_path / "rows.csv.gz"
    write_rows(path, ReviewedRow._fields, [("public", "news.html", n, "kept") for n in range(99)])
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ValueError, match=r"rows\.csv\.gz: (ends too early|the columns must)"):
        list(read_rows(path, ReviewedRow))


@pytest.mark.parametrize("where", [0, 12, -8])
def test_damaged_bytes_of_a_packed_file_are_named(tmp_path, where):
    path = tmp_path / "rows.csv.gz"
    write_rows(path, ReviewedRow._fields, [("public", "news.html", 1, "kept")])
    content = bytearray(path.read_bytes())
    content[where] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"rows\.csv\.gz: ends too early or is damaged"):
        list(read_rows(path, ReviewedRow))


def test_a_cell_longer_than_any_is_named(tmp_path):
    (tmp_path / "c.csv").write_text('source,path,line,decision\n"' + "a" * 200_000)
    with pytest.raises(ValueError, match=r"c\.csv: row 2 cannot be read"):
        list(read_rows(tmp_path / "c.csv", ReviewedRow))


def test_alignment_errors_are_counted_by_view_and_sample():
    right = Verdict("wet", "a", 1, "0" * 8, "label", "content", "content")
    wrong = right._replace(line=2, judged="navigation")
    assert error_counts([right, wrong, right._replace(sample="reworded")]) == {
        ("wet", "label"): (2, 1),
        ("wet", "reworded"): (1, 0),
    }
    low, high = interval(1, 2)
    assert low < 0.5 < high


def test_the_committed_verdicts_can_be_read():
    verdicts = read_verdicts()
    assert len({(v.view, v.id, v.line, v.sample) for v in verdicts}) == len(verdicts) == 330
    assert "all            label         240" in rates_text(verdicts)


def test_every_correction_was_made_on_reading_the_line_again():
    reviewed = set(read_rows(REVIEWED_ROWS, ReviewedRow))
    for made in read_corrections():
        assert (
            ReviewedRow(made.source, made.path, made.line, f"corrected to {made.new}") in reviewed
        )


def test_the_data_card_counts_the_lines_read_again():
    rows = list(read_rows(REVIEWED_ROWS, ReviewedRow))
    decisions = Counter(row.decision for row in rows)
    changes = Counter(f"corrected from {made.old} to {made.new}" for made in read_corrections())
    counted = dict(changes) | {name: decisions[name] for name in ("kept", "kept, doubtful")}
    assert sum(counted.values()) == len(rows) == 1020
    card = DATA_CARD.read_text("utf-8")
    for name, count in counted.items():
        assert f"| {name} | {count} |" in card
