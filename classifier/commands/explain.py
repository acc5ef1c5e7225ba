"""`linesift explain`: why one line got its label."""

import click

from classifier.commands.errors import Misuse, explained
from classifier.commands.option_values import PLACE
from classifier.commands.options import INPUT_FORMAT, MODEL


@click.command()
@click.argument("input", type=PLACE, metavar="INPUT")
@click.option(
    "--line", type=click.IntRange(1), required=True, metavar="N", help="Line of the file, from 1."
)
@INPUT_FORMAT
@MODEL
def explain(input: str, line: int, input_format: str | None, model: str | None) -> None:
    """Show what spoke for and against each label of a line.

    INPUT is the text of one page, a file or - for standard input.

    \b
    Example:  linesift explain page.txt --line 12
    """
    with explained():
        from classifier.files.names import shown_name
        from classifier.lines import is_blank, split_lines
        from classifier.model import LineClassifier

        text = _text_of(input, input_format)
        lines = split_lines(text)
        name = shown_name(input)
        last = len(lines) - (lines[-1] == "")  # behind the last line end is none
        if line > max(last, 1):
            raise Misuse(f"{name}: has no line {line}, the last is {last}. Give another --line.")
        if is_blank(lines[line - 1]):
            raise Misuse(f"{name}: line {line} is blank and has no label. Give another --line.")
        index = sum(not is_blank(other) for other in lines[: line - 1])
        click.echo(str(LineClassifier.load(model).explain(text, index)))


def _text_of(path: str, input_format: str | None) -> str:
    """Read a text file; lines of any other are not those of a page."""
    from classifier.files.names import shown_name
    from classifier.formats import format_of_name
    from classifier.formats.batches import Fields
    from classifier.formats.documents import read_documents
    from classifier.formats.input_paths import find_inputs

    _, is_several = find_inputs([path])
    if is_several:
        raise Misuse(f"{shown_name(path)}: is no file. Give one, with the text of one page.")
    document = None
    if (input_format or format_of_name(path)) in (None, "text"):
        document = next(read_documents([path], Fields(), input_format), None)
    if document is None or document.format != "text":
        raise Misuse(
            f"{shown_name(path)}: is no text file, so its lines are not those of a page. "
            "Give the text of one page as a file or through a pipe (of JSON Lines: "
            "jq -r 'select(.id == \"42\").text' FILE | linesift explain - --line N), or see the "
            "reasons with linesift inspect."
        )
    return document.text
