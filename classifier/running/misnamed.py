"""Outputs whose names say another format than they will have."""

import re
from pathlib import PurePosixPath

from classifier.files.compression import codec_of_name
from classifier.files.locations import PathError
from classifier.formats import format_of_name, unread_format
from classifier.running.task import Task

PACKED = re.compile(r"\.(bz2|xz|lzma|zip|7z|lz4|br|zz?)$", re.IGNORECASE)
TABLE = re.compile(r"\.tsv(\.gz|\.zst)?$", re.IGNORECASE)


def named_format(file: str, task: Task) -> str | None:
    """Give the format of an input as far as it is known before it is read.

    Parameters
    ----------
    file : str
        Path or URL.
    task : Task

    Returns
    -------
    str or None
        What the user said, else what the name says, if anything.
    """
    return task.input_format or format_of_name(file)


def refuse_misnamed(output: str, file: str, found: str | None, task: Task) -> None:
    """Refuse a name that says something else than what will be written.

    Parameters
    ----------
    output : str
        Path or URL.
    file : str
        The input.
    found : str or None
        Its format; None if it is not known before it is read.
    task : Task

    Raises
    ------
    PathError
        Names both.
    """
    is_name_kept = PurePosixPath(output).name == PurePosixPath(file).name
    unread = unread_format(output)
    if is_name_kept or (task.input_format and unread == unread_format(file)):
        unread = None  # it is as misnamed as its input
    named = format_of_name(output) or unread
    packed = PACKED.search(output)
    if packed and not is_name_kept:  # a page may be called after its host, such as a.com.br
        raise PathError(
            f"{output}: linesift packs into .gz and .zst only, not {packed[0]}. "
            "Give -o a fitting name."
        )
    if task.action == "label":
        made: str | None = task.label_format
        if TABLE.search(output) or (made == "tsv" and named == "text"):  # a table is text, too
            named = "tsv"
        why = f"labels are written as {made} (--output-format)"
    else:
        made = found
        why = f"{file} is {made}. linesift writes the format it reads"
        if task.input_format and is_name_kept:
            named = made  # it is as misnamed as its input
    if made and named and made != named:
        raise PathError(f"{output}: its name says {named}, but {why}. Give -o a fitting name.")
    if "parquet" in (named, made) and codec_of_name(output):
        raise PathError(
            f"{output}: Parquet is compressed inside only. Give -o a name without that."
        )
