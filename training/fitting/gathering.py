"""Gather what models are fitted on from all that is labelled or written.

Labelled pages come as they are, as other extractors print them, and with
phrases placed into them; phrases also stand alone, and lines of invented pages. A
page keeps the fold of its group in all of these, and a phrase is placed into pages
of its own fold only: no first layer that scores a line for the second has seen it.
"""

from collections.abc import Iterable
from itertools import compress

import numpy as np

from classifier.labels import CONTENT
from training.corpus import N_FOLDS, Corpus, chosen_pages, fold_of, lines_of
from training.fitting.material import Material, joined, pages
from training.phrases import Phrases, chosen_phrases
from training.views.reading import FULL_VIEW, new_lines
from training.written.compose import placed
from training.written.layout import USUAL_BULLET

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


def gold_pages(corpus: Corpus) -> Material:
    """Take labelled pages as they are.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    Material
    """
    return pages(corpus.texts, corpus.folds, corpus.labels, 1, _line_weights(corpus))


def _page_weights(corpus: Corpus) -> np.ndarray:
    """Return how much each page counts in the context layers, shape (n_documents,)."""
    return np.array([CONTEXT_WEIGHTS.get(record.get("source"), 1.0) for record in corpus.records])


def _line_weights(corpus: Corpus) -> np.ndarray:
    """Return how much each line of labelled pages counts in the context layers."""
    return np.repeat(_page_weights(corpus), corpus.line_counts)


def phrase_folds(phrases: Phrases) -> np.ndarray:
    """Return the fold of each phrase, by its text.

    Parameters
    ----------
    phrases : Phrases

    Returns
    -------
    ndarray of int64, shape (n_phrases,)
        0–4.
    """
    return np.array([fold_of(text) for text in phrases.texts], np.int64)


def single_phrases(phrases: Phrases) -> Material:
    """Take each phrase as a page of one line, for the first layer.

    Parameters
    ----------
    phrases : Phrases

    Returns
    -------
    Material
    """
    return pages(phrases.texts, phrase_folds(phrases), phrases.labels, PHRASE_WEIGHT, 0)


def invented_pages(invented: Corpus) -> Material:
    """Take the lines of invented pages, for the first layer.

    Parameters
    ----------
    invented : Corpus

    Returns
    -------
    Material
    """
    return pages(invented.texts, invented.folds, invented.labels, INVENTED_WEIGHT, 0)


def placed_phrases(
    corpus: Corpus, phrases: Phrases, views: Iterable[dict[str, Corpus]] = ()
) -> Material:
    """Take copies of pages with phrases placed into them, for the context layers.

    Of pages as they are, in several draws, and of some of their views. Of pages of
    `CONTEXT_WEIGHTS` there are none.

    Parameters
    ----------
    corpus : Corpus
    phrases : Phrases
    views : iterable of dict of str to Corpus
        Other prints of pages, by the names of views; those of `PLACED_VIEWS` count.

    Returns
    -------
    Material
        The pages that phrases were placed into; each is of the fold of its phrases.
    """
    prints = [(corpus, 1 / N_DRAWS, USUAL_BULLET)] * N_DRAWS
    prints += [
        (some[name], VIEW_WEIGHT, "") for some in views for name in PLACED_VIEWS if name in some
    ]
    folds = phrase_folds(phrases)
    of_folds = [chosen_phrases(phrases, folds == fold) for fold in range(N_FOLDS)]
    parts = []
    for seed, (pages_of, weight, usual_bullet) in enumerate(prints):
        whole = chosen_pages(pages_of, _page_weights(pages_of) == 1)
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

    Parameters
    ----------
    views : dict of str to Corpus
        By the names of views; the same pages in all of them.

    Returns
    -------
    Material
    """
    is_new = new_lines(views)
    return joined(
        [
            pages(
                view.texts,
                view.folds,
                view.labels,
                VIEW_WEIGHT * is_new[name],
                VIEW_WEIGHT * _line_weights(view),
            )
            for name, view in views.items()
            if name != FULL_VIEW
        ]
    )


def material_parts(
    corpus: Corpus, phrases: Phrases, invented: Corpus, *views: dict[str, Corpus]
) -> list[Material]:
    """Make material of each kind of source, as far as there is any.

    Parameters
    ----------
    corpus : Corpus
    phrases : Phrases
    invented : Corpus
    *views : dict of str to Corpus
        Those of gold (`read_views`) and of other pages (`read_drawn_views`).

    Returns
    -------
    list of Material
        A part for each kind and for each of `views`; none is empty.
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
    """Put together everything that the bundled model is fitted on.

    Parameters
    ----------
    corpus, phrases, invented, *views
        As in `material_parts`.

    Returns
    -------
    Material
    """
    return joined(material_parts(corpus, phrases, invented, *views))
