"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from classifier import __version__
from classifier.commands.option_values import (
    PLACE,
    Share,
    check_name,
    complete_labels,
    model_path,
    none_if_auto,
    page_place,
)
from classifier.formats import FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])
# Each is a process at once; a number with a zero too many would fill the memory.
MAX_WORKERS = 1024


def _options(*options: Callable[[Any], Any]) -> Callable[[Command], Command]:
    def decorate(function: Command) -> Command:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


MODEL = click.option(
    "--model",
    type=PLACE,
    metavar="PATH",
    callback=model_path,
    help='Another model than the bundled one, which is called "default".',
)
VERSION = click.version_option(
    __version__, message="linesift %(version)s", help="Print the version."
)
CORRECTIONS = click.option(
    "--corrections",
    multiple=True,
    required=True,
    type=PLACE,
    metavar="FILE",
    help="Log of `linesift annotate`, labelled JSON Lines or Label Studio's JSON; may be repeated.",
)
INPUT_FORMAT = click.option(
    "--input-format",
    type=click.Choice(["auto", *FORMATS]),
    default="auto",
    show_default=True,
    callback=none_if_auto,
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
    type=PLACE,
    metavar="OUT",
    help="A file, or a folder for several inputs; standard output, not packed, if absent or -.",
)
PAGE = click.option(
    "-o",
    "--output",
    type=PLACE,
    metavar="PAGE",
    callback=page_place,
    help="The page; standard output if it is - or, unless that is a terminal, absent.",
)

input_options = _options(
    click.argument("inputs", type=PLACE, metavar="[INPUT]...", nargs=-1),
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
        shell_complete=complete_labels,
        metavar="LIST",
        show_default=True,
        help="Labels to drop, with commas between; `none` drops nothing.",
    ),
    click.option(
        "--content-threshold",
        type=Share(0, 1),
        metavar="P",
        help="Drop a line if its probability of content is smaller, and --drop has its most "
        "probable other label.",
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
        help="Drop documents with fewer characters of content; addresses of links do not count.",
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
        help="Number of processes.",
    ),
    click.option(
        "--resume",
        is_flag=True,
        help="Skip outputs that an earlier run with the same settings finished; a single file "
        "only if that run had --resume, too.",
    ),
    click.option("--stats", type=PLACE, metavar="FILE", help="Write what was counted, as JSON."),
    MODEL,
    click.option("-q", "--quiet", is_flag=True, help="Say only that records are left out."),
    click.option("-v", "--verbose", is_flag=True, help="Say what was done, and how fast."),
    VERSION,
)
