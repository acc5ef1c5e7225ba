"""Text files: encodings are understood and kept."""

import io

import pyarrow as pa
import pytest
from samples import PAGES

from classifier.formats import text
from classifier.formats.batches import Fields

PAGE = "Überschrift\nAD\n中文 line\n"


def parse(data):
    (block,) = text.blocks(io.BytesIO(data), Fields())
    return text.parse(block, Fields())


@pytest.mark.parametrize(
    "data",
    [
        PAGE.encode(),
        PAGE.encode("utf-8-sig"),
        b"\xff\xfe" + PAGE.encode("utf-16-le"),
        b"\xfe\xff" + PAGE.encode("utf-16-be"),
        PAGE.encode("utf-16-le"),
        PAGE.encode("utf-16-be"),
    ],
)
def test_encoding_is_understood_and_kept(data):
    batch = parse(data)
    assert batch.texts.to_pylist() == [PAGE]
    assert text.render(batch, batch.texts).content == data
    shorter = text.render(batch, pa.array([PAGE[:12]], pa.large_string())).content
    assert shorter == data[: len(shorter)]
    assert parse(shorter).texts.to_pylist() == [PAGE[:12]]


@pytest.mark.parametrize(
    "page", ["", "\n", "nul \0 and \r and \u2028", "a\0b" * 50, "a\0" * 50 + "b", "a\0" + "b" * 50]
)
def test_unusual_text_is_just_text(page):
    batch = parse(page.encode())
    assert batch.texts.to_pylist() == [page]
    assert text.render(batch, batch.texts).content == page.encode()


def test_a_byte_order_mark_alone_leaves_no_line_open():
    batch = parse(PAGE.encode("utf-8-sig"))
    document = text.render(batch, pa.array([""], pa.large_string()))
    assert document.content == "".encode("utf-8-sig")
    assert document.open_line == b""


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"caf\xe9 au lait", "not UTF-8"),
        (b"\xff\xfea\x00\x00\xd8", "not UTF-16"),
        ("AD\nBody".encode("utf-32"), "not UTF-8"),
        (b"\0\0\xfe\xff" + "AD\nBody".encode("utf-32-be"), "not UTF-8"),
    ],
)
def test_undecodable_file_is_one_problem_with_its_bytes(data, kind):
    batch = parse(data)
    assert len(batch.texts) == 0
    assert [(p.kind, p.record, p.raw) for p in batch.problems] == [(kind, 1, data)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("odd", ["Ā", "\u3000", "😀", "Ā" * 9])
def test_utf16_may_have_signs_whose_low_byte_is_zero(encoding, odd):
    page = f"{PAGE}It’s {odd} here, the harbour master said on Monday.\n" * 4
    batch = parse(page.encode(encoding))
    assert batch.texts.to_pylist() == [page]
    assert batch.context.name == encoding


def test_utf32_is_named():
    for encoding in ("utf-32-le", "utf-32-be"):
        (problem,) = parse("\ufeff".encode(encoding) + PAGE.encode(encoding)).problems
        assert problem.reason == "it is UTF-32"


def test_the_place_of_damage_in_utf16_counts_the_mark():
    (problem,) = parse(b"\xff\xfea\x00\x00\xd8b\x00").problems
    assert problem.reason == "it is not valid UTF-16 at byte 5"


def test_dropped_document_leaves_no_file():
    batch = parse(b"page")
    assert text.render(batch, pa.array([None], pa.large_string())) is None


@pytest.mark.parametrize("data", [b"\0\n", b"A\0\n\0", b"abc\0def\0ghi\0jkl\0The\0old\0bus\0ran\0"])
def test_utf8_with_zero_bytes_is_utf8(data):
    assert parse(data).texts.to_pylist() == [data.decode()]


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_utf16_is_told_by_its_mark_and_latin_scripts_without_one(page):
    assert parse(page.encode("utf-16")).texts.to_pylist() == [page]
    if sum(map(str.isascii, page)) > len(page) / 2:
        for encoding in ("utf-16-le", "utf-16-be"):
            assert parse(page.encode(encoding)).texts.to_pylist() == [page]
