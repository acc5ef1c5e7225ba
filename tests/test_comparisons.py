"""Studies and baselines: what is left out is left out, and what is kept is counted right."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from classifier.as_read import Reading
from classifier.labels import CONTENT, LABELS, NAVIGATION, PAYWALL, SPONSORED
from training.baselines import run
from training.baselines.classifiers import fit_fasttext, out_of_fold, train_fasttext
from training.baselines.extractors import extracted, print_page
from training.baselines.rules import c4_kept, in_order, refinedweb_kept
from training.commands import studies as commands
from training.commands.studies import baselines
from training.corpus import corpus_of, fold_of
from training.judging import ages, studies
from training.judging.default_policy import figures_of
from training.judging.figures import SCORES, read_figures
from training.judging.study_plan import pending_studies
from training.phrases import Phrases
from training.reporting import comparisons
from training.reporting.tables import sections

PAGE = """Home
The ferry was late again, and nobody on the quay was surprised.
Read more
The ferry was late again, and nobody on the quay was surprised.
12 likes"""


def page(group, language="en", **fields):
    text = "Menu\nThe tide was high."
    labels = ["navigation", "content"]
    return {
        "id": group,
        "group": group,
        "language": language,
        "text": text,
        "labels": labels,
    } | fields


def test_refinedweb_keeps_sentences():
    assert refinedweb_kept(PAGE) == [False, True, False, True, False]


def test_c4_keeps_sentences_that_end():
    pytest.importorskip("datatrove", reason="C4's rules come from datatrove")
    assert c4_kept(PAGE) == [False, True, False, True, False]
    assert c4_kept(PAGE + "\nLorem ipsum dolor sit amet.") == [False] * 6
    sign = "The tide was high.\u2028The boats lay still in the harbour.\n"
    assert c4_kept(sign + PAGE) == [True, False, True, False, True, False]


def test_kept_lines_are_found_in_order():
    assert in_order(["a", " b ", "a", "c"], ["b", "a"]) == [False, True, True, False]


def test_a_line_is_kept_if_an_extractor_prints_half_of_it():
    printed = "## The ferry was late again, and nobody\non the quay was surprised."
    assert extracted(PAGE, printed).count(True) == 1


def test_an_extractor_prints_the_article_of_a_page():
    pytest.importorskip("justext", reason="one of the extractors")
    text = "The ferry was late again, and nobody on the quay was surprised by that at all. " * 5
    html = f"<html><body><ul><li><a href='/'>Home</a></ul><p>{text}</p></body></html>".encode()
    for language in ("en", "xx"):
        assert "ferry" in print_page("jusText", html, language)
        assert "Home" not in print_page("jusText", html, language)


def test_a_classifier_never_learns_from_the_fold_that_it_labels():
    names = [f"site {n}.example" for n in range(12)]
    corpus = corpus_of(
        page(name, text=f"Menu\nArticle of {name}", labels=["navigation", "content"])
        for name in names
    )

    def train(lines, labels):
        seen = set(lines) - {"Menu"}
        assert len(lines) == len(labels)
        return lambda asked: np.array(
            [
                NAVIGATION if line == "Menu" else PAYWALL if line in seen else CONTENT
                for line in asked
            ]
        )

    assert out_of_fold(corpus, train).tolist() == [NAVIGATION, CONTENT] * len(names)


def test_figures_of_a_rule_count_what_is_lost_and_dropped():
    corpus = corpus_of(
        [
            page("a"),
            page("b", text="Subscribe\nAd\nLong text", labels=["paywall", "sponsored", "content"]),
        ]
    )
    found = figures_of(corpus, run.as_labels([[False, True], [True, False, False]]))
    assert found["content_loss"] == pytest.approx(9 / 27)
    assert found["boilerplate"] == pytest.approx(2 / 3)
    assert (found["paywall_dropped"], found["sponsored_dropped"]) == (0, 1)


def test_finished_baselines_are_not_run_again(tmp_path):
    corpus = corpus_of([page("a")])
    names = [name for name, _ in run.pending_baselines(corpus, tmp_path, {"fastText": {}})]
    assert "fastText" not in names
    assert len(names) == 6


def test_a_baseline_that_lacks_its_tool_is_left_out_and_the_others_are_made(tmp_path, monkeypatch):
    def lacking():
        raise ImportError("No module named 'quay'", name="quay")

    def perfect():
        return np.array([NAVIGATION, CONTENT, PAYWALL, SPONSORED])

    works = {"first": perfect, "second": lacking, "third": perfect}
    monkeypatch.setattr(run, "pending_baselines", lambda *_: works.items())
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.json"
    pages = page("a"), page("b", text="Pay\nAd", labels=["paywall", "sponsored"])
    gold.write_text("\n".join(map(json.dumps, pages)))
    options = ["--gold", str(gold), "--out", str(out), "--pages", str(tmp_path)]
    done = CliRunner().invoke(baselines, options)
    assert "is not there; run `python -m training sources fetch`" in str(done.exception)
    for record in pages:
        (tmp_path / f"{record['id']}.html").touch()
    done = CliRunner().invoke(baselines, options)
    assert done.exit_code == 0, done.output
    assert "second is left out: No module named 'quay'" in done.stderr
    assert "pip install -e '.[benchmark]'" in done.stderr
    assert list(read_figures(out)["rows"]) == ["first", "third"]


def test_baselines_of_texts_that_were_read_otherwise_are_made_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "made_baselines", lambda corpus, folder, rows, tell: iter(()))
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.json"
    gold.write_text(json.dumps(page("a")))
    (tmp_path / "a.html").touch()
    corpus = corpus_of([page("a")])
    texts = {"data_sha256": corpus.sha256, "reading_sha256": ages.reading_sha256(corpus.texts)}
    options = ["--gold", str(gold), "--out", str(out), "--pages", str(tmp_path)]
    for said in (texts, texts | {"reading_sha256": READING}):
        out.write_text(json.dumps(said | {"rows": {"fastText": {"macro_f1": 0.5}}}))
        done = CliRunner().invoke(baselines, options)
        assert done.exit_code == 0, done.output
        assert ("fastText" in done.output) == (said == texts)


READING = "0123456789abcdef"  # a hash of texts as they are read
NOW = ages.today(READING)

PHRASES = Phrases(
    ["Pay up", "Zahlen Sie"],
    np.array([PAYWALL, PAYWALL], np.uint8),
    ["en", "de"],
    ["wall", "wall"],
    ["pay", "pay"],
)


@pytest.fixture
def sources():
    """Pages of German and English groups, one of both."""
    pages = [page("one.de", "de"), page("both.example", "de"), page("both.example"), page("two.uk")]
    corpus = corpus_of(pages)
    invented = corpus_of([page("quay", "de"), page("pier")])
    return studies.Sources(corpus, PHRASES, invented, ({"full": corpus, "wet": corpus},))


def test_a_language_is_left_out_with_all_pages_of_its_groups(sources, monkeypatch):
    asked = []

    def remember(some, judge, held_out=None):
        asked.append((some, judge, held_out))
        return {}

    monkeypatch.setattr(studies, "fit_and_judge", remember)
    for with_phrases in (True, False):
        studies.left_out_language(sources, sources.corpus, "de", with_phrases)
    (with_phrases, judge, _), (without, _, _) = asked
    assert [record["group"] for record in judge.records] == ["one.de", "both.example"]
    for some in (with_phrases, without):
        assert [record["group"] for record in some.corpus.records] == ["two.uk"]
        assert [record["group"] for record in some.views[0]["wet"].records] == ["two.uk"]
    assert with_phrases.phrases.languages == ["en", "de"]
    assert [record["group"] for record in with_phrases.invented.records] == ["quay", "pier"]
    assert without.phrases.languages == ["en"]
    assert [record["group"] for record in without.invented.records] == ["pier"]


def test_draws_of_a_fold_learn_from_the_same_in_another_order(sources, monkeypatch):
    learnt = []

    def fit(material, held_out, folder):
        assert folder.is_dir()
        learnt.append(material)
        return held_out

    monkeypatch.setattr(studies, "fit_model", fit)
    monkeypatch.setattr(studies, "judged_by", lambda layers, judge: {"macro_f1": len(learnt) / 10})
    found = studies.different_draws(sources, sources.corpus, 3)
    assert found == {"macro_f1": [0.1, 0.2, 0.3]}
    first, *others = ([*zip(m.texts, m.folds.tolist(), strict=True)] for m in learnt)
    for other in others:
        assert other != first
        assert sorted(other) == sorted(first)
    rows = {"3": found | {label: [0.5, 0.25] for label in LABELS}}
    assert "| 3 | 3 | 0.100 to 0.300 | 0.250 to 0.500 |" in comparisons.draw_table(rows)


def test_a_learning_curve_grows_and_never_sees_the_fold_that_is_judged(sources, monkeypatch):
    groups = [f"site {n}.example" for n in range(40)]
    grown = sources._replace(corpus=corpus_of(map(page, groups)))
    seen = []

    def remember(some, judge, held_out):
        assert {fold_of(r["group"]) for r in judge.records} == {held_out}
        seen.append({r["group"] for r in some.corpus.records})
        return {}

    monkeypatch.setattr(studies, "fit_and_judge", remember)
    found = [studies.share_of_groups(grown, grown.corpus, share) for share in (0.25, 0.5, 1)]
    assert seen[0] < seen[1] < seen[2]
    assert seen[2] == {group for group in groups if fold_of(group) != studies.HELD_OUT}
    assert [row["groups"] for row in found] == [len(some) for some in seen]


def test_finished_studies_are_not_run_again(sources):
    everything = [work[:2] for work in pending_studies(sources, sources.corpus, NOW, {})]
    assert {study for study, _ in everything} == {
        "curve",
        "phrases",
        "new_hard_negatives",
        "left_out",
        "left_out_with_phrases",
        "draws",
    }
    few = sources._replace(views=())
    without_views = pending_studies(few, sources.corpus, NOW, {})
    assert {study for study, *_ in without_views} == {"curve", "phrases"}
    found = {"left_out": {"de": NOW, "fr": {"macro_f1": 0.5}}}
    rest = [work[:2] for work in pending_studies(sources, sources.corpus, NOW, found)]
    assert set(everything) - set(rest) == {("left_out", "de")}, "the other is of older features"


def test_studies_and_names_can_be_chosen_and_others_are_refused(sources):
    def pending(*chosen):
        return [work[:2] for work in pending_studies(sources, sources.corpus, NOW, {}, *chosen)]

    assert pending(["phrases"]) == [("phrases", "none"), ("phrases", "phrases alone")]
    assert pending(["left_out", "curve"], ["en"]) == [("left_out", "en")]
    with pytest.raises(ValueError, match=r"^no study frases; there are curve, phrases, "):
        pending(["phrases", "frases"])
    with pytest.raises(ValueError, match=r"^no name eo; there are 12\.5%, "):
        pending((), ["eo"])
    with pytest.raises(ValueError, match=r"^no name en; there are none, phrases alone$"):
        pending(["phrases"], ["en"])


def test_languages_left_out_are_learnt_from_in_views(sources, monkeypatch):
    fitted = []
    monkeypatch.setattr(studies, "fit_model", lambda material, *_: fitted.append(material))
    monkeypatch.setattr(studies, "judged_by", lambda *_: {})
    texts = {}
    for study, name, work in pending_studies(sources, sources.corpus, NOW, {}):
        if (study, name) in (("left_out", "de"), ("phrases", "none")):
            work()
            texts[study] = fitted[-1].texts
    (text,) = set(sources.corpus.texts)
    assert texts["left_out"].count(text) == 3, "the page without German, its print, what we wrote"
    assert texts["phrases"].count(text) == 4, "all pages, as they are"


def test_a_study_says_how_many_pages_were_there_to_learn_from(tmp_path, monkeypatch, sources):
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.json"
    gold.write_text(json.dumps(page("two.uk")))
    monkeypatch.setattr("training.pages.corrections.read_corrections", list)
    monkeypatch.setattr("training.commands.studies.read_sources", lambda *_: sources)
    for study in ("share_of_groups", "less_written"):
        monkeypatch.setattr(f"training.judging.study_plan.{study}", lambda *_: {"macro_f1": 0.5})
    options = ["--gold", str(gold), "--views", str(tmp_path), "--out", str(out)]
    options += ["--study", "phrases"]
    assert CliRunner().invoke(commands.studies, options).exit_code == 0
    row = read_figures(out)["phrases"]["none"]
    assert row["added_pages"] == len(sources.corpus.texts) - 1
    assert ages.is_older(row, NOW)
    again = CliRunner().invoke(commands.studies, options)
    assert "all of these figures are there already" in again.stderr


def test_a_report_shows_what_was_compared(tmp_path, monkeypatch):
    scores = {"macro_f1": 0.5, "content": 0.8, "navigation": 0.9, "paywall": 0.0, "sponsored": 0.3}
    shares = dict.fromkeys(("content_loss", "boilerplate", "paywall_dropped"), 0.25)
    row = scores | shares | {"sponsored_dropped": 0.125, "not_content": None, "pages": 3}
    row |= NOW
    rows = {"de": row | {"features_version": 1}, "fr": row}
    (tmp_path / "studies.json").write_text(json.dumps({"gold_sha256": "a", "left_out": rows}))
    rules = {"data_sha256": "b", "reading_sha256": READING, "rows": {"C4 line rules": row}}
    (tmp_path / "baselines.json").write_text(json.dumps(rules))
    monkeypatch.setattr(comparisons, "STUDIES", tmp_path / "studies.json")
    monkeypatch.setattr(comparisons, "BASELINES", tmp_path / "baselines.json")
    own = {
        "default_policy": row | {"macro_f1": 0.75, "paywall": 0.6},
        "gold_sha256": "a",
        "judged_sha256": "b",
        "reading_sha256": READING,
    }
    text = sections(comparisons.read_comparisons(own))
    assert "| C4 line rules | – | 0.800 | – | – | – | 25.0% | 25.0% | 25.0% | 12.5% |" in text
    assert "| linesift | 0.750 | 0.800 | 0.900 | 0.600 | 0.300 | 25.0% |" in text
    assert "| de | 3 | 0.500 | 0.800 | 0.900 | 0.000 | 0.300 | – |" in text
    assert "\n- Languages left out (de): features of version 1, " in text, "an older model"
    assert "Not compared" not in text
    rules["reading_sha256"] = "of another day"
    (tmp_path / "baselines.json").write_text(json.dumps(rules))
    assert "Run `python -m training baselines` for" in sections(comparisons.read_comparisons(own))


@pytest.mark.parametrize("hashes", [{}, {"gold_sha256": "other", "judged_sha256": "other"}])
def test_a_report_leaves_out_comparisons_on_other_pages_and_says_what_to_run(hashes):
    text = sections(comparisons.read_comparisons({"default_policy": {}, **hashes}))
    assert text.startswith("## Not compared")
    assert "`python -m training baselines` and `python -m training studies`" in text
    assert text.count("##") == 1


def test_comparisons_are_on_the_pages_and_labels_of_the_stored_scores():
    assert "not_compared" not in comparisons.read_comparisons(read_figures(SCORES))


def test_figures_of_models_that_have_learnt_from_other_pages_are_older():
    figures = {"macro_f1": 0.5} | NOW
    assert not ages.is_older(figures, NOW)
    fewer = figures | {"added_pages": 7}
    assert ages.is_older(fewer, NOW)
    assert ", 7 additional labelled pages, " in ages.made_with(fewer, NOW)


def test_figures_of_texts_that_were_read_otherwise_are_older(monkeypatch):
    wrapped = ["The ferry was late again,\nand nobody on the quay was surprised."]
    reading = ages.reading_sha256(wrapped)
    figures = ages.today(reading)
    assert not ages.is_older(figures, ages.today(ages.reading_sha256(wrapped)))
    monkeypatch.setattr(ages, "as_read", lambda column: Reading(column, np.ones(1, np.int64)))
    now = ages.today(ages.reading_sha256(wrapped))
    assert ages.is_older(figures, now)
    assert (
        ages.made_with(figures, now) == f"{ages.made_with(figures, figures)}, texts read otherwise"
    )


def test_fasttext_tells_lines_apart():
    pytest.importorskip("fasttext", reason="one of the baselines")
    lines = ["subscribe now and save"] * 60 + ["the tide was high that day"] * 60
    predict = train_fasttext(lines, np.repeat(np.array([PAYWALL, CONTENT], np.uint8), 60))
    assert predict([lines[0], lines[-1]]).tolist() == [PAYWALL, CONTENT]


def test_fasttext_learns_the_same_from_the_same_lines():
    pytest.importorskip("fasttext", reason="one of the baselines")
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 2000)
    lines = [" ".join(f"word{n}" for n in rng.integers(0, 50 + 50 * k, 8)) for k in labels]
    models = [fit_fasttext(lines, labels, dim=10) for _ in "12"]
    one, other = (np.array(model.getInputMatrix()) for model in models)
    assert np.array_equal(one, other)
