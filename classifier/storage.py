"""Models on disk: arrays in an .npz without pickle, and metadata as JSON inside it.

A model file may come from anywhere, so nothing in it is trusted: sizes are read before
anything is unpacked, and `classifier.weights.model_contents` looks at all that comes out.
"""

import errno
import hashlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.files.locations import PathError, is_remote, on_this_machine
from classifier.files.whole_files import new_file
from classifier.weights import Layers
from classifier.weights.model_contents import ModelError, arrays_of, layers_of

DEFAULT_MODEL = Path(__file__).parent / "models" / "default.npz"
MOST_BYTES = 1 << 28  # unpacked; far above any real model
COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # those of numpy
READ_HERE = "a model is read from this machine. Copy it here and give its path."
WRITTEN_HERE = "a model is written to this machine. Give a path of it."


def model_file(path: str | os.PathLike[str], elsewhere: str = READ_HERE) -> Path:
    """Give the file that a path of a model leads to; that of a ``file://`` URL, too.

    Parameters
    ----------
    path : path
    elsewhere : str, default READ_HERE
        What to say of the URL of another machine.

    Returns
    -------
    Path
        There need not be anything at it.

    Raises
    ------
    ModelError
        If it is such a URL, or no file can have this name.
    """
    name = os.fsdecode(path)
    try:
        here = on_this_machine(name)
    except PathError:  # no package for such URLs is installed, and none would help
        here = name
    if is_remote(here):
        raise ModelError(f"{name}: {elsewhere}")
    if "\0" in here:
        raise ModelError(f"{name!r}: no name of a file holds a NUL character; give another path")
    return Path(here)


def save_model(
    path: str | os.PathLike[str],
    layers: Layers,
    metadata: dict[str, Any],
    compresslevel: int = zlib.Z_DEFAULT_COMPRESSION,
) -> None:
    """Write a model; the file appears when it is complete.

    Folders that are missing are made. A link stays one, and what it names is replaced;
    devices and pipes are written as they are.

    Parameters
    ----------
    path : path
        File to write, by custom ``.npz``; a ``file://`` URL, too.
    layers : Layers
    metadata : dict
        Plain values for JSON. Format, version, label order and feature
        settings are added.
    compresslevel : int, default zlib's own
        How hard zlib tries, 1–9. 9 takes seconds for some hundredths of the size.

    Raises
    ------
    OSError
        If the file cannot be written; an older one of this name stays.
    TypeError, ValueError
        If `metadata` holds what JSON has no value for, `load_model` would refuse the model,
        or the path is of another machine or no file's. Nothing is written then.
    """
    file = model_file(path, WRITTEN_HERE)
    if os.fsdecode(path).endswith(("/", os.sep)):  # which a Path leaves out
        raise ValueError(f"{os.fsdecode(path)!r} names no file; give one, such as model.npz")
    try:
        arrays = arrays_of(layers, metadata)
    except ValueError as error:
        raise ValueError(
            f"{file}: not saved, for it could not be loaded again ({error}); correct that first"
        ) from None
    packed = io.BytesIO()
    # As numpy's savez_compressed, which cannot be told how hard to try.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=compresslevel) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)
    with new_file(file) as stream:
        stream.write(packed.getbuffer())


def load_model(
    path: str | os.PathLike[str] | None = None,
) -> tuple[Layers, dict[str, Any]]:
    """Read a model.

    Parameters
    ----------
    path : path, optional
        A ``file://`` URL, too; the bundled model if absent.

    Returns
    -------
    layers : Layers
    metadata : dict

    Raises
    ------
    ModelError
        If the file is missing, damaged, no model, on another machine, has other labels, or was
        made by an older or newer linesift.
    """
    if path is not None and not os.fspath(path):
        raise ModelError("the path is empty; leave it out for the bundled model")
    file = DEFAULT_MODEL if path is None else model_file(path)
    with _opened(file) as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                arrays = _read_arrays(archive)
        except Exception as error:  # numpy and zipfile raise anything on bytes not their own
            code = getattr(error, "errno", None)
            if code not in (None, errno.EINVAL):  # the machine's
                raise
            # zipfile goes back by as many bytes as there are too few, to before the beginning.
            reason = str(error) or type(error).__name__ if code is None else "bytes are missing"
            raise ModelError(f"{file}: damaged or no model ({reason}); get it anew") from None
    return layers_of(file, arrays)


def _read_arrays(archive: zipfile.ZipFile) -> dict[str, npt.NDArray[Any]]:
    """Read what `save_model` packed, by name; raises anything if it did not."""
    entries = archive.infolist()
    # Of no others does zipfile bound what comes out by what is said to.
    if not {entry.compress_type for entry in entries} <= COMPRESSIONS:
        raise ValueError("packed as no model is")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ValueError(f"unpacks to more than {MOST_BYTES >> 20} MB")
    arrays = {}
    for entry in entries:
        with archive.open(entry) as stream:
            try:
                array = np.lib.format.read_array(stream, allow_pickle=False)
                stream.read(1)  # its checksum is looked at where it ends
            except (ValueError, SyntaxError):  # whose words are for programmers
                raise ValueError(f"{entry.filename} is no array of numbers") from None
        arrays[entry.filename.removesuffix(".npy")] = np.asarray(array, order="C")
    return arrays


def model_digest(path: str | os.PathLike[str] | None = None) -> str:
    """Tell models apart: the SHA-256 of a file that `load_model` takes, in hexadecimal digits.

    Parameters
    ----------
    path : path, optional
        Of a model file; the bundled one if absent.

    Returns
    -------
    str
        64 digits.

    Raises
    ------
    ModelError
        If it cannot be read.
    """
    with _opened(DEFAULT_MODEL if path is None else model_file(path)) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _opened(file: Path) -> Iterator[io.BufferedReader]:
    """Open a model; pipes and devices, which end once or never, are none."""
    give = "give the path of a model (.npz)"
    try:
        kind = file.stat().st_mode
        if not stat.S_ISREG(kind):
            what = "is a folder" if stat.S_ISDIR(kind) else "is no file that can be read twice"
            raise ModelError(f"{file}: {what}; {give}")
        with file.open("rb") as stream:
            yield stream
    except FileNotFoundError:
        raise ModelError(f"{file}: no such file; {give}") from None
    except PermissionError:
        raise ModelError(f"{file}: may not be read; change its permissions") from None
    except OSError as error:
        raise ModelError(f"{file}: cannot be read ({error.strerror or error}); {give}") from None
