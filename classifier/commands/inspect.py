"""`linesift inspect`: a page to look at what the model and a policy do."""

import warnings
from functools import partial
from itertools import chain
from typing import Any

import click

from classifier.commands.errors import Failure, announce, explained
from classifier.commands.options import MODEL, PAGE, input_options, policy_options
from classifier.commands.outputs import check_page, input_files, write_page


@click.command()
@input_options
@PAGE
@policy_options
@click.option(
    "--max-documents",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    metavar="N",
    help="Show the first N documents.",
)
@MODEL
def inspect(
    inputs: tuple[str, ...],
    output: str | None,
    input_format: str | None,
    text_field: str,
    id_field: str,
    url_field: str,
    max_documents: int,
    model: str | None,
    **options: Any,
) -> None:
    """Show labels, probabilities and reasons in a page.

    INPUT as for `linesift filter`; all of it goes into one page.

    \b
    Example:  linesift inspect pages.jsonl -o page.html
    """
    with explained():
        from tqdm import tqdm

        from classifier.commands.policies import take_policy, tell_if_nothing_goes
        from classifier.files.names import shown_name
        from classifier.formats.batches import Fields
        from classifier.formats.documents import read_documents
        from classifier.model import LineClassifier
        from classifier.policy import NothingDroppedWarning
        from classifier.report.inspection import inspection_page, take_documents

        policy = take_policy(options)
        fields = Fields(text_field, id_field, url=url_field)
        check_page(output, [*input_files(inputs), model])
        reader = read_documents(inputs or ["-"], fields, input_format)
        first = next(reader, None)
        if first is None:
            names = ", ".join(map(shown_name, inputs or ["-"]))
            raise Failure(f"{names}: there is no document. Give a file that has one.")
        warnings.simplefilter("ignore", NothingDroppedWarning)  # told below
        documents, is_all = take_documents(chain([first], reader), max_documents)
        watch = partial(tqdm, desc="explain", unit=" documents", delay=1, disable=None)
        classifier = LineClassifier.load(model)
        try:
            page = inspection_page(documents, classifier, policy, model, watch)
        except ValueError as error:
            raise Failure(str(error)) from None
        if policy.max_content_loss is not None:
            tell_if_nothing_goes(policy, classifier.metadata["loss_table"])
        write_page(page, output)
    if not is_all:
        announce(f"there are more documents than the {len(documents)} shown.")
