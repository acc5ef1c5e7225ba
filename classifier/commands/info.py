"""`linesift info` and `linesift warm`: the model, and compiling ahead."""

import json

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
    click.echo(json.dumps(description, indent=2))


@click.command()
@MODEL
def warm(model: str | None) -> None:
    """Compile ahead, for images and read-only installations.

    \b
    Example:  linesift warm
    """
    with explained():
        from classifier.running.warming import warm_everything

        folders = warm_everything(model)
    if not folders:
        raise Failure(
            "the compiled kernels could not be kept: no folder can be written. "
            "Set NUMBA_CACHE_DIR to one that can."
        )
    for folder in folders:
        click.echo(f"compiled kernels are kept in {folder}")
