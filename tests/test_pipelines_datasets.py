"""The adapter for Hugging Face datasets, run on datasets."""

import orjson
import pytest
from examples import random_layers
from pipelines_pages import DOCUMENTS, POLICY, STATISTICS, classifier, kept, pairs

pytest.importorskip("datasets", reason="datasets is not installed")

import datasets

from classifier import FilterPolicy, LineClassifier, ModelError
from classifier.pipelines.datasets import filter_documents

FEATURES = datasets.Features(
    {
        "id": datasets.Value("string"),
        "text": datasets.Value("string"),
        "n": datasets.Value("int32"),
    }
)


def in_memory():
    return datasets.Dataset.from_list(DOCUMENTS, FEATURES)


def generate():
    yield from DOCUMENTS


def from_file(folder, streaming):
    path = folder / "pages.jsonl"
    path.write_bytes(b"".join(orjson.dumps(document) + b"\n" for document in DOCUMENTS))
    options = {"data_files": str(path), "split": "train", "cache_dir": str(folder)}
    return datasets.load_dataset("json", streaming=streaming, **options)


STREAMS = {
    "of a table": lambda folder: in_memory().to_iterable_dataset(num_shards=3),
    "of a file": lambda folder: from_file(folder, streaming=True),
    "of objects": lambda folder: datasets.IterableDataset.from_generator(generate),
    "of typed objects": lambda folder: datasets.IterableDataset.from_generator(
        generate, features=FEATURES
    ),
}


@pytest.mark.parametrize("policy", [None, POLICY])
def test_texts_are_those_of_filter_batch_and_features_stay(policy):
    result = filter_documents(in_memory(), policy=policy)
    assert pairs(result) == kept(DOCUMENTS, policy)
    assert result.features == FEATURES


def test_a_dataset_on_disk_gives_the_same(tmp_path):
    result = filter_documents(from_file(tmp_path, streaming=False), policy=POLICY)
    assert pairs(result) == kept(DOCUMENTS, POLICY)


@pytest.mark.parametrize("stream", STREAMS)
def test_a_stream_gives_the_same(stream, tmp_path):
    source = STREAMS[stream](tmp_path)
    result = filter_documents(source, policy=POLICY, stats_column="stats")
    assert isinstance(result, datasets.IterableDataset)
    rows = list(result)
    assert pairs(rows) == kept(DOCUMENTS, POLICY)
    assert [row["stats"] is None for row in rows] == [row["text"] is None for row in rows]
    assert [row["n"] for row in rows] == [int(row["id"][5:]) for row in rows]


@pytest.mark.parametrize("n_documents", [0, 20])
def test_statistics_are_a_feature_of_their_own(n_documents):
    source = in_memory().select(range(n_documents))
    result = filter_documents(source, stats_column="stats")
    assert list(result.features) == ["id", "text", "n", "stats"]
    assert list(result.features["stats"]) == STATISTICS
    for row in result.select(range(n_documents and 5)):
        assert (
            row["stats"] == classifier().filter(row["text"] and DOCUMENTS[row["n"]]["text"]).stats
        )


def test_a_policy_may_drop_all():
    source = in_memory().select(range(5))
    result = filter_documents(source, policy=FilterPolicy(min_content_chars=10**9))
    assert (len(result), result.features) == (0, FEATURES)


def test_another_model_is_not_answered_from_the_cache(tmp_path):
    source = from_file(tmp_path, streaming=False).select(range(100))
    texts = [document["text"] for document in DOCUMENTS[:100]]
    path = tmp_path / "model.npz"
    results = []
    for seed in (1, 2):
        model = LineClassifier(random_layers(seed))
        model.save(path)
        results.append([row["text"] for row in filter_documents(source, model=path)])
        assert results[-1] == model.filter_batch(texts)
    assert results[0] != results[1]


def test_a_transform_that_would_be_passed_over_is_refused():
    source = in_memory()
    source.set_transform(lambda batch: {"text": [str(text).upper() for text in batch["text"]]})
    with pytest.raises(ValueError, match="has a transform"):
        filter_documents(source)
    source.reset_format()
    assert len(filter_documents(source)) == len(DOCUMENTS)


def test_errors_come_before_the_work(tmp_path):
    with pytest.raises(TypeError, match=r"DatasetDict; give one split"):
        filter_documents(datasets.DatasetDict({"train": in_memory()}))
    ray_dataset = type("Dataset", (), {"__module__": "ray.data.dataset"})()
    with pytest.raises(TypeError, match=r"a ray\.Dataset; give a datasets\.Dataset or"):
        filter_documents(ray_dataset)
    with pytest.raises(ValueError, match="no column 'body'; its columns are id, text, n"):
        filter_documents(in_memory(), "body")
    with pytest.raises(ModelError, match=r"nowhere\.npz"):
        filter_documents(in_memory().to_iterable_dataset(), model=tmp_path / "nowhere.npz")
    with pytest.raises(ModelError, match=r"nowhere\.npz"):
        filter_documents(in_memory().select([]), model=tmp_path / "nowhere.npz")
    with pytest.raises(TypeError, match="give a FilterPolicy"):
        filter_documents(in_memory().to_iterable_dataset(), policy=["paywall"])


@pytest.mark.parametrize("n", [0, 1])
def test_a_split_keeps_its_name_and_what_is_known_of_it(n):
    pages = datasets.Dataset.from_dict({"text": ["The bridge was open again."]}, split="train")
    pages.info.license = "mit"
    result = filter_documents(pages.select(range(n)), stats_column="stats")
    assert (len(result), str(result.split), result.info.license) == (n, "train", "mit")
    assert list(result.features) == ["text", "stats"]


def test_a_hint_makes_texts_of_a_column_of_numbers_even_of_a_stream():
    numbers = datasets.Dataset.from_dict({"text": [1, 2]})
    for dataset in (numbers, numbers.to_iterable_dataset()):
        with pytest.raises(TypeError, match=r"holds Value.*int64.*give strings, e.g. ") as caught:
            filter_documents(dataset)
        made = eval(
            str(caught.value).partition("e.g. ")[2], {"dataset": dataset, "datasets": datasets}
        )
        assert len(list(filter_documents(made))) == 2


def test_no_cast_is_advised_where_it_would_give_something_else():
    classes = datasets.Features({"text": datasets.ClassLabel(names=["news", "shop"])})
    with pytest.raises(TypeError, match="int2str"):
        filter_documents(datasets.Dataset.from_dict({"text": [0]}, classes))
    with pytest.raises(TypeError, match="such as a field or the elements of these values"):
        filter_documents(datasets.Dataset.from_dict({"text": [["Home"]]}))


@pytest.mark.parametrize("n", [0, 3])
@pytest.mark.parametrize("columns", [None, ["text", "n"]])
@pytest.mark.parametrize("name", ["numpy", "pandas", "arrow", None])
def test_the_format_stays_and_shows_what_it_showed(name, columns, n):
    source = in_memory().select(range(n)).with_format(name, columns)
    result = filter_documents(source, stats_column="stats")
    shown = [*(columns or source.column_names), "stats"]
    assert result.format == {**source.format, "columns": shown}
    assert result.column_names == [*source.column_names, "stats"]
    assert [str(text) for text in result.with_format(None)["text"]] == [
        str(text and classifier().filter(text).text) for text in source.with_format(None)["text"]
    ]
