"""A second process that compiles the largest kernels, while this one compiles those before."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np

from classifier.as_read import Reading
from classifier.columns import Column, read_text
from classifier.features import final_logits, first_layer_inputs
from classifier.kernels.machine.compiling import watched
from classifier.labelling import label_and_join
from classifier.model import LineClassifier

STARTS_AT = "plan_joining"  # the first of those that take seconds, in the order of use
AWAITED = ("label_steps", "read_batch")  # each the first of what `compile_largest` tells of
PATIENCE_SECONDS = 60.0  # more than it takes; a process may be stopped from outside
COMMAND = f"from {__name__} import compile_largest; compile_largest()"


@contextmanager
def second_compiler() -> Iterator[None]:
    """Let a second process help when kernels are compiled in this block.

    It starts where nothing is compiled yet, another core is free to use and code can be kept.
    Whatever becomes of it, this process compiles what it does not find.

    Yields
    ------
    None
    """
    process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def helped(kernel: str) -> Iterator[None]:
        nonlocal process
        if kernel == STARTS_AT and process is None:
            process = _start()
        elif kernel in AWAITED and process is not None:
            _await_next(process)
        yield

    try:
        with watched(helped):
            yield
    finally:
        if process is not None:
            process.kill()
            process.communicate()


def _start() -> subprocess.Popen[bytes] | None:
    from joblib.externals.loky import cpu_count

    from classifier.kernels.machine.code_files import can_be_kept

    if cpu_count() < 2 or not sys.executable or not can_be_kept():
        return None
    # It finds what this process finds, and nothing in the working folder.
    path = os.pathsep.join(filter(None, sys.path))
    quiet = subprocess.DEVNULL
    with suppress(OSError):  # no room for another process
        return subprocess.Popen(
            [sys.executable, "-P", "-c", COMMAND],
            env=os.environ | {"PYTHONPATH": path},
            stdin=quiet,
            stdout=subprocess.PIPE,
            stderr=quiet,
            bufsize=0,
        )
    return None


def _await_next(process: subprocess.Popen[bytes]) -> None:
    """Return when it has compiled some more, or has ended."""
    if process.stdout is not None and select.select([process.stdout], [], [], PATIENCE_SECONDS)[0]:
        process.stdout.read(1)


def compile_largest() -> None:
    """Compile what labels lines, without what tells how a text is read.

    Of what labels them at once and, for training and explanations, layer by layer, each is
    told by a byte on standard output.
    """
    column, layers = read_text("A line."), LineClassifier.load().layers
    label_and_join(column, layers, _as_it_stands)
    os.write(1, b".")
    final_logits(first_layer_inputs(column, layers.first)[0], layers)
    os.write(1, b".")


def _as_it_stands(column: Column) -> Reading:
    return Reading(column, np.zeros(len(column.offsets) - 1, np.int64))
