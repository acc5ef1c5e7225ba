"""`linesift info` and `linesift warm`: the model, and compiling ahead."""

import json
import re

import click

from classifier.commands.errors import Failure, explained
from classifier.commands.options import MODEL


@click.command()
@MODEL
def info(model: str | None) -> None:
    """Print what is known of the model, as JSON.

    \b
    Example:  linesift info
    """
    with explained():
        from classifier import __version__
        from classifier.model import LineClassifier
        from classifier.storage import model_digest

        digest = model_digest(model)
        metadata = LineClassifier.load(model).metadata
    # Hashes of the pages it has learnt from: thousands of lines for machines alone.
    metadata = {name: value for name, value in metadata.items() if name != "pages"}
    description = {"linesift": __version__, "model_sha256": digest}
    description |= {name: value for name, value in metadata.items() if name not in description}
    # Escapes what is not ASCII: a terminal might obey some of it.
    text = json.dumps(description, indent=2)
    # A list of numbers, or of such lists, takes a line: confusion, intervals, thresholds.
    click.echo(re.sub(r"\[[-+.,\deE\s]*\]", lambda found: " ".join(found[0].split()), text))


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
