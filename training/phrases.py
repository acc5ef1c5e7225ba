"""The phrase bank: lines that we wrote ourselves, in some fifty languages.

Few gold pages outside English and German show a paywall or an advertisement.
The bank teaches the first layer what such lines, and the furniture and content
that resembles them, say in other languages.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from classifier.labels import LABELS
from training.corpus import fold_of
from training.pages.rows import numbered_rows
from training.pages.text_files import fault_of_line

FOLDER = Path(__file__).parents[1] / "data" / "phrases"


class Phrase(NamedTuple):
    """A row of the bank."""

    label: str
    kind: str
    template: str
    text: str


class Phrases(NamedTuple):
    """Lines of the bank; all fields have one entry a line.

    Attributes
    ----------
    texts : list of str
    labels : ndarray of uint8, shape (n_phrases,)
    languages : list of str
        Codes, such as "en".
    kinds : list of str
        What a line says, such as a price or a request.
    templates : list of str
        Lines of one template are put alike, in every language.
    """

    texts: list[str]
    labels: np.ndarray
    languages: list[str]
    kinds: list[str]
    templates: list[str]


def read_phrases(folder: Path = FOLDER) -> Phrases:
    """Read the bank, one file a language.

    Parameters
    ----------
    folder : Path, default FOLDER
        Holds ``<language>.csv``.

    Returns
    -------
    Phrases

    Raises
    ------
    ValueError
        If a row has other columns, an unknown label, no kind or template, or a text that no page
        could print; the message names file and row. If a file, or the folder, has no phrases.
    """
    texts, labels, languages, kinds, templates = [], [], [], [], []
    paths = sorted(folder.glob("*.csv"))
    if not paths:
        raise ValueError(f"{folder}: is not there, or has no phrases, <language>.csv")
    for path in paths:
        for label, kind, template, text in _rows(path):
            texts.append(text)
            labels.append(LABELS.index(label))
            languages.append(path.stem)
            kinds.append(kind)
            templates.append(template)
        if path.stem not in languages[-1:]:
            raise ValueError(f"{path}: has no phrases; remove it, or write some")
    return Phrases(texts, np.array(labels, np.uint8), languages, kinds, templates)


def _rows(path: Path) -> Iterator[Phrase]:
    """Yield each phrase of a file, checked."""
    for number, row in numbered_rows(path, Phrase):
        if row.label not in LABELS:
            raise ValueError(f"{path}: row {number} has an unknown label: {row}")
        if not row.kind.strip() or not row.template.strip():
            raise ValueError(f"{path}: row {number} has no kind or no template: {row}")
        if fault := fault_of_line(row.text):
            raise ValueError(f"{path}: row {number} {fault}: {row}")
        yield row


def select_phrases(
    phrases: Phrases,
    exclude_languages: Collection[str] = (),
    exclude_templates: Collection[str] = (),
) -> Phrases:
    """Leave out the phrases of some languages and of some templates.

    Parameters
    ----------
    phrases : Phrases
    exclude_languages, exclude_templates : collection of str, optional

    Returns
    -------
    Phrases
    """
    kept = [
        language not in exclude_languages and template not in exclude_templates
        for language, template in zip(phrases.languages, phrases.templates, strict=True)
    ]
    return chosen_phrases(phrases, np.array(kept, np.bool_))


def chosen_phrases(phrases: Phrases, chosen: np.ndarray) -> Phrases:
    """Take the phrases that a bool array of shape (n_phrases,) chooses.

    Parameters
    ----------
    phrases : Phrases
    chosen : ndarray of bool, shape (n_phrases,)

    Returns
    -------
    Phrases
    """
    return Phrases(
        *(
            field[chosen]
            if isinstance(field, np.ndarray)
            else [value for value, take in zip(field, chosen, strict=True) if take]
            for field in phrases
        )
    )


def phrases_without_fold(phrases: Phrases, fold: int) -> Phrases:
    """Leave out the languages and the templates of a fold, 0–4, for judging what is new in both.

    Parameters
    ----------
    phrases : Phrases
    fold : int

    Returns
    -------
    Phrases
    """
    return select_phrases(
        phrases,
        {language for language in phrases.languages if fold_of(language) == fold},
        {template for template in phrases.templates if fold_of(template) == fold},
    )
