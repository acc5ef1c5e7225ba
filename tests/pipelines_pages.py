"""Two thousand documents for the engines, and what becomes of them without any engine."""

from functools import lru_cache

from samples import PAGES

from classifier import FilterPolicy, LineClassifier
from classifier.lines import is_blank, split_lines

N_PAGES = 2000
POLICY = FilterPolicy(drop_paywalled=True, min_content_chars=120)
STATISTICS = ["documents", "lines", "characters", "content_ratio", "paywalled", "truncated"]


def make_documents(n_pages=N_PAGES):
    """Sample pages, each time otherwise: turned, cut, with other line ends; a few null or empty."""
    pages = list(PAGES.values())
    texts = []
    for i in range(n_pages):
        lines = pages[i % len(pages)].split("\n")
        turn = i // len(pages) % len(lines)
        lines = [*lines[turn:], *lines[:turn]][: len(lines) - i % 7]
        end = "\r\n" if i % 11 == 3 else "\n"
        texts.append(end.join([*lines, f"№ {i} 😀"]) + "\n" * (i % 3))
    texts[5:5] = [None, "", "\n \n"]
    texts += ["", None]
    return [{"id": f"page-{i}", "text": text, "n": i} for i, text in enumerate(texts)]


DOCUMENTS = make_documents()
TEXTS = [document["text"] for document in DOCUMENTS]
WHOLE = [document for document in DOCUMENTS if document["text"]]
"""Those with a text: some readers take no others."""


@lru_cache
def classifier():
    return LineClassifier.load()


def kept(documents, policy=None):
    """Identifiers and texts of the documents that a policy leaves, from the batch API alone."""
    texts = [document["text"] for document in documents]
    filtered = classifier().filter_batch(texts, policy or FilterPolicy())
    return [
        (document["id"], text)
        for document, text in zip(documents, filtered, strict=True)
        if text is not None or document["text"] is None
    ]


def printed(text):
    """The lines of a text that are not blank."""
    return [line for line in split_lines(text) if not is_blank(line)]


def pairs(rows):
    return [(row["id"], row["text"]) for row in rows]
