"""Compiled kernels of the tests are those of the present sources; properties have no deadline."""

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
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

# Spark would start its workers with the first python3 of the path.
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium, driven by Playwright; tests that need it skip where there is none."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="no Playwright here: pip install playwright"
    )
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        # Without a sandbox, since that of Chromium refuses to run as root.
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
