"""How a command ends when something is wrong: one line, one exit code."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import IO, Any

import click

from classifier.files.names import without_passwords
from classifier.shown_text import one_line

FILTERED = "leave such records out first: linesift filter --drop none --on-error skip INPUT -o GOOD"


class Failure(click.ClickException):
    """Bad data, a bad model or an output that cannot be written: exit code 1."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Print one line that begins with the command's name.

        Parameters
        ----------
        file : text file, optional
            Standard error if absent.
        """
        click.echo(f"linesift: {shown(self.format_message())}", err=True, file=file)


class Misuse(Failure):
    """A command line that cannot be meant: exit code 2."""

    exit_code = 2


@contextmanager
def explained() -> Iterator[None]:
    """Turn the errors of the library into messages and exit codes; tell of compiling.

    Where the command has ``--quiet`` and it was given, compiling is no news.

    Yields
    ------
    None
        For the work of a command.

    Raises
    ------
    Failure, Misuse
        Instead of the library's exceptions.
    """
    from classifier.files.locations import PathError
    from classifier.files.opening import OutputError
    from classifier.files.problems import DataError
    from classifier.formats.remedies import CORRECTED, with_options
    from classifier.running.compiling import announced
    from classifier.running.manifest import ResumeError
    from classifier.running.second_compiler import second_compiler
    from classifier.running.workers import WorkerDiedError
    from classifier.weights.model_contents import ModelError

    is_quiet = click.get_current_context().params.get("quiet", False)
    try:
        with announced(ignore if is_quiet else announce), second_compiler():
            yield
    except DataError as error:
        options = _options()
        problem = with_options(error.problem, options)
        # Other commands read documents, too, but leave none out.
        is_left_out_elsewhere = "--input-format" in options and "--on-error" not in options
        is_of_record = problem.kind == "no text" or problem.remedy == f"{CORRECTED}."
        if is_left_out_elsewhere and is_of_record:
            remedy = problem.remedy.removesuffix(".")
            problem = replace(problem, remedy=f"{remedy}, or {FILTERED}.")
        raise Failure(problem.message(error.file)) from error
    except (OutputError, ModelError, WorkerDiedError) as error:
        raise Failure(str(error)) from error
    except (PathError, ResumeError) as error:
        raise Misuse(str(error)) from error
    except MemoryError as error:
        raise Failure(
            "there is not enough memory. Give fewer --workers or smaller files, or more memory."
        ) from error


def _options() -> set[str]:
    """Name the options of the command that runs."""
    parameters = click.get_current_context().command.params
    return {option for parameter in parameters for option in parameter.opts}


def shown(message: str) -> str:
    """Give a message as it is printed: on one line, and without the passwords of URLs.

    Parameters
    ----------
    message : str

    Returns
    -------
    str
    """
    return one_line(without_passwords(message))


def ignore(message: str) -> None:
    """Tell nobody: what takes the place of `announce` where a command is to be quiet.

    Parameters
    ----------
    message : str
    """


def announce(message: str) -> None:
    """Tell the user something while work goes on; it goes on as well if nobody can be told.

    Parameters
    ----------
    message : str
        Without the command's name, which is put before it.
    """
    with suppress(OSError):
        click.echo(f"linesift: {shown(message)}", err=True)
