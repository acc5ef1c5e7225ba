"""The commands that check: gate, test set, verdicts on documents, what we wrote."""

import shlex
from pathlib import Path

import click

from classifier.storage import DEFAULT_MODEL, model_digest
from training.commands.options import (
    COLLECTIONS,
    GOLD,
    PAGES,
    figures_option,
    gold_option,
    is_given,
    tell,
    there_if_given,
)
from training.judging.figures import TESTSET_SCORES, read_figures


@click.command()
@gold_option(is_required=False)
@click.option("--update", is_flag=True, help="Raise the floors to just below what is reached now.")
@click.option("--lower", is_flag=True, help="With --update: let floors become lower, too.")
@click.pass_context
def gate(context: click.Context, gold: Path, update: bool, lower: bool) -> None:
    """Fit one fold anew; fail if it became worse.

    Worse than the floors in data/baseline.json. Skipped without pages, unless --gold
    names them.

    \b
    Example:  python -m training gate
    """
    from training.judging.gate import BASELINE, held_out_f1, shortfalls, write_baseline
    from training.pages.files import read_gold
    from training.phrases import read_phrases
    from training.written.invented import read_invented

    if lower and not update:
        raise click.UsageError("--lower goes with --update")
    if not gold.is_file():
        click.echo(f"quality gate SKIPPED: {gold} is not there")
        return
    corpus = read_gold(gold)
    baseline = {} if update else read_figures(BASELINE)
    if not update and baseline.get("data_sha256") != corpus.sha256:
        again = f" --gold {shlex.quote(str(gold))}" if is_given(context, "gold") else ""
        raise click.ClickException(
            f"{BASELINE} is not there, or for other pages than {gold}; "
            f"run `python -m training gate --update --lower{again}`"
        )
    found = held_out_f1(corpus, read_phrases(), read_invented())
    click.echo("F1 of the held-out fold: " + ", ".join(f"{k} {v:.4f}" for k, v in found.items()))
    if update:
        write_baseline(found, corpus, BASELINE, lower)
        return
    if failed := shortfalls(found, baseline["floors"]):
        raise click.ClickException("; ".join(failed))
    click.echo("quality gate passed")


@click.command()
@PAGES
@click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=DEFAULT_MODEL,
    help="The bundled one if absent.",
)
@figures_option(TESTSET_SCORES)
@click.pass_context
def testset(context: click.Context, folder: Path, model: Path, out: Path) -> None:
    """Judge a model on the test set.

    Pages of other kinds and languages than gold, that nothing was learnt from.
    Beside it what others make of them, as far as it is installed. What README.md says is
    filled from data/testset.json, so figures of another model than the bundled one need --out.

    \b
    Example:  python -m training testset
    """
    from training.baselines.classifiers import TRAINERS
    from training.baselines.run import made_baselines
    from training.corpus import corpus_of
    from training.judging.figures import write_figures
    from training.judging.testset import judged_testset
    from training.pages.testset import read_testset
    from training.reporting.baselines import baseline_table
    from training.reporting.scores import as_text

    if model_digest(model) != model_digest() and not is_given(context, "out"):
        raise click.UsageError(
            f"{out} is for figures of the bundled model, and {model} is another; "
            "name a file for its figures with --out"
        )
    records = read_testset(folder)
    # Classifiers would have to be trained; the others are what they are.
    others = dict(made_baselines(corpus_of(records), folder, dict.fromkeys(TRAINERS), tell))
    figures = judged_testset(records, folder, model, others)
    write_figures(out, figures)
    click.echo(as_text(figures, "of groups that nothing was learnt from"))
    click.echo(f"\n{baseline_table(figures['baselines'])}")


@click.command()
@GOLD
@click.option(
    "--read",
    "rows",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path("data/labels/documents.csv"),
    show_default=True,
    help="Pages that were read for their verdicts.",
)
def verdicts(gold: Path, rows: Path) -> None:
    """Judge the verdicts: paywalled, truncated.

    From the gold labels, which shows how good the rule is; from labels that a model
    gave to pages that it has not seen, `evaluate` judges them.

    \b
    Example:  python -m training verdicts
    """
    from training.judging.verdicts import (
        CHOICE_FOLDS,
        REPORTED_FOLDS,
        read_pages,
        verdict_figures,
    )
    from training.pages.files import read_gold
    from training.reporting.verdicts import as_text

    corpus = read_gold(gold)
    read = read_pages(corpus, rows)
    if not len(read.documents):
        raise click.ClickException(f"{gold} has none of the pages that were read ({rows})")
    parts = {"chosen on": CHOICE_FOLDS, "held out": REPORTED_FOLDS}
    click.echo(
        as_text(
            {
                f"gold, {part}": verdict_figures(corpus, read, corpus.labels, folds)
                for part, folds in parts.items()
            }
        )
    )


@click.command()
@click.option(
    "--others",
    "folders",
    multiple=True,
    type=click.Path(file_okay=False, path_type=Path),
    default=COLLECTIONS,
    show_default=" and ".join(map(str, COLLECTIONS)),
    callback=there_if_given,
    help="Folders of page collections; nothing that we wrote may be a line of theirs.",
)
def written(folders: tuple[Path, ...]) -> None:
    """Check the phrases and pages that we wrote.

    Labels, counts and repeats; and that no line was taken from a page. Lines of the test set
    are known by their hashes; those of other pages are compared as far as pages are there.

    \b
    Example:  python -m training written
    """
    from training.phrases import read_phrases
    from training.written import bank, invented
    from training.written.counts import count_written

    phrases, written = read_phrases(), invented.read_invented()
    found = bank.problems(phrases) + invented.problems(written)
    lines = [*phrases.texts, *(line for text in written.texts for line in text.split("\n"))]
    found += [
        f"a line of the test set, or one with its hash: {text}"
        for text in bank.borrowed_by_hash(lines, bank.hashes_of_testset())
    ]
    there = [folder for folder in folders if any(folder.glob(bank.DOCUMENTS))]
    if there:
        theirs = (text for folder in there for text in bank.page_texts(folder))
        found += [f"a line of a page: {text}" for text in bank.borrowed(lines, theirs)]
    else:
        places = " or ".join(map(str, folders))
        click.echo(f"comparison with pages SKIPPED: no {bank.DOCUMENTS} in {places}")
    if found:
        raise click.ClickException("; ".join(found))
    n = count_written(phrases, written)
    click.echo(
        f"{n.phrases:,} phrases in {n.phrase_languages} languages, "
        f"{n.pages:,} invented pages of {n.page_lines:,} lines in {n.page_languages}, all in order"
    )
