"""Options that several commands of training share."""

from pathlib import Path

import click
from click.core import ParameterSource

# A folder beside the checkout, if there is one, goes before what `corpus build` made.
COLLECTIONS = (Path("../shared"), Path("build/corpus"))


def in_collections(name: str) -> dict:
    """Make the default of an option: a file or folder of the page collections, where it is.

    Parameters
    ----------
    name : str
        Below the folder of the collections.

    Returns
    -------
    dict
        Arguments of `click.option`.
    """
    places = [folder / name for folder in COLLECTIONS]
    return {
        "default": lambda: next((place for place in places if place.exists()), places[-1]),
        "show_default": " or ".join(map(str, places)),
    }


def is_given(context: click.Context, name: str) -> bool:
    """Tell whether somebody gave an option, so that its value is not the default.

    Parameters
    ----------
    context : click.Context
    name : str
        Of the command's parameter.

    Returns
    -------
    bool
    """
    return context.get_parameter_source(name) is not ParameterSource.DEFAULT


def there_if_given(
    context: click.Context, parameter: click.Parameter, value: Path | tuple[Path, ...]
) -> Path | tuple[Path, ...]:
    """Let only what is a default be missing: a callback of options.

    Parameters
    ----------
    context : click.Context
    parameter : click.Parameter
    value : Path or tuple of Path

    Returns
    -------
    Path or tuple of Path
        The same.

    Raises
    ------
    click.BadParameter
        If somebody gave a path that is not there.
    """
    paths = value if isinstance(value, tuple) else (value,)
    absent = [str(path) for path in paths if not path.exists()]
    if absent and is_given(context, str(parameter.name)):
        raise click.BadParameter(f"{' and '.join(absent)}: not there", context, parameter)
    return value


def gold_option(*, is_required: bool = True):
    """Make the option for the labelled pages; only a default may be let through if not there.

    Parameters
    ----------
    is_required : bool, default True
        Whether the file of the default has to be there.

    Returns
    -------
    callable
        A decorator.
    """

    def there(context: click.Context, parameter: click.Parameter, path: Path) -> Path:
        if not path.is_file() and (is_required or is_given(context, "gold")):
            raise click.BadParameter(
                f"{path} is not there; make it with `python -m training sources fetch` and "
                "`python -m training corpus build`",
                context,
                parameter,
            )
        return path

    return click.option(
        "--gold",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Labelled pages, JSON Lines.",
        callback=there,
        **in_collections("gold/documents.jsonl.gz"),
    )


GOLD = gold_option()
OTHERS = click.option(
    "--others",
    multiple=True,
    type=click.Path(file_okay=False, path_type=Path),
    default=COLLECTIONS,
    show_default=" and ".join(map(str, COLLECTIONS)),
    help="Folders of the other collections; pages of theirs that were labelled are learnt from. "
    "A collection that is in several is taken from the first.",
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


def tell(line: str) -> None:
    """Print a line on how a command goes on, apart from what it finds.

    Parameters
    ----------
    line : str
    """
    click.echo(line, err=True)


def figures_option(default: Path):
    """Make the option for the file that a command writes its figures to.

    Parameters
    ----------
    default : Path

    Returns
    -------
    callable
        A decorator.
    """
    return click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=default,
        show_default=True,
        help="Where the figures go, JSON.",
    )
