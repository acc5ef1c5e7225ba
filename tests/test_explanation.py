"""Explanations: they add up to what the kernels compute, and speak plainly."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from examples import random_layers, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import PAGES

from classifier import LABELS, LineClassifier
from classifier.as_read import as_read, rows_of_lines
from classifier.columns import read_columns
from classifier.explaining import attribution
from classifier.explaining.contributions import most_telling
from classifier.explaining.explanation import explain_lines
from classifier.explaining.fact_names import BEGINNINGS, ENDINGS, describe_fact
from classifier.explaining.steps import added_by_inputs, model_steps
from classifier.explaining.token_names import UNKNOWN, token_names
from classifier.explaining.wording import NAMED, SCORE, describe, input_reasons, shape_reasons
from classifier.features import final_logits, first_layer_inputs
from classifier.kernels.context.inputs import COLUMN_NAMES, N_INPUTS
from classifier.kernels.first_layer.feature_layout import FACT_NAMES, FACT_SIZES, N_SHAPE_FEATURES
from classifier.weights import Layers, blank_context_layer, blank_first_layer

ANY_LETTER = "a letter that is no capital (or a combining mark or something invisible)"


@pytest.mark.parametrize("name", ["news-metered-wall.en.txt", "news-portal.zh.txt"])
def test_what_was_added_is_the_score_of_the_kernels(clf, name):
    (column,) = read_columns([PAGES[name]])
    labelled = clf.label(PAGES[name])
    indices = range(len(labelled))
    lines, _ = first_layer_inputs(column, clf.layers.first)
    scores = final_logits(lines, clf.layers)
    (explained,) = explain_lines([(column, indices)], clf.layers, 5)
    for i, reasons in enumerate(explained):
        assert len(reasons.names) == len(set(reasons.names)) == 6
        assert reasons.values.sum(axis=0) == pytest.approx(scores[i], abs=1e-3)
    for i in (0, len(labelled) - 1):
        why = clf.explain(PAGES[name], i)
        assert (why.text, why.label) == (labelled[i].text, labelled[i].label)
        for k, label in enumerate(LABELS):
            added = [part.value for part in why.contributions[label]]
            assert sum(added) == pytest.approx(why.scores[label], abs=1e-9)
            assert why.scores[label] == pytest.approx(scores[i, k], abs=1e-3)
            assert why.probabilities[label] == pytest.approx(labelled[i].probabilities[k], abs=1e-4)


def test_a_page_without_a_list_is_not_said_to_have_one(clf):
    why = clf.explain("The meeting was moved to Thursday.\nNobody told the pilot.", 0)
    reasons = [part.feature for part in why.contributions["content"]]
    assert "lines beside it that begin alike" in reasons
    assert not any("list" in reason for reason in reasons)


def test_lines_that_are_not_there_are_not_named(clf):
    for text, index, missing, there in (
        ("One line only", 0, {"no lines above", "no lines below"}, set()),
        ("Home\nNews", 0, {"no lines above"}, {"the lines farther below"}),
        ("Home\nNews", 1, {"no lines below"}, {"the lines farther above"}),
    ):
        reasons = {part.feature for part in clf.explain(text, index).contributions["content"]}
        sides = {reason for reason in reasons if "lines farther" in reason or "no lines" in reason}
        assert sides == missing | there


def test_where_a_long_page_is_cut_there_are_lines_on_both_sides(clf, monkeypatch):
    monkeypatch.setattr("classifier.pieces.PIECE_BYTES", 100)
    monkeypatch.setattr("classifier.pieces.LONGEST_BYTES", 100)
    text = "\n".join(f"Line {i} of a page in parts" for i in range(12))
    ends = {}
    for index in range(12):
        reasons = {part.feature for part in clf.explain(text, index).contributions["content"]}
        ends[index] = reasons & {"no lines above", "no lines below"}
    assert ends.pop(0) == {"no lines above"}
    assert ends.pop(11) == {"no lines below"}
    assert not any(ends.values())


@pytest.mark.parametrize("n_crosses", [0, 1])
def test_a_line_is_explained_however_few_crosses_there_are(clf, n_crosses):
    text = PAGES["news-portal.zh.txt"]
    third = clf.layers.third
    crosses = {name: getattr(third, name)[:n_crosses] for name in ("inputs", "borders", "weights")}
    few = LineClassifier(clf.layers._replace(third=third._replace(**crosses)))
    assert few.explain(text, 3).label == few.label(text)[3].label
    blank = Layers(
        blank_first_layer(12),
        blank_context_layer(n_crosses),
        blank_context_layer(n_crosses),
        np.zeros(len(LABELS), np.float32),
    )
    assert "content" in str(LineClassifier(blank).explain(text, 3))


@settings(max_examples=30)
@given(texts, st.integers(0, 9))
def test_any_text_and_any_weights_add_up(text, seed):
    layers = random_layers(seed)
    (column,) = read_columns([text])
    n_lines = len(LineClassifier(layers).label(text))
    if not n_lines:
        return
    reading = as_read(column)
    lines = first_layer_inputs(reading.column, layers.first)[0]
    scores = final_logits(lines, layers)[rows_of_lines(column, reading, lines.document_offsets)]
    (explained,) = explain_lines([(column, range(n_lines))], layers, 1000)
    for i, reasons in enumerate(explained):
        scale = 1 + np.abs(reasons.values).sum()
        assert np.abs(reasons.values.sum(axis=0) - scores[i]).max() < 1e-5 * scale


@pytest.mark.parametrize("seed", range(3))
def test_steps_lead_from_the_mean_row_of_each_cross_to_the_row_taken(seed):
    layer = random_layers(seed).second
    steps = model_steps(random_layers(seed)).second
    inputs = np.random.default_rng(seed).integers(0, 256, (7, N_INPUTS), np.uint8)
    expected = np.zeros((*inputs.shape, len(LABELS)))
    always = np.array(layer.bias, np.float64)
    for asked, borders, weights in zip(layer.inputs, layer.borders, layer.weights, strict=True):
        rows = weights.astype(np.float64) * layer.scale
        always += rows.mean(axis=0)
        for line in range(len(inputs)):
            possible = np.arange(len(rows))
            for question, (place, border) in enumerate(zip(asked, borders, strict=True)):
                before = rows[possible].mean(axis=0)
                answer = inputs[line, place] > border
                possible = possible[(possible >> question & 1) == answer]
                expected[line, place] += rows[possible].mean(axis=0) - before
    assert added_by_inputs(inputs, layer, steps) == pytest.approx(expected, abs=1e-9)
    assert steps.always == pytest.approx(always, abs=1e-9)


def test_a_point_of_a_logit_adds_what_it_changes_in_the_log_odds():
    rng = np.random.default_rng(0)
    logits, points = rng.normal(size=(5, 4)), rng.normal(size=(5, 4, 4))

    def log_odds(logits):
        odds = np.exp(logits)
        return logits - np.log(odds.sum(axis=1, keepdims=True) - odds)

    nudges = 1e-6 * np.eye(4)
    slopes = [(log_odds(logits + n) - log_odds(logits - n)) / 2e-6 for n in nudges]
    expected = np.einsum("lnj,njk->nlk", slopes, points)
    found = attribution._through_odds(points, log_odds(logits))
    assert found == pytest.approx(expected, abs=1e-6)


def test_no_score_hands_down_more_than_a_point_a_point():
    scores = np.array([[2.0, -0.5, 0.0, 4.0]])
    added = np.array([[[1.0], [3.0], [5.0], [-2.0]]]) * np.ones(4)
    points, left = attribution._handed_down(added, scores)
    assert points[0, :, 0].tolist() == [0.5, -1.0, 0.0, -0.5]
    assert left.tolist() == [[2.5 + 5.0] * 4]


def test_what_depends_on_the_model_alone_is_computed_once_for_all_documents(clf, monkeypatch):
    calls = []

    def counted(layers):
        calls.append(layers)
        return model_steps(layers)

    monkeypatch.setattr("classifier.explaining.explanation.model_steps", counted)
    wanted = [(column, [1]) for page in PAGES.values() for column in read_columns([page])]
    explained = list(explain_lines([*wanted, (wanted[0][0], [])], clf.layers, 3))
    assert [len(reasons) for reasons in explained] == [1] * len(PAGES) + [0]
    assert len(calls) == 1


def test_long_documents_are_explained_in_the_parts_they_are_labelled_in(clf, monkeypatch):
    text = PAGES["news-metered-wall.en.txt"]
    monkeypatch.setattr("classifier.pieces.PIECE_BYTES", 100)
    monkeypatch.setattr("classifier.pieces.LONGEST_BYTES", 600)
    lines = clf.label(text)
    for index in (0, 14, len(lines) - 1):
        why = clf.explain(text, index)
        assert why.text == lines[index].text
        assert [*why.probabilities.values()] == pytest.approx(lines[index].probabilities, abs=1e-4)
    (column,) = read_columns([text])
    (explained,) = explain_lines([(column, range(len(lines)))], clf.layers, 3)
    assert len(explained) == len(lines)
    with pytest.raises(IndexError, match=f"{len(lines)} lines"):
        clf.explain(text, len(lines))


@pytest.mark.parametrize(
    ("n_rows", "shown", "summed", "names"),
    [
        (None, [4, 0, 2, 3], [], []),
        (3, [4, 0, 2, 3], [], []),  # one alone keeps its name
        (2, [4, 0], [4.0, 0.0, 0.0, 2.0], ["2 smaller ones together"]),
    ],
)
def test_reasons_that_pull_labels_furthest_apart_come_first(n_rows, shown, summed, names):
    values = np.array(
        [[0, 3, 0, 0], [0, 0, 0, 0], [2, 0, 0, 0], [2, 0, 0, 2], [-2, 0, 0, 2]], np.float64
    )
    order, added, called = most_telling(values, n_rows)
    assert (order.tolist(), called) == (shown, names)
    assert added.tolist() == [*values[shown].tolist(), *([summed] if summed else [])]


def test_words_pairs_and_signs_are_named(clf):
    line = "Subscribe to continue reading!"
    (names,) = token_names([line], clf.layers.first)
    assert {"“Subscribe”", "“continue reading”", "sign “!”", "the line as a whole"} <= {
        *names.values()
    }
    assert "first word “Subscribe”" in names.values()
    shown = str(clf.explain(line, 0))
    assert shown.startswith(line + "\nis ")
    assert UNKNOWN not in shown
    rows = [re.findall(r"[+-]\d+\.\d\d", row) for row in shown.split("\n")[3:]]
    columns = np.array([row for row in rows if row], float)
    assert columns[:-1].sum(axis=0) == pytest.approx(columns[-1], abs=0.01 * len(columns))


def test_a_notebook_shows_what_is_printed(clf):
    shown = []
    explanation = clf.explain("Log in", 0)
    explanation._repr_pretty_(SimpleNamespace(text=shown.append), False)
    assert shown == [str(explanation)]


@pytest.mark.parametrize("line", ["---", "...", "•", "🍀", "\u200b"])
def test_a_line_without_a_word_is_said_to_have_none(clf, line):
    (names,) = token_names([line], clf.layers.first)
    assert "no word in it" in names.values()
    assert UNKNOWN not in str(clf.explain(f"Home\n{line}\nThe bridge reopened on Monday.", 1))


@pytest.mark.parametrize("sign", "½²¹①₂⅓Ⅳ")
def test_signs_that_python_takes_for_digits_or_letters_are_named(clf, sign):
    line = f"{sign} cups"
    (names,) = token_names([line], clf.layers.first)
    assert f"sign “{sign}”" in names.values()
    assert UNKNOWN not in [part.feature for part in clf.explain(line, 0).contributions["content"]]


def test_words_that_are_cut_in_the_middle_of_a_long_line_are_named(clf):
    why = clf.explain("Die Fähre fährt wieder. " * 40, 0)
    assert UNKNOWN not in [part.feature for part in why.contributions["content"]]


def test_words_of_a_long_line_between_white_space_are_named(clf):
    line = " " * 300 + "Subscribe now for full access" + " " * 100
    (names,) = token_names([line], clf.layers.first)
    assert "first word “Subscribe”" in names.values()
    assert "last word “access”" in names.values()


def test_a_mark_on_a_letter_is_no_sign(clf):
    (names,) = token_names(["Cafe\u0301"], clf.layers.first)
    assert not any(name.startswith("sign") for name in names.values())


def test_words_that_nobody_sees_are_written_out(clf):
    line = "I \u2764\ufe0f New York"
    (names,) = token_names([line], clf.layers.first)
    assert {"“\\ufe0f”", "“\\ufe0f New”", "“New York”"} <= {*names.values()}
    assert "\ufe0f" not in str(clf.explain(line, 0)).partition("\n")[2]


def test_of_words_without_an_end_the_beginning_is_named(clf):
    (names,) = token_names(["a" * 200 + " " + "b" * 40], clf.layers.first)
    assert f"first word “{'a' * 39}…”" in names.values()
    assert f"last word “{'b' * 40}”" in names.values()


def test_printed_form_gives_a_terminal_nothing_to_obey(clf):
    shown = str(clf.explain("\x1b[31mred\x07 \u202eleft\n\x1b]0;title\x07\n" + "long " * 999, 0))
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert "\\x1b[31mred" in shown
    assert len(str(clf.explain("long " * 999, 0))) < 3000


def test_neighbours_are_quoted(clf):
    why = clf.explain("Home\n\nMenu\nAbout us\nA sentence that says something of length.", 1)
    names = {part.feature for part in why.contributions["content"]}
    assert {"the line above: “Home”", "the line below: “About us”"} <= names


def test_what_is_said_of_the_lines_around_fits_a_terminal_of_80_columns(clf):
    text = PAGES["news-metered-wall.en.txt"]
    shown = "\n".join(str(clf.explain(text, index)) for index in range(len(clf.label(text))))
    for said in ("begin alike", "the line above: “.*…”"):
        assert max(map(len, re.findall(f"^.*{said}$", shown, re.MULTILINE))) <= 80


def borders(clf, text, index):
    """What an explanation says of places beyond the first and the last line."""
    features = [part.feature for part in clf.explain(text, index).contributions["content"]]
    return {said for said in features if re.search(r": .* (begins|ends)$", said)}


def test_beyond_its_ends_a_page_begins_and_ends(clf):
    assert borders(clf, "Home\n\nMenu", 1) >= {
        "2 lines above: the page begins",
        "the line below: the page ends",
    }


def test_where_only_a_part_of_a_long_page_ends_nothing_else_is_said(clf, monkeypatch):
    monkeypatch.setattr("classifier.pieces.PIECE_BYTES", 100)
    monkeypatch.setattr("classifier.pieces.LONGEST_BYTES", 100)
    text = "\n".join(["Log in to read on."] * 15)
    page, part = "the page", "its part of the long page"
    for index, at_begin, at_end in ((3, page, part), (7, part, part), (13, part, page)):
        said = {name.split(": ")[1] for name in borders(clf, text, index)}
        assert said == {f"{at_begin} begins", f"{at_end} ends"}, index


def test_every_feature_has_a_plain_name():
    assert len(shape_reasons()) == N_SHAPE_FEATURES
    assert len(input_reasons()) == N_INPUTS
    assert len(set(COLUMN_NAMES)) == len(COLUMN_NAMES)
    assert input_reasons().count(SCORE) == 2 * len(LABELS)  # of the layer before, of the first
    facts = np.zeros(12, np.uint8)
    for reason in {*shape_reasons(), *input_reasons()} - {SCORE}:
        assert reason in NAMED or reason[0] in ("facts", "line", "pattern")
        assert "_" not in describe(reason, facts, lambda distance: "“x”")
    for name, size in zip(FACT_NAMES, FACT_SIZES, strict=True):
        assert all(describe_fact(name, value) for value in range(size))


@pytest.mark.parametrize(
    ("line", "ending", "beginning"),
    [
        ("• one.", "a full stop", "a bullet"),
        ("- two!", "an exclamation mark", "a dash"),
        ("“drei”", "a quotation mark", "a quotation mark"),
        ("(4)", "a bracket", "a bracket"),
        ("» weiter »", "an arrow", "an arrow"),
        ("#tag?", "a question mark", "# or @"),
        ("€ 5", "a digit", "a currency sign"),
        ("Home:", "a colon", "a capital"),
        ("日本、", "a comma", "a character of an unspaced script"),
        ("+ U", "a capital", "a sign"),
        ("and so…", "an ellipsis", ANY_LETTER),
        ("مرحبا", "a letter that is no capital (or a combining mark)", ANY_LETTER),
        ("\u200b ❤\ufe0f", "a letter that is no capital (or a combining mark)", ANY_LETTER),
        ("\u0301\u200b", "an invisible character", ANY_LETTER),
    ],
)
def test_names_of_codes_are_those_of_the_character_tables(line, ending, beginning):
    from classifier.kernels.text.characters import TRAIT_BEGINNING, load_tables

    tables = load_tables()

    def trait(sign):
        return int(tables.traits[int(tables.pages[ord(sign) >> 8]) * 256 + (ord(sign) & 0xFF)])

    assert ENDINGS[trait(line[-1]) & 0xF] == ending
    assert BEGINNINGS[trait(line[0]) >> TRAIT_BEGINNING & 0xF] == beginning


def test_buckets_are_told_as_ranges():
    from classifier.kernels.first_layer.measures import COUNT_BUCKETS

    for n in (1, 2, 5, 24, 31, 200):
        low, *high = re.findall(r"\d+", describe_fact("length", int(COUNT_BUCKETS[n]) - 1))
        assert int(low) <= n <= int((high or [low])[0])
    assert describe_fact("length", 15) == "256 characters or more"
    assert describe_fact("words", 0) == "no words"
    assert describe_fact("words", 1) == "1 word"


def test_what_is_quoted_of_neighbours_gives_a_terminal_nothing_to_obey(clf):
    shown = str(clf.explain("\x1b[31mSubscribe\nLog in\nOK", 1))
    assert r"the line above: “\x1b[31mSubscribe”" in shown
    assert "\x1b" not in shown


def test_what_added_or_took_most_comes_first(clf):
    for parts in clf.explain("Home\n\nMenu\nAbout us", 1).contributions.values():
        sizes = [abs(part.value) for part in parts]
        assert sizes == sorted(sizes, reverse=True)
        assert min(part.value for part in parts) < 0 < max(part.value for part in parts)
