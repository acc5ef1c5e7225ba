"""Options that several commands share."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from classifier import __version__
from classifier.commands.errors import Misuse
from classifier.files.locations import PathError, refuse_empty
from classifier.files.names import readable
from classifier.formats import FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])


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
    from classifier.model_contents import ModelError
    from classifier.storage import model_file

    try:
        refuse_empty(path, "the file")
        return str(model_file(path))
    except (PathError, ModelError) as error:
        raise click.BadParameter(str(error), context, parameter) from None


MODEL = click.option(
    "--model",
    metavar="PATH",
    callback=model_path,
    help='Another model than the bundled one, which is called "default".',
)
BUNDLED = "default"  # how commands name the bundled model
VERSION = click.version_option(
    __version__, message="linesift %(version)s", help="Print the version."
)
CORRECTIONS = click.option(
    "--corrections",
    multiple=True,
    required=True,
    metavar="FILE",
    help="Log of `linesift annotate`, labelled JSON Lines or Label Studio's JSON; may be repeated.",
)


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
        return float(super().convert(value, param, ctx))


# Each is a process at once; a number with a zero too many would fill the memory.
MAX_WORKERS = 1024


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


def _named_format(context: click.Context, parameter: click.Parameter, value: str) -> str | None:
    """Give None where the format is to be told by name and content."""
    del context, parameter
    return None if value == "auto" else value


def _page_place(
    context: click.Context, parameter: click.Parameter, output: str | None
) -> str | None:
    """Refuse to fill a terminal with a page, unless that is asked for."""
    del context, parameter
    if output is None and sys.stdout.isatty():
        raise Misuse("a page is for a browser. Give -o a file for it, or - to print it here.")
    return output


def _options(*options: Callable[[Any], Any]) -> Callable[[Command], Command]:
    def decorate(function: Command) -> Command:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


INPUT_FORMAT = click.option(
    "--input-format",
    type=click.Choice(["auto", *FORMATS]),
    default="auto",
    show_default=True,
    callback=_named_format,
    help="auto looks at name and first bytes.",
)

record_options = _options(
    INPUT_FORMAT,
    click.option(
        "--text-field",
        callback=check_name,
        default="text",
        metavar="NAME",
        show_default=True,
        help="Field of the text; a.b for b inside a.",
    ),
    click.option(
        "--id-field",
        callback=check_name,
        default="id",
        metavar="NAME",
        show_default=True,
        help="Field of the identifier; records without get FILE:RECORD.",
    ),
)

OUTPUT = click.option(
    "-o",
    "--output",
    metavar="OUT",
    help="A file, or a folder for several inputs; standard output, not packed, if absent or -.",
)
PAGE = click.option(
    "-o",
    "--output",
    metavar="PAGE",
    callback=_page_place,
    help="The page; standard output if it is - or, unless that is a terminal, absent.",
)

input_options = _options(
    click.argument("inputs", metavar="[INPUT]...", nargs=-1),
    record_options,
    click.option(
        "--url-field",
        callback=check_name,
        default="url",
        metavar="NAME",
        show_default=True,
        help="Field of the address, whose host statistics and pages show.",
    ),
)

policy_options = _options(
    click.option(
        "--drop",
        default="navigation,paywall,sponsored",
        metavar="LIST",
        show_default=True,
        help="Labels to drop, with commas between; `none` drops nothing.",
    ),
    click.option(
        "--content-threshold",
        type=Share(0, 1),
        metavar="P",
        help="Drop lines with a smaller probability of content if --drop has their likeliest "
        "other label.",
    ),
    click.option(
        "--max-content-loss",
        type=Share(0, 1, max_open=True),
        metavar="SHARE",
        help="Choose the threshold that loses at most this share of content: 0.01 for 1 %.",
    ),
    click.option(
        "--min-content-chars",
        type=click.IntRange(0),
        default=0,
        metavar="N",
        help="Drop documents with less content; addresses of links count for nothing.",
    ),
    click.option(
        "--min-content-ratio",
        type=Share(0, 1),
        default=0.0,
        metavar="SHARE",
        help="Drop documents with a smaller share of content.",
    ),
    click.option(
        "--drop-paywalled",
        is_flag=True,
        help="Drop documents that gate or sell access, complete articles with an offer too.",
    ),
)

run_options = _options(
    click.option(
        "--on-error",
        type=click.Choice(["fail", "skip", "quarantine"]),
        default="fail",
        show_default=True,
        help="On a bad record: stop, leave it out, or put it into OUT.quarantine.jsonl.",
    ),
    click.option(
        "--max-errors",
        type=click.IntRange(0),
        metavar="N",
        help="With skip or quarantine: end after more errors than this.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, MAX_WORKERS),
        default=1,
        show_default=True,
        metavar="N",
        help="Processes to work on.",
    ),
    click.option(
        "--resume",
        is_flag=True,
        help="Skip outputs that an earlier run with the same settings finished; a single file "
        "only if that run had --resume, too.",
    ),
    click.option("--stats", metavar="FILE", help="Write what was counted, as JSON."),
    MODEL,
    click.option(
        "-q", "--quiet", is_flag=True, help="Say nothing but of records that are left out."
    ),
    click.option("-v", "--verbose", is_flag=True, help="Say what was done, and how fast."),
    VERSION,
)
