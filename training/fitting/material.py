"""What models are fitted on: pages, the label and weight of each line, and whose fold it is.

Labelled pages come as they are, as other extractors print them, and with
phrases placed into them; phrases also stand alone, and lines of invented pages. A
page keeps the fold of its group in all of these, and a phrase is placed into pages
of its own fold only: no first layer that scores a line for the second has seen it.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, compress
from typing import NamedTuple

import numpy as np

from classifier.labels import CONTENT
from training.corpus import N_FOLDS, UNLABELLED, Corpus, chosen_pages, fold_of, lines_of
from training.phrases import Phrases, chosen_phrases
from training.views.reading import FULL_VIEW, new_lines
from training.written.compose import placed
from training.written.layout import USUAL_BULLET

# A title is short, stands below a menu and is missed more than any other line. Three
# times, because less still lost the title of the one page labelled by hand.
OPENING_WEIGHT = 3.0
# Of a phrase by itself, in the first layer. The bank as a whole then weighs about what it
# did when it was half as large; for the layer alone, 1 and 0.5 are alike on fold 0.
PHRASE_WEIGHT = 0.5
# Of a line of an invented page, in the first layer. The context layers do not learn from
# these pages: those that we write are not laid out as real ones are, and in trials on fold 0
# content was missed more by what had learnt from them.
INVENTED_WEIGHT = 0.5
# Of the pages of a source, in the context layers; 1 of all others. Pages of logging in, of
# portals and shops teach words of many languages, but with all their weight the context layers
# then took more of what stands around articles for the items of a page's main list.
CONTEXT_WEIGHTS = {"formasaurus": 0.35}
VIEW_WEIGHT = 0.35  # of a line in each of the other views
PLACED_SHARE = 0.35
# Phrases are placed anew as often, and weigh as much less, since what a page gets is chance.
N_DRAWS = 2
# They are placed into these views, too, which print no bullets; each with the view's weight.
PLACED_VIEWS = ("beautifulsoup", "wet")
PLACED_WEIGHT = 1.0  # of a phrase placed into a page; the lines around it repeat the page
# Content that is placed shares no word with its page; less of it, and the context layers learn
# from their columns of kin that what shares none is not content.
PLACED_CONTENT_WEIGHT = 2.0
REPEATED_WEIGHT = 0.25


class Material(NamedTuple):
    """Pages to fit on.

    Attributes
    ----------
    texts : list of str, length n_documents
    folds : ndarray of int64, shape (n_documents,)
        0–4.
    labels : ndarray of uint8, shape (n_lines,)
        `UNLABELLED` for lines that nothing is known of; they are only context.
    first_weights, context_weights : ndarray of float32, shape (n_lines,)
        How much a line counts in fitting the first layer, and the others; 0 leaves it out.
    line_counts : ndarray of int64, shape (n_documents,)
    """

    texts: list[str]
    folds: np.ndarray
    labels: np.ndarray
    first_weights: np.ndarray
    context_weights: np.ndarray
    line_counts: np.ndarray

    line_folds, line_pages = Corpus.line_folds, Corpus.line_pages


def pages(
    texts: Iterable[str],
    folds: np.ndarray,
    labels: np.ndarray,
    first: float | np.ndarray,
    context: float | np.ndarray,
) -> Material:
    """Make material of pages; weights for all lines, or one for each.

    Parameters
    ----------
    texts : iterable of str
    folds : ndarray of int, shape (n_documents,)
    labels : ndarray, shape (n_lines,)
    first, context : float or ndarray of float, shape (n_lines,)

    Returns
    -------
    Material
    """
    texts = list(texts)
    line_counts = np.array([len(lines_of(text)) for text in texts], np.int64)
    known = labels != UNLABELLED
    context = context * np.where(openings(labels, line_counts), OPENING_WEIGHT, 1)
    return Material(
        texts,
        np.asarray(folds, np.int64),
        np.asarray(labels, np.uint8),
        (known * np.float32(1) * first).astype(np.float32),
        (known * np.float32(1) * context).astype(np.float32),
        line_counts,
    )


def openings(labels: np.ndarray, line_counts: np.ndarray) -> np.ndarray:
    """Find lines of content with something else, or nothing, above: bool, shape (n_lines,)."""
    above = np.concatenate([[UNLABELLED], labels[:-1]])
    starts = np.cumsum(line_counts) - line_counts
    above[starts[line_counts > 0]] = UNLABELLED
    return (labels == CONTENT) & (above != CONTENT)


def joined(parts: Sequence[Material], turn: int = 0) -> Material:
    """Put material together, beginning with part `turn` and ending with the one before.

    From material in another order `training.fitting.thinning` draws other lines to learn from.
    """
    texts, *arrays = zip(*parts[turn:], *parts[:turn], strict=True)
    return Material(list(chain(*texts)), *(np.concatenate(array) for array in arrays))


def gold_pages(corpus: Corpus) -> Material:
    """Take labelled pages as they are."""
    return pages(corpus.texts, corpus.folds, corpus.labels, 1, line_weights(corpus))


def page_weights(corpus: Corpus) -> np.ndarray:
    """Return how much each page counts in the context layers, shape (n_documents,)."""
    return np.array([CONTEXT_WEIGHTS.get(record.get("source"), 1.0) for record in corpus.records])


def line_weights(corpus: Corpus) -> np.ndarray:
    """Return how much each line of labelled pages counts in the context layers."""
    return np.repeat(page_weights(corpus), corpus.line_counts)


def phrase_folds(phrases: Phrases) -> np.ndarray:
    """Return the fold of each phrase, by its text."""
    return np.array([fold_of(text) for text in phrases.texts], np.int64)


def single_phrases(phrases: Phrases) -> Material:
    """Take each phrase as a page of one line, for the first layer."""
    return pages(phrases.texts, phrase_folds(phrases), phrases.labels, PHRASE_WEIGHT, 0)


def invented_pages(invented: Corpus) -> Material:
    """Take the lines of invented pages, for the first layer."""
    return pages(invented.texts, invented.folds, invented.labels, INVENTED_WEIGHT, 0)


def placed_phrases(
    corpus: Corpus, phrases: Phrases, views: Iterable[dict[str, Corpus]] = ()
) -> Material:
    """Take copies of pages with phrases placed into them, for the context layers.

    Of pages as they are, in several draws, and of some of their views. Of pages of
    `CONTEXT_WEIGHTS` there are none.
    """
    prints = [(corpus, 1 / N_DRAWS, USUAL_BULLET)] * N_DRAWS
    prints += [
        (some[name], VIEW_WEIGHT, "") for some in views for name in PLACED_VIEWS if name in some
    ]
    folds = phrase_folds(phrases)
    of_folds = [chosen_phrases(phrases, folds == fold) for fold in range(N_FOLDS)]
    parts = []
    for seed, (pages_of, weight, usual_bullet) in enumerate(prints):
        whole = chosen_pages(pages_of, page_weights(pages_of) == 1)
        for fold, own_phrases in enumerate(of_folds):
            own = chosen_pages(whole, whole.folds == fold)
            parts.append(_placed_into(own, own_phrases, seed, weight, usual_bullet))
    return joined(parts)


def _placed_into(
    corpus: Corpus, phrases: Phrases, seed: int, weight: float, usual_bullet: str
) -> Material:
    """Place phrases once into the pages of a print; take the pages that got some."""
    texts, labels, is_placed = placed(corpus, phrases, seed, PLACED_SHARE, usual_bullet)
    changed = np.array([new != old for new, old in zip(texts, corpus.texts, strict=True)], bool)
    lines = np.repeat(changed, [len(lines_of(text)) for text in texts])
    own_weights = np.where(labels == CONTENT, PLACED_CONTENT_WEIGHT, PLACED_WEIGHT)
    weights = weight * np.where(is_placed, own_weights, REPEATED_WEIGHT)
    return pages(compress(texts, changed), corpus.folds[changed], labels[lines], 0, weights[lines])


def viewed_pages(views: dict[str, Corpus]) -> Material:
    """Take each page once more in every other view.

    The context layers learn from all of its lines, the first layer from those that stand
    in no view before.
    """
    is_new = new_lines(views)
    return joined(
        [
            pages(
                view.texts,
                view.folds,
                view.labels,
                VIEW_WEIGHT * is_new[name],
                VIEW_WEIGHT * line_weights(view),
            )
            for name, view in views.items()
            if name != FULL_VIEW
        ]
    )


def material_parts(
    corpus: Corpus, phrases: Phrases, invented: Corpus, *views: dict[str, Corpus]
) -> list[Material]:
    """Make material of each kind of source, as far as there is any.

    `views` are those of gold (`read_views`) and of other pages (`read_drawn_views`).
    """
    parts = [
        gold_pages(corpus),
        single_phrases(phrases),
        invented_pages(invented),
        placed_phrases(corpus, phrases, views),
        *(viewed_pages(some) for some in views if some),
    ]
    return [part for part in parts if part.texts]


def all_material(
    corpus: Corpus, phrases: Phrases, invented: Corpus, *views: dict[str, Corpus]
) -> Material:
    """Put together everything that the bundled model is fitted on; see `material_parts`."""
    return joined(material_parts(corpus, phrases, invented, *views))
