"""Under which names results are written: those of the inputs, in another folder."""

import os
import re

from classifier.files.locations import (
    PathError,
    exists,
    is_folder,
    is_remote,
    on_this_machine,
    refuse_empty,
)
from classifier.files.name_lengths import MAX_NAME_BYTES
from classifier.formats import format_of_name
from classifier.formats.input_paths import Input


def mirror(
    inputs: list[Input], output: str | None, several: bool, suffix: str | None = None
) -> list[str | None]:
    """Name the output of each input.

    Parameters
    ----------
    inputs : list of Input
        What is read.
    output : str or None
        A file for one input, a folder for several; None for standard output.
    several : bool
        As from `find_inputs`.
    suffix : str, optional
        Put after names in a folder (before ``.gz`` or ``.zst``), for results
        in another format.

    Returns
    -------
    list of str or None
        One path an input; None for standard output.

    Raises
    ------
    PathError
        If two inputs would be written to one name, there is no name, it is too long, lies
        outside of the folder, or is that of a file where a folder is needed.
    """
    refuse_empty(output, "the output")
    if output is None or output == "-":
        return [None] * len(inputs)
    if not (several or len(inputs) > 1 or is_folder(output)):
        return [output]
    if not is_folder(output) and exists(output):
        raise PathError(
            f"{output}: it is no folder, which a folder or several inputs need. "
            "Give -o a folder or a new name."
        )
    is_here = not is_remote(on_this_machine(output))
    names: dict[str, Input] = {}
    for item in inputs:
        name = "stdin" if item.path == "-" else item.relative
        bare, end = re.fullmatch(r"(.*?)(\.gz|\.zst)?", name, re.DOTALL | re.I).groups("")  # type: ignore[union-attr]
        if suffix is not None:
            name = bare + suffix + end
        elif format_of_name(name) == "parquet":
            name = bare  # as Parquet is compressed inside, and only there
        if ".." in name.split("/"):
            raise PathError(
                f"{item.path}: its output would lie outside of {output}. Give the folder itself, "
                "not a pattern that leads out of what it has matched."
            )
        if is_here and max(len(os.fsencode(part)) for part in name.split("/")) > MAX_NAME_BYTES:
            raise PathError(
                f"{item.path}: its output's name would be too long ({name}). Rename it, or work "
                "on it alone, with the name of a file for -o."
            )
        if name in names:
            is_twice = names[name].path == item.path
            above = "the folder above both" if format_of_name(name) else "one pattern for both"
            others = f"Rename one of them, give each another -o, or give {above}."
            raise PathError(
                f"{names[name].path} and {item.path} would both be written to {name} in {output}. "
                + ("Give it once." if is_twice else others)
            )
        names[name] = item
    return [f"{output.rstrip('/')}/{name}" for name in names]
