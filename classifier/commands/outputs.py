"""Where commands write what they make: into files, and never over what they read."""

import sys
from collections.abc import Iterable

from classifier.commands.errors import Misuse, announce


def input_files(arguments: Iterable[str]) -> list[str]:
    """List the files that arguments of a command stand for; none is standard input.

    Parameters
    ----------
    arguments : iterable of str
        Files, folders, patterns or URLs.

    Returns
    -------
    list of str
        Paths and URLs, "-" for standard input.

    Raises
    ------
    PathError
        If an argument stands for no file.
    """
    from classifier.formats.input_paths import find_inputs

    inputs, _ = find_inputs(list(arguments) or ["-"], announce=announce)
    return [item.path for item in inputs]


def check_output(output: str | None, inputs: Iterable[str | None], option: str = "-o") -> None:
    """End if an output is no file to write, or is an input, by whatever names both are given.

    Parameters
    ----------
    output : str or None
        A path or URL; None or ``-`` for standard output.
    inputs : iterable of (str or None)
        Files that are read, ``-`` for standard input; None for one that was not given.
    option : str, default "-o"
        That names the output.

    Raises
    ------
    Misuse
        Names the input.
    PathError
        If the output could not be written.
    """
    from classifier.files.identity import identity, identity_of_stream
    from classifier.files.local_paths import is_special
    from classifier.files.locations import refuse_empty
    from classifier.files.names import shown_name
    from classifier.files.unwritable import refuse_unwritable

    if output is None or output == "-":
        written = identity_of_stream(sys.stdout)
    else:
        refuse_empty(output, f"the file of {option}")
        refuse_unwritable(output, option)
        written = None if is_special(output) else identity(output)
    if written is None:
        return
    for path in inputs:
        if path and identity(path) == written:
            raise Misuse(
                f"{shown_name(str(path))}: it is also the output. Give {option} another name."
            )


def check_page(output: str | None, inputs: Iterable[str | None]) -> None:
    """End if a page cannot be meant to be written there; raises as `check_output`.

    Parameters
    ----------
    output : str or None
        A path or URL; None or ``-`` for standard output.
    inputs : iterable of (str or None)
        As of `check_output`.

    Raises
    ------
    Misuse
        Also if the name says that the file holds something else, such as documents or a model.
    """
    from classifier.files.names import shown_name
    from classifier.formats import format_of_name, unread_format

    check_output(output, inputs)
    if output is None:
        return
    named = format_of_name(output) or unread_format(output)
    if named is not None:
        raise Misuse(
            f"{shown_name(output)}: its name says {named}, but a page for the browser is written. "
            "Give -o a name such as page.html."
        )


def write_page(page: str, output: str | None) -> None:
    """Write a page.

    Parameters
    ----------
    page : str
        HTML.
    output : str or None
        A path or URL; None or ``-`` for standard output.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    from classifier.files.opening import open_output

    with open_output(None if output == "-" else output) as sink:
        # A record's identifier may hold half a character, which no encoding has a
        # place for; as an escape it is right in the page's JSON and seen elsewhere.
        sink.write(page.encode("utf-8", "backslashreplace"))
