"""95 % intervals: how figures would differ, had other pages been labelled.

By bootstrap over pages, or over groups of sites: as many are drawn, some of them several
times, and the figure is worked out again. That models differ by chance, too, is not in it.
"""

from collections.abc import Callable, Sequence

import numpy as np

BOOTSTRAPS = 500
LIMITS = (2.5, 97.5)  # percentiles


def draws(n_pages: int) -> np.ndarray:
    """Draw pages with replacement, the same for each number of pages.

    Parameters
    ----------
    n_pages : int

    Returns
    -------
    ndarray of int64, shape (BOOTSTRAPS, n_pages)
        How often each page was drawn.
    """
    rng = np.random.default_rng(0)
    return rng.multinomial(n_pages, np.full(n_pages, 1 / n_pages), BOOTSTRAPS)


def limits(drawn: np.ndarray) -> np.ndarray:
    """Return the limits of the middle 95 % of what was found over drawn pages.

    Parameters
    ----------
    drawn : ndarray, shape (BOOTSTRAPS, ...)
        NaN where the pages drawn have nothing to measure.

    Returns
    -------
    ndarray of float64, shape (2, ...)
    """
    return np.nanpercentile(drawn, LIMITS, axis=0)


def bootstrap(pages: np.ndarray, figures: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return the interval of figures that hang on sums over pages.

    Parameters
    ----------
    pages : ndarray, shape (n_documents, ...)
        What is added up over drawn pages.
    figures : callable
        Takes `BOOTSTRAPS` such sums at once.

    Returns
    -------
    ndarray of float64, shape (2, ...)
    """
    return limits(figures(np.tensordot(draws(len(pages)), pages, axes=1)))


def group_sums(pages: np.ndarray, groups: Sequence[str]) -> np.ndarray:
    """Add up what pages of a group have, so that groups are drawn in place of pages.

    Parameters
    ----------
    pages : ndarray, shape (n_documents, ...)
        What is added up over drawn pages.
    groups : sequence of str, length n_documents

    Returns
    -------
    ndarray, shape (n_groups, ...)
    """
    names, places = np.unique(groups, return_inverse=True)
    sums = np.zeros((len(names), *pages.shape[1:]), pages.dtype)
    np.add.at(sums, places, pages)
    return sums


def mean_interval(values: np.ndarray) -> list[float]:
    """Return the interval of the mean of what each page, or group of pages, has.

    Parameters
    ----------
    values : ndarray of float, shape (n,)

    Returns
    -------
    list of 2 float
    """
    return bootstrap(values, lambda sums: sums / len(values)).tolist()


def share_interval(parts: np.ndarray) -> list[float]:
    """Return the interval of a share over all pages.

    Parameters
    ----------
    parts : ndarray, shape (n_documents, 2)
        For each page how many count, and out of how many; pages without any are left out.

    Returns
    -------
    list of 2 float
    """
    some = parts[parts[:, 1] > 0]
    return bootstrap(some, lambda sums: sums[:, 0] / sums[:, 1]).tolist()
