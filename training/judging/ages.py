"""Of which features, pages, phrases and reading of texts stored figures were."""

import hashlib
from collections.abc import Sequence
from functools import cache

from classifier.as_read import as_read
from classifier.columns import read_columns
from classifier.kernels.first_layer.feature_layout import FEATURES_VERSION
from training.pages.added_pages import read_added_pages
from training.phrases import read_phrases
from training.written.invented import read_invented


def reading_sha256(texts: Sequence[str]) -> str:
    """Hash texts as they are read, which changes figures that the same models reach.

    Parameters
    ----------
    texts : sequence of str
        Those that are judged.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    (column,) = read_columns(texts)
    (data, offsets, _), joints = as_read(column)
    read = hashlib.sha256(data[offsets[0] : offsets[-1]])
    read.update(offsets)
    read.update(joints)
    return read.hexdigest()


@cache
def _learnt_from() -> dict[str, int]:
    """Return the version of the features, and how much we made."""
    return {
        "features_version": FEATURES_VERSION,
        "added_pages": len(read_added_pages()),
        "phrases": len(read_phrases().texts),
        "invented_lines": len(read_invented().labels),
    }


def today(reading: str, n_added: int | None = None) -> dict[str, int | str]:
    """Return what figures are of today.

    Parameters
    ----------
    reading : str
        From `reading_sha256`, of gold.
    n_added : int, optional
        How many pages labelled in addition are there to learn from; all, if absent.

    Returns
    -------
    dict of str to int or str
        `features_version`; how many `added_pages`, `phrases` and `invented_lines` models learn
        from; `reading_sha256`.
    """
    there = {} if n_added is None else {"added_pages": n_added}
    return _learnt_from() | there | {"reading_sha256": reading}


def is_older(figures: dict, now: dict) -> bool:
    """Tell whether figures are not of today's models and reading.

    Parameters
    ----------
    figures : dict
        A row of a study, with what `today` returned then; empty for one that is not there,
        which is older.
    now : dict
        From `today`.

    Returns
    -------
    bool
    """
    return any(figures.get(name) != value for name, value in now.items())


def older_rows(studies: dict[str, dict], now: dict) -> dict[str, dict[str, list[str]]]:
    """List the rows that are older: by what their models were, those of each study.

    Parameters
    ----------
    studies : dict of str to dict
        Figures by study and name.
    now : dict
        From `today`.

    Returns
    -------
    dict of str to dict of str to list of str
        Names of rows, by what `made_with` says of them and by study.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for study, rows in studies.items():
        for name, row in rows.items():
            if is_older(row, now):
                found.setdefault(made_with(row, now), {}).setdefault(study, []).append(name)
    return found


def made_with(figures: dict, now: dict) -> str:
    """Say what figures are of.

    Parameters
    ----------
    figures : dict
        A row of a study, or what `today` returns.
    now : dict
        From `today`.

    Returns
    -------
    str
    """
    version, n_added, n_phrases, n_invented = (figures[name] for name in _learnt_from())
    is_same = figures.get("reading_sha256") == now["reading_sha256"]
    otherwise = "" if is_same else ", texts read otherwise"
    return (
        f"features of version {version}, {n_added:,} additional labelled pages, "
        f"{n_phrases:,} phrases, {n_invented:,} invented lines{otherwise}"
    )
