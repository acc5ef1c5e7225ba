"""The test set: pages that nothing was learnt from, and nothing chosen by.

Gold is judged out of fold, but it is also what the recipe was chosen by, so its figures
are too kind. These pages come with public packages, are of other kinds (forms, forums,
shops and portals; news as well) and in more languages, and were labelled after the model
was made. One look at them is a measurement; a change made for them would be a choice.
"""

from hashlib import sha256
from pathlib import Path

from classifier import LineClassifier
from training.added_pages import AddedPage, read_added_pages
from training.additions import labelled, read_rows_by_page
from training.agreement import OF_TESTSET, agreement_text, reread_pages
from training.baselines.classifiers import TRAINERS
from training.baselines.run import figures_of, pending_baselines
from training.corpus import corpus_of
from training.evaluate import scores
from training.rebuild import build_additions
from training.standoff import LABELS_FOLDER, read_pages, read_sources

TESTSET = LABELS_FOLDER / "testset"
FIELDS = (
    *("pages", "lines", "macro_f1", "macro_f1_interval", "labels", "confusion"),
    *("dropped", "languages", "sources", "calibration_errors"),
)


def read_test_pages() -> list[AddedPage]:
    """Read what is known of the pages of the test set."""
    return read_added_pages(TESTSET / "pages.csv")


def learnt_groups() -> set[str]:
    """Return the groups with pages that models are fitted on."""
    return {page.group for page in (*read_pages(), *read_added_pages())}


def read_testset(folder: Path) -> list[dict]:
    """Print the pages of the test set, of groups that nothing was learnt from, with labels.

    Parameters
    ----------
    folder : Path
        Holds ``<id>.html`` for each page.

    Raises
    ------
    ValueError
        If pages are not there, or print otherwise than they did.
    """
    groups = learnt_groups()
    wanted = [page for page in read_test_pages() if page.group not in groups]
    built = build_additions(wanted, read_sources(), folder)
    records = {record["id"]: record for found in built.values() for record in found}
    if missing := [page for page in wanted if page.id not in records]:
        names = " ".join(f"--source {name}" for name in sorted({page.source for page in missing}))
        raise ValueError(
            f"{folder}: {len(missing)} of {len(wanted)} pages of the test set are not there, or "
            f"print otherwise; get them with `python -m training sources fetch {names}`"
        )
    rows = {name: read_rows_by_page(TESTSET / f"{name}.csv.gz") for name in built}
    return [labelled(records[page.id], rows[page.collection][page.id]) for page in wanted]


def judged_testset(records: list[dict], folder: Path, model: Path) -> dict:
    """Judge a model, and what others have, on the test set.

    Parameters
    ----------
    records : list of dict
        From `read_testset`.
    folder : Path
        Holds ``<id>.html`` for each page, which extractors read.
    model : Path

    Returns
    -------
    dict
        Figures of `training.evaluate.scores`, the SHA-256 of the model's file,
        `baselines`, with the model's own row as the last, and, in words, how far labels
        of a `second_pass` over some of the pages agree with these.

    Raises
    ------
    ImportError
        If what a baseline needs is not installed.
    """
    corpus = corpus_of(records)
    probabilities = LineClassifier.load(model).label_batch(corpus.texts).probabilities
    found = scores(corpus, probabilities)
    # Classifiers would have to be trained; the others are what they are.
    works = pending_baselines(corpus, folder, dict.fromkeys(TRAINERS))
    baselines = {name: figures_of(corpus, run()) for name, run in works}
    baselines["linesift"] = figures_of(corpus, probabilities.argmax(axis=1))
    return {
        "model_sha256": file_hash(model),
        **{name: found[name] for name in FIELDS},
        "baselines": baselines,
        "second_pass": agreement_text(*reread_pages(records, OF_TESTSET)),
    }


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()
