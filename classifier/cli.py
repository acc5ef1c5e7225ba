"""The command `linesift`: parse, hand over, explain errors; no decisions."""

import os
import signal
import sys
from typing import Any, NoReturn

import click

from classifier.commands.explain import explain
from classifier.commands.filter import filter_command
from classifier.commands.info import info, warm
from classifier.commands.label import label


def print_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Print the version and end, if asked to."""
    del parameter
    if value:
        from classifier.running.summary import package_version

        click.echo(f"linesift {package_version()}")
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


for command in (filter_command, label, explain, info, warm):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command and end the process with its exit code.

    0 done, 1 bad data or model, 2 usage, 130 interrupted; a closed pipe ends
    quietly.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("linesift: interrupted. What is finished stays; --resume goes on.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # Python flushes standard output once more at exit: give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(0)


def _interrupt(number: int, frame: Any) -> NoReturn:
    raise KeyboardInterrupt
