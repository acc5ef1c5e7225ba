"""`linesift tune` as one runs it, with the bundled model."""

import pytest
from harbour import harbour_page, record, write, write_pages

from classifier import FilterPolicy, LineClassifier

pytest.importorskip("scipy.sparse")


@pytest.fixture(scope="module")
def corrections(tmp_path_factory):
    return write_pages(tmp_path_factory.mktemp("labels") / "pages.jsonl", 20)


def test_tune_prints_a_threshold_that_filter_takes(run, tmp_path, corrections):
    text, _ = harbour_page(7)
    result = run("tune", "--corrections", corrections, "--max-content-loss", "0.4")
    assert result.exit_code == 0, result.output
    threshold = result.stdout.strip()
    out = tmp_path / "tuned.npz"
    tuned = run("tune", "--corrections", corrections, "-o", out)
    assert tuned.exit_code == 0
    assert tuned.stderr == f"linesift: {out} is written; it keeps the whole list\n"
    by_number = run("filter", "--content-threshold", threshold, data=text)
    by_promise = run("filter", "--model", out, "--max-content-loss", "0.4", data=text)
    assert by_number.exit_code == by_promise.exit_code == 0
    assert by_number.stdout == by_promise.stdout


def test_tune_says_how_good_the_labels_are_and_what_they_lose(run, tmp_path):
    text = "Home\nThe ferry sails again from Monday on, the harbour master said.\nLog in\nMore"
    labels = ["navigation", "content", "navigation", "content"]
    records = [{"text": f"{text} {i}", "labels": labels} for i in range(9)]
    result = run("tune", "--corrections", write(tmp_path / "pages.jsonl", records))
    found = LineClassifier.load().label(f"{text} 0")
    assert [line.label for line in found] == ["navigation", "content", "navigation", "navigation"]
    first, second = result.stdout.splitlines()[:2]
    assert first == (
        "9 pages, 36 lines with a label. "
        "F1: content 0.667, navigation 0.800, paywall –, sponsored –"
    )
    lost = len("More 0") / len(
        "More 0The ferry sails again from Monday on, the harbour master said."
    )
    assert second == f"Without a threshold: content lost {lost:.3f}, boilerplate dropped 1.000"


def test_too_few_pages_for_a_promise_are_enough_for_f1(run, tmp_path):
    record = {"text": "Home\nThe ferry sails again.", "labels": ["navigation", "content"]}
    path = write(tmp_path / "pages.jsonl", [record])
    result = run("tune", "--corrections", path)
    assert result.exit_code == 0, result.output
    f1, by_labels, problem = result.stdout.splitlines()
    assert f1.startswith("1 page, 2 lines with a label. F1: content ")
    assert by_labels.startswith("Without a threshold: ")
    assert (
        "1 page (or groups of pages): too few for thresholds, of which each may lose 0.50"
        in problem
    )
    assert problem.endswith(". Label at least 4.")
    for option in (["--max-content-loss", "0.2"], ["-o", tmp_path / "tuned.npz"]):
        assert run("tune", "--corrections", path, *option).exit_code == 1


def test_pages_without_content_promise_nothing_by_themselves(run, tmp_path):
    menus = [{"text": f"Home {i}", "labels": ["navigation"]} for i in range(9)]
    path = write(tmp_path / "menus.jsonl", menus)
    result = run("tune", "--corrections", path)
    assert result.exit_code == 0
    assert "9 of 9 pages have no content; they lose nothing" in result.stderr
    assert "no line is content" in result.stdout
    assert run("tune", "--corrections", path, "--max-content-loss", "0.2").exit_code == 1


@pytest.mark.parametrize(
    ("loss", "code", "reason"),
    [
        ("0.01", 1, "it takes at least 99"),
        ("1e-320", 1, "cannot promise a loss of 1e-320"),
        ("nan", 2, "nan is no share"),
    ],
)
def test_why_a_loss_cannot_be_promised_is_said_in_words(run, corrections, loss, code, reason):
    result = run("tune", "--corrections", corrections, "--max-content-loss", loss)
    assert result.exit_code == code
    assert reason in result.stderr


def test_pages_of_which_the_boilerplate_alone_is_labelled_promise_no_more(
    run, corrections, tmp_path
):
    records = [record(harbour_page(seed), f"p{seed}") for seed in range(20)]
    for page in records:
        page["labels"] = [None if label == "content" else label for label in page["labels"]]
    path = write(tmp_path / "pages.jsonl", records)
    whole, partly = (
        run("tune", "--corrections", labels, "--max-content-loss", "0.4")
        for labels in (corrections, path)
    )
    assert float(partly.stdout) <= float(whole.stdout) < 0.95
    assert "without a label" not in whole.stderr
    n_lines = sum(page["labels"].count(None) for page in records)
    assert f"20 of 20 pages have lines without a label ({n_lines} in all:" in partly.stderr


def test_a_tuned_model_keeps_the_list_and_how_many_pages_made_it(run, tmp_path, corrections):
    policy, out = FilterPolicy(max_content_loss=0.4), tmp_path / "tuned.npz"
    printed = run("tune", "--corrections", corrections, "--max-content-loss", "0.4", "-o", out)
    before, after = LineClassifier.load().metadata, LineClassifier.load(out).metadata
    assert policy.threshold(after["loss_table"]) == float(printed.stdout)
    assert policy.threshold(before["loss_table"]) != float(printed.stdout)
    assert after["tuned_on"] == 20
