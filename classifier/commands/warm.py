"""`linesift warm`: kernels compiled ahead."""

import click

from classifier.commands.errors import Failure, explained
from classifier.commands.options import MODEL


@click.command()
@MODEL
def warm(model: str | None) -> None:
    """Compile ahead, for images and read-only installations.

    \b
    Example:  linesift warm
    """
    with explained():
        from classifier.kernels.machine.code_files import not_kept
        from classifier.kernels.machine.jit import IS_DISABLED
        from classifier.running.warming import warm_everything

        if IS_DISABLED:
            raise Failure("NUMBA_DISABLE_JIT is set, so nothing is compiled. Unset it.")
        folders = warm_everything(model)
    if not_kept:
        raise Failure(
            "the compiled kernels could not be kept, or not all of them: no folder can be "
            "written, or there is no room. Make some, or set NUMBA_CACHE_DIR to a folder that has."
        )
    for folder in folders:
        click.echo(f"compiled kernels are kept in {folder}")
