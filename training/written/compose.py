"""Place blocks of the phrase bank into pages, in each page's own language.

Few pages outside English and German show a paywall, an advertisement or an
article about them. The bank has such lines, but alone: here they get
neighbours, at the places and in the layout that real pages give them.
"""

import re
from collections import Counter

import numpy as np

from classifier.labels import CONTENT
from training.corpus import Corpus, fold_of
from training.phrases import Phrases, select_phrases
from training.written import blocks, plans
from training.written.blocks import Bank
from training.written.layout import (
    USUAL_BULLET,
    Page,
    Pages,
    insert,
    join_pages,
    laid_out,
    split_pages,
)
from training.written.slots import AdList, Plan

TYPICAL_PAGES = 20  # a language with as many pages has exactly `share` of them changed
SPACINGS = (0.05, 0.9)  # of composed pages: chance of a blank line between two lines
PHRASES_A_PAGE = 3  # hard negatives in one page of an evaluation
# A detector's guess is overruled where a tenth of the text is in another language's script.
SCRIPT_SHARE = 0.1
SCRIPTS = (
    (("ja",), re.compile("[\u3041-\u30ff]")),
    (("ko",), re.compile("[\uac00-\ud7a3]")),
    (("hi", "ne"), re.compile("[\u0900-\u097f]")),
    (("zh",), re.compile("[\u4e00-\u9fff]")),
)
# What a changed page gets: plans, how many blocks in the mean, and where.
SORTS: tuple[tuple[tuple[Plan | AdList, ...], float, tuple[str, ...]], ...] = (
    (plans.WALLS, 0.5, ("end", "end", "amid", "top")),
    (plans.OFFERS, 0.5, ("end", "amid", "furniture", "furniture", "top")),
    (plans.MARKERS, 0.4, ("top", "furniture")),
    (plans.INLINE_ADS, 1.0, ("amid", "amid", "amid", "furniture")),
    (plans.DISCLOSURES, 0.3, ("top", "end", "furniture")),
    (plans.SIDE_ADS, 0.7, ("end", "furniture")),
    (plans.AD_LISTS, 0.5, ("end", "amid", "furniture")),
    (plans.SHOP_TILES, 0.5, ("amid", "amid", "end")),
    (plans.FURNITURE, 0.8, ("top", "end", "furniture", "furniture")),
    # So many, because content that shares no word with its page would be missed otherwise.
    (plans.HARD_NEGATIVES, 8.0, ("amid",)),
)


def placed(
    corpus: Corpus, phrases: Phrases, seed: int, share: float, usual_bullet: str = USUAL_BULLET
) -> Pages:
    """Place blocks of phrases into some of the pages.

    Parameters
    ----------
    corpus : Corpus
        Records say the `language` of each page.
    phrases : Phrases
    seed : int
        What a page gets hangs on the seed and on its place in the corpus.
    share : float
        Share of pages to change, 0–1, in a language with twenty pages; more
        in one with fewer, by the square root.
    usual_bullet : str, default USUAL_BULLET
        What lines of a list begin with, on a page that has no list itself.

    Returns
    -------
    texts : list of str, length n_documents
        A page whose language the bank lacks, or that was not drawn, is as it was.
    labels : ndarray of uint8, shape (n_placed_lines,)
    is_placed : ndarray of bool, shape (n_placed_lines,)
        Which labelled lines are phrases.
    """
    banks = blocks.banks(phrases)
    pages = _with_languages(corpus)
    n_pages = Counter(language for _, language in pages)
    for index, (page, language) in enumerate(pages):
        rng = np.random.default_rng([seed, index])
        chance = share * (TYPICAL_PAGES / n_pages[language]) ** 0.5
        if language in banks and rng.random() < chance:
            _fill(page, banks[language], rng, usual_bullet)
    return join_pages([page for page, _ in pages])


def written_language(text: str, guess: str) -> str:
    """Return a page's language: a detector's guess, unless the script contradicts it.

    Parameters
    ----------
    text : str
    guess : str
        Code of a language.

    Returns
    -------
    str
    """
    for languages, letters in SCRIPTS:
        if len(letters.findall(text)) > SCRIPT_SHARE * len(text):
            return guess if guess in languages else languages[0]
    return guess


def hard_negative_pages(corpus: Corpus, phrases: Phrases, fold: int) -> Pages:
    """Place the hard negatives of one fold into copies of pages, each exactly once.

    A hard negative is of a fold if both its language and its template are: a model
    that was fitted on `phrases_without_fold` has met neither.
    Where no page is in a phrase's language, the page is composed of phrases.

    Parameters
    ----------
    corpus : Corpus
        Pages that the model to judge has not seen, as for `placed`.
    phrases : Phrases
        The whole bank.
    fold : int
        0–4.

    Returns
    -------
    texts, labels, is_placed
        As `placed` returns them; only pages with such a phrase, and only these phrases marked.
    """
    originals = _with_languages(corpus)
    held_out = {
        template
        for plan in plans.HARD_NEGATIVES
        for slot in plan
        for template in slot.templates
        if fold_of(template) == fold
    }
    banks = blocks.banks(phrases)
    others = blocks.banks(select_phrases(phrases, exclude_templates=held_out))
    pages = []
    for language in sorted(language for language in banks if fold_of(language) == fold):
        rng = np.random.default_rng([0, *language.encode()])
        lines = [line for name in sorted(held_out) for line in banks[language].get(name, ())]
        own = [page for page, other in originals if other == language and CONTENT in page.labels]
        for first in range(0, len(lines), PHRASES_A_PAGE):
            page = (
                _copied(own[rng.integers(len(own))])
                if own
                else _unmarked(_composed(others[language], rng))
            )
            for line in lines[first : first + PHRASES_A_PAGE]:
                insert(page, [line], "amid", rng)
            pages.append(page)
    return join_pages(pages)


def _with_languages(corpus: Corpus) -> list[tuple[Page, str]]:
    guesses = (record["language"] for record in corpus.records)
    languages = map(written_language, corpus.texts, guesses)
    return list(zip(split_pages(corpus.texts, corpus.labels), languages, strict=True))


def _fill(page: Page, bank: Bank, rng: np.random.Generator, usual_bullet: str) -> None:
    """Insert blocks of each sort; a content line comes once only."""
    used: set[str] = set()
    for choice, mean, places in SORTS:
        for _ in range(rng.poisson(mean)):
            plan = choice[rng.integers(len(choice))]
            draw = blocks.draw_list if isinstance(plan, AdList) else blocks.draw
            block = draw(plan, bank, rng, used)
            used |= {line.text for line in block if line.label == CONTENT}
            insert(page, block, places[rng.integers(len(places))], rng, usual_bullet)


def _composed(bank: Bank, rng: np.random.Generator) -> Page:
    return laid_out(blocks.draw(plans.PAGE, bank, rng), USUAL_BULLET, rng.choice(SPACINGS), rng)


def _copied(page: Page) -> Page:
    return Page(*(list(part) for part in page))


def _unmarked(page: Page) -> Page:
    return page._replace(is_placed=[False] * len(page.lines))
