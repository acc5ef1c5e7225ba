"""`linesift label`: the label of every line."""

import sys
from typing import Any

import click

from classifier.commands.errors import Misuse
from classifier.commands.options import OUTPUT, input_options, run_options


@click.command()
@input_options
@OUTPUT
@click.option(
    "--output-format",
    type=click.Choice(["jsonl", "tsv"]),
    default="jsonl",
    show_default=True,
    help="tsv prints label, probability and line, whose tabs stay; on a terminal, control "
    "characters as escapes.",
)
@click.option(
    "--offsets",
    type=click.Choice(["code-point", "byte"]),
    default="code-point",
    show_default=True,
    help="Unit of start and end in jsonl; in text files counted from behind a byte order mark.",
)
@run_options
def label(output_format: str, **options: Any) -> None:
    """Print the label of every line, with its probabilities.

    INPUT is a file, a folder, a glob or a URL; standard input if absent or -.
    Hidden files in a folder are left alone; links to other folders are named, not followed.

    \b
    Example:  linesift label page.txt --output-format tsv
    """
    from classifier.commands.runs import run_command

    if output_format == "tsv" and options["offsets"] == "byte":
        raise Misuse("--offsets are not in tsv. Leave it out, or --output-format tsv.")
    is_here = options["output"] in (None, "-") and sys.stdout is not None
    is_shown = is_here and sys.stdout.isatty()
    run_command("label", label_format=output_format, is_shown=is_shown, **options)
