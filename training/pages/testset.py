"""The test set: pages that nothing was learnt from, and nothing chosen by.

Gold is judged out of fold, but it is also what the recipe was chosen by, so its figures
are too kind. These pages are nearly half of those that come with public packages: those of
one fold, and of Formasaurus all that are neither English nor German; of other kinds than
gold (forms, forums, shops and portals; news as well) and in more languages. One look at
them is a measurement; a change made for them would be a choice.
"""

from pathlib import Path

from training.pages.added_pages import AddedPage, read_added_pages
from training.pages.additions import labelled, read_rows_by_page
from training.pages.rebuild import build_additions
from training.pages.standoff import LABELS_FOLDER, read_pages, read_sources

TESTSET = LABELS_FOLDER / "testset"


def read_test_pages() -> list[AddedPage]:
    """Read what is known of the pages of the test set.

    Returns
    -------
    list of AddedPage
    """
    return read_added_pages(TESTSET / "pages.csv")


def learnt_groups() -> set[str]:
    """Return the groups with pages that models are fitted on.

    Returns
    -------
    set of str
    """
    return {page.group for page in (*read_pages(), *read_added_pages())}


def read_testset(folder: Path) -> list[dict]:
    """Print the pages of the test set, of groups that nothing was learnt from, with labels.

    Parameters
    ----------
    folder : Path
        Holds ``<id>.html`` for each page.

    Returns
    -------
    list of dict
        As `training.pages.additions.labelled` returns them.

    Raises
    ------
    ValueError
        If pages are not there, or print otherwise than they did.
    """
    groups = learnt_groups()
    wanted = [page for page in read_test_pages() if page.group not in groups]
    built = build_additions(wanted, read_sources(), folder)
    records = {record["id"]: record for found in built.values() for record in found}
    if missing := [page for page in wanted if page.id not in records]:
        names = " ".join(f"--source {name}" for name in sorted({page.source for page in missing}))
        raise ValueError(
            f"{folder}: {len(missing)} of {len(wanted)} pages of the test set are not there, or "
            f"print otherwise; get them with `python -m training sources fetch {names}`"
        )
    rows = {name: read_rows_by_page(TESTSET / f"{name}.csv.gz") for name in built}
    return [labelled(records[page.id], rows[page.collection][page.id]) for page in wanted]
