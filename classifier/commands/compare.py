"""`linesift compare`: the lines that two models label differently."""

import sys
from collections.abc import Iterator
from typing import Any

import click

from classifier.commands.errors import Misuse, explained
from classifier.commands.option_values import BUNDLED, PLACE, model_path
from classifier.commands.options import record_options
from classifier.commands.outputs import check_page, input_files, write_page
from classifier.formats import format_of_name


def _model_name(context: click.Context, parameter: click.Parameter, name: str) -> str:
    """As `model_path`; "default" is the bundled model, and "./default" a file of that name."""
    path = model_path(context, parameter, name)
    return name if path is None or path == BUNDLED else path


@click.command()
@click.argument("before", type=PLACE, metavar="MODEL_A", callback=_model_name)
@click.argument("after", type=PLACE, metavar="MODEL_B", callback=_model_name)
@click.argument("inputs", type=PLACE, metavar="[INPUT]...", nargs=-1)
@click.option(
    "-o",
    "--output",
    type=PLACE,
    metavar="FILE",
    help="Write a page for the browser (.html); without, list the lines.",
)
@record_options
def compare(
    before: str,
    after: str,
    inputs: tuple[str, ...],
    output: str | None,
    input_format: str | None,
    text_field: str,
    id_field: str,
) -> None:
    """Show which lines change their label from one model to another.

    A model is a file, or "default" for the bundled one. INPUT as for `linesift
    filter`.

    \b
    Example:  linesift compare default mine.npz pages.jsonl -o changes.html
    """
    with explained():
        from tqdm import tqdm

        from classifier.adapt.comparison import Totals, compare_documents, describe_changes
        from classifier.formats.batches import Fields
        from classifier.formats.documents import read_documents
        from classifier.report.comparison import comparison_page

        def documents() -> Iterator[tuple[str, str]]:
            fields = Fields(text_field, id_field)
            for document in read_documents(inputs or ["-"], fields, input_format):
                place = document.place_in(document.file)
                yield place if document.id is None else document.id, document.text

        models = [name for name in (before, after) if name != BUNDLED]
        check_page(output, [*models, *input_files(inputs)])
        is_listed = output is None and sys.stdout.isatty()  # what comes out tells how far it is
        compared = tqdm(
            compare_documents(documents(), _load(before), _load(after)),
            "compare",
            unit=" documents",
            delay=1,
            disable=is_listed or None,
        )
        if output is not None:
            write_page(comparison_page(compared, before, after), output)
            return
        totals = Totals()
        for comparison in compared:
            totals.add(comparison)
            if comparison.changes:
                click.echo(describe_changes(comparison))
        click.echo(str(totals))


def _load(name: str) -> Any:
    from classifier.model import LineClassifier
    from classifier.weights.model_contents import ModelError

    try:
        return LineClassifier.load(None if name == BUNDLED else name)
    except ModelError:
        if format_of_name(name) is None:
            raise
        raise Misuse(
            f"{name}: by its name it holds documents and is no model. "
            f'Give two models before it; "{BUNDLED}" is the bundled one.'
        ) from None
