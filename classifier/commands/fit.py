"""`linesift fit`: a model that has learnt from labelled pages."""

import shlex
from typing import Any

import click

from classifier.commands.errors import Failure, announce, explained
from classifier.commands.models import (
    check_model_output,
    refuse_known_pages,
    tell_of_undecided,
    write_model,
)
from classifier.commands.option_values import BUNDLED, PLACE
from classifier.commands.options import CORRECTIONS, MODEL

SMALL_GAIN = 0.01  # of mean F1


@click.command()
@CORRECTIONS
@click.option(
    "-o", "--output", type=PLACE, metavar="MODEL", required=True, help="Model to write, .npz."
)
@MODEL
def fit(corrections: tuple[str, ...], output: str, model: str | None) -> None:
    """Adapt a model to pages of yours that are labelled line by line.

    Some 30 pages of one kind are a good start. The fit begins with the present
    weights and changes them as little as it can; what comes out must be better on
    pages held out, or nothing is written. Label whole pages: lines that nobody
    has decided on teach nothing.

    \b
    Example:  linesift fit --corrections corrections.jsonl -o mine.npz
    """
    with explained():
        from tqdm import tqdm

        from classifier.adapt.fitting import adapt
        from classifier.adapt.labelled_pages import read_labelled_pages
        from classifier.adapt.outcome import adapted_metadata, describe
        from classifier.model import LineClassifier

        check_model_output(output, corrections, model)
        pages = read_labelled_pages(corrections, announce)
        tell_of_undecided(pages)
        _tell_of_one_sided(pages, corrections)
        origin = LineClassifier.load(model)
        remedy = "Leave them out" + ("." if model is None else ", or start from the model before.")
        refuse_known_pages(pages, origin.metadata, remedy)
        try:
            found = adapt(pages, origin.layers, lambda steps: tqdm(steps, "fit", disable=None))
        except ImportError as error:
            raise Failure(f"{error}. Run: pip install 'linesift[train]'") from None
        except ValueError as error:
            raise Failure(f"{', '.join(corrections)}: {error}") from None
        if found.strength is None:
            click.echo(describe(pages, found))
            raise Failure(
                f"no change made pages held out better, so {output} is not written. "
                "Label more pages of the kind that goes wrong."
            )
        # Before anything is printed: nobody may be reading it.
        metadata = adapted_metadata(pages, found, origin.metadata)
        write_model(LineClassifier(found.layers, metadata), output)
        click.echo(describe(pages, found))
    before, after = (metadata["scores"][name]["macro_f1"] for name in ("before", "after"))
    if after - before < SMALL_GAIN:
        announce("the gain is small and may be chance: label more pages, and look at what changes")
    names = " ".join(map(_as_argument, (model, output)))
    click.echo(f"{output} is written. What changes: linesift compare {names} PAGES")


def _as_argument(model: str | None) -> str:
    """Name a model as a shell and `compare` understand it."""
    return shlex.quote(f"./{model}") if model == BUNDLED else shlex.quote(model or BUNDLED)


def _tell_of_one_sided(pages: Any, corrections: tuple[str, ...]) -> None:
    """Say what cannot be seen in labels of one kind; end if there is but one.

    On pages that have no line of another label, a model that calls everything that one is best.
    """
    from classifier.labels import CONTENT, LABELS

    used = pages.labels_used
    if len(used) == 1:
        raise Failure(
            f"{', '.join(corrections)}: all lines that have a label are {LABELS[used.pop()]}, so "
            "a fit would learn to say nothing else. Label whole pages."
        )
    if CONTENT not in used:
        announce(
            "no line is labelled content, so nobody sees what the fit does to content: "
            "label whole pages"
        )
