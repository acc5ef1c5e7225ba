"""Outputs on other machines appear whole or not at all, whatever the store does by itself."""

import errno
import gc
import weakref
from pathlib import Path

import fsspec
import pyarrow.fs
import pytest
from fsspec import AbstractFileSystem
from fsspec.implementations.arrow import ArrowFSWrapper
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.spec import AbstractBufferedFile

from classifier.files.opening import OutputError, cannot_write, open_output
from classifier.files.removal import remove_file

BLOCK = 1000
NAME = "out/x[1].txt"
SIBLING = "out/x1.txt"
"""What the name would stand for, if it were taken for a pattern."""


class AzureFile(AbstractBufferedFile):
    """Appears with the last block, which is sent when it is closed; never asks for a commit."""

    def _initiate_upload(self):
        self.blocks = b""

    def _upload_chunk(self, final=False):
        self.blocks += self.buffer.getvalue()
        if final:
            self.fs.refuse_if_broken()
            self.fs.kept[self.path] = self.blocks
        return True


class GrowingFile(AbstractBufferedFile):
    """Appears with the first block, in place of an older one."""

    def _initiate_upload(self):
        self.fs.kept[self.path] = b""

    def _upload_chunk(self, final=False):
        self.fs.kept[self.path] += self.buffer.getvalue()
        return True


class Store(AbstractFileSystem):
    """A flat store, whose files have no commit and no discard of their own."""

    file_type = GrowingFile
    is_broken = False

    def __init__(self, **options):
        super().__init__(**options)
        self.kept = {}

    @classmethod
    def _strip_protocol(cls, path):
        return path.rpartition("://")[2]

    def refuse_if_broken(self):
        if self.is_broken:
            raise ConnectionError("the line is dead")

    def _open(self, path, mode="rb", block_size=None, autocommit=True, **options):
        return self.file_type(self, path, mode, BLOCK, autocommit=autocommit)

    def info(self, path, **options):
        if path in self.kept:
            return {"name": path, "size": len(self.kept[path]), "type": "file"}
        if any(name.startswith(f"{path}/") for name in self.kept):
            return {"name": path, "size": 0, "type": "directory"}
        raise FileNotFoundError(path)

    def find(self, path, **options):
        return sorted(self.kept)

    def cat_file(self, path, **options):
        return self.kept[path]

    def cp_file(self, path1, path2, **options):
        self.refuse_if_broken()
        self.kept[path2] = self.kept[path1]

    def rm_file(self, path):
        del self.kept[path]


class Copying(Store):
    protocol = "copying"


class Azure(Store):
    protocol = ("azure-like", "az")
    file_type = AzureFile

    def makedirs(self, path, exist_ok=False):
        raise AssertionError("a bucket is made")


class Alibaba(Store):
    protocol = ("alibaba-like", "oss")
    makedirs = Azure.makedirs

    def cp_file(self, path1, path2, **options):
        raise PermissionError("appended objects cannot be copied")

    def put_file(self, lpath, rpath, **options):
        self.refuse_if_broken()
        self.kept[rpath] = Path(lpath).read_bytes()


class Renaming(Store):
    """As that of Databricks: gives no file a name that another has; removes by `rm` only."""

    protocol = "renaming"

    def mv(self, path1, path2):
        self.refuse_if_broken()
        if path2 in self.kept:
            raise FileExistsError(path2)
        self.kept[path2] = self.kept.pop(path1)

    def rm_file(self, path):
        raise NotImplementedError

    def rm(self, path):
        del self.kept[path]


class Silent(Renaming):
    """As that of WebHDFS: neither does it, nor says so."""

    protocol = "silent"

    def mv(self, path1, path2):
        if not self.is_broken and path2 not in self.kept:
            self.kept[path2] = self.kept.pop(path1)


class Hadoop(ArrowFSWrapper):
    """As of hdfs://, but on this machine."""

    is_broken = False

    def __init__(self, **options):
        super().__init__(pyarrow.fs.LocalFileSystem(), **options)

    def mv(self, path1, path2, **options):
        if self.is_broken:
            raise OSError("the line is dead")
        super().mv(path1, path2)


class Memory(MemoryFileSystem):
    """Shows a file, empty, as soon as it is opened."""

    protocol = "memory-like"
    is_broken = False

    def __init__(self, **options):
        super().__init__(**options)
        self.store, self.pseudo_dirs = {}, [""]

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.rpartition("://")[2])

    def cp_file(self, path1, path2, **options):
        if self.is_broken:
            raise ConnectionError("the line is dead")
        super().cp_file(path1, path2)


KINDS = [Copying, Azure, Alibaba, Renaming, Silent, Hadoop, Memory]


class Place:
    """A folder of a store, by URLs."""

    def __init__(self, kind, folder):
        scheme = f"{kind.__name__.lower()}-test"
        fsspec.register_implementation(scheme, kind, clobber=True)
        kind.clear_instance_cache()
        self.root = f"{scheme}://{folder}"
        self.system, self.folder = fsspec.core.url_to_fs(self.root)

    def open(self, name):
        return open_output(f"{self.root}/{name}")

    def put(self, name, data):
        with self.open(name) as sink:
            sink.write(data)

    def stop(self, name, data):
        """Write, and be interrupted."""
        with pytest.raises(KeyboardInterrupt), self.open(name) as sink:
            interrupted(sink, data)

    def held(self):
        """What lies in it once all that is not needed is collected, parts of files too."""
        gc.collect()
        names = self.system.find(self.folder)
        return {name.removeprefix(f"{self.folder}/"): self.system.cat_file(name) for name in names}


def interrupted(sink, data):
    sink.write(data)
    raise KeyboardInterrupt


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def place(request, tmp_path):
    return Place(request.param, tmp_path if request.param is Hadoop else "pages")


def test_an_output_appears_under_its_name_and_nothing_beside(place):
    place.put(SIBLING, b"another")
    place.put(NAME, b"older")
    assert place.held() == {NAME: b"older", SIBLING: b"another"}
    place.put(NAME, b"newer" * BLOCK)
    assert place.held() == {NAME: b"newer" * BLOCK, SIBLING: b"another"}


@pytest.mark.parametrize("n_bytes", [9, 9 * BLOCK])
def test_an_output_that_is_not_completed_leaves_the_older_one_alone(place, n_bytes):
    place.stop(NAME, b"x" * n_bytes)
    assert place.held() == {}
    place.put(NAME, b"older")
    place.stop(NAME, b"x" * n_bytes)
    assert place.held() == {NAME: b"older"}


@pytest.mark.parametrize("n_bytes", [9, 9 * BLOCK])
def test_an_output_that_is_not_wanted_does_not_appear(place, n_bytes):
    for _ in ("nothing is there", "an older one is"):
        with place.open(NAME) as sink:
            sink.write(b"x" * n_bytes)
            sink.discard()
        del sink
        assert place.held() == {}
        place.put(NAME, b"older")


def test_a_file_is_removed_in_the_way_that_its_store_has(place):
    place.put(NAME, b"older")
    place.put(SIBLING, b"another")
    for _ in ("it is there", "it is not"):
        remove_file(f"{place.root}/{NAME}")
        assert place.held() == {SIBLING: b"another"}


def test_an_output_that_cannot_be_completed_leaves_the_older_one_alone(place):
    reason = "it cannot be renamed" if isinstance(place.system, Silent) else "the line is dead"
    for held in ({}, {NAME: b"older"}):
        place.system.is_broken = True
        with pytest.raises(OutputError) as caught:
            place.put(NAME, b"newer" * BLOCK)
        assert str(caught.value) == (
            f"{place.root}/{NAME}: cannot be written ({reason}). "
            "Check the address, the connection and that you may write there, and run again."
        )
        assert place.held() == held
        place.system.is_broken = False
        place.put(NAME, b"older")


@pytest.mark.parametrize("path", ["a.txt", "oss://bucket/a.txt"])
def test_room_is_asked_for_where_this_machine_has_none(path):
    error = cannot_write(path, OSError(errno.ENOSPC, "No space left on device"))
    assert str(error).endswith("(No space left on device). Make room or choose another path.")
    error = cannot_write("a.txt", PermissionError(errno.EACCES, "Permission denied"))
    assert str(error) == "a.txt: cannot be written (Permission denied). Choose another path."


@pytest.mark.parametrize("place", [Copying, Renaming, Silent, Hadoop, Memory], indirect=True)
def test_the_name_of_a_folder_is_refused_where_there_are_folders(place):
    place.put(f"{NAME}/a.txt", b"older")
    with pytest.raises(OutputError, match=r"cannot be written \(Is a directory\)"):
        place.put(NAME, b"newer")
    assert place.held() == {f"{NAME}/a.txt": b"older"}


def test_an_older_file_goes_back_if_the_new_one_cannot_take_its_place(monkeypatch):
    place = Place(Renaming, "pages")
    place.put(NAME, b"older")
    rename = place.system.mv

    def rename_older(path1, path2):
        if place.system.kept[path1] != b"older":
            raise PermissionError(path1)
        rename(path1, path2)

    monkeypatch.setattr(place.system, "mv", rename_older)
    with pytest.raises(OutputError):
        place.put(NAME, b"newer")
    assert place.held() == {NAME: b"older"}


def test_a_store_does_not_hold_what_was_written(place):
    with place.open(NAME) as sink:
        sink.write(b"whole")
        stream = weakref.ref(sink.stream.stream)
    del sink
    assert not place.system.transaction.files
    gc.collect()
    assert stream() is None


# In memory nothing appears before its end, whatever is said of one file.
@pytest.mark.parametrize("place", [kind for kind in KINDS if kind is not Memory], indirect=True)
def test_an_output_is_no_part_of_another_transaction(place):
    with place.system.transaction:
        place.put(NAME, b"whole")
        assert place.held() == {NAME: b"whole"}
    place.stop(NAME, b"another")
    assert place.held() == {NAME: b"whole"}
