"""What a run depends on: whether it needs a model, and which settings make another of it."""

import pytest
from doubles import load_marked_lines

from classifier import FilterPolicy
from classifier.formats.batches import Fields
from classifier.running.summary import needs_model, run_settings
from classifier.running.task import Task


@pytest.mark.parametrize(
    ("policy", "asked", "needed"),
    [
        ({}, {}, False),
        ({"drop": ["paywall"]}, {}, True),
        ({"drop_paywalled": True}, {}, True),
        ({"min_content_chars": 1}, {}, True),
        ({"min_content_ratio": 0.1}, {}, True),
        ({}, {"stats": "s.json"}, True),
        ({}, {"add_stats": "counts"}, True),
    ],
)
def test_lines_are_labelled_if_anything_depends_on_it(policy, asked, needed):
    policy = FilterPolicy(**{"drop": (), **policy})
    assert needs_model(policy, **{"stats": None, "add_stats": None, **asked}) == needed


def settings(action="filter", model=None, lists_excluded=False, is_labelled=True, **options):
    task = Task(action, load_marked_lines, **options)
    return run_settings(task, model, lists_excluded, is_labelled)


EITHER = [
    {"fields": Fields(text="body")},
    {"fields": Fields(id="key")},
    {"fields": Fields(url="link")},
    {"input_format": "wet"},
    {"on_error": "skip"},
]
FILTER = [
    {"fields": Fields(added="counts")},
    {"policy": FilterPolicy(["paywall"])},
    {"policy": FilterPolicy(content_threshold=0.5)},
    {"policy": FilterPolicy(max_content_loss=0.01)},
    {"policy": FilterPolicy(min_content_chars=1)},
    {"policy": FilterPolicy(min_content_ratio=0.1)},
    {"policy": FilterPolicy(drop_paywalled=True)},
    {"lists_excluded": True},
    {"is_labelled": False},
]
LABEL = [{"label_format": "tsv"}, {"offsets": "byte"}]


@pytest.mark.parametrize(
    ("action", "change"),
    [
        *(("filter", change) for change in [*EITHER, *FILTER]),
        *(("label", change) for change in [*EITHER, *LABEL]),
    ],
)
def test_what_changes_an_output_makes_other_settings(action, change):
    assert settings(action, **change) != settings(action)


def test_another_model_makes_other_settings(tmp_path):
    (tmp_path / "model.npz").write_bytes(b"another model")
    assert settings(model=tmp_path / "model.npz") != settings()


def test_what_changes_no_output_leaves_the_settings():
    assert settings(max_errors=3, is_counted=False) == settings()
