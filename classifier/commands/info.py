"""`linesift info`: what is known of the model."""

import json
import re

import click

from classifier.commands.errors import explained
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
