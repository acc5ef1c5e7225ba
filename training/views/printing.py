"""Every labelled page in every view, labels carried over, one file a view."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from joblib import Parallel, delayed

from classifier.files.whole_files import new_file
from classifier.labels import LABELS
from training.pages.sources import html_path

KEPT = ("id", "group", "language", "source", "page_type")
NO_LABEL = "none"  # column of the counts


def print_views(record: dict, html: bytes) -> dict[str, dict]:
    """Print one page in each view.

    Parameters
    ----------
    record : dict
        A labelled document.
    html : bytes

    Returns
    -------
    dict of str to dict
        By view: a document with `view`, `text` and `labels`, one a line that is
        not blank and None where it could not be told. Views that print no
        line with a label are left out.
    """
    from training.align import carry_over
    from training.render import VIEWS, title_of

    title = title_of(html)
    found = {}
    for view, render in VIEWS.items():
        text = render(html)
        labels = (
            record["labels"]
            if text == record["text"]
            else carry_over(record["text"], record["labels"], text, title)
        )
        if any(labels):
            known = {name: record.get(name) for name in KEPT}
            found[view] = {**known, "view": view, "text": text, "labels": labels}
    return found


def build_views(
    records: Iterable[dict], pages: Path, folder: Path, workers: int
) -> dict[str, Counter]:
    """Write ``<view>.jsonl.gz`` for each view and count pages, lines and labels in each.

    The files appear when all are complete.

    Parameters
    ----------
    records : iterable of dict
        Labelled documents.
    pages : Path
        Folder with ``<id>.html``.
    folder : Path
        Where the files go.
    workers : int
        Processes.

    Returns
    -------
    dict of str to Counter
    """
    from training.render import VIEWS

    folder.mkdir(parents=True, exist_ok=True)
    counts = {view: Counter() for view in VIEWS}
    with ExitStack() as stack:
        files = {
            view: stack.enter_context(
                gzip.open(
                    stack.enter_context(new_file(folder / f"{view}.jsonl.gz")),
                    "wt",
                    encoding="utf-8",
                    compresslevel=6,
                )
            )
            for view in VIEWS
        }
        for printed in printed_pages(records, pages, workers):
            for view, document in printed.items():
                files[view].write(json.dumps(document, ensure_ascii=False) + "\n")
                counts[view]["pages"] += 1
                counts[view].update(label or NO_LABEL for label in document["labels"])
    return counts


def printed_pages(records: Iterable[dict], pages: Path, workers: int) -> Iterator[dict[str, dict]]:
    """Print pages in several processes, in order.

    Parameters
    ----------
    records : iterable of dict
    pages : Path
        Folder with ``<id>.html``.
    workers : int
        Processes.

    Returns
    -------
    iterator of dict of str to dict
        For each page its record in each view.
    """

    def of_file(record: dict) -> dict[str, dict]:
        return print_views(record, html_path(pages, record["id"]).read_bytes())

    jobs = (delayed(of_file)(record) for record in records)
    return Parallel(workers, return_as="generator", batch_size=4)(jobs)


def counts_text(counts: dict[str, Counter]) -> str:
    """Lay out the counts of `build_views` for a terminal.

    Parameters
    ----------
    counts : dict of str to Counter

    Returns
    -------
    str
    """
    columns = ("pages", *LABELS, NO_LABEL)
    rows = [f"{'view':14}" + "".join(f"{column:>12}" for column in columns)]
    rows += [
        f"{view:14}" + "".join(f"{found[column]:12}" for column in columns)
        for view, found in counts.items()
    ]
    return "\n".join(rows)
