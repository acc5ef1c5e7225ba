"""Compile everything ahead, and say where the compiled code is kept."""

from classifier.columns import read_text
from classifier.features import final_logits, first_layer_inputs
from classifier.formats.text_columns import text_column
from classifier.layers import probabilities
from classifier.model import LineClassifier
from classifier.running.processor import Processor
from classifier.running.task import Task


def warm_everything(model: str | None) -> list[str]:
    """Load a model and run all that is compiled on first use.

    Parameters
    ----------
    model : str or None
        Path of the model; None for the bundled one.

    Returns
    -------
    list of str
        Folders that keep the compiled code; none if it cannot be kept.
    """
    clf = LineClassifier.load(model)
    for action in ("filter", "label"):
        Processor(Task(action, lambda: clf)).load()
    # Links, characters that nobody sees and broken lines have kernels of their own.
    page = "One [li\u00adne](/) of text.\n\nAnother."
    broken = "The \nbridge\n is\nopen \nagain\n\nHome\n\nNews\n\nHelp"
    clf.label_batch(text_column([page.encode(), broken.encode()]))
    clf.explain(page, 1)
    # What `fit` does with a layer whose weights change.
    lines, _ = first_layer_inputs(read_text(page), clf.layers.first)
    probabilities(final_logits(lines, clf.layers))
    from classifier.kernels.machine.code_files import folders_in_use

    return sorted(map(str, folders_in_use))
