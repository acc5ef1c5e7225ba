"""How much of the data was written for this project."""

from typing import NamedTuple

from training.corpus import Corpus
from training.phrases import Phrases


class Written(NamedTuple):
    """Counts of what was written.

    Attributes
    ----------
    phrases, phrase_languages : int
        Of the phrase bank.
    pages, page_lines, page_languages : int
        Of the invented pages; their lines are those that are not blank.
    """

    phrases: int
    phrase_languages: int
    pages: int
    page_lines: int
    page_languages: int


def count_written(phrases: Phrases, invented: Corpus) -> Written:
    """Count the phrase bank and the invented pages.

    Parameters
    ----------
    phrases : Phrases
    invented : Corpus
        From `training.written.invented.read_invented`.

    Returns
    -------
    Written
    """
    return Written(
        len(phrases.texts),
        len(set(phrases.languages)),
        len(invented.texts),
        len(invented.labels),
        len({record["language"] for record in invented.records}),
    )
