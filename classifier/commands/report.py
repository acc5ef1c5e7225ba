"""`linesift report`: charts of a filtered corpus."""

import click

from classifier.commands.errors import explained


@click.command()
@click.argument("stats", metavar="STATS...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="OUT", help="The page; standard output if absent.")
def report(stats: tuple[str, ...], output: str | None) -> None:
    """Show the statistics of runs in a page, several added up.

    STATS are files that filter or label wrote with --stats.

    \b
    Example:  linesift report stats.json -o page.html
    """
    with explained():
        from classifier.formats.files import open_output
        from classifier.report.corpus import corpus_page, read_statistics

        counts, settings = read_statistics(stats)
        with open_output(output) as sink:
            sink.write(corpus_page(counts, settings).encode())
