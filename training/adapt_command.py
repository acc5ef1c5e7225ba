"""The command that tries what a user's corrections are worth."""

import hashlib
import json
from pathlib import Path

import click

from training.options import GOLD


@click.command()
@GOLD
@click.option(
    "--scores", type=click.Path(path_type=Path), default=Path("data/scores.json"), show_default=True
)
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("build/adapt"),
    show_default=True,
    help="Models without each fold are kept here.",
)
def adapt(gold: Path, scores: Path, work: Path) -> None:
    """Adapt a model to 30 pages of a kind that it gets wrong; judge it there and elsewhere.

    \b
    Example:  python -m training adapt
    """
    import numpy as np

    from classifier.storage import load_model
    from training.adaptation import as_text, make_trial, run_trial, worst_kind
    from training.corpus import N_FOLDS, read_gold
    from training.corrections import read_corrections

    corpus = read_gold(gold, read_corrections())
    source = worst_kind(json.loads(scores.read_text("utf-8")), corpus)
    click.echo(f"kind: pages of the collection {source}")
    total = np.zeros((2, 2, 4, 4), np.int64)
    for fold in range(N_FOLDS):
        layers, _ = load_model(_model_without(fold, corpus, work))
        strength, confusions = run_trial(corpus, layers, make_trial(corpus, source, fold))
        total += confusions
        click.echo(f"\nfold {fold}, strength {strength}\n{as_text(confusions)}")
    click.echo(f"\nall folds\n{as_text(total)}")


def _model_without(fold: int, corpus, work: Path) -> Path:
    """Fit a model on the pages and phrases of all other folds, unless it is there already."""
    from classifier.storage import save_model
    from training.fit import fit_model
    from training.material import gold_pages, joined, single_phrases
    from training.phrases import read_phrases

    phrases = read_phrases()
    key = hashlib.sha256(corpus.sha256.encode() + corpus.labels.tobytes())
    key.update("\n".join(phrases.texts).encode() + phrases.labels.tobytes())
    for module in ("fit", "material"):
        key.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    path = work / f"{key.hexdigest()[:12]}-{fold}.npz"
    if not path.exists():
        work.mkdir(parents=True, exist_ok=True)
        material = joined([gold_pages(corpus), single_phrases(phrases)])
        save_model(path, fit_model(material, held_out=fold), {})
    return path
