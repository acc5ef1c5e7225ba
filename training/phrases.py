"""The phrase bank: lines that we wrote ourselves, in some fifty languages.

Few gold pages outside English and German show a paywall or an advertisement.
The bank teaches the first layer what such lines, and the furniture and content
that resembles them, say in other languages.
"""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from classifier.labels import LABELS

FOLDER = Path("data/phrases")
COLUMNS = ("label", "kind", "template", "text")


class Phrases(NamedTuple):
    """Lines of the bank; all fields have one entry a line."""

    texts: list[str]
    labels: np.ndarray
    languages: list[str]
    kinds: list[str]
    templates: list[str]


def read_phrases(folder: Path = FOLDER) -> Phrases:
    """Read the bank, one file a language.

    Raises
    ------
    ValueError
        If a row has an unknown label or no text; the message names file and row.
    """
    texts, labels, languages, kinds, templates = [], [], [], [], []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                if row["label"] not in LABELS or not row["text"].strip():
                    raise ValueError(f"{path}: row {number} has no text or an unknown label: {row}")
                texts.append(row["text"])
                labels.append(LABELS.index(row["label"]))
                languages.append(path.stem)
                kinds.append(row["kind"])
                templates.append(row["template"])
    return Phrases(texts, np.array(labels, np.uint8), languages, kinds, templates)
