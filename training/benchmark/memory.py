"""Measure the memory of whole processes: bare Python, the loaded model, a command."""

import subprocess
import sys

from training.benchmark.commands import COMMAND, Files

# On Linux `ru_maxrss` counts what the parent used, too, so the process's own file comes first.
# Elsewhere there is no such file, or no such row; macOS counts in bytes.
PEAK = """
import atexit, re, sys
def peak():
    try:
        return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
    except (OSError, TypeError):
        import resource
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
atexit.register(lambda: sys.stderr.write(f"peak {peak()}\\n"))
"""
LOADED = """
from classifier import LineClassifier
LineClassifier.load().label("One line.\\n\\nAnother.")
"""


def peak_megabytes(code: str, *arguments: str) -> float:
    """Return the most memory that a Python process had that runs `code`, in millions of bytes.

    Parameters
    ----------
    code : str
    *arguments : str
        For ``sys.argv``.

    Returns
    -------
    float
    """
    done = subprocess.run(
        [sys.executable, "-c", PEAK + code, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stderr.rsplit("peak ", 1)[1]) / 1e6


def peaks(files: Files) -> dict[str, float]:
    """Measure the memory of bare Python, of a loaded and compiled model, and of commands.

    Parameters
    ----------
    files : Files

    Returns
    -------
    dict of str to float
        Megabytes.
    """
    out = str(files.folder / "out-peak.jsonl.gz")
    return {
        "bare Python": peak_megabytes(""),
        "model and kernels loaded": peak_megabytes(LOADED),
        "linesift filter, .jsonl.gz": peak_megabytes(
            COMMAND, "filter", "-q", str(files.gz), "-o", out
        ),
    }
