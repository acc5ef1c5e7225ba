"""Which studies there are, and which of their figures are still to be made."""

from collections.abc import Callable, Collection, Iterator
from functools import partial

from training.corpus import Corpus
from training.fitting.sources import Sources
from training.judging.ages import is_older
from training.judging.scores import frequent
from training.judging.studies import (
    different_draws,
    left_out_language,
    less_written,
    new_hard_negatives,
    share_of_groups,
)

SHARES = (0.125, 0.25, 0.5, 1.0)  # of the groups outside the held-out fold
N_LANGUAGES = 7
HARD_NEGATIVE_FOLDS = (0, 3)  # those of German, Spanish and Chinese, and of English
DRAW_FOLDS = (0, 1)


def pending_studies(
    sources: Sources,
    gold: Corpus,
    now: dict,
    found: dict,
    studies: Collection[str] = (),
    names: Collection[str] = (),
) -> Iterator[tuple[str, str, Callable[[], dict]]]:
    """Return study, name and work of every figure that is not there yet, or is older.

    Parameters
    ----------
    sources : Sources
        To learn from. Without views, studies that learn from them are left out.
    gold : Corpus
        To judge by.
    now : dict
        From `today` (`training.judging.ages`): what figures would be of.
    found : dict of str to dict
        Figures by study and name.
    studies, names : collection of str, optional
        To return these alone; empty for all.

    Returns
    -------
    iterator of tuple of str, str and callable
        The work returns the row of figures. Languages are the `N_LANGUAGES` with most pages
        in gold, the largest first.

    Raises
    ------
    ValueError
        If there is no such study, or these studies have no figure by such a name.
    """
    whole, sources = sources, sources._replace(views=())
    everything = [
        *(
            ("curve", f"{share:.1%}", partial(share_of_groups, sources, gold, share))
            for share in SHARES
        ),
        *(
            ("phrases", name, partial(less_written, sources, gold, with_phrases))
            for name, with_phrases in (("none", False), ("phrases alone", True))
        ),
        *(
            (study, language, partial(left_out_language, whole, gold, language, with_phrases))
            for study, with_phrases in (("left_out", False), ("left_out_with_phrases", True))
            for language in _largest_languages(gold)
            if whole.views
        ),
        *(
            ("draws", f"{fold}", partial(different_draws, whole, gold, fold))
            for fold in DRAW_FOLDS
            if whole.views
        ),
        *(
            ("new_hard_negatives", f"{fold}", partial(new_hard_negatives, whole, gold, fold))
            for fold in HARD_NEGATIVE_FOLDS
            if whole.views
        ),
    ]
    for kind, place, asked in (("study", 0, studies), ("name", 1, names)):
        known = dict.fromkeys(row[place] for row in everything)
        if unknown := [one for one in asked if one not in known]:
            views = "" if whole.views else " (others learn from views: run `views build`)"
            raise ValueError(f"no {kind} {', '.join(unknown)}; there are {', '.join(known)}{views}")
        everything = [row for row in everything if not asked or row[place] in asked]
    return (
        (study, name, work)
        for study, name, work in everything
        if is_older(found.get(study, {}).get(name, {}), now)
    )


def _largest_languages(gold: Corpus) -> list[str]:
    names = (record["language"] for record in gold.records)
    return [name for name, _ in frequent(names)[:N_LANGUAGES]]
