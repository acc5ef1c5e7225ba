"""The page of `linesift inspect` in a browser, for its tests."""

from contextlib import contextmanager

from classifier import FilterPolicy
from classifier.formats.documents import Document
from classifier.report.inspection import inspection_page


def document(text, name="page.txt", url=None):
    return Document(text, name, url, f"{name}.jsonl", 1, "jsonl")


def write_page(folder, clf, documents, policy=None, **options):
    """Write the page of some documents and give its path."""
    path = folder / "page.html"
    path.write_text(inspection_page(documents, clf, policy or FilterPolicy(), **options), "utf-8")
    return path


class Opened:
    """A page in a tab whose requests, errors and dialogs are noted."""

    def __init__(self, chromium, file, **options):
        self.context = chromium.new_context(**options)
        self.tab = self.context.new_page()
        self.requests, self.errors = [], []
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tab.on("dialog", lambda dialog: self.errors.append(dialog.message))
        self.tab.goto(file.as_uri())

    def open(self, name):
        self.tab.locator(".document").filter(has=self.tab.get_by_text(name, exact=True)).click()

    def press(self, *keys):
        for key in keys:
            self.tab.keyboard.press(key)

    def shown(self):
        """Texts of the lines in sight; "" for blank ones."""
        rows = self.tab.locator("#lines .line:visible .text")
        return [text if text.strip() else "" for text in rows.all_text_contents()]


@contextmanager
def tabs(chromium):
    """A function that opens a page in a tab, as `Opened` does; none of them may report an error."""
    opened = []

    def open_page(file, **options):
        opened.append(Opened(chromium, file, **options))
        return opened[-1]

    yield open_page
    for page in opened:
        assert page.errors == []
        page.context.close()
