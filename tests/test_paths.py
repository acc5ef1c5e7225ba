"""Which files arguments stand for, what is passed over, and how outputs are named."""

import errno
import gzip
import os
import zipfile
from pathlib import Path
from unittest.mock import Mock

import fsspec
import pytest
from commandline import linesift, said
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.utils import infer_storage_options

from classifier.files.locations import PathError, filesystem
from classifier.files.patience import SILENCE_SECONDS
from classifier.formats import format_of_name
from classifier.formats.input_paths import Input, find_inputs
from classifier.formats.output_paths import mirror


def test_a_glob_finds_a_file_once_whatever_links_lead_to_its_folder(tmp_path):
    below = tmp_path / "pages" / "below"
    below.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    for path in (below / "a.txt", below.parent / "z.txt", tmp_path / "elsewhere" / "e.txt"):
        path.touch()
    (below / "up").symlink_to("..")
    (below / "out").symlink_to(tmp_path / "elsewhere")
    (below / "same.txt").symlink_to("a.txt")
    found, _ = find_inputs([f"{tmp_path}/pages/**/*.txt"])
    names = [item.relative for item in found]
    assert names == ["below/a.txt", "below/out/e.txt", "below/same.txt", "z.txt"]


def test_a_glob_ends_where_links_lead_in_several_circles(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.txt").touch()
    for name in ("up", "again"):  # two ways on at each step, forty steps deep
        (tmp_path / "below" / name).symlink_to("..")
    found, _ = find_inputs([f"{tmp_path}/**/a.txt", f"{tmp_path}/be*/**"])
    assert [item.relative for item in found] == ["below/a.txt", "below/a.txt"]


def test_a_link_to_a_folder_is_named_unless_what_it_leads_to_is_read_anyway(tmp_path):
    pages, far = tmp_path / "pages", tmp_path / "far"
    for folder in (pages / "below", far / "below"):
        folder.mkdir(parents=True)
        (folder / f"{folder.parent.name}.txt").touch()
    (pages / "same").symlink_to("below")
    (pages / "a.txt").symlink_to(far / "below/far.txt")
    told = []

    def found(*arguments, **options):
        told.clear()
        inputs, _ = find_inputs(map(str, arguments), announce=told.append, **options)
        return [item.relative for item in inputs]

    names = ["a.txt", "below/pages.txt"]
    assert (found(pages), told) == (names, [])
    (pages / "more").symlink_to(far)
    assert found(pages) == names
    assert told == [
        f"{pages}/more: a link to a folder, which is not followed. "
        "Name it as an input as well, if it is to be read."
    ]
    (pages / "below/up").symlink_to(tmp_path)
    assert found(tmp_path / "p*") == [f"pages/{name}" for name in names]
    assert "not followed (and 1 more such)" in told[0]
    (pages / "below/up").unlink()
    (pages / "more").unlink()
    os.mkfifo(pages / "pipe.txt")
    assert found(pages) == names
    assert told == [
        f"{pages}/pipe.txt: no file but a pipe or device, which is passed over. "
        "Name it as an input, if it is to be read."
    ]
    assert found(pages / "*.txt") == ["a.txt"]
    assert (found(pages / "pipe.txt"), told) == (["pipe.txt"], [])
    (pages / "pipe.txt").unlink()
    (pages / "more").symlink_to(far)
    assert (found(pages, pages / "more"), told) == ([*names, "below/far.txt"], [])
    assert (found(pages, exclude=[str(far)]), told) == (["below/pages.txt"], [])


def refuse_to_scan(monkeypatch, name):
    scan = os.scandir

    def refuse(path):
        if Path(path).name == name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)


def test_a_folder_that_may_not_be_read_is_not_passed_over(tmp_path, monkeypatch):
    (tmp_path / "locked").mkdir()
    (tmp_path / "a.txt").touch()
    refuse_to_scan(monkeypatch, "locked")
    with pytest.raises(PathError, match=r"locked: the folder cannot be read \(Permission denied"):
        find_inputs([str(tmp_path)])


def test_what_may_not_be_looked_at_is_left_to_who_reads_it(tmp_path, monkeypatch):
    def refuse(path, **options):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(Path, "lstat", refuse)
    path = str(tmp_path / "a.txt")
    assert find_inputs([path]) == ([Input(path, "a.txt")], False)


@pytest.mark.parametrize("form", ["file://{}", "local://{}/", "file://{}/*"])
def test_a_folder_of_this_machine_is_the_same_by_its_url(tmp_path, monkeypatch, form):
    pages, far = tmp_path / "pages", tmp_path / "far"
    for folder in (pages / "below", far):
        folder.mkdir(parents=True)
        (folder / "a[1].txt").touch()
    (pages / "more").symlink_to(far)
    os.mkfifo(pages / "pipe.txt")
    url = form.format(pages)
    by_path, by_url = [], []
    path = str(pages / "*") if "*" in form else str(pages)
    assert find_inputs([url], announce=by_url.append) == find_inputs(
        [path], announce=by_path.append
    )
    assert by_url == by_path
    assert any("pipe.txt: no file but a pipe" in message for message in by_url)
    file = str(pages / "below/a[1].txt")
    assert find_inputs([f"file://{file}"]) == ([Input(file, "a[1].txt")], False)
    refuse_to_scan(monkeypatch, "below")
    with pytest.raises(PathError, match="below: the folder cannot be read"):
        find_inputs([url])


def test_names_are_mirrored_below_folders_and_the_fixed_part_of_globs(tmp_path, monkeypatch):
    for name in ("a/x.jsonl", "a/b/y.txt.gz", "c/y.parquet", "c/z.csv", "c/.hid/h.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)

    def names(*arguments):
        inputs, several = find_inputs(arguments)
        return mirror(inputs, "out", several)

    assert names(".") == ["out/a/b/y.txt.gz", "out/a/x.jsonl", "out/c/y.parquet"]
    assert names("a") == ["out/b/y.txt.gz", "out/x.jsonl"]
    assert names("*/*.jsonl") == ["out/a/x.jsonl"]
    assert names("a/**/*") == ["out/b/y.txt.gz", "out/x.jsonl"]
    assert names("a/x.jsonl", "c/z.csv") == ["out/x.jsonl", "out/z.csv"]
    assert names("a/x.jsonl") == ["out"]
    for name in ("p.parquet.gz", "q.parquet.zst", "r.txt.gz"):
        (tmp_path / "a" / name).touch()
    assert names("a")[1:4] == ["out/p.parquet", "out/q.parquet", "out/r.txt.gz"]
    with pytest.raises(PathError, match="no such file"):
        names("b*")


@pytest.mark.parametrize("url", ["hosted://server:80/in", "hosted://server:80/in/*.jsonl"])
def test_urls_of_what_a_folder_holds_name_the_server(url):
    class Hosted(MemoryFileSystem):
        """Paths have no server, as with SFTP, FTP and HDFS."""

        protocol = "hosted"

        @classmethod
        def _strip_protocol(cls, path):
            return "/" + path.removeprefix("hosted://server:80").strip("/")

    fsspec.register_implementation("hosted", Hosted, clobber=True)
    fsspec.filesystem("hosted").pipe("/in/a.jsonl", b"")
    inputs, _ = find_inputs([url])
    assert inputs == [Input("hosted://server:80/in/a.jsonl", "a.jsonl")]


def test_a_file_is_read_where_no_lists_may_be_seen():
    class Unlisted(MemoryFileSystem):
        """Tells of a name that it is a file, but not what there is below it, as S3 may."""

        protocol = "unlisted"

        @classmethod
        def _strip_protocol(cls, path):
            return "/" + path.removeprefix("unlisted://").strip("/")

        def isdir(self, path):
            raise PermissionError(errno.EACCES, "Access Denied")

    fsspec.register_implementation("unlisted", Unlisted, clobber=True)
    fsspec.filesystem("unlisted").pipe("/in/a.jsonl", b"")
    inputs, is_several = find_inputs(["unlisted://in/a.jsonl"])
    assert (inputs, is_several) == ([Input("unlisted://in/a.jsonl", "a.jsonl")], False)


def test_names_that_say_another_format_are_mirrored_if_the_format_is_given(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt.gz"):
        data = b'{"text": "one"}\n'
        (tmp_path / "in" / name).write_bytes(gzip.compress(data) if "gz" in name else data)
    arguments = ("filter", "in", "--input-format", "jsonl", "-o", "out")
    assert linesift(*arguments, cwd=tmp_path).returncode == 0
    assert (tmp_path / "out/a.txt").read_text() == '{"text": "one"}\n'
    assert gzip.decompress((tmp_path / "out/b.txt.gz").read_bytes()) == b'{"text": "one"}\n'


def test_every_output_is_looked_at_before_work_begins(tmp_path):
    for folder, name in (("one", "x.jsonl"), ("two", "x.jsonl/y.jsonl"), ("three", "a.jsonl")):
        (tmp_path / folder / name).parent.mkdir(parents=True)
        (tmp_path / folder / name).write_text('{"text": "one"}\n')
    nested = linesift("filter", "one", "two", "-o", "out", cwd=tmp_path)
    assert "out/x.jsonl/y.jsonl: it would lie in an output, which is a file" in said(nested, 2)
    (tmp_path / "three/b.jsonl").write_text('{"text": "two"}\n')
    (tmp_path / "out/b.jsonl").mkdir(parents=True)
    folder = linesift("filter", "three", "-o", "out", cwd=tmp_path)
    assert "out/b.jsonl: it is a folder" in said(folder, 2)
    assert not (tmp_path / "out/a.jsonl").exists()


def test_bad_records_of_the_folder_one_is_in_are_put_beside_it(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in/a.jsonl").write_text("nonsense\n")
    arguments = ("filter", "../in", "-o", ".", "--on-error", "quarantine")
    assert linesift(*arguments, cwd=tmp_path / "out").returncode == 0
    assert (tmp_path / "out.quarantine.jsonl").stat().st_size > 0


def test_a_cache_before_an_address_is_before_those_of_its_files():
    MemoryFileSystem().pipe("/cached/p/x.jsonl", b"{}")
    for argument in ("simplecache::memory://cached", "simplecache::memory://cached/*/*"):
        ((path, relative),) = ((item.path, item.relative) for item in find_inputs([argument])[0])
        assert (path, relative) == ("simplecache::memory://cached/p/x.jsonl", "p/x.jsonl")
        with fsspec.open(path) as stream:
            assert stream.read() == b"{}"


def test_what_an_archive_holds_is_found_in_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("p/x.jsonl", '{"text": "one"}\n')
        archive.writestr("p/q/y.jsonl", '{"text": "two"}\n')
    for argument, names in (
        ("zip://p::a.zip", ["q/y.jsonl", "x.jsonl"]),
        ("zip://p/*::a.zip", ["x.jsonl"]),
        ("zip://::a.zip", ["p/q/y.jsonl", "p/x.jsonl"]),
    ):
        made = tmp_path / argument.partition("::")[0].replace("/", "_")
        result = linesift("filter", argument, "-o", made, cwd=tmp_path)
        assert (result.returncode, result.stderr) == (0, b"")
        assert sorted(str(path.relative_to(made)) for path in made.rglob("*.jsonl")) == names
    single = linesift("filter", "zip://p/x.jsonl::./a.zip", "-o", "one.jsonl", cwd=tmp_path)
    assert (single.returncode, single.stderr) == (0, b"")
    assert (tmp_path / "one.jsonl").read_text() == '{"text": "one"}\n'
    missing = linesift("filter", "zip://x.jsonl::none.zip", "-o", "out.jsonl", cwd=tmp_path)
    assert said(missing, 2).startswith("linesift: zip://x.jsonl::none.zip: it cannot be reached (")


def test_what_is_there_under_a_name_with_brackets_is_meant_by_it():
    for name in ("x[1].jsonl", "x1.jsonl", "x2.jsonl", "y?z.jsonl"):
        MemoryFileSystem().pipe(f"/brackets/{name}", b"{}")
    for name in ("x[1].jsonl", "y?z.jsonl"):
        url = f"memory://brackets/{name}"
        assert find_inputs([url]) == ([Input(url, name)], False)
    inputs, several = find_inputs(["memory://brackets/x[2].jsonl"])
    assert ([item.relative for item in inputs], several) == (["x2.jsonl"], True)


def test_keys_with_empty_parts_are_files_of_their_own():
    for name in ("a.jsonl", "/dd.jsonl", "q//e.jsonl"):
        MemoryFileSystem().pipe(f"/empty/{name}", name.encode())
    inputs, several = find_inputs(["memory://empty"])
    assert [item.relative for item in inputs] == ["dd.jsonl", "a.jsonl", "q/e.jsonl"]
    for item in inputs:
        with fsspec.open(item.path) as stream:
            assert stream.read().decode().strip("/").replace("//", "/") == item.relative
    MemoryFileSystem().pipe("/empty/dd.jsonl", b"")
    inputs, several = find_inputs(["memory://empty"])
    assert len({item.path for item in inputs}) == 4
    message = "empty//dd.jsonl and memory://empty/dd.jsonl would both be written to dd.jsonl in out"
    with pytest.raises(PathError, match=message):
        mirror(inputs, "out", several)


def test_hidden_objects_and_those_of_the_output_are_passed_over():
    for name in ("a.jsonl", ".b.jsonl", ".c/d.jsonl", "out/e.jsonl", "outer.jsonl"):
        MemoryFileSystem().pipe(f"/passed/{name}", b"{}")
    inputs, _ = find_inputs(["memory://passed"], exclude=["memory://passed/out/", "elsewhere"])
    assert [item.relative for item in inputs] == ["a.jsonl", "outer.jsonl"]
    with pytest.raises(PathError, match=r"nothing but what this run writes \(memory://passed\)"):
        find_inputs(["memory://passed"], exclude=["memory://passed"])


@pytest.mark.parametrize("pattern", ["**/*.txt", "*/*.txt"])
def test_a_glob_does_not_pass_over_folders_that_cannot_be_read(tmp_path, pattern, monkeypatch):
    for name in ("open", "shut"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.txt").touch()
    assert len(find_inputs([f"{tmp_path}/{pattern}"])[0]) == 2
    refuse_to_scan(monkeypatch, "shut")
    with pytest.raises(PathError, match=r"shut: the folder cannot be read \(Permission denied\)"):
        find_inputs([f"{tmp_path}/{pattern}"])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        *(("a.txt", "text"), ("a.TEXT.gz", "text"), ("a.json", "jsonl"), ("A.JSONL.GZ", "jsonl")),
        *(("a.ndjson.zst", "jsonl"), ("a.parquet", "parquet"), ("a.warc.wet.gz", "wet")),
        *(("a.warc", "wet"), ("a.md", None), ("jsonl", None), ("a.jsonl.bz2", None)),
    ],
)
def test_the_ending_of_a_name_says_the_format(name, found):
    assert format_of_name(name) == found


def test_a_glob_finds_a_file_once_where_a_star_matches_a_link(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below/a.txt").touch()
    (tmp_path / "same").symlink_to("below")
    found, _ = find_inputs([f"{tmp_path}/**/*/a.txt"])
    assert [item.relative for item in found] == ["below/a.txt"]


class Parted(fsspec.AbstractFileSystem):
    """Takes what is behind a "?" for options, as those of FTP and HDFS do."""

    protocol = "parted"

    @classmethod
    def _strip_protocol(cls, path):
        return infer_storage_options(path)["path"]


@pytest.mark.parametrize("url", ["parted://host/out/page?id=1.jsonl", "parted://host/?.jsonl"])
def test_a_name_of_which_a_file_system_would_take_a_part_only_is_refused(url):
    fsspec.register_implementation("parted", Parted, clobber=True)
    assert filesystem("parted://host/out/page.jsonl")[1] == "/out/page.jsonl"
    with pytest.raises(PathError, match="ends a name"):
        filesystem(url)


def test_a_server_of_sftp_is_not_waited_for_for_ever(monkeypatch):
    channel = Mock()
    system = Mock(protocol=("sftp", "ssh"))
    system.ftp.get_channel.return_value = channel
    monkeypatch.setattr(fsspec.core, "url_to_fs", lambda url: (system, "/pages"))
    filesystem("sftp://host/pages")
    channel.settimeout.assert_called_once_with(SILENCE_SECONDS)
