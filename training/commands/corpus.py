"""Commands that rebuild, check and write the labelled pages."""

from collections import Counter
from pathlib import Path

import click

from training.commands.options import COLLECTIONS, GOLD, OTHERS, PAGES


@click.group()
def corpus() -> None:
    """Rebuild and check the labelled pages."""


@corpus.command("build")
@PAGES
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=COLLECTIONS[-1],
    show_default=True,
    help="Folder of the collections, <collection>/documents.jsonl.gz.",
)
def build_corpus(folder: Path, out: Path) -> None:
    """Print the pages and join them with their labels.

    Pages that are not there, or with lines that do not match, are named and left
    out. The collection gold holds the pages that models are judged on; the others hold
    those that were labelled in addition.

    \b
    Example:  python -m training corpus build
    """
    from training.pages import rebuild
    from training.pages.added_pages import read_added_pages
    from training.pages.standoff import read_labels, read_pages, read_sources

    added, repositories = read_added_pages(), read_sources()
    rebuild.check_extractor()
    results = list(rebuild.build(read_pages(), read_labels(), repositories, folder))
    documents = [result for result in results if isinstance(result, dict)]
    differing = [result for result in results if isinstance(result, rebuild.Mismatch)]
    if not documents:
        raise click.ClickException(f"no page can be had; the first: {differing[0].reason}")
    gold = out / "gold" / "documents.jsonl.gz"
    rebuild.write_documents(gold, documents)
    n_lines = sum(len(document["labels"]) for document in documents)
    click.echo(f"{gold}: {len(documents)} pages, {n_lines} labelled lines")
    additions = rebuild.build_additions(added, repositories, folder)
    for collection, n_pages in Counter(page.collection for page in added).items():
        path, found = out / collection / "documents.jsonl.gz", additions.get(collection, [])
        if found:
            rebuild.write_documents(path, found)
        click.echo(f"{path}: {len(found)} of {n_pages} pages labelled in addition")
    for page, reason in differing:
        click.echo(f"{page.id} ({page.path}): {reason}", err=True)
    if differing:
        raise click.ClickException(f"{len(differing)} pages do not match their labels")


@corpus.command()
@PAGES
@OTHERS
def check(folder: Path, others: tuple[Path, ...]) -> None:
    """Validate the committed labels.

    Of gold, pages labelled in addition and the test set: names, coverage, splits, duplicates,
    corrections, sources, and rows that point at no page or line. Beside gold, a line without a
    label shows where its page is there.

    \b
    Example:  python -m training corpus check
    """
    from training.pages.added_pages import read_added_pages
    from training.pages.additions import ADDITIONS, added_counts
    from training.pages.check import problems
    from training.pages.check_added import problems_beside
    from training.pages.check_pointers import pointer_problems, unknown_sources
    from training.pages.corrections import misfits, read_corrections
    from training.pages.standoff import read_labels, read_pages, read_sources
    from training.pages.testset import TESTSET, read_test_pages

    pages, labels, corrections = read_pages(), read_labels(), read_corrections()
    n_texts, found = problems_beside(pages, labels, others, folder)
    found = [*problems(pages, labels), *misfits(corrections, labels), *found]
    found += pointer_problems(pages, labels)
    found += unknown_sources([*pages, *read_added_pages(), *read_test_pages()], read_sources())
    for problem in found:
        click.echo(problem, err=True)
    if found:
        raise click.ClickException(f"{len(found)} problem{'' if len(found) == 1 else 's'}")
    n_groups, n_lines = len({page.group for page in pages}), sum(map(len, labels.values()))
    click.echo(
        f"{len(pages)} pages in {n_groups} groups, {n_lines} labelled lines, "
        f"{len(corrections)} corrections: no problem"
    )
    for kind, rows in (("labelled in addition", ADDITIONS), ("test set", TESTSET)):
        for name, counts in added_counts(rows).items():
            n_pages, n_added = counts.pop("pages"), sum(counts.values())
            lines = ", ".join(f"{count} {label}" for label, count in counts.items())
            click.echo(f"{kind}, {name}: {n_pages} pages, {n_added} lines: {lines}")
    click.echo(f"no line lacks a label on the {n_texts} of these pages that are there")


@corpus.command()
@PAGES
@GOLD
@OTHERS
def export(folder: Path, gold: Path, others: tuple[Path, ...]) -> None:
    """Write data/labels anew from labelled documents.

    Their HTML and all collections must be there. Of the pages labelled in addition, only
    where they come from is written.

    \b
    Example:  python -m training corpus export
    """
    from training.pages import added_pages
    from training.pages import sources as pages_of
    from training.pages.additions import missing_pages
    from training.pages.files import read_documents
    from training.pages.rows import write_rows
    from training.pages.standoff import (
        LABELS_FOLDER,
        absent_pages,
        page_of,
        read_sources,
        write_labels,
    )

    if missing := missing_pages(others):
        # What is written is all there is: rows of pages that are not there would be lost.
        lacking = ", ".join(f"{len(pages)} pages of {name}" for name, pages in missing.items())
        raise click.ClickException(
            f"{lacking} are not in {' or '.join(map(str, others))}; "
            "make them with `python -m training corpus build`"
        )
    records = read_documents(gold)
    if absent := absent_pages({record["id"] for record in records}):
        raise click.ClickException(
            f"{len(absent)} pages of {LABELS_FOLDER / 'pages.csv'} are not in {gold}, first "
            f"{absent[0].id}; make them with `python -m training corpus build`, or take their "
            "rows out of that file"
        )
    try:
        pages = [page_of(r, pages_of.html_path(folder, r["id"]).read_bytes()) for r in records]
    except FileNotFoundError as error:
        raise click.ClickException(
            f"{error.filename} is not there; get the pages with `python -m training sources fetch`"
        ) from None
    write_labels(LABELS_FOLDER, records, pages)
    click.echo(f"{LABELS_FOLDER}: {len(pages)} pages")
    added = list(added_pages.added_pages(others, read_sources()))
    write_rows(added_pages.PAGES, added_pages.AddedPage._fields, added)
    click.echo(f"{added_pages.PAGES}: {len(added)} pages labelled in addition")


@corpus.command()
def agreement() -> None:
    """Tell how far labels of two passes agree.

    On pages that were read twice. Fails if second labels fit no line.

    \b
    Example:  python -m training corpus agreement
    """
    from training.pages import agreement as passes

    first, lost = passes.first_pass(), []
    for what, path in passes.SECOND_PASSES.items():
        second = passes.read_labels_by_line(path)
        click.echo(f"{what}: {passes.agreement_text(first, second)}")
        lost += passes.lost_lines(path, first, second)
    if lost:
        raise click.ClickException("; ".join(lost))
