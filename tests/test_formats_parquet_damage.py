"""Parquet of which row groups are damaged: the others are read, and what is lost is told."""

import base64
import errno
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commandline import linesift, said
from doubles import until_broken
from parquet_files import FIELDS, as_file, rewrite, sizes

from classifier.files.problems import BrokenFileError
from classifier.formats import parquet
from classifier.formats.batches import Fields

N = 500
ROWS = pa.table(
    {
        "id": [str(i) for i in range(N)],
        "text": [f"Line {i * i}\nAD" for i in range(N)],
        "kind": pa.array(["a", "b"] * (N // 2)).dictionary_encode(),
        "links": pa.array([[{"name": f"link {i}"}] for i in range(N)]),
    }
)


def damaged(source, groups, column=1):
    """Bytes of a file with the middle of a column overwritten in some row groups."""
    data = bytearray(source.getvalue())
    metadata = pq.ParquetFile(source).metadata
    for group in groups:
        chunk = metadata.row_group(group).column(column)
        places = (chunk.dictionary_page_offset, chunk.data_page_offset)
        start = min(place for place in places if place is not None)
        middle = start + chunk.total_compressed_size // 2
        data[middle : middle + 50] = b"\xff" * 50
    return bytes(data)


def ten_groups(groups, rows=ROWS, **options):
    return damaged(as_file(rows, row_group_size=50, **options), groups)


def read(data, fields=FIELDS):
    batches = [parquet.parse(b, fields) for b in parquet.blocks(io.BytesIO(data), fields)]
    numbers = [number for batch in batches for number in batch.numbers]
    return numbers, [problem for batch in batches for problem in batch.problems]


def without(*groups):
    return [n for n in range(1, N + 1) if (n - 1) // 50 not in groups]


@pytest.mark.parametrize("groups", [[5], [0], [9], [0, 1, 4, 5, 9]])
@pytest.mark.parametrize("codec", ["snappy", "zstd", "gzip"])
def test_a_damaged_row_group_is_one_problem_between_good_neighbours(groups, codec):
    numbers, problems = read(ten_groups(groups, compression=codec))
    assert numbers == without(*groups)
    assert [problem.record for problem in problems] == [50 * group + 1 for group in groups]
    assert {problem.kind for problem in problems} == {"damaged"}
    for problem, group in zip(problems, groups, strict=True):
        expected = f"it is damaged in row group {group + 1} of 10, 50 rows are lost ("
        assert problem.reason.startswith(expected)


@pytest.mark.parametrize("groups", [[0], [3, 7]])
@pytest.mark.parametrize("added", [None, "st"])
def test_schema_and_other_row_groups_stay_behind_damage(groups, added):
    source = io.BytesIO(ten_groups(groups))
    result = rewrite(source, str, Fields(added=added or ""), added=added)
    assert sizes(result.metadata) == [50] * (10 - len(groups))
    rows = result.read()
    kept = ROWS.take([n - 1 for n in without(*groups)])
    assert (rows.drop_columns("st") if added else rows).to_pylist() == kept.to_pylist()
    assert result.schema_arrow.field("kind").type == ROWS.schema.field("kind").type
    assert result.metadata.row_group(0).column(0).compression == "SNAPPY"


def test_text_inside_a_struct_is_read_behind_damage():
    texts = pa.StructArray.from_arrays([ROWS["text"].combine_chunks()], ["inner"])
    rows = pa.table({"id": ROWS["id"], "meta": texts})
    fields = Fields("meta.inner")
    result = rewrite(io.BytesIO(ten_groups([5], rows)), str.upper, fields).read()
    assert result["meta"][250].as_py() == {"inner": f"LINE {300 * 300}\nAD"}


@pytest.fixture
def partly_read(monkeypatch):
    """One file of two row groups, of which the first is damaged near its end."""
    monkeypatch.setattr(parquet, "BLOCK_BYTES", 20_000)
    rows = pa.table({"text": [f"Line {i * i} " * 10 for i in range(4000)]})
    options = {"use_dictionary": False, "data_page_size": 10_000, "compression": "snappy"}
    source = as_file(rows, row_group_size=2000, **options)
    return damaged(source, [0], column=0), rows


def test_rows_before_the_damage_in_a_row_group_are_given_once(partly_read):
    data, rows = partly_read
    numbers, (problem,) = read(data)
    n_read = problem.record - 1
    assert 100 < n_read < 1500
    assert numbers == [*range(1, n_read + 1), *range(2001, 4001)]
    assert f"row group 1 of 2, {2000 - n_read} rows are lost" in problem.reason
    result = rewrite(io.BytesIO(data), str)
    assert result.read()["text"].to_pylist() == [rows["text"][n - 1].as_py() for n in numbers]
    assert [result.metadata.row_group(i).num_rows for i in range(2)] == [n_read, 2000]


def test_a_row_group_that_ends_before_its_last_row_is_damaged():
    rows = pa.table({"text": [f"Line {i}" for i in range(150)]})
    data = as_file(rows, row_group_size=50, compression="none", use_dictionary=False).getvalue()
    before, count = b"\x2c\x15", b"\x64"  # a page's header, of 50 values
    first, second, third, footer = data.split(before + count)
    data = first + before + count + second + before + b"\0" + third + before + count + footer
    numbers, (problem,) = read(data)
    assert numbers == [*range(1, 51), *range(101, 151)]
    assert "row group 2 of 3, 50 rows are lost (it ends early)" in problem.reason


def test_a_file_with_all_row_groups_damaged_is_one_problem():
    blocks, problem = until_broken(parquet.blocks(io.BytesIO(ten_groups(range(10))), FIELDS))
    assert blocks == []
    assert (problem.kind, problem.record) == ("damaged", None)
    assert problem.reason.startswith("it is no Parquet file or damaged (")


def test_wide_timestamps_that_are_damaged_cost_no_other_row_group():
    days = pa.array([86_400_000_000 * i for i in range(N)], pa.timestamp("us"))
    rows = pa.table({"text": ROWS["text"], "day": days})
    options = {"use_deprecated_int96_timestamps": True, "use_dictionary": False}
    data = damaged(as_file(rows, row_group_size=50, compression="zstd", **options), [5])
    data = damaged(io.BytesIO(data), [7], column=0)
    data = damaged(io.BytesIO(data), [3], column=1)
    assert read(data)[0] == without(3, 5, 7)
    result = rewrite(io.BytesIO(data), str)
    assert result.schema.column(1).physical_type == "INT96"
    assert result.read()["day"].cast("timestamp[us]").to_pylist()[-1] == days[-1].as_py()


class Failing(io.BytesIO):
    """A file on a disk that fails at a place."""

    place = -1

    def read(self, n_bytes=-1):
        if self.place >= 0 and self.tell() <= self.place < self.tell() + n_bytes:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(n_bytes)


def test_a_disk_that_fails_is_no_damage_to_go_on_behind(monkeypatch):
    monkeypatch.setattr("classifier.formats.parquet_writer.READ_BUFFER_BYTES", 100)
    source = as_file(ROWS, row_group_size=50)
    stream = Failing(source.getvalue())
    reading = parquet.blocks(stream, FIELDS)
    first = next(reading)
    stream.place = pq.ParquetFile(source).metadata.row_group(5).column(1).data_page_offset
    blocks, problem = until_broken(reading)
    assert [block.content.rows.num_rows for block in (first, *blocks)] == [50] * 5
    assert all(block.gap is None for block in blocks)
    assert (problem.kind, problem.record) == ("unreadable", 251)


def test_a_disk_that_fails_when_the_output_begins_is_no_damage(monkeypatch):
    monkeypatch.setattr("classifier.formats.parquet_writer.READ_BUFFER_BYTES", 100)
    source = as_file(ROWS, row_group_size=50)
    stream = Failing(source.getvalue())
    stream.place = pq.ParquetFile(source).metadata.row_group(0).column(1).data_page_offset
    with pytest.raises(BrokenFileError) as caught:
        parquet.writer(stream, io.BytesIO(), FIELDS)
    assert caught.value.problem.kind == "unreadable"


def in_folder(folder):
    (folder / "bad.parquet").write_bytes(ten_groups((3, 5)))
    return folder


@pytest.mark.parametrize("workers", [1, 2])
def test_command_goes_on_behind_damage(tmp_path, workers):
    options = ["-o", "out.parquet", "--on-error", "quarantine", "--stats", "stats.json"]
    result = linesift(
        "filter", "bad.parquet", *options, "--workers", str(workers), cwd=in_folder(tmp_path)
    )
    assert "bad.parquet, record 151: it is damaged in row group 4 of 10, 50 rows" in said(result, 0)
    assert sizes(pq.read_metadata(tmp_path / "out.parquet")) == [50] * 8
    stats = json.loads((tmp_path / "stats.json").read_bytes())
    assert (stats["documents"], stats["errors"]) == (400, {"total": 2, "damaged": 2})
    lines = (tmp_path / "out.parquet.quarantine.jsonl").read_text().splitlines()
    assert [json.loads(line)["record"] for line in lines] == [151, 251]


def test_command_fails_at_damage_unless_told_otherwise(tmp_path):
    result = linesift("filter", "bad.parquet", "-o", "out.parquet", cwd=in_folder(tmp_path))
    assert "record 151: it is damaged in row group 4 of 10, 50 rows are lost (" in said(result, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.parquet"]


@pytest.mark.parametrize(("allowed", "code"), [("1", 1), ("2", 0)])
def test_each_damaged_row_group_counts_for_the_errors_allowed(tmp_path, allowed, code):
    options = ["-o", "out.parquet", "--on-error", "skip", "--max-errors", allowed]
    result = linesift("filter", "bad.parquet", *options, cwd=in_folder(tmp_path))
    assert result.returncode == code
    assert (tmp_path / "out.parquet").exists() == (code == 0)


def test_a_file_read_behind_damage_is_finished_when_the_run_is_resumed(tmp_path):
    arguments = ["filter", "bad.parquet", "-o", "out/", "--on-error", "skip", "--resume", "-v"]
    in_folder(tmp_path)
    first, second = (linesift(*arguments, cwd=tmp_path).stderr.decode() for _ in range(2))
    assert "finished before" not in first
    assert "1 of them finished before" in second
    assert "2 errors left out (damaged: 2)" in second


def test_labels_behind_damage_have_the_numbers_of_their_rows(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(ten_groups([5], ROWS.select(["kind", "text"])))
    result = linesift("label", "bad.parquet", "--on-error", "skip", cwd=tmp_path)
    assert result.returncode == 0
    ids = [json.loads(line)["id"] for line in result.stdout.splitlines()]
    assert ids == [f"bad.parquet:{n}" for n in without(5)]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"column_keys": {"key": ["text"]}}, "it is encrypted"),
        ({"plaintext_footer": True, "column_keys": {"key": ["text"]}}, "columns of it are"),
        ({"plaintext_footer": True, "column_keys": {"key": ["id"]}}, "columns of it are"),
    ],
    ids=["footer", "text", "another column"],
)
def test_encrypted_files_are_called_so(settings, reason):
    encryption = pytest.importorskip("pyarrow.parquet.encryption")

    class Keys(encryption.KmsClient):
        def wrap_key(self, key_bytes, master_key_identifier):
            return base64.b64encode(key_bytes)

        def unwrap_key(self, wrapped_key, master_key_identifier):
            return base64.b64decode(wrapped_key)

    factory = encryption.CryptoFactory(lambda configuration: Keys())
    properties = factory.file_encryption_properties(
        encryption.KmsConnectionConfig(),
        encryption.EncryptionConfiguration(footer_key="footer", **settings),
    )
    source = as_file(ROWS, row_group_size=50, encryption_properties=properties)
    blocks, problem = until_broken(parquet.blocks(source, FIELDS))
    assert (blocks, problem.kind, problem.record) == ([], "encrypted", None)
    assert problem.reason.startswith(reason)
    assert problem.message("a").endswith(" encrypted. Write it without encryption.")
