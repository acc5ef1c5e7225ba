"""Of which features, pages and phrases the models of stored figures were."""

from functools import cache

from classifier.kernels.first_layer.feature_layout import FEATURES_VERSION
from training.pages.added_pages import read_added_pages
from training.phrases import read_phrases
from training.written.invented import read_invented


@cache
def today() -> dict[str, int]:
    """Return what models are of today: version of the features, and of how much we made.

    Returns
    -------
    dict of str to int
        `features_version`, and how many `added_pages`, `phrases` and `invented_lines`.
    """
    return {
        "features_version": FEATURES_VERSION,
        "added_pages": len(read_added_pages()),
        "phrases": len(read_phrases().texts),
        "invented_lines": len(read_invented().labels),
    }


def marked(figures: dict) -> dict:
    """Say of which features, pages and phrases figures are.

    Parameters
    ----------
    figures : dict
        A row of a study.

    Returns
    -------
    dict
        The row with what `today` returns.
    """
    return figures | today()


def is_older(figures: dict) -> bool:
    """Tell whether figures are of models with other features, pages or phrases than today's.

    Parameters
    ----------
    figures : dict
        A row of a study, from `marked`; empty for one that is not there, which is older.

    Returns
    -------
    bool
    """
    return any(figures.get(name) != value for name, value in today().items())


def older_rows(studies: dict[str, dict]) -> dict[str, dict[str, list[str]]]:
    """List the rows that are older: by what their models were, those of each study.

    Parameters
    ----------
    studies : dict of str to dict
        Figures by study and name.

    Returns
    -------
    dict of str to dict of str to list of str
        Names of rows, by what `made_with` says of them and by study.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for study, rows in studies.items():
        for name, row in rows.items():
            if is_older(row):
                found.setdefault(made_with(row), {}).setdefault(study, []).append(name)
    return found


def made_with(figures: dict) -> str:
    """Say what models figures are of.

    Parameters
    ----------
    figures : dict
        A row of a study, from `marked`, or what `today` returns.

    Returns
    -------
    str
    """
    version, n_added, n_phrases, n_invented = (figures[name] for name in today())
    return (
        f"features of version {version}, {n_added:,} additional labelled pages, "
        f"{n_phrases:,} phrases, {n_invented:,} invented lines"
    )
