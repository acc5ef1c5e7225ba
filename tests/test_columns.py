import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from examples import texts
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.columns import like_input, read_columns, write_column

STRING_TYPES = [pa.string(), pa.large_string(), pa.string_view()]
documents = st.lists(texts | st.none(), max_size=6)


def as_list(columns) -> list[str | None]:
    """Read columns back, one after another."""
    found = []
    for column in columns:
        for d, (start, end) in enumerate(zip(column.offsets, column.offsets[1:], strict=False)):
            text = column.data[start:end].tobytes().decode()
            assert not (column.missing[d] and text), "a missing document has no bytes"
            found.append(None if column.missing[d] else text)
    return found


def array_with_garbage(values: list[bytes], valid: list[bool], array_type) -> pa.Array:
    """Make a string array of any bytes, null where not valid, bytes or no bytes."""
    width = np.int64 if array_type == pa.large_string() else np.int32
    offsets = np.cumsum([0, *map(len, values)]).astype(width)
    bits = np.packbits(valid, bitorder="little")
    buffers = [pa.py_buffer(bits), pa.py_buffer(offsets), pa.py_buffer(b"".join(values))]
    return pa.Array.from_buffers(array_type, len(values), buffers)


@settings(max_examples=50)
@given(documents)
def test_a_list_is_read_as_it_is(given_texts):
    assert as_list(read_columns(given_texts)) == given_texts


@pytest.mark.parametrize("array_type", STRING_TYPES, ids=str)
@settings(max_examples=50)
@given(given_texts=documents, data=st.data(), are_checked=st.booleans())
def test_an_array_is_read_as_it_is_sliced_or_not(array_type, given_texts, data, are_checked):
    cut = slice(*sorted(data.draw(st.tuples(st.integers(0, 6), st.integers(0, 6)))))
    array = pa.array(given_texts, array_type)[cut]
    assert as_list(read_columns(array, are_checked)) == given_texts[cut]


@pytest.mark.parametrize("array_type", STRING_TYPES, ids=str)
@settings(max_examples=30)
@given(chunks=st.lists(documents, max_size=4))
def test_a_chunked_array_is_read_chunk_by_chunk(array_type, chunks):
    array = pa.chunked_array([pa.array(chunk, array_type) for chunk in chunks], array_type)
    columns = list(read_columns(array))
    assert len(columns) == len(chunks)
    assert as_list(columns) == [text for chunk in chunks for text in chunk]


@pytest.mark.parametrize("array_type", STRING_TYPES[:2], ids=str)
@pytest.mark.parametrize("cut", [slice(0, 4), slice(1, 3), slice(2, 4)])
def test_what_stands_under_a_null_is_not_read(array_type, cut):
    values = [b"one", b"\xff\xfe\n\n garbage", b"two", b"under\nneath"]
    array = array_with_garbage(values, [True, False, True, False], array_type)[cut]
    assert as_list(read_columns(array)) == ["one", None, "two", None][cut]


@pytest.mark.parametrize("array_type", STRING_TYPES[:2], ids=str)
def test_bytes_of_an_arrow_array_are_used_without_a_copy(array_type):
    array = pa.array(["first", "second", "third"], array_type)[1:]
    (column,) = read_columns(array)
    assert column.data.ctypes.data == array.buffers()[2].address


@pytest.mark.parametrize(
    "nothing",
    [[], (), *(pa.array([], array_type) for array_type in STRING_TYPES), pa.array([], pa.null())],
    ids=str,
)
def test_no_documents_are_one_empty_column(nothing):
    (column,) = read_columns(nothing)
    assert (len(column.data), column.offsets.tolist(), len(column.missing)) == (0, [0], 0)


@pytest.mark.parametrize("array_type", [pa.string(), pa.large_string()], ids=str)
def test_an_empty_array_may_have_no_offsets(array_type):
    array = pa.Array.from_buffers(array_type, 0, [None, None, pa.py_buffer(b"")])
    (column,) = read_columns(array)
    assert column.offsets.tolist() == [0]


def test_an_array_of_nulls_without_a_type_is_missing_documents():
    assert as_list(read_columns(pa.nulls(3))) == [None, None, None]


def test_a_chunked_array_without_chunks_has_no_columns():
    assert list(read_columns(pa.chunked_array([], pa.string()))) == []


@pytest.mark.parametrize("offset", [0, 5])
def test_a_lone_surrogate_is_refused_with_document_and_offset(offset):
    broken = ["fine", None, "é" * offset + "\ud83d!", "\udc00"]
    with pytest.raises(
        ValueError, match=rf"^document 2: lone surrogate U\+D83D at offset {offset};"
    ):
        list(read_columns(broken))


@pytest.mark.parametrize("array_type", STRING_TYPES[:2], ids=str)
@pytest.mark.parametrize(
    ("value", "byte"),
    [(b"caf\xe9", 3), (b"\xed\xa0\xbd", 0), (b"ab\xc0\xaf", 2), (b"x\xf0\x9f", 1)],
)
def test_invalid_utf8_is_refused_with_document_and_byte(array_type, value, byte):
    array = array_with_garbage([b"\xff", b"fine", value], [False, True, True], array_type)
    with pytest.raises(ValueError, match=f"^document 2: invalid UTF-8 at byte {byte} "):
        list(read_columns(array))
    with pytest.raises(ValueError, match=f"^document 1: invalid UTF-8 at byte {byte} "):
        list(read_columns(array[1:]))


def test_documents_are_counted_through_all_chunks_in_an_error():
    fine = pa.array(["a", "b", None])
    broken = array_with_garbage([b"c", b"\xff"], [True, True], pa.string())
    with pytest.raises(ValueError, match=r"^document 4: invalid UTF-8 at byte 0"):
        list(read_columns(pa.chunked_array([fine, fine[:0], broken])))


@pytest.mark.parametrize("array_type", STRING_TYPES[:2], ids=str)
def test_a_buffer_of_offsets_may_be_longer_by_any_number_of_bytes(array_type):
    array = pa.array(["skipped", "one", "two"], array_type)
    _, offsets, data = array.buffers()
    longer = pa.py_buffer(offsets.to_pybytes() + b"\0")
    array = pa.Array.from_buffers(array_type, 2, [None, longer, data], offset=1)
    assert as_list(read_columns(array)) == ["one", "two"]


def test_a_subclass_of_str_is_encoded_as_the_text_that_it_is():
    """Its own method may give bytes that are no UTF-8: kernels would read beyond them."""

    class Odd(str):
        def encode(self, *arguments):
            return b"\xff\xfe"

    assert as_list(read_columns([Odd("text"), "more"])) == ["text", "more"]
    with pytest.raises(ValueError, match=r"^document 1: lone surrogate"):
        list(read_columns([Odd("text"), "\ud800"]))
    with pytest.raises(ValueError, match=r"^document 0: lone surrogate"):
        list(read_columns([Odd("\ud800")]))


def test_a_damaged_chunk_is_named_by_its_first_document():
    buffers = [None, pa.py_buffer(np.array([0, 2**30, 1, 2], np.int32)), pa.py_buffer(b"ab")]
    damaged = pa.Array.from_buffers(pa.string(), 3, buffers)
    with pytest.raises(ValueError, match="the array that begins with document 2 is damaged"):
        list(read_columns(pa.chunked_array([pa.array(["a", "b"]), damaged])))


def test_offsets_that_run_backwards_are_refused():
    """Reading a text of negative length would end the process, also for an error message."""
    buffers = [None, pa.py_buffer(np.array([0, 5, 2], np.int32)), pa.py_buffer(b"abcdef")]
    array = pa.Array.from_buffers(pa.string(), 2, buffers)
    with pytest.raises(ValueError, match="offset"):
        list(read_columns(array))


@pytest.mark.parametrize(("n_bytes", "buffer", "start"), [(100, 7, 0), (10**9, 0, 0), (13, 0, 8)])
def test_views_of_bytes_that_are_not_there_are_refused(n_bytes, buffer, start):
    """Arrow follows them when it casts, to wherever they lead."""
    view = np.array([n_bytes, 0, buffer, start], np.int32)
    view[1] = int.from_bytes(b"the ", "little")
    buffers = [None, pa.py_buffer(view.tobytes()), pa.py_buffer(b"the bytes there are")]
    with pytest.raises(ValueError, match="the string_view array is damaged"):
        list(read_columns(pa.Array.from_buffers(pa.string_view(), 1, buffers)))


def test_one_text_is_refused_with_a_hint():
    with pytest.raises(TypeError, match=r"is a str; .*for one text, use label or filter"):
        list(read_columns("one text"))


def test_a_column_of_a_table_is_refused_with_what_makes_texts_of_it():
    column = np.array(["one", None], object)
    with pytest.raises(TypeError, match=r"is a ndarray; .*, pyarrow\.array\(texts\)\)"):
        list(read_columns(column))
    assert list(*read_columns(pa.array(column)))[2].tolist() == [False, True]


def test_a_document_that_is_no_text_is_named():
    with pytest.raises(TypeError, match=r"^document 1 is a bytes; give str or None"):
        list(read_columns(["text", b"bytes"]))


def test_an_array_of_other_values_is_refused_with_its_type():
    with pytest.raises(TypeError, match=r"holds int64; give strings"):
        list(read_columns(pa.chunked_array([], pa.int64())))
    with pytest.raises(TypeError, match=r"holds int64; give strings"):
        list(read_columns(pa.array([1, 2])))


STRINGS = pa.array(["one", "one", None, "two"])


@pytest.mark.parametrize(
    "array",
    [
        STRINGS.dictionary_encode(),
        pc.run_end_encode(STRINGS),
        STRINGS.cast(pa.binary()),
        pc.run_end_encode(STRINGS.cast(pa.large_string()))[1:],
        pa.ExtensionArray.from_storage(pa.opaque(pa.string(), "page", "us"), STRINGS),
    ],
    ids=lambda array: str(array.type),
)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_the_hint_for_an_array_of_another_type_makes_strings_of_it(array, is_chunked):
    given = pa.chunked_array([array, array]) if is_chunked else array
    with pytest.raises(TypeError, match=r"^the array holds .*; give strings, e\.g\. ") as caught:
        list(read_columns(given))
    made = eval(str(caught.value).partition("e.g. ")[2], {"pyarrow": pa, "array": given})
    values = [v.decode() if isinstance(v, bytes) else v for v in given.to_pylist()]
    assert as_list(read_columns(made)) == values


@pytest.mark.parametrize("array", [pa.array([["a"]]), pa.array([{"a": "b"}])])
def test_no_cast_is_advised_where_arrow_has_none(array):
    with pytest.raises(TypeError, match=r"give strings, such as a field or the elements"):
        list(read_columns(array))


@settings(max_examples=50)
@given(documents)
def test_writing_what_was_read_gives_the_documents_back(given_texts):
    (column,) = read_columns(given_texts)
    array = write_column(column.data, column.offsets, column.missing)
    array.validate(full=True)
    assert array.to_pylist() == given_texts
    assert array.null_count == given_texts.count(None)


@pytest.mark.parametrize("array_type", STRING_TYPES, ids=str)
def test_results_have_the_type_of_the_input(array_type):
    chunks = [
        pa.array(["a", None], array_type),
        pa.array([], array_type),
        pa.array(["b"], array_type),
    ]
    written = [pa.array(chunk.to_pylist(), pa.large_string()) for chunk in chunks]
    whole = pa.chunked_array(chunks)
    assert like_input(written, whole).equals(whole)
    assert like_input(written[:1], chunks[0]).equals(chunks[0])
    assert like_input(written[:1], ["x", "y"]) == ["a", None]


@pytest.mark.parametrize("most", [1, 5, 8, 100])
def test_string_views_of_more_bytes_than_one_buffer_may_have(monkeypatch, most):
    monkeypatch.setattr("classifier.columns.MOST_BUFFER_BYTES", most)
    texts = ["Home", None, "", "Bridge", "é", None, "A sentence of more than twelve bytes."]
    found = like_input([pa.array(texts, pa.large_string())], pa.array(["x"], pa.string_view()))
    found.validate(full=True)
    assert found.equals(pa.array(texts, pa.string_view()))


@pytest.mark.parametrize(
    "nulls",
    [
        *(pa.nulls(3), pa.array([]), pa.chunked_array([pa.nulls(2), pa.nulls(1)])),
        pa.chunked_array([], pa.null()),
    ],
    ids=str,
)
def test_nulls_without_a_type_stay_what_they_are(nulls):
    columns = read_columns(nulls)
    written = [write_column(column.data, column.offsets, column.missing) for column in columns]
    assert like_input(written, nulls).equals(nulls)
