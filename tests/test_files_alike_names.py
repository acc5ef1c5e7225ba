"""Names that macOS and Windows take for one: of two outputs, one would overwrite the other."""

import unicodedata

import pytest
from shards import task

from classifier.files import alike_names
from classifier.files.alike_names import is_one_name, taken_for_one
from classifier.files.locations import PathError
from classifier.running.plan import make_plan

COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "/é.txt") for form in ("NFC", "NFD"))


@pytest.fixture
def blind(monkeypatch):
    """A file system that takes all names for one that might be."""
    monkeypatch.setattr(alike_names, "is_one_name", lambda folder, name, other: True)


@pytest.mark.parametrize(
    "pair",
    [
        ("/out/News.txt", "/out/news.txt"),
        ("/Out/a.txt", "/out/a.txt"),
        ("/Out/A.txt", "/out/a.txt"),
        (COMPOSED, DECOMPOSED),
        (COMPOSED.upper(), DECOMPOSED),
        ("/Straße", "/STRASSE"),
    ],
)
def test_names_of_other_case_or_form_are_found(blind, pair):
    assert taken_for_one(["/else", *pair, "/other"]) == pair


def test_other_names_are_not_compared(blind):
    assert taken_for_one(["/out/a.txt", "/out/á.txt", "/out/a.txt", "/out/A/a.txt"]) is None


def test_all_names_of_a_kind_are_compared(monkeypatch):
    """Some file systems tell cases apart, but not how an accent is written."""
    pair = "/É", "/E\N{COMBINING ACUTE ACCENT}"
    parts = tuple(path[1:] for path in pair)
    monkeypatch.setattr(alike_names, "is_one_name", lambda folder, *names: names == parts)
    assert taken_for_one(["/é", *pair]) == pair


def test_the_file_system_is_asked_and_nothing_stays(tmp_path):
    assert is_one_name(tmp_path, "a", "a")
    assert not is_one_name(tmp_path, "a", "b")
    assert list(tmp_path.iterdir()) == []
    assert not is_one_name(tmp_path / "nowhere", "a", "A")


@pytest.fixture
def inputs(tmp_path):
    paths = [tmp_path / "one" / "News.txt", tmp_path / "two" / "news.txt"]
    for path in paths:
        path.parent.mkdir()
        path.write_text("Home\n")
    return list(map(str, paths))


def test_outputs_that_would_be_one_file_are_refused(blind, inputs, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(PathError) as caught:
        make_plan(inputs, str(out), task(), {})
    assert str(caught.value) == (
        f"{out}/News.txt and {out}/news.txt: to the file system these are one name. "
        "Rename one of the inputs, or give each another -o."
    )
    remedy = "kept.txt and .*Kept.txt: .* Give --excluded another name"
    with pytest.raises(PathError, match=remedy):
        make_plan(inputs[:1], f"{out}/kept.txt", task(), {}, excluded=f"{out}/Kept.txt")
    assert not out.exists()


def test_outputs_that_the_file_system_tells_apart_are_written(run, inputs, tmp_path):
    (tmp_path / "out").mkdir()
    if is_one_name(tmp_path / "out", "News.txt", "news.txt"):
        pytest.skip("this file system takes them for one")
    assert run("filter", *inputs, "-o", "out").exit_code == 0
    assert {path.name for path in (tmp_path / "out").glob("*.txt")} == {"News.txt", "news.txt"}
