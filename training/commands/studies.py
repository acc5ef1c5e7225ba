"""The commands that compare: studies of the recipe, and baselines on the same folds."""

import json
from pathlib import Path

import click

from training.commands.learnt import read_sources
from training.commands.options import GOLD, OTHERS, PAGES, VIEWS, figures_option, tell
from training.judging.figures import read_figures, write_figures
from training.reporting.comparisons import BASELINES, STUDIES


@click.command()
@GOLD
@OTHERS
@VIEWS
@figures_option(STUDIES)
@click.option(
    "--study",
    "chosen",
    multiple=True,
    help="This study alone, such as curve or left_out; may be repeated.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    help="Figures of this name alone, as a language or a fold; may be repeated.",
)
def studies(
    gold: Path,
    others: tuple[Path, ...],
    views: Path,
    out: Path,
    chosen: tuple[str, ...],
    names: tuple[str, ...],
) -> None:
    """Fit on less: fewer pages, phrases or languages.

    Every figure is stored as soon as it is there; a run that was stopped goes on
    from them. Figures by another gold are thrown away, unless --out names another
    file; those of other features, pages or reading of texts stay until they are made anew.

    \b
    Example:  python -m training studies --study left_out --name es
    """
    from training.judging.ages import reading_sha256, today
    from training.judging.study_plan import pending_studies
    from training.pages.corrections import read_corrections
    from training.pages.files import read_gold

    corrected = read_gold(gold, read_corrections())
    found = read_figures(out)
    if found.get("gold_sha256") != corrected.sha256:
        found = {"gold_sha256": corrected.sha256}
    if not views.is_dir():
        tell(f"{views} is not there: no study learns from other prints")
    sources = read_sources(corrected, others, views if views.is_dir() else None)
    judged = read_gold(gold)
    # Not all pages that are labelled in addition need be there.
    n_added = len(sources.corpus.texts) - len(corrected.texts)
    now = today(reading_sha256(judged.texts), n_added)
    pending = list(pending_studies(sources, judged, now, found, chosen, names))
    if not pending:
        tell(f"{out}: all of these figures are there already, and of today")
    for study, name, run in pending:
        tell(f"… {study}, {name}")
        found.setdefault(study, {})[name] = run() | now
        write_figures(out, found)
        click.echo(f"{study}, {name}: {json.dumps(found[study][name])}")


@click.command()
@GOLD
@PAGES
@figures_option(BASELINES)
def baselines(gold: Path, folder: Path, out: Path) -> None:
    """Judge line rules, extractors, simple classifiers.

    On the pages and folds of `evaluate`, which judges the model beside them. A run that
    was stopped goes on from what is stored already; figures on another gold, or of texts that
    were read otherwise, are thrown away, unless --out names another file. What is not
    installed is left out. Where HTML is missing, or not what was labelled, nothing is judged,
    for extractors read it.

    \b
    Example:  python -m training baselines
    """
    from training.baselines.run import made_baselines
    from training.judging.ages import reading_sha256
    from training.pages.files import read_gold
    from training.pages.sources import require_labelled_html

    corpus = read_gold(gold)
    require_labelled_html(folder, (record["id"] for record in corpus.records))
    found = read_figures(out)
    # Characters of content that are lost are counted as they are read.
    texts = {"data_sha256": corpus.sha256, "reading_sha256": reading_sha256(corpus.texts)}
    if any(found.get(name) != digest for name, digest in texts.items()):
        found = {**texts, "rows": {}}
    rows = found["rows"]
    for name, row in made_baselines(corpus, folder, rows, tell):
        rows[name] = row
        write_figures(out, found)
    for name, row in rows.items():
        click.echo(f"{name}: {json.dumps(row)}")
