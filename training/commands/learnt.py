"""What commands learn from: read from where it is; what of it is missing is said."""

from pathlib import Path
from typing import TYPE_CHECKING

from training.commands.options import tell

if TYPE_CHECKING:
    from training.corpus import Corpus
    from training.fitting.sources import Sources


def read_sources(gold: "Corpus", folders: tuple[Path, ...], views: Path | None) -> "Sources":
    """Read all that is learnt from; say what of it is not there.

    Parameters
    ----------
    gold : Corpus
    folders : tuple of Path
        As for `with_others`.
    views : Path or None
        As for `read_made_views`; None to learn from no other views.

    Returns
    -------
    Sources

    Raises
    ------
    ValueError
        As of these two.
    """
    from training.fitting.sources import Sources
    from training.phrases import read_phrases
    from training.written.invented import read_invented

    taught = with_others(gold, folders)
    made = () if views is None else read_made_views(views, gold, taught)
    return Sources(taught, read_phrases(), read_invented(), made)


def read_made_views(folder: Path, gold: "Corpus", taught: "Corpus") -> tuple[dict, dict]:
    """Read the views of gold and those of other pages to learn from; say if such are missing.

    Parameters
    ----------
    folder : Path
    gold : Corpus
    taught : Corpus
        Gold and the pages that were labelled in addition, from `with_others`.

    Returns
    -------
    views : dict of str to Corpus
        Those of gold.
    drawn : dict of str to Corpus
        Those of the others, each page in one; empty if there are none.

    Raises
    ------
    ValueError
        If they are not there, or of other pages than gold; it says how to make them.
    """
    from training.views.reading import (
        ADDED_FOLDER,
        REMEDY,
        read_drawn_views,
        read_views_of,
        unprinted_pages,
    )

    views, drawn = read_views_of(gold, folder), read_drawn_views(folder)
    if missing := unprinted_pages(drawn, taught):
        tell(
            f"{folder / ADDED_FOLDER}: {len(missing):,} of the pages labelled in addition are not "
            f"there, so no other print of them is learnt from; {REMEDY}"
        )
    return views, drawn


def with_others(corpus: "Corpus", folders: tuple[Path, ...]) -> "Corpus":
    """Add the pages that were labelled in addition; say which are not there.

    Parameters
    ----------
    corpus : Corpus
        Gold.
    folders : tuple of Path
        Hold ``<collection>/documents.jsonl.gz``.

    Returns
    -------
    Corpus

    Raises
    ------
    ValueError
        If a label is of another line than the one it is at.
    """
    from training.pages.additions import missing_pages, with_additions

    for name, pages in missing_pages(folders).items():
        tell(
            f"{' and '.join(map(str, folders))}: {len(pages)} pages of {name} are not there, so "
            f"their labels in data/labels/additions/{name}.csv.gz are not learnt from"
        )
    return with_additions(corpus, folders)
