"""Compile everything ahead, and say where the compiled code is kept."""

from collections.abc import Callable
from functools import partial

from classifier.running.processor import Processor, Task, load_model


def warm_everything(model: str | None, announce: Callable[[str], None]) -> list[str]:
    """Load a model and run all that is compiled on first use.

    Parameters
    ----------
    model : str or None
        Path of the model; None for the bundled one.
    announce : callable
        Told when compiling takes long.

    Returns
    -------
    list of str
        Folders that keep the compiled code; none if it cannot be kept.
    """
    load = partial(load_model, model)
    for action in ("filter", "label"):
        Processor(Task(action, load), announce).load()
    from classifier.kernels.code_files import folders_in_use

    return sorted(map(str, folders_in_use))
