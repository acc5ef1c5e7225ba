"""Compile everything ahead, and say where the compiled code is kept."""

import sys
from collections.abc import Callable
from functools import partial

from classifier.running.work import Processor, Task, load_model


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
    return sorted(_cache_folders())


def _cache_folders() -> set[str]:
    folders = set()
    for name, module in list(sys.modules.items()):
        if name.startswith("classifier.kernels."):
            for value in vars(module).values():
                # Compiled functions know their folder: None if it cannot be written.
                path = getattr(getattr(value, "stats", None), "cache_path", None)
                if path is not None:
                    folders.add(str(path))
    return folders
