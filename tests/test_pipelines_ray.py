"""The adapter for Ray Data, run on Ray with two cores."""

import importlib.util

import pyarrow as pa
import pytest
from pipelines_pages import DOCUMENTS, POLICY, TEXTS, classifier, kept, pairs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed"),
]


@pytest.fixture(scope="module")
def dataset():
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    table = pa.Table.from_pylist(DOCUMENTS)
    yield ray.data.from_arrow([table.slice(0, 900), table.slice(900)])
    ray.shutdown()


def in_order(dataset):
    return sorted(dataset.take_all(), key=lambda row: row["n"])


def test_texts_are_those_of_filter_batch_and_the_schema_stays(dataset):
    from classifier.pipelines.ray import filter_documents

    result = filter_documents(dataset, policy=POLICY).materialize()
    assert pairs(in_order(result)) == kept(DOCUMENTS, POLICY)
    assert result.schema().names == dataset.schema().names
    assert result.schema().types == dataset.schema().types


def test_statistics_are_a_struct(dataset):
    from classifier.pipelines.ray import filter_documents

    for row in filter_documents(dataset, stats_column="stats").take(50):
        text = TEXTS[row["n"]]
        assert row["stats"] == (None if text is None else classifier().filter(text).stats)


def test_a_block_comes_whole(dataset):
    import ray

    from classifier.pipelines.ray import filter_documents

    texts = pa.array([b"Home"] * 2000 + [b"caf\xe9"]).view(pa.string())  # told by its number
    with pytest.raises(ray.exceptions.RayTaskError, match="in a batch of 2,001 documents"):
        filter_documents(ray.data.from_arrow(pa.table({"text": texts}))).take_all()


def test_what_is_no_dataset_is_refused():
    from classifier.pipelines.ray import filter_documents

    with pytest.raises(TypeError, match="dataset is a dict; give a Ray Dataset"):
        filter_documents({"text": ["Home"]})


def test_a_missing_column_is_named(dataset):
    import ray

    from classifier.pipelines.ray import filter_documents

    with pytest.raises(ray.exceptions.RayTaskError, match="no column 'body'"):
        filter_documents(dataset, "body").take_all()
