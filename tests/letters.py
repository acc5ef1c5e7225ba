"""Labels of lines in short: a letter each, as in "nncccp"."""

import numpy as np

from classifier.labels import LETTERS


def codes_from_letters(letters: str) -> np.ndarray:
    return np.array([LETTERS.index(letter) for letter in letters], np.uint8)
