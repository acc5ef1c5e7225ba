"""What the model owes to its pages, its phrases and its languages.

Each study fits models on less and judges them on pages that none has seen, as they
come out of the fit, not calibrated. Models are trained as the bundled one is, but for those of
shares of groups and of less written text: there, pages as they are and with phrases in them
must do, without views. So figures of a study compare with each other, not with those of
`evaluate`.
"""

import hashlib
import tempfile
from pathlib import Path

from classifier import LineClassifier
from classifier.weights import Layers
from training.corpus import Corpus, chosen_pages, corpus_of, fold_of
from training.fitting.fit import fit_model
from training.fitting.gathering import material_parts
from training.fitting.material import joined
from training.fitting.sources import Sources
from training.judging.gate import HELD_OUT
from training.judging.hard_negatives import hard_negatives_dropped
from training.judging.scores import page_confusions, page_f1
from training.judging.slices import bought_share
from training.phrases import phrases_without_fold, select_phrases
from training.written.compose import written_language

N_DRAWS = 3


def _of_groups(sources: Sources, groups: set[str]) -> Sources:
    """Keep the pages of some groups only."""

    def of_theirs(corpus: Corpus) -> Corpus:
        return chosen_pages(corpus, [r["group"] in groups for r in corpus.records])

    views = tuple({name: of_theirs(view) for name, view in some.items()} for some in sources.views)
    return sources._replace(corpus=of_theirs(sources.corpus), views=views)


def judged_by(layers: Layers, judge: Corpus) -> dict:
    """Score a model on pages that it has not seen.

    Parameters
    ----------
    layers : Layers
    judge : Corpus

    Returns
    -------
    dict
        F1 as by `page_f1`, and what `bought_share` says of paywall and sponsored lines.
    """
    predicted = LineClassifier(layers).label_batch(judge.texts).labels
    pages = page_confusions(judge, predicted)
    return page_f1(pages) | bought_share(pages)


def fit_and_judge(sources: Sources, judge: Corpus, held_out: int | None = None) -> dict:
    """Fit on material of some sources and judge on pages that it has not seen.

    Parameters
    ----------
    sources : Sources
    judge : Corpus
    held_out : int, optional
        A fold that nothing is to be learnt from.

    Returns
    -------
    dict
        As `judged_by` returns it.
    """
    return judged_by(fit_model(sources.material(), held_out), judge)


def share_of_groups(sources: Sources, gold: Corpus, share: float) -> dict:
    """Fit on a share of the groups, drawn once and for all; judge the held-out fold of gold.

    Parameters
    ----------
    sources : Sources
    gold : Corpus
    share : float
        Of the groups outside that fold, 0–1; of two shares the larger has all of the smaller.

    Returns
    -------
    dict
        How many `groups` and `pages` were learnt from, and scores as by `judged_by`.
    """
    judge = chosen_pages(gold, gold.folds == HELD_OUT)
    groups = {
        record["group"]
        for record, fold in zip(sources.corpus.records, sources.corpus.folds, strict=True)
        if fold != HELD_OUT
    }
    order = sorted(groups, key=lambda group: hashlib.sha1(f"curve {group}".encode()).digest())
    chosen = order[: round(share * len(order))]
    some = _of_groups(sources, set(chosen))
    numbers = {"groups": len(chosen), "pages": len(some.corpus.texts)}
    return numbers | fit_and_judge(some, judge, HELD_OUT)


def left_out_language(sources: Sources, gold: Corpus, language: str, with_phrases: bool) -> dict:
    """Judge pages in a language whose groups were left out.

    Parameters
    ----------
    sources : Sources
    gold : Corpus
    language : str
        As records have it, such as ``"de"``.
    with_phrases : bool
        Whether what we wrote in the language is learnt from.

    Returns
    -------
    dict
        How many `pages` were judged, and scores as by `judged_by`.
    """
    judge = chosen_pages(gold, [r["language"] == language for r in gold.records])
    # A detector took some pages for another language; what their script tells goes as well.
    theirs = {
        record["group"]
        for record, text in zip(sources.corpus.records, sources.corpus.texts, strict=True)
        if language in (record["language"], written_language(text, record["language"]))
    }
    groups = {r["group"] for r in sources.corpus.records} - theirs
    others = _of_groups(sources, groups)
    if not with_phrases:
        is_other = [r["language"] != language for r in sources.invented.records]
        others = others._replace(
            phrases=select_phrases(others.phrases, {language}),
            invented=chosen_pages(others.invented, is_other),
        )
    return {"pages": len(judge.texts)} | fit_and_judge(others, judge)


def less_written(sources: Sources, gold: Corpus, with_phrases: bool) -> dict:
    """Judge the held-out fold of gold by a model without invented pages.

    Parameters
    ----------
    sources : Sources
    gold : Corpus
    with_phrases : bool
        Whether phrases are learnt from.

    Returns
    -------
    dict
        As `judged_by` returns it.
    """
    judge = chosen_pages(gold, gold.folds == HELD_OUT)
    others = sources._replace(invented=corpus_of([]))
    if not with_phrases:
        none = select_phrases(sources.phrases, set(sources.phrases.languages))
        others = others._replace(phrases=none)
    return fit_and_judge(others, judge, HELD_OUT)


def new_hard_negatives(sources: Sources, gold: Corpus, fold: int) -> dict:
    """Drop hard negatives of languages and templates that a model has not seen, on a held-out fold.

    Parameters
    ----------
    sources : Sources
    gold : Corpus
    fold : int
        Of pages, languages and templates; 0 to 4.

    Returns
    -------
    dict
        `lines`, and `dropped` by the default policy, 0–1.
    """
    phrases = phrases_without_fold(sources.phrases, fold)
    is_other = [fold_of(r["language"]) != fold for r in sources.invented.records]
    others = sources._replace(phrases=phrases, invented=chosen_pages(sources.invented, is_other))
    layers = fit_model(others.material(), fold)
    return hard_negatives_dropped(gold, sources.phrases, {fold: layers})["all"]


def different_draws(sources: Sources, gold: Corpus, fold: int) -> dict:
    """Fit several times without a fold, from the same lines in another order each time.

    Other easy lines are drawn to learn from then, and CatBoost samples other lines; the first
    layers are the same.

    Parameters
    ----------
    sources : Sources
    gold : Corpus
    fold : int
        Judged by, and not learnt from.

    Returns
    -------
    dict of str to list of float
        For each score of `judged_by` its values, one a draw; no intervals.
    """
    judge = chosen_pages(gold, gold.folds == fold)
    parts = material_parts(sources.corpus, sources.phrases, sources.invented, *sources.views)
    with tempfile.TemporaryDirectory() as folder:  # of first layers, which are fitted once
        found = [
            judged_by(fit_model(joined(parts, turn), fold, Path(folder)), judge)
            for turn in range(N_DRAWS)
        ]
    names = [name for name, value in found[0].items() if isinstance(value, float)]
    return {name: [scores[name] for scores in found] for name in names}
