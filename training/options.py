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

OTHERS = click.option(
    "--others",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("../shared"),
    show_default=True,
    help="Folder of the other collections; pages of theirs that were labelled are learnt from.",
)
PAGES = click.option(
    "--pages",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/pages"),
    show_default=True,
    help="Folder with the HTML of the pages.",
)
VIEWS = click.option(
    "--views",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/views"),
    show_default=True,
    help="Views of the pages, as `views build` made them.",
)
WORK = click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("build/evaluate"),
    show_default=True,
    help="Finished folds are kept here; a stopped run goes on from them.",
)


def read_made_views(folder: Path) -> dict:
    """Read the views of the labelled pages, or say how to make them."""
    from training.material import read_views

    try:
        return read_views(folder)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
