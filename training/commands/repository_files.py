"""The commands that write files of the repository: tables, the model card, character tables."""

from pathlib import Path

import click

from training.commands.options import GOLD, PAGES
from training.failures import sentence_of
from training.judging.figures import SCORES

EVALUATION = Path("docs/evaluation")
CHOICES = Path("docs/choices.md")


@click.command()
@GOLD
@PAGES
@click.option(
    "--write/--no-write",
    default=True,
    show_default=True,
    help="Put tables and plot into README.md and docs/.",
)
def benchmark(gold: Path, folder: Path, write: bool) -> None:
    """Time the classifier, and what everyone knows.

    Each part of it by itself as well, all in one run.

    \b
    Example:  python -m training benchmark
    """
    from training.benchmark.run import measure
    from training.benchmark.tables import document_tables, plot, readme_table, summary
    from training.pages.files import read_gold
    from training.reporting.cards import PERFORMANCE, README, fill

    corpus = read_gold(gold)
    try:
        figures = measure(corpus, folder, lambda what: click.echo(f"… {what}", err=True))
    except ImportError as error:
        raise click.ClickException(sentence_of(error, "benchmark")) from None
    tables = document_tables(figures)
    for name, text in tables.items():
        click.echo(f"\n{name}\n{text}")
    click.echo(f"\n{summary(figures)}")
    if write:
        fill(README, "speed", readme_table(figures))
        for name, text in tables.items():
            fill(PERFORMANCE, name, text)
        plot(figures, PERFORMANCE.with_suffix(".svg"))


@click.command()
@click.option(
    "--scores",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=SCORES,
    show_default=True,
    help="Figures of `evaluate`.",
)
def report(scores: Path) -> None:
    """Write figures into README, cards and report.

    Those of README.md, data/README.md, MODEL_CARD.md and docs/evaluation/report.md; into
    README.md also the example, filtered by the bundled model. Figures of another model, or
    of another test set, are refused; comparisons on other pages are left out, which is said
    in their place. Plots are those of `evaluate`.

    \b
    Example:  python -m training report
    """
    from training.phrases import read_phrases
    from training.reporting.cards import (
        DATA_CARD,
        README,
        baselines_text,
        example_text,
        fill,
        model_card,
        read_scores,
        testset_text,
        written_text,
    )
    from training.reporting.promises import settings_text
    from training.reporting.report import write_report_text
    from training.reporting.scores import score_text
    from training.reporting.verdicts import verdict_table, verdict_text
    from training.written.counts import count_written
    from training.written.invented import read_invented

    figures = read_scores(scores)
    fill(README, "example", example_text())
    fill(README, "scores", score_text(figures))
    fill(README, "settings", settings_text(figures))
    fill(README, "baselines", baselines_text(figures))
    fill(README, "testset", testset_text())
    fill(README, "verdicts", verdict_text(figures))
    fill(DATA_CARD, "verdicts", verdict_table(figures))
    written = count_written(read_phrases(), read_invented())
    fill(DATA_CARD, "written", written_text(written))
    Path("MODEL_CARD.md").write_text(model_card(figures, written), "utf-8")
    write_report_text(EVALUATION, figures)


@click.command()
def steps() -> None:
    """Write what each step gave into docs/choices.md.

    Figures are those that commits of this repository hold, so it needs git and the
    whole history.

    \b
    Example:  python -m training steps
    """
    from training.reporting.cards import fill
    from training.reporting.steps import step_table

    text = step_table()
    click.echo(text)
    fill(CHOICES, "steps", text)


@click.command()
def characters() -> None:
    """Write the character tables of this Python's Unicode.

    Models must be fitted again then.

    \b
    Example:  python -m training characters
    """
    from training.characters import write_tables

    write_tables()
