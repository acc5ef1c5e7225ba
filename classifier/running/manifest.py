"""Notes of what is finished, so that a run can go on where another was stopped.

One file a shard, written after its outputs stand under their names. It says
with which settings and from which input they were made, what was counted, and
how large they are: an output that was cut or overwritten since is made anew.
"""

import json
import re
from pathlib import Path
from typing import Any

from classifier.files.local_paths import is_special, status_of
from classifier.files.locations import filesystem, is_remote, reaching, size_of
from classifier.files.names import shown_name
from classifier.files.opening import open_input, open_output
from classifier.files.removal import remove_file
from classifier.running.counts import Counts
from classifier.running.counts_as_json import as_json, from_json
from classifier.running.shards import Finished, Shard

# Under these names file systems say which state of a file they hold, the surest first.
VERSIONS = (
    *("ETag", "etag", "sha256", "blob_id"),
    *("mtime", "LastModified", "last_modified", "updated"),
)

# As FTP servers tell it (RFC 3659, 2.3). From those who cannot fsspec has what a list for people
# says: the minute, or of older files only the day.
EXACT_TIME = re.compile(r"\d{14}(\.\d+)?")

# What settings are called where their names are not those of options.
SETTINGS = {"is_labelled": "labels for --stats"}


class ResumeError(ValueError):
    """Finished outputs that do not belong to the run that is to go on."""


def write_manifest(
    shard: Shard, source: dict[str, Any], settings: dict[str, Any], done: Finished
) -> None:
    """Note that a shard is finished.

    Parameters
    ----------
    shard : Shard
        With the path of its manifest.
    source : dict
        The input as `describe_input` gave it before it was read.
    settings : dict
        JSON values: model and options that its output depends on.
    done : Finished
        What it held, and how large the outputs are.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    manifest = {
        "settings": settings,
        "input": source,
        "sizes": done.sizes,
        "counts": as_json(done.counts),
    }
    with open_output(shard.manifest, is_synced=False) as sink:
        sink.write(json.dumps(manifest, sort_keys=True).encode() + b"\n")


def read_manifest(shard: Shard, settings: dict[str, Any]) -> Counts | None:
    """Tell whether a shard is finished.

    Parameters
    ----------
    shard : Shard
        With the path of its manifest.
    settings : dict
        As for `write_manifest`.

    Returns
    -------
    Counts or None
        What it held; None if it is to be done (again), since it was never finished, its
        input is there and has changed or may have, or an output is of another size.

    Raises
    ------
    ResumeError
        If it was made with other settings, or from another input.
    PathError
        If a file system cannot be reached.
    """
    note = _read(shard.manifest) if shard.manifest is not None and shard.is_noted else None
    if note is None:
        return None
    made_with, made_from, counts, sizes = note
    settings = json.loads(json.dumps(settings))
    # What is done about errors makes no difference where there are none.
    if "on_error" in settings and not counts.n_errors:
        made_with["on_error"] = settings["on_error"]
    if made_with != settings:
        raise ResumeError(_difference(shard, made_with, settings))
    name = _name_of(shard.input)
    if made_from["path"] != name:
        raise ResumeError(
            f"{shard.output}: was made from {made_from['path']}, not from {name}. "
            "Choose another -o, or leave out --resume to begin anew."
        )
    now = describe_input(shard.input)
    # What is finished stays if its input is out of sight, as while the disk that has it is away.
    if now is not None and (made_from != now or now["version"] is None):
        return None
    return counts if sizes == _sizes(shard) else None


def _sizes(shard: Shard) -> dict[str, int | None]:
    """Measure what stands where the results of a shard go, as in `Finished`."""
    made = {"output": shard.output, "excluded": shard.excluded, "quarantine": shard.quarantine}
    return {name: None if path is None else size_of(path) for name, path in made.items()}


def _read(path: str) -> tuple[dict[str, Any], dict[str, Any], Counts, Any] | None:
    """Read settings, input, counts and sizes in a manifest; None if that is no whole note."""
    if is_special(path):  # no note, and a pipe would be waited for
        return None
    try:
        with open_input(path) as stream:
            note = json.loads(stream.read())
        made_from = {**note["input"], "path": note["input"]["path"]}
        counts = from_json(note["counts"])
        return dict(note["settings"]), made_from, counts, note["sizes"]
    # There is none, a crash of the machine cut it off, or somebody else wrote it.
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def forget(shard: Shard) -> None:
    """Remove a shard's manifest, before its outputs are made anew.

    Parameters
    ----------
    shard : Shard

    Raises
    ------
    OutputError
        If it cannot be removed.
    PathError
        If its file system cannot be reached.
    """
    if shard.manifest is not None:
        remove_file(shard.manifest)


def describe_input(path: str) -> dict[str, Any] | None:
    """Name an input and its version.

    Parameters
    ----------
    path : str
        A path or URL.

    Returns
    -------
    dict or None
        ``path``, ``size`` in bytes and ``version``, which is None where the file system
        keeps none. None if there is no such local file: who reads it says why.

    Raises
    ------
    PathError
        If its file system cannot be reached, or has no such file.
    """
    if is_remote(path):
        system, inner = filesystem(path)
        with reaching(path):
            info = system.info(inner)
        return {"path": _name_of(path), "size": info.get("size"), "version": _version(info)}
    status = status_of(path)
    if status is None:
        return None
    return {
        "path": _name_of(path),
        "size": status.st_size,
        "version": str(status.st_mtime_ns),
    }


def _version(info: dict[str, Any]) -> str | None:
    modified = str(info.get("modify"))
    if EXACT_TIME.fullmatch(modified):
        return modified
    return next((str(info[key]) for key in VERSIONS if info.get(key)), None)


def _name_of(path: str) -> str:
    return shown_name(path if is_remote(path) else str(Path(path).absolute()))


def _difference(shard: Shard, made_with: dict[str, Any], settings: dict[str, Any]) -> str:
    names = sorted(
        name for name in {*made_with, *settings} if made_with.get(name) != settings.get(name)
    )
    changes = ", ".join(
        f"{SETTINGS.get(name, name)} {made_with.get(name)!r} → {settings.get(name)!r}"
        for name in names
    )
    return (
        f"{shard.output}: was made with other settings ({changes}). "
        "Use the same ones, choose another -o, or leave out --resume to begin anew."
    )
