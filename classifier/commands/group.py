"""All commands as one: parse, hand over, explain what none of them handles by itself."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

import click

from classifier.commands.annotate import annotate
from classifier.commands.compare import compare
from classifier.commands.errors import Failure
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

# What writing fails with where there is no room, or nothing to write to.
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EBADF)
MORE_FILES = "Allow more of them (ulimit -n)"
REMEDIES = {
    errno.EMFILE: MORE_FILES,
    errno.ENFILE: MORE_FILES,
    errno.ENOSPC: "Make room",
    errno.EAGAIN: "Allow more processes (ulimit -u) or give fewer --workers",
}

UNLOADABLE = (
    "Allow more memory (ulimit -v), have linesift in a folder from which programs may run "
    "(not noexec), or install it anew."
)


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
        with _written():
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
        """
        with _written(), _loaded():
            return super().invoke(ctx)


@contextmanager
def _loaded() -> Iterator[None]:
    """Tell of a library that is missing or cannot be loaded; commands load them where needed."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise Failure(f"{error}. Install linesift anew, with all that it needs.") from error
    except (ImportError, OSError) as error:
        # llvmlite's is an OSError without a number of the system.
        if isinstance(error, OSError) and (error.errno or "shared object" not in str(error)):
            raise
        # The cause is numpy's reason, but of an error in a worker the traceback there.
        told = error.__cause__ if isinstance(error.__cause__, (ImportError, OSError)) else error
        reason = str(told).partition(". ")[0]  # numpy and llvmlite say more
        raise Failure(f"{reason}. {UNLOADABLE}") from error


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
        sys.stdout.flush()
    except KeyboardInterrupt:
        # As click does, to which a terminal that was closed would be one more failure.
        with suppress(OSError):
            click.echo(file=sys.stderr)
        raise click.Abort from None
    except BrokenPipeError:
        _flushed()
        raise click.exceptions.Exit(0) from None
    except OSError as error:
        if _flushed() and (error.filename or error.errno not in UNWRITABLE):
            raise Failure(_told(error)) from error
        if error.errno == errno.EBADF:
            raise Failure("standard output: it is closed. Send it somewhere.") from error
        raise Failure(
            f"standard output: cannot be written ({error.strerror}). "
            "Make room, or send it somewhere else."
        ) from error


def _told(error: OSError) -> str:
    """Explain a failure of the system that is of neither an input nor an output."""
    if error.errno == errno.ENOENT and not error.filename and not _has_folder():
        return "the working folder is gone. Change into another, and run again."
    what = f"{error.filename}: " if error.filename else ""
    remedy = REMEDIES.get(error.errno or 0, "Mend that")
    return f"{what}{error.strerror or error}. {remedy}, and run again."


def _has_folder() -> bool:
    try:
        return bool(Path.cwd())
    except OSError:
        return False


def _flushed() -> bool:
    """Tell whether standard output took everything; if not, let go of what it did not take."""
    try:
        sys.stdout.flush()
    except OSError:
        _let_go(sys.stdout)
        return False
    return True


def _let_go(stream: TextIO) -> None:
    # Python flushes once more at exit: give that somewhere to go.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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
    try:
        cli.main(prog_name="linesift", standalone_mode=False)
    except click.Abort:
        pass  # with it goes what it interrupted, and progress bars write their last line
    except click.ClickException as error:
        if not _was_interrupted(error):
            _flushed()
            try:
                error.show()
            except OSError:  # nobody can read messages; the exit code still tells
                _let_go(sys.stderr)
            return error.exit_code
    else:
        return 0
    raise KeyboardInterrupt


def _was_interrupted(error: BaseException | None) -> bool:
    """Tell whether it was an interrupt that failed: libraries in C++ call it an `ImportError`."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:  # fsspec's errors are each other's reason
        chain.append(error)
        error = error.__cause__ or error.__context__
    return any(isinstance(link, KeyboardInterrupt) for link in chain)
