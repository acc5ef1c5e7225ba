"""`linesift report`: charts of a filtered corpus."""

import click

from classifier.commands.errors import explained
from classifier.commands.option_values import PLACE
from classifier.commands.options import PAGE
from classifier.commands.outputs import check_page, input_files, write_page


@click.command()
@click.argument("stats", type=PLACE, metavar="STATS...", nargs=-1, required=True)
@PAGE
def report(stats: tuple[str, ...], output: str | None) -> None:
    """Chart the statistics of runs in a page; several are added up.

    STATS are files that filter or label wrote with --stats.

    \b
    Example:  linesift report stats.json -o page.html
    """
    with explained():
        from classifier.report.corpus import corpus_page, read_statistics

        files = input_files(stats)
        check_page(output, files)
        counts, settings = read_statistics(files)
        write_page(corpus_page(counts, settings), output)
