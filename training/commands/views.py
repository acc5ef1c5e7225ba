"""Commands that print the labelled pages as other extractors do, and check what they got."""

from pathlib import Path

import click

from training.commands.options import GOLD, OTHERS, PAGES, tell


@click.group()
def views() -> None:
    """Print the labelled pages as other extractors do."""


@views.command("build")
@PAGES
@GOLD
@OTHERS
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/views"),
    show_default=True,
    help="Folder of the views, <view>.jsonl.gz.",
)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Processes.")
def build_views(
    folder: Path, gold: Path, others: tuple[Path, ...], out: Path, workers: int
) -> None:
    """Write each view of all pages, with labels.

    They are carried over line by line, as they were made (not corrected). Views of pages
    that were labelled in addition, of those whose HTML is there, go to a folder of their own.
    HTML of gold that is missing, or not what was labelled, is refused.

    \b
    Example:  python -m training views build
    """
    from training.pages.added_pages import read_added_pages
    from training.pages.additions import labelled_pages
    from training.pages.files import read_documents
    from training.pages.sources import has_page, html_path, require_labelled_html
    from training.views import printing as prints
    from training.views.reading import ADDED_FOLDER

    records = read_documents(gold)
    require_labelled_html(folder, (record["id"] for record in records))
    counts = prints.build_views(records, folder, out, workers)
    there = [page for page in labelled_pages(others) if html_path(folder, page["id"]).exists()]
    known = {page.id: page for page in read_added_pages()}
    added = [p for p in there if p["id"] in known and has_page(folder, known[p["id"]])]
    if added:
        added_counts = prints.build_views(added, folder, out / ADDED_FOLDER, workers)
    if n_other := len(there) - len(added):
        tell(
            f"{folder}: {n_other:,} pages labelled in addition have other HTML than was labelled, "
            "so there are no views of them; run `python -m training sources fetch`"
        )
    click.echo(prints.counts_text(counts))
    if added:
        click.echo(f"\nlabelled in addition\n{prints.counts_text(added_counts)}")


@views.command("check")
def check_views() -> None:
    """Tell how often labels were carried over wrongly.

    From lines that were read one by one.

    \b
    Example:  python -m training views check
    """
    from training.views.alignment_check import rates_text, read_verdicts

    click.echo(rates_text(read_verdicts()))
