"""Properties have no deadline; a browser for the tests of pages."""

import os
import shutil
import sys

import pytest
from hypothesis import settings

# Time says nothing about a property: the first example may load libraries, or compile.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

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
