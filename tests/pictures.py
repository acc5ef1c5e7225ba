"""Take the pictures of pages that README.md shows: ``python tests/pictures.py``.

Of the pages of `linesift inspect`, `report` and `annotate`, filled with the samples of this
repository, as Chromium shows them. To be run by hand after a change of these pages.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from annotating import ROOT, session
from browser import BROWSERS
from playwright.sync_api import sync_playwright

SAMPLES = Path("data/samples")  # as pages shall name them
PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1080, 780


def linesift(*arguments) -> None:
    """Run the command, and end with it if it fails."""
    subprocess.run([sys.executable, "-m", "classifier", *map(str, arguments)], check=True)


def take(browser, address: str, name: str) -> None:
    """Open a page, and keep what is in sight."""
    tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(500)
    tab.screenshot(path=PICTURES / f"{name}.png")
    tab.close()


def main() -> None:
    """Take all pictures anew."""
    PICTURES.mkdir(exist_ok=True)
    os.chdir(ROOT)
    path = next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        linesift("inspect", SAMPLES / "news-metered-wall.en.txt", "-o", folder / "inspect.html")
        take(browser, (folder / "inspect.html").as_uri(), "inspect")
        texts = sorted(path.relative_to(ROOT) for path in (ROOT / SAMPLES).glob("*.txt"))
        linesift("filter", *texts, "-o", folder / "kept", "--stats", folder / "stats.json", "-q")
        linesift("report", folder / "stats.json", "-o", folder / "report.html")
        take(browser, (folder / "report.html").as_uri(), "report")
        with session(*texts, "-o", folder / "log.jsonl", "--annotator", "ada") as running:
            take(browser, running.address, "annotate")
        browser.close()


if __name__ == "__main__":
    main()
