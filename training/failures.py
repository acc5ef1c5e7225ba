"""Groups of commands that fail with one sentence."""

import os

import click

TRACEBACKS = "LINESIFT_TRACEBACKS"
INTERRUPTED = 130  # what shells say of a process that Ctrl-C ended; click would say 1, a failure


class Commands(click.Group):
    """A group whose commands fail with one sentence; with a traceback if `TRACEBACKS` is set."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command, and turn what its input or the machine lacks into one sentence.

        Parameters
        ----------
        ctx : click.Context

        Returns
        -------
        object
            What the command returns.

        Raises
        ------
        click.ClickException
            If it fails for want of a file, a package or right data.
        click.exceptions.Exit
            With `INTERRUPTED`, if it is.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:  # click ends quietly
            raise
        except (ImportError, OSError, ValueError, EOFError) as error:
            if os.environ.get(TRACEBACKS):
                raise
            raise click.ClickException(sentence_of(error)) from None


def sentence_of(error: Exception, extra: str = "train") -> str:
    """Say what is wrong, with the file, or the line to type that installs an extra.

    Parameters
    ----------
    error : Exception
    extra : str, default "train"
        The one that brings what cannot be imported.

    Returns
    -------
    str
    """
    if isinstance(error, ImportError):
        return f"{error}; type: pip install -e '.[{extra}]'"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__
