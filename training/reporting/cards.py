"""Write tables into README, data card and model card, from the figures they come from."""

import re
import string
from collections import Counter
from pathlib import Path

from classifier import LineClassifier
from classifier.labels import LABELS
from classifier.storage import model_digest
from training.judging.figures import TESTSET_SCORES, read_figures
from training.judging.testset import rows_sha256
from training.pages.added_pages import COLLECTION_WITHOUT_HTML, read_added_pages
from training.pages.standoff import read_pages
from training.reporting.baselines import baseline_table
from training.reporting.comparisons import not_compared_note, read_comparisons
from training.reporting.markdown import table
from training.reporting.promises import setting_table
from training.reporting.scores import drawn_table, label_table, score_text
from training.reporting.tables import calibration_table, f1_table
from training.written.counts import Written

README = Path("README.md")
PERFORMANCE = Path("docs/performance.md")
DATA_CARD = Path("data/README.md")
CARD = Path(__file__).with_name("model_card.md")
SAMPLE = Path("data/samples/news-metered-wall.en.txt")


def fill(document: Path, name: str, text: str) -> None:
    """Replace what stands between the markers `name` of a Markdown file.

    Parameters
    ----------
    document : Path
    name : str
    text : str
        Markdown, without a line end behind it.

    Raises
    ------
    ValueError
        If the file has no such markers.
    """
    old = document.read_text("utf-8")
    pattern = re.compile(rf"(<!-- {name}:[^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(old):
        raise ValueError(f"{document} has no markers for {name}")
    new = pattern.sub(lambda match: f"{match[1]}{text}\n{match[2]}", old)
    document.write_text(new, "utf-8")


def read_scores(path: Path) -> dict:
    """Read the scores of the bundled model.

    Parameters
    ----------
    path : Path
        Such as ``data/scores.json``.

    Returns
    -------
    dict
        What `evaluate` stored: `training.judging.scores.scores`, and beside them
        `training.judging.judgements.judgements`; the parameters of the `calibration`, and the
        `calibration_weights` of labels in it; and hashes of pages and labels: `judged_sha256`,
        of those judged by; `gold_sha256`, of gold as it was learnt from; `data_sha256`, of all
        that was learnt from; the `reading_sha256` of those judged by; and the `recipe_key`.

    Raises
    ------
    ValueError
        If these scores, or those of the test set, are of another model, or the latter of other
        pages or labels; it says what to run.
    """
    metadata = LineClassifier.load().metadata
    figures = read_figures(path)
    own = {**metadata["scores"], "data_sha256": metadata["data_sha256"]}
    if any(figures.get(name) != value for name, value in own.items()):
        raise ValueError(
            f"{path} has not the scores that the bundled model was stored with; make them with "
            "`python -m training evaluate`, then the model with "
            "`python -m training fit --out classifier/models/default.npz`"
        )
    beyond = read_figures(TESTSET_SCORES)
    wanted = {
        "model_sha256": (model_digest(), "the bundled model"),
        "data_sha256": (rows_sha256(), "the pages and labels in data/labels/testset"),
    }
    for name, (digest, what) in wanted.items():
        if beyond.get(name) != digest:
            raise ValueError(
                f"{TESTSET_SCORES} has no figures of {what}; run `python -m training testset`"
            )
    return figures


def example_text() -> str:
    """Return the sample page and its filtered text, one after the other, as code blocks.

    Returns
    -------
    str
        Markdown.
    """
    page = SAMPLE.read_text("utf-8")
    kept = LineClassifier.load().filter(page).text
    return f"```text\n{page.strip()}\n```\n\n```text\n{(kept or '').strip()}\n```"


def baselines_text(figures: dict) -> str:
    """Lay out the baselines with the model below them, or say how to get them.

    Parameters
    ----------
    figures : dict
        As `read_scores` returns them.

    Returns
    -------
    str
        Markdown.
    """
    rows = read_comparisons(figures).get("baselines")
    return baseline_table(rows) if rows else not_compared_note(["baselines"])


def written_text(found: Written) -> str:
    """Lay out how much was written.

    Parameters
    ----------
    found : Written

    Returns
    -------
    str
        Markdown.
    """
    phrases = ["phrase bank", f"{found.phrases:,}", "–", str(found.phrase_languages)]
    pages = [f"{found.page_lines:,}", f"{found.pages:,}", str(found.page_languages)]
    head = ["written for this project", "lines", "pages", "languages"]
    return table(head, [phrases, ["invented pages", *pages]], n_left=1)


def testset_text() -> str:
    """Lay out the scores of the test set by label, and beside those of the extractors.

    Returns
    -------
    str
        Markdown.
    """
    figures = read_figures(TESTSET_SCORES)
    rows = {
        name: row
        for name, row in figures["baselines"].items()
        if name.endswith("(HTML)") or name == "linesift"
    }
    beside = ", ".join(f"{name} {row['content']:.3f}" for name, row in rows.items())
    default = figures["baselines"]["linesift"]
    plain, linked = (figures["links"][name] for name in ("without", "with"))
    return (
        f"{label_table(figures)}\n\n"
        f"On these {figures['pages']} pages, the default policy loses "
        f"{default['content_loss']:.1%} of all content characters and drops "
        f"{default['boilerplate']:.1%} of the boilerplate lines. "
        f"F1 of content, dropping all that is not taken for content: {beside}. "
        "On the same pages as Markdown from html2text, "
        f"{plain['boilerplate']:.1%} of the boilerplate lines are dropped (F1 of content "
        f"{plain['content']:.3f}); if links and images are printed with their addresses, "
        f"{linked['boilerplate']:.1%} ({linked['content']:.3f})."
    )


def _score_fields(figures: dict) -> dict[str, str]:
    """Lay out scores for the model card, by the names it has for them."""
    low, high = figures["macro_f1_interval"]
    return {
        "macro_f1": f"{figures['macro_f1']:.3f}",
        "interval": f"{low:.3f}–{high:.3f}",
        "scores": score_text(figures),
        "drawn": drawn_table(figures),
        "languages": f1_table(figures["languages"], "language", "pages"),
        "sources": f1_table(figures["sources"], "source", "pages"),
    }


def _testset_fields() -> dict[str, str]:
    """Lay out the figures of the test set for the model card, by the names it has for them."""
    figures = read_figures(TESTSET_SCORES)
    texts = {
        **_score_fields(figures),
        "pages": f"{figures['pages']:,}",
        "lines": f"{figures['lines']:,}",
        "calibration": calibration_table(figures["calibration_errors"]),
        "settings": setting_table(figures["settings"]),
        "baselines": baseline_table(figures["baselines"]),
    }
    return {f"testset_{name}": text for name, text in texts.items()}


def model_card(figures: dict, written: Written) -> str:
    """Put the figures into the text of the model card.

    Parameters
    ----------
    figures : dict
        As `read_scores` returns them.
    written : Written

    Returns
    -------
    str
        Markdown.
    """
    metadata = LineClassifier.load().metadata
    weights = metadata["recipe"]["calibration"]["label_weights"]
    added = Counter(page.collection for page in read_added_pages())
    return string.Template(CARD.read_text("utf-8")).substitute(
        version=metadata["version"],
        date=metadata["date"],
        libraries=", ".join(f"{name} {v}" for name, v in metadata["libraries"].items()),
        n_table=f"{2 ** metadata['table_bits']:,}",
        n_documents=f"{metadata['n_documents']:,}",
        n_lines=f"{metadata['n_lines']:,}",
        n_gold=f"{len(read_pages()):,}",
        n_printed=f"{added.total() - added[COLLECTION_WITHOUT_HTML]:,}",
        n_phrases=f"{written.phrases:,}",
        n_languages=written.phrase_languages,
        n_invented=f"{written.pages:,}",
        **{f"weight_{name}": weight for name, weight in zip(LABELS, weights, strict=True)},
        **_score_fields(figures),
        **_testset_fields(),
    )
