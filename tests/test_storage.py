"""Model files: what is saved comes back, and whatever is wrong with a file is said."""

import io
import json
import os
import subprocess
import sys
import zipfile
from functools import reduce
from pathlib import Path

import numpy as np
import pytest
from examples import random_layers

from classifier import LineClassifier, ModelError
from classifier.storage import DEFAULT_MODEL, MOST_BYTES, load_model, model_digest
from classifier.weights.model_contents import HUGE_PAGE, MOST_METADATA_BYTES

MOST_MODEL_BYTES = 4_000_000
TEXT = "Home\nThe council met on Tuesday and agreed on a budget.\nSubscribe for $1 a week"


def changed_model(tmp_path, **changes):
    """Write the bundled model with some arrays changed (None takes one out)."""
    with np.load(DEFAULT_MODEL) as stored:
        arrays = {name: stored[name] for name in stored.files}
    for name, change in changes.items():
        if change is None:
            del arrays[name]
        else:
            arrays[name] = change(arrays[name])
    path = tmp_path / "changed.npz"
    np.savez(path, **arrays)
    return path


def metadata_with(**changes):
    def change(raw):
        described = {**json.loads(raw.tobytes()), **changes}
        return np.frombuffer(json.dumps(described).encode(), np.uint8)

    return change


def test_the_bundled_model_is_small():
    assert DEFAULT_MODEL.stat().st_size <= MOST_MODEL_BYTES


def test_the_table_begins_a_huge_page():
    assert load_model()[0].first.table.ctypes.data % HUGE_PAGE == 0


def test_a_saved_model_labels_the_same(tmp_path):
    clf = LineClassifier.load()
    clf.save(tmp_path / "model.npz")
    again = LineClassifier.load(tmp_path / "model.npz")
    assert again.label(TEXT) == clf.label(TEXT)
    assert again.metadata == clf.metadata
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


@pytest.fixture(scope="module")
def small():
    """A model that is packed in no time."""
    return LineClassifier(random_layers(0))


def test_a_link_stays_one_and_its_target_is_replaced(tmp_path, small):
    (tmp_path / "far").mkdir()
    (tmp_path / "link.npz").symlink_to("far/model.npz")
    for _ in range(2):  # at first it leads to nothing
        small.save(tmp_path / "link.npz")
    assert (tmp_path / "link.npz").is_symlink()
    again = LineClassifier.load(tmp_path / "far" / "model.npz")
    assert again.label(TEXT) == small.label(TEXT)
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["model.npz"]


def test_folders_of_a_model_are_made(tmp_path, small):
    path = tmp_path / "new" / "models" / "model.npz"
    small.save(path)
    assert LineClassifier.load(path).label(TEXT) == small.label(TEXT)


def test_an_error_of_saving_names_the_model_and_not_its_unfinished_file(tmp_path, small):
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "model.npz", tmp_path, ""):
        with pytest.raises(OSError, match=r"directory|exists") as caught:
            small.save(path)
        assert caught.value.filename == (str(path) or ".")
        assert caught.value.filename2 is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_stays_one_and_gets_the_model(tmp_path, small):
    os.mkfifo(tmp_path / "pipe")
    command = [
        sys.executable,
        "-c",
        "import sys; sys.stdout.buffer.write(open('pipe','rb').read())",
    ]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE) as reader:
        try:
            small.save(tmp_path / "pipe")
            assert (tmp_path / "pipe").is_fifo()
        except BaseException:
            reader.kill()  # it would wait for ever
            raise
        (tmp_path / "model.npz").write_bytes(reader.stdout.read())
    assert LineClassifier.load(tmp_path / "model.npz").label(TEXT) == small.label(TEXT)


def test_metadata_say_what_the_model_is():
    metadata = LineClassifier.load().metadata
    assert metadata["labels"] == ["content", "navigation", "paywall", "sponsored"]
    assert len(metadata["data_sha256"]) == 64
    assert len(set(metadata["pages"])) == metadata["n_documents"]
    assert 0 < metadata["scores"]["macro_f1"] < 1
    assert {"date", "libraries", "recipe", "table_bits"} <= metadata.keys()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"second_weights": None}, "second_weights"),
        ({"third_weights": None}, "third_weights"),
        ({"third_weights": lambda a: a.astype(np.int16)}, "third_weights should be int8"),
        ({"second_weights": lambda a: a[:, :9]}, "second_weights has shape"),
        ({"third_inputs": lambda a: a + np.int16(9999)}, "third_inputs are not all 0–"),
        ({"second_inputs": lambda a: -1 - a}, "second_inputs are not all 0–"),
        ({"second_inputs": lambda a: np.resize(a, (5000, 6))}, "5000 crosses"),
        ({"second_bias": lambda a: a[:3]}, "second_bias has shape"),
        ({"carry": lambda a: a[:3]}, "carry has shape"),
        ({"first_shape": lambda a: a.astype(np.float64)}, "float32"),
        ({"first_bias": lambda a: a * np.nan}, "not finite"),
        ({"first_bias": lambda a: a + np.float32(3e38)}, "above 1e"),
        ({"first_table": lambda a: a[:, :100]}, "first_table"),
        ({"metadata": lambda a: a[:-4]}, "not a linesift model"),
        ({"metadata": metadata_with(format="other")}, "not a linesift model"),
        ({"metadata": metadata_with(format_version=99)}, "newer linesift"),
        ({"metadata": metadata_with(features_version=99)}, "newer linesift"),
        ({"metadata": metadata_with(labels=["a", "b", "c", "d"])}, "other labels"),
        ({"metadata": metadata_with(table_bits=60)}, "table of 2"),
        ({"metadata": metadata_with(format_version=float("inf"))}, "not a linesift model"),
        ({"metadata": lambda a: np.frombuffer(b"[" * 100_000, np.uint8)}, "not a linesift model"),
        ({"metadata": metadata_with(loss_table="none")}, "loss_table"),
        ({"metadata": metadata_with(loss_table=[[0.5, 0.1]])}, "loss_table"),
        ({"metadata": metadata_with(loss_table=[["0.5", 0.1, 0.1]])}, "loss_table"),
        ({"metadata": metadata_with(loss_table=[[0.5, 1.1, 0.1]])}, "loss_table"),
        ({"metadata": metadata_with(loss_table=[[0.5, float("nan"), 0.1]])}, "not a linesift"),
        ({"metadata": lambda a: np.append(a[:-1], list(b',"x":1e999}')).astype("u1")}, "not a"),
        ({"metadata": metadata_with(note="." * MOST_METADATA_BYTES)}, "not a linesift model"),
        ({"metadata": metadata_with(pages=[["3f"]])}, "pages"),
    ],
)
def test_what_is_wrong_inside_is_named(tmp_path, changes, says):
    with pytest.raises(ModelError, match=says):
        load_model(changed_model(tmp_path, **changes))


@pytest.mark.parametrize("cut", [0, 1, 1000, -1])
def test_a_cut_file_is_damaged(tmp_path, cut):
    path = tmp_path / "cut.npz"
    path.write_bytes(DEFAULT_MODEL.read_bytes()[:cut])
    with pytest.raises(ModelError, match="damaged or no model"):
        load_model(path)


@pytest.mark.parametrize("start", [0, 5000])
def test_bytes_that_are_missing_are_told(tmp_path, start):
    raw, path = DEFAULT_MODEL.read_bytes(), tmp_path / "holed.npz"
    path.write_bytes(raw[:start] + raw[start + 4000 :])
    with pytest.raises(ModelError, match=r"damaged or no model \(bytes are missing\); get it anew"):
        load_model(path)


def test_arrays_may_be_stored_column_by_column(tmp_path):
    path = changed_model(tmp_path, first_table=np.asfortranarray)
    assert load_model(path)[1] == load_model()[1]


def test_a_changed_byte_is_noticed(tmp_path):
    raw = bytearray(DEFAULT_MODEL.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path = tmp_path / "flipped.npz"
    path.write_bytes(raw)
    with pytest.raises(ModelError):
        load_model(path)


def npy_with(header):
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()


@pytest.mark.parametrize(
    "member",
    [
        ("first_bias", b"no array"),
        ("first_bias.npy", npy_with("{'descr': (\n")),
        (
            "first_bias.npy",
            npy_with(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({1 << 60},)}}"),
        ),
    ],
)
def test_arrays_that_numpy_stumbles_over_are_damaged(tmp_path, member):
    path = changed_model(tmp_path, first_bias=None)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(*member)
    with pytest.raises(ModelError, match="damaged"):
        load_model(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_numpy_never_packs_so_is_not_unpacked(tmp_path, method):
    """Of these, zipfile unpacks all that is there, however little the file says it is."""
    path = tmp_path / "model.npz"
    with zipfile.ZipFile(DEFAULT_MODEL) as stored, zipfile.ZipFile(path, "w") as archive:
        *others, least = sorted(stored.infolist(), key=lambda entry: -entry.file_size)
        for entry in others:
            archive.writestr(entry.filename, stored.read(entry))
        archive.writestr(least.filename, stored.read(least), method)  # one is enough
    with pytest.raises(ModelError, match=r"damaged or no model \(packed as no model is\)"):
        load_model(path)


def test_an_encrypted_file_is_no_model(tmp_path):
    path = changed_model(tmp_path)
    raw = path.read_bytes()
    for begin, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.index(begin) + flags
        raw = raw[:at] + bytes([raw[at] | 1]) + raw[at + 1 :]
    path.write_bytes(raw)
    with pytest.raises(ModelError, match="encrypted"):
        load_model(path)


class Opened:
    """What a pickle does when it is opened: it makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_pickle_is_never_opened(tmp_path):
    path = tmp_path / "pickle.npz"
    np.savez(path, metadata=np.array([Opened(tmp_path / "opened")], dtype=object))
    with pytest.raises(ModelError, match=r"metadata\.npy is no array"):
        load_model(path)
    assert not (tmp_path / "opened").exists()


def test_a_model_may_be_named_by_the_url_of_a_file(tmp_path, small):
    path = tmp_path / "new" / "model.npz"
    small.save(f"file://{path}")
    assert LineClassifier.load(f"file://{path}").label(TEXT) == small.label(TEXT)
    assert model_digest(f"file://{path}") == model_digest(path)


@pytest.mark.parametrize("url", ["s3://bucket/m.npz", "memory://m.npz", "nonsense://m.npz"])
def test_models_elsewhere_are_refused(tmp_path, monkeypatch, url):
    monkeypatch.chdir(tmp_path)
    for read in (load_model, model_digest):
        with pytest.raises(ModelError, match=f"^{url}: a model is read from this machine. Copy it"):
            read(url)
    with pytest.raises(ValueError, match=f"^{url}: a model is written to this machine. Give a"):
        LineClassifier.load().save(url)
    assert not list(tmp_path.iterdir())


def test_a_name_that_no_file_can_have_is_refused():
    for use in (load_model, model_digest, LineClassifier.load().save):
        with pytest.raises(ModelError, match=r"^'a\\x00b': no name .* NUL .*; give another path"):
            use("a\0b")


def test_missing_files_folders_and_bombs_are_refused(tmp_path):
    with pytest.raises(ModelError, match="no such file"):
        load_model(tmp_path / "none.npz")
    with pytest.raises(ModelError, match="folder"):
        load_model(tmp_path)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.npy", bytes(MOST_BYTES + 1))
    path = tmp_path / "bomb.npz"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(ModelError, match="unpacks to more"):
        load_model(path)


def test_pipes_and_devices_are_no_models(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/zero"):
        for read in (load_model, model_digest):
            with pytest.raises(ModelError, match="no file that can be read twice"):
                read(path)


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ({"score": float("nan")}, "not JSON compliant"),
        ({"loss_table": [[0.5, 0.1]]}, "loss_table has other rows than ratios"),
        ({"pages": [3]}, "pages is no list of digests"),
        ({"pages": "3f"}, "pages is no list of digests"),
        ({"note": "." * MOST_METADATA_BYTES}, "the metadata take more than 8 MB"),
        ({"note": reduce(lambda inner, _: [inner], range(10**5), [])}, "nested too deep"),
    ],
)
def test_what_could_not_be_loaded_again_is_not_saved(tmp_path, metadata, says):
    path = tmp_path / "model.npz"
    path.write_bytes(b"the one before")
    with pytest.raises(ValueError, match=f"model.npz: not saved, .*{says}.*; correct that first"):
        LineClassifier(LineClassifier.load().layers, metadata).save(path)
    assert path.read_bytes() == b"the one before"
    assert list(tmp_path.iterdir()) == [path]


def test_layers_that_could_not_be_loaded_again_are_not_saved(tmp_path):
    clf = LineClassifier.load()
    clf.layers = clf.layers._replace(carry=clf.layers.carry.astype(np.float64))
    with pytest.raises(ValueError, match="carry should be float32, is float64"):
        clf.save(tmp_path / "model.npz")
    assert not list(tmp_path.iterdir())


def test_layers_that_are_no_arrays_as_the_kernels_take_them_are_refused():
    layers = random_layers(0)
    twice = np.zeros(2 * len(layers.carry), np.float32)
    with pytest.raises(ValueError, match=r"layers should be Layers, are a tuple"):
        LineClassifier(tuple(layers))
    with pytest.raises(ValueError, match=r"carry should be a numpy array, is a list"):
        LineClassifier(layers._replace(carry=layers.carry.tolist()))
    with pytest.raises(ValueError, match=r"carry has gaps; give numpy\.ascontiguousarray of it"):
        LineClassifier(layers._replace(carry=twice[::2]))


def test_an_empty_path_is_no_model():
    with pytest.raises(ModelError, match="the path is empty"):
        LineClassifier.load("")


def test_the_path_of_a_folder_is_not_written_as_a_file(tmp_path, monkeypatch, small):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="'new/' names no file; give one"):
        small.save("new/")
    assert not list(tmp_path.iterdir())
