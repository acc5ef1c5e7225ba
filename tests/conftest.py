"""Compiled kernels of the tests are those of the present sources; properties have no deadline."""

import hashlib
import os
import tempfile
from pathlib import Path

from hypothesis import settings

# Time says nothing about a property: the first example may load libraries, or compile.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

KERNELS = Path(__file__).parent.parent / "classifier" / "kernels"

# numba looks at the file of a cached function only, not at those it calls: after
# an edit of one kernel, its callers would run with the old code. A folder of its
# own for each state of the sources; set before anything imports numba.
_state = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(KERNELS.glob("*.py"))))
os.environ.setdefault(
    "NUMBA_CACHE_DIR",
    str(Path(tempfile.gettempdir()) / f"linesift-kernels-{_state.hexdigest()[:16]}"),
)
