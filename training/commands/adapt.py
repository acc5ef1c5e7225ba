"""The command that tries what a user's corrections are worth."""

from pathlib import Path

import click

from training.commands.keeping import kept_fits
from training.commands.learnt import read_sources
from training.commands.options import GOLD, OTHERS, VIEWS, WORK
from training.judging.figures import SCORES, read_figures


@click.command()
@GOLD
@OTHERS
@VIEWS
@WORK
@click.option(
    "--scores",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=SCORES,
    show_default=True,
    help="Figures of `evaluate`: they say which kind of pages is got wrong most.",
)
def adapt(gold: Path, others: tuple[Path, ...], views: Path, work: Path, scores: Path) -> None:
    """Adapt models to pages of a kind that they get wrong.

    To 30 of them; judged are others of the kind, and pages elsewhere. Each model has
    not seen the fold that it is judged on; those of `evaluate` are taken if they are
    there.

    \b
    Example:  python -m training adapt
    """
    from training.fitting.crossfit import cross_fit
    from training.judging.adaptation import (
        as_text,
        pooled,
        run_trial,
        source_trial,
        worst_kind,
        written_trial,
    )
    from training.pages.corrections import read_corrections
    from training.pages.files import read_gold

    figures = read_figures(scores)
    corpus = read_gold(gold, read_corrections())
    source = worst_kind(figures, corpus)
    material = read_sources(corpus, others, views).material()
    with kept_fits(work):
        models = cross_fit(material, work)
    kinds = {
        "written pages": lambda fold: written_trial(corpus, fold),
        f"pages of the collection {source}": lambda fold: source_trial(corpus, source, fold),
    }
    for kind, make in kinds.items():
        click.echo(f"\n# {kind}")
        trials, found = [], []
        for fold, layers in models.items():
            trials.append(make(fold))
            strength, confusions = run_trial(layers, trials[-1])
            found.append(confusions)
            click.echo(f"\nfold {fold}, strength {strength}\n{as_text(confusions)}")
        click.echo(f"\nall folds\n{as_text(pooled(trials, found))}")
