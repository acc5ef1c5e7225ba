"""The command `linesift`: parse, hand over, explain errors; no decisions."""

import os
import signal
import sys
from typing import Any, NoReturn

import click

from classifier.commands.annotate import annotate
from classifier.commands.compare import compare
from classifier.commands.explain import explain
from classifier.commands.filter import filter_command
from classifier.commands.fit import fit
from classifier.commands.info import info, warm
from classifier.commands.inspect import inspect
from classifier.commands.label import label
from classifier.commands.report import report
from classifier.commands.tune import tune


def print_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Print the version and end, if asked to."""
    del parameter
    if value:
        from classifier import __version__

        click.echo(f"linesift {__version__}")
        context.exit()


class QuietGroup(click.Group):
    """Commands that end quietly when nobody reads on; click would call it a failure."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # Python flushes once more at exit: give that somewhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None
        return result


@click.group(
    cls=QuietGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_version,
    help="Print the version.",
)
def cli() -> None:
    """Label every line of web page text as content, navigation, paywall or sponsored.

    \b
    Example:  linesift filter pages/ -o clean/
    """


COMMANDS = (
    *(filter_command, label, inspect, explain, report),
    *(annotate, fit, tune, compare),
    *(info, warm),
)
for command in COMMANDS:
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command and end the process with its exit code.

    0 done, 1 bad data or model, 2 usage, 130 interrupted; a closed pipe ends
    quietly.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("linesift: interrupted. What is finished stays; --resume goes on.", err=True)
        sys.exit(130)
    sys.exit(0)


def _interrupt(number: int, frame: Any) -> NoReturn:
    raise KeyboardInterrupt
