"""Train and judge models: ``python -m training --help``."""

import json
from pathlib import Path

import click

from training.adapt_command import adapt
from training.data_commands import corpus, sources, views
from training.options import GOLD, OTHERS, VIEWS, WORK, read_made_views
from training.study_commands import baselines, studies

SCORES = Path("data/scores.json")
ORIGINAL = click.option(
    "--original-labels", is_flag=True, help="Train without data/corrections.csv."
)


@click.group()
def main() -> None:
    """Train and judge the models of linesift."""


for group in (sources, corpus, views, adapt, studies, baselines):
    main.add_command(group)


@main.command()
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
    others: Path,
    views: Path,
    original_labels: bool,
) -> None:
    """Fit a model on all labelled pages, their labels corrected, and calibrate it.

    The fit itself is kept: after new figures by `evaluate` only the calibration is
    done again.

    \b
    Example:  python -m training fit --out classifier/models/default.npz
    """
    import numpy as np

    from training.additions import with_additions
    from training.calibration import calibrated
    from training.corpus import read_gold
    from training.corrections import read_corrections
    from training.crossfit import whole_fit
    from training.fit import save_model
    from training.material import all_material
    from training.phrases import read_phrases

    corpus = read_gold(gold, () if original_labels else read_corrections())
    corpus = with_additions(corpus, others)
    figures = json.loads(scores.read_text("utf-8")) if scores.exists() else {}
    if figures and figures["data_sha256"] != corpus.sha256:
        raise click.ClickException(
            f"{scores} was measured on other pages than {gold}; run `python -m training evaluate`"
        )
    layers = whole_fit(all_material(corpus, read_phrases(), read_made_views(views)), work)
    if figures:
        layers = calibrated(layers, np.array(figures["calibration"]))
    save_model(out, layers, corpus, figures)
    click.echo(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


@main.command()
@GOLD
@click.option("--out", type=click.Path(path_type=Path), default=SCORES, show_default=True)
@WORK
@OTHERS
@VIEWS
@click.option(
    "--wcxb",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path("../shared/wcxb-dev/documents.jsonl.gz"),
    show_default=True,
    help="Pages whose main text people marked.",
)
@ORIGINAL
@click.option("--corrected", is_flag=True, help="Judge by corrected labels, not as they were made.")
@click.option(
    "--report",
    "report_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for tables and plots.",
)
def evaluate(
    gold: Path,
    out: Path,
    work: Path,
    others: Path,
    views: Path,
    wcxb: Path,
    original_labels: bool,
    corrected: bool,
    report_folder: Path | None,
) -> None:
    """Judge the model on pages of groups that it has not seen, in five folds.

    \b
    Example:  python -m training evaluate --report build/report
    """
    import numpy as np

    from training.additions import with_additions
    from training.calibration import calibrated_without_fold, cross_calibrated
    from training.corpus import read_gold
    from training.corrections import read_corrections
    from training.crossfit import cross_fit, held_out_probabilities
    from training.evaluate import as_text, scores
    from training.judging.report import judgements, write_report
    from training.judging.wcxb import read_wcxb
    from training.material import all_material
    from training.phrases import read_phrases

    corrections = read_corrections()
    corpus = read_gold(gold, () if original_labels else corrections)
    judged = read_gold(gold, corrections if corrected else ())
    phrases, printed = read_phrases(), read_made_views(views)
    taught = with_additions(corpus, others)
    material = all_material(taught, phrases, printed)
    models = cross_fit(material, work)
    raw = held_out_probabilities(judged.texts, judged.folds, models)
    probabilities, parameters = cross_calibrated(raw, corpus.labels, corpus.line_folds())
    np.save(work / "held_out.npy", probabilities)
    models = calibrated_without_fold(models, raw, corpus.labels, corpus.line_folds())
    figures = scores(judged, probabilities)
    figures |= judgements(judged, probabilities, models, printed, phrases, read_wcxb(wcxb))
    figures["calibration"] = parameters.tolist()
    figures["data_sha256"] = taught.sha256
    out.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    if report_folder:
        write_report(report_folder, figures, judged, probabilities)
    click.echo(as_text(figures))


@main.command()
@click.option(
    "--gold",
    type=click.Path(path_type=Path),
    default=Path("../shared/gold/documents.jsonl.gz"),
    show_default=True,
)
@click.option("--update", is_flag=True, help="Raise the floors to what is reached now.")
@click.option("--lower", is_flag=True, help="With --update: let floors become lower, too.")
def gate(gold: Path, update: bool, lower: bool) -> None:
    """Fit one fold anew and fail if it is worse than the floors in data/baseline.json.

    \b
    Example:  python -m training gate
    """
    from training.corpus import read_gold
    from training.gate import BASELINE, held_out_f1, shortfalls, write_baseline
    from training.phrases import read_phrases

    if not gold.exists():
        click.echo(f"quality gate SKIPPED: {gold} is not there")
        return
    corpus = read_gold(gold)
    found = held_out_f1(corpus, read_phrases())
    click.echo("F1 of the held-out fold: " + ", ".join(f"{k} {v:.4f}" for k, v in found.items()))
    if update:
        try:
            write_baseline(found, corpus, BASELINE, lower)
        except ValueError as error:
            raise click.ClickException(str(error)) from None
        return
    baseline = json.loads(BASELINE.read_text("utf-8"))
    if baseline["data_sha256"] != corpus.sha256:
        raise click.ClickException(f"{BASELINE} is for other pages; run gate --update --lower")
    if failed := shortfalls(found, baseline):
        raise click.ClickException("; ".join(failed))
    click.echo("quality gate passed")


@main.command()
@GOLD
@click.option(
    "--pages",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path("data/labels/documents.csv"),
    show_default=True,
    help="Pages that were read for their verdicts.",
)
@click.option(
    "--probabilities",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Out-of-fold probabilities of all lines, .npy, shape (n_lines, 4).",
)
def verdicts(gold: Path, pages: Path, probabilities: Path | None) -> None:
    """Judge the verdicts on documents: paywalled, truncated.

    From the gold labels, which shows how good the rule is; with --probabilities
    also from labels that a model gave to pages that it has not seen.

    \b
    Example:  python -m training verdicts --probabilities build/evaluate/held_out.npy
    """
    import numpy as np

    from training.corpus import N_FOLDS, read_gold
    from training.verdicts import CHOICE_FOLDS, as_text, read_pages, verdict_figures

    corpus = read_gold(gold)
    try:
        read = read_pages(corpus, pages)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    labels = {"gold": corpus.labels}
    if probabilities:
        found = np.load(probabilities, allow_pickle=False)
        if found.shape != (len(corpus.labels), 4):
            raise click.ClickException(
                f"{probabilities} has the shape {found.shape}, not {(len(corpus.labels), 4)}; "
                f"give the probabilities of the lines of {gold}, in their order"
            )
        labels["out of fold"] = found.argmax(axis=1).astype(np.uint8)
    parts = {
        "chosen on": CHOICE_FOLDS,
        "held out": tuple(fold for fold in range(N_FOLDS) if fold not in CHOICE_FOLDS),
    }
    click.echo(
        as_text(
            {
                f"{name}, {part}": verdict_figures(corpus, read, values, folds)
                for name, values in labels.items()
                for part, folds in parts.items()
            }
        )
    )


@main.command()
@GOLD
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    default=Path("../shared/gold/pages.tar.xz"),
    show_default=True,
    help="HTML of the same pages, for extractors.",
)
@click.option(
    "--write/--no-write",
    default=True,
    show_default=True,
    help="Put tables and plot into README.md and docs/.",
)
def benchmark(gold: Path, html: Path, write: bool) -> None:
    """Time the classifier, each part of it and what everyone knows, in one run.

    \b
    Example:  python -m training benchmark
    """
    from training.benchmark.run import measure
    from training.benchmark.tables import document_tables, plot, readme_table, summary
    from training.corpus import read_gold
    from training.report import PERFORMANCE, README, fill

    figures = measure(read_gold(gold), html, lambda what: click.echo(f"… {what}", err=True))
    tables = document_tables(figures)
    for name, text in tables.items():
        click.echo(f"\n{name}\n{text}")
    click.echo(f"\n{summary(figures)}")
    if write:
        fill(README, "speed", readme_table(figures))
        for name, text in tables.items():
            fill(PERFORMANCE, name, text)
        plot(figures, PERFORMANCE.with_suffix(".svg"))


@main.command()
@click.option("--scores", type=click.Path(path_type=Path), default=SCORES, show_default=True)
def report(scores: Path) -> None:
    """Write example and scores into README.md, and MODEL_CARD.md.

    \b
    Example:  python -m training report
    """
    from training.judging.comparisons import baseline_table, read_comparisons
    from training.report import README, example_text, fill, model_card, score_text

    figures = json.loads(scores.read_text("utf-8"))
    fill(README, "example", example_text())
    fill(README, "scores", score_text(figures))
    fill(README, "baselines", baseline_table(read_comparisons().get("baselines", {})))
    Path("MODEL_CARD.md").write_text(model_card(figures), "utf-8")


@main.command()
@click.option(
    "--pages",
    type=click.Path(path_type=Path),
    default=Path("../shared"),
    show_default=True,
    help="Folder of page collections; no phrase may be a line of theirs.",
)
def phrases(pages: Path) -> None:
    """Check the phrase bank, and that none of its lines was taken from a page.

    \b
    Example:  python -m training phrases
    """
    from training.bank import borrowed, page_texts, problems
    from training.phrases import read_phrases

    bank = read_phrases()
    found = problems(bank)
    if pages.exists():
        found += [f"a line of a page: {text}" for text in borrowed(bank, page_texts(pages))]
    else:
        click.echo(f"comparison with pages SKIPPED: {pages} is not there")
    if found:
        raise click.ClickException("; ".join(found))
    click.echo(f"{len(bank.texts)} phrases in {len(set(bank.languages))} languages, all in order")


@main.command()
def characters() -> None:
    """Write the character tables anew, from this Python's Unicode (models must be fitted again)."""
    from training.characters import write_tables

    write_tables()


main()
