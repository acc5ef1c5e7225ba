"""`linesift filter`: the text without navigation, paywalls and sponsored lines."""

from typing import Any

import click

from classifier.commands.option_values import PLACE, check_name
from classifier.commands.options import OUTPUT, input_options, policy_options, run_options


@click.command("filter")
@input_options
@OUTPUT
@policy_options
@click.option(
    "--add-stats",
    callback=check_name,
    metavar="FIELD",
    help="Add each document's statistics as a field of the record, new and not nested.",
)
@click.option(
    "--excluded",
    type=PLACE,
    metavar="FILE",
    help="Write the whole texts of dropped documents, each with its reason.",
)
@run_options
def filter_command(**options: Any) -> None:
    """Keep the content of texts; the format stays the same.

    INPUT is a file, a folder, a glob or a URL; standard input if absent or -.
    Hidden files in a folder are left alone; links to other folders are named, not followed.

    \b
    Example:  linesift filter pages/*.jsonl.gz -o clean/ --workers 2 --stats stats.json
    """
    from classifier.commands.policies import take_policy
    from classifier.commands.runs import run_command

    policy = take_policy(options)
    run_command("filter", policy=policy, **options)
