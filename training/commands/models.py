"""The commands that make a model and judge it on pages that it has not seen."""

from pathlib import Path

import click

from training.commands.keeping import kept_fits
from training.commands.learnt import read_sources
from training.commands.options import (
    GOLD,
    OTHERS,
    VIEWS,
    WORK,
    figures_option,
    in_collections,
    is_given,
    tell,
    there_if_given,
)
from training.judging.figures import SCORES, read_figures, write_figures

ORIGINAL = click.option(
    "--original-labels", is_flag=True, help="Train without data/corrections.csv."
)


@click.command()
@GOLD
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Model to write, .npz.")
@click.option(
    "--scores",
    type=click.Path(path_type=Path),
    default=SCORES,
    show_default=True,
    help="Figures of `evaluate`, stored in the model.",
)
@WORK
@OTHERS
@VIEWS
@ORIGINAL
def fit(
    gold: Path,
    out: Path,
    scores: Path,
    work: Path,
    others: tuple[Path, ...],
    views: Path,
    original_labels: bool,
) -> None:
    """Fit a model on all labelled pages; calibrate it.

    Their labels are corrected by data/corrections.csv. The fit itself is kept: after
    new figures by `evaluate` only the calibration is done again. Without figures of
    this very recipe and these pages the model is not calibrated, and holds no scores.

    \b
    Example:  python -m training fit --out classifier/models/default.npz
    """
    import numpy as np

    from training.fitting.bundling import save_model
    from training.fitting.calibration import LABEL_WEIGHTS, calibrated
    from training.fitting.crossfit import recipe_key, whole_fit
    from training.pages.corrections import read_corrections
    from training.pages.files import read_gold

    labelled = read_gold(gold, () if original_labels else read_corrections())
    has_views = views.exists() or is_given(click.get_current_context(), "views")
    if not has_views:
        tell(
            f"{views} is not there, so pages are learnt from in one print alone; for the others, "
            "run `python -m training views build` first"
        )
    sources = read_sources(labelled, others, views if has_views else None)
    material = sources.material()
    figures = read_figures(scores)
    unfit = ""
    if not figures:
        unfit = "is not there"
    elif figures.get("data_sha256") != sources.corpus.sha256:
        unfit = "was measured on other pages"
    elif figures.get("recipe_key") != recipe_key(material):
        unfit = "was measured with another recipe, or other phrases or views"
    elif figures.get("calibration_weights") != list(LABEL_WEIGHTS):
        unfit = "was measured with other weights of labels in calibration"
    if unfit and is_given(click.get_current_context(), "scores"):
        raise click.ClickException(f"{scores} {unfit}; run `python -m training evaluate`")
    if unfit:
        figures = {}
        tell(
            f"{scores} {unfit}, so the model is neither calibrated nor promises a content loss; "
            "for that, run `python -m training evaluate` first"
        )
    with kept_fits(work):
        layers = whole_fit(material, work)
    if figures:
        layers = calibrated(layers, np.array(figures["calibration"]))
    save_model(out, layers, sources.corpus, figures)
    click.echo(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


@click.command()
@GOLD
@figures_option(SCORES)
@WORK
@OTHERS
@VIEWS
@click.option(
    "--wcxb",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=there_if_given,
    help="Pages whose main text people marked; left out if they are not there.",
    **in_collections("wcxb-dev/documents.jsonl.gz"),
)
@ORIGINAL
@click.option(
    "--corrected",
    is_flag=True,
    help="Judge by corrected labels, not as they were made; with --out.",
)
@click.option(
    "--report",
    "report_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for tables and plots.",
)
@click.pass_context
def evaluate(
    context: click.Context,
    gold: Path,
    out: Path,
    work: Path,
    others: tuple[Path, ...],
    views: Path,
    wcxb: Path,
    original_labels: bool,
    corrected: bool,
    report_folder: Path | None,
) -> None:
    """Judge the model on groups that it has not seen.

    In five folds: each page is judged by a model that was fitted on the other four.
    What README.md says is filled from data/scores.json, and other labels than those that
    were made give other figures, so with --corrected they need --out.

    \b
    Example:  python -m training evaluate --report build/report
    """
    from training.fitting.calibration import LABEL_WEIGHTS, cross_calibrated
    from training.fitting.crossfit import cross_fit, recipe_key
    from training.judging.ages import reading_sha256
    from training.judging.held_out import held_out_probabilities
    from training.judging.judgements import judgements
    from training.judging.scores import scores
    from training.judging.verdicts import read_pages
    from training.judging.wcxb import read_wcxb
    from training.pages.check_pointers import VERDICT_ROWS
    from training.pages.corrections import read_corrections
    from training.pages.files import read_gold
    from training.reporting.report import write_report
    from training.reporting.scores import as_text

    if corrected and not is_given(context, "out"):
        raise click.UsageError(
            f"{out} is for figures by labels as they were made; with --corrected, name another "
            "file with --out"
        )
    corrections = read_corrections()
    corpus = read_gold(gold, () if original_labels else corrections)
    judged = read_gold(gold, corrections if corrected else ())
    sources = read_sources(corpus, others, views)
    material = sources.material()
    with kept_fits(work):
        models = cross_fit(material, work)
    raw = held_out_probabilities(judged.texts, judged.folds, models)
    probabilities, models, parameters = cross_calibrated(
        models, raw, corpus.labels, corpus.line_folds()
    )
    figures = scores(judged, probabilities)
    figures |= judgements(
        *(judged, probabilities, models, sources.views[0], sources.phrases),
        *(read_wcxb(wcxb), read_pages(judged, VERDICT_ROWS)),
    )
    figures["calibration"] = parameters.tolist()
    figures["calibration_weights"] = list(LABEL_WEIGHTS)
    # Of gold as it is judged by, as it is learnt from, and with all else that is learnt from.
    figures["judged_sha256"] = judged.sha256
    figures["gold_sha256"] = corpus.sha256
    figures["data_sha256"] = sources.corpus.sha256
    figures["reading_sha256"] = reading_sha256(judged.texts)
    figures["recipe_key"] = recipe_key(material)
    write_figures(out, figures)
    if report_folder:
        write_report(report_folder, figures, judged, probabilities)
    click.echo(as_text(figures))
