"""All commands as one: parse, hand over, explain what none of them handles by itself."""

import sys
from pathlib import Path
from typing import Any

import click

from classifier.commands.annotate import annotate
from classifier.commands.compare import compare
from classifier.commands.endings import flushed, let_go, loaded, was_interrupted, written
from classifier.commands.explain import explain
from classifier.commands.filter import filter_command
from classifier.commands.fit import fit
from classifier.commands.info import info
from classifier.commands.inspect import inspect
from classifier.commands.label import label
from classifier.commands.options import VERSION
from classifier.commands.report import report
from classifier.commands.tune import tune
from classifier.commands.warm import warm
from classifier.running.library_logs import drop_library_logs


class WritingGroup(click.Group):
    """Commands with one rule for what none of them handles by itself: it is told in a line.

    That is what standard output does not take, libraries that cannot be loaded, and options
    before the command. If nobody reads on, they end quietly; click would call that a failure.
    """

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Parse a command line; prints help or version if asked to.

        Parameters
        ----------
        *arguments, **options : object
            As `click.Group.make_context` takes them.

        Returns
        -------
        click.Context

        Raises
        ------
        Failure
            If help or version cannot be printed.
        """
        with written():
            return super().make_context(*arguments, **options)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what stands before the name of a command.

        Parameters
        ----------
        ctx : click.Context
        args : list of str

        Returns
        -------
        list of str
            What follows.

        Raises
        ------
        click.UsageError
            If there is an option that only commands have, or none has.
        """
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise click.UsageError(
                f"{error.option_name}: no option of linesift itself. Options stand behind the "
                f"name of a command, as in: {ctx.command_path} filter {error.option_name} …",
                ctx,
            ) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command.

        Parameters
        ----------
        ctx : click.Context

        Returns
        -------
        object
            What the command returns.

        Raises
        ------
        Failure
            If its output cannot be printed, or a library that it needs cannot be loaded.
        click.UsageError
            If there is an option that it does not have; a file of that name may be meant.
        """
        try:
            with written(), loaded():
                return super().invoke(ctx)
        except click.NoSuchOption as error:
            files = [word for word in sys.argv if word.startswith("-") and Path(word).exists()]
            if not files:
                raise
            told = f"{error.format_message()} If the file is meant, write ./{files[0]}"
            raise click.UsageError(told, error.ctx) from None


@click.group(
    cls=WritingGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@VERSION
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


def run() -> int:
    """Run the command that the process was started with.

    Returns
    -------
    int
        0 done, 1 bad data or model, 2 usage.

    Raises
    ------
    KeyboardInterrupt
        If it was interrupted.
    """
    drop_library_logs()
    try:
        cli.main(prog_name="linesift", standalone_mode=False)
    except click.Abort:
        pass  # with it goes what it interrupted, and progress bars write their last line
    except click.ClickException as error:
        if not was_interrupted(error):
            flushed()
            try:
                error.show()
            except OSError:  # nobody can read messages; the exit code still tells
                let_go(sys.stderr)
            return error.exit_code
    else:
        return 0
    raise KeyboardInterrupt
