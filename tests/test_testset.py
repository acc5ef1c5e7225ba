"""The test set: its rows point at lines, its figures are the bundled model's."""

import json
import re

import pytest

from classifier.storage import model_digest
from training.added_pages import read_added_pages
from training.additions import read_rows_by_page
from training.options import TESTSET_SCORES
from training.standoff import read_pages, read_sources
from training.testset import TESTSET, learnt_groups, read_test_pages, read_testset

COLLECTIONS = sorted(TESTSET.glob("*.csv.gz"))


@pytest.fixture(scope="module")
def figures():
    return json.loads(TESTSET_SCORES.read_text("utf-8"))


def test_every_labelled_page_is_listed_once_and_no_other_collection_has_it():
    pages = read_test_pages()
    for path in COLLECTIONS:
        listed = {page.id for page in pages if page.collection == path.name[: -len(".csv.gz")]}
        assert listed == set(read_rows_by_page(path))
    everywhere = [page.id for page in (*pages, *read_added_pages(), *read_pages())]
    assert len(set(everywhere)) == len(everywhere)
    assert {page.source for page in pages} <= set(read_sources())


def test_a_version_and_a_hash_pin_each_package():
    sources = read_sources()
    for page in read_test_pages():
        source = sources[page.source]
        assert page.commit == source["version"]
        assert re.fullmatch("[0-9a-f]{64}", source["sha256"])


def test_the_figures_are_of_the_bundled_model_and_of_groups_it_has_not_learnt_from(figures):
    assert figures["model_sha256"] == model_digest()
    groups = learnt_groups()
    unseen = [page for page in read_test_pages() if page.group not in groups]
    assert figures["pages"] == len(unseen) < len(read_test_pages())
    lines = {path: read_rows_by_page(path) for path in COLLECTIONS}
    counts = {page: len(rows) for pages in lines.values() for page, rows in pages.items()}
    assert figures["lines"] == sum(counts[page.id] for page in unseen)


def test_pages_that_are_not_there_are_named_with_the_command_that_gets_them(tmp_path):
    pytest.importorskip("resiliparse", reason="resiliparse (extra train) is not installed")
    with pytest.raises(ValueError, match=r"362 of 362 pages .* fetch --source formasaurus "):
        read_testset(tmp_path)
