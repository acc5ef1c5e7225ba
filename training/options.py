"""Options that several commands of training share."""

from pathlib import Path

import click

GOLD = click.option(
    "--gold",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path("../shared/gold/documents.jsonl.gz"),
    show_default=True,
    help="Labelled pages, JSON Lines.",
)
