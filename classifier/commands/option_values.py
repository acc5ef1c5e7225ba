"""What options accept: values are read, and refused with a hint, before a command begins."""

import sys
from typing import Any

import click

from classifier.commands.errors import Misuse
from classifier.files.locations import PathError, refuse_empty
from classifier.files.names import readable

BUNDLED = "default"  # how commands name the bundled model
PLACE = click.Path(readable=False)
"""A path or URL, which shells complete as a file's; nothing is asked of what is there."""


def model_path(context: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
    """Give the path of a model; that in a ``file://`` URL, too.

    Parameters
    ----------
    context : click.Context
    parameter : click.Parameter
    path : str or None

    Returns
    -------
    str or None
        A path of this machine; None for the bundled model.

    Raises
    ------
    click.BadParameter
        If it is empty, or the URL of a file elsewhere.
    """
    if path is None or path == BUNDLED:
        return None
    from classifier.storage import model_file
    from classifier.weights.model_contents import ModelError

    try:
        refuse_empty(path, "the file")
        return str(model_file(path))
    except (PathError, ModelError) as error:
        raise click.BadParameter(str(error), context, parameter) from None


def complete_labels(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Tell a shell how a list of labels may go on.

    Parameters
    ----------
    context : click.Context
    parameter : click.Parameter
    incomplete : str
        What is typed of it: labels with commas between, the last one not to its end.

    Returns
    -------
    list of str
        The whole list each time, as shells put it in place of what is typed.
    """
    from classifier.labels import LABELS  # which loads numpy

    del context, parameter
    before, comma, last = incomplete.rpartition(",")
    names = LABELS if comma else (*LABELS, "none")
    return [f"{before}{comma}{name}" for name in names if name.startswith(last)]


class Share(click.FloatRange):
    """A number from 0 to 1; whoever writes a percentage is told how."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read a share.

        Parameters
        ----------
        value : object
            As it was typed, or a number.
        param : click.Parameter or None
        ctx : click.Context or None

        Returns
        -------
        float

        Raises
        ------
        click.BadParameter
            If it is no share.
        """
        if isinstance(value, str) and value.strip().endswith("%"):
            self.fail(f"{value!r} is a percentage. Give a share: 0.01 for 1 %.", param, ctx)
        try:
            return float(super().convert(value, param, ctx))
        except click.BadParameter as error:
            self.fail(f"{error.message.removesuffix('.')}. Give a share: 0.01 for 1 %.", param, ctx)


def check_name(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Refuse a field's name that no record can have.

    Parameters
    ----------
    context : click.Context
    parameter : click.Parameter
    value : str or None
        The name of a field.

    Returns
    -------
    str or None
        The name itself.

    Raises
    ------
    click.BadParameter
        If it is empty or not UTF-8.
    """
    del context, parameter
    if value == "":
        raise click.BadParameter("the name is empty, perhaps an unset variable. Give one.")
    if value is not None and readable(value) != value:
        raise click.BadParameter(f"{readable(value)} is not valid UTF-8. Give another name.")
    return value


def none_if_auto(context: click.Context, parameter: click.Parameter, value: str) -> str | None:
    """Give None where the format is to be told by name and content.

    Parameters
    ----------
    context : click.Context
    parameter : click.Parameter
    value : str
        One of `classifier.formats.FORMATS`, or "auto".

    Returns
    -------
    str or None
    """
    del context, parameter
    return None if value == "auto" else value


def page_place(
    context: click.Context, parameter: click.Parameter, output: str | None
) -> str | None:
    """Refuse to fill a terminal with a page, unless that is asked for.

    Parameters
    ----------
    context : click.Context
    parameter : click.Parameter
    output : str or None
        As it was typed; "-" asks for it.

    Returns
    -------
    str or None
        The same.

    Raises
    ------
    Misuse
        If it is absent and standard output is a terminal.
    """
    del context, parameter
    if output is None and sys.stdout.isatty():
        raise Misuse("a page is for a browser. Give -o a file for it, or - to print it here.")
    return output
