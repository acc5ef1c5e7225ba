"""The adapter for Spark, run on Spark with two cores."""

import importlib.util
import shutil

import pytest
from pipelines_pages import DOCUMENTS, POLICY, STATISTICS, TEXTS, classifier, kept, pairs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed"
    ),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17"),
]
SCHEMA = "id string not null, text string, n int, tags array<string>, day date"


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "300").getOrCreate()
    yield session
    session.stop()


@pytest.fixture
def frame(spark):
    rows = [
        (document["id"], document["text"], document["n"], ["a", None], None)
        for document in DOCUMENTS
    ]
    return spark.createDataFrame(rows, SCHEMA).repartition(4)


def in_order(frame):
    return sorted(frame.collect(), key=lambda row: row["n"])


def test_texts_are_those_of_filter_batch_and_the_schema_stays(frame):
    from classifier.pipelines.spark import filter_documents

    result = filter_documents(frame, policy=POLICY)
    assert result.schema == frame.schema
    rows = in_order(result)
    assert pairs(rows) == kept(DOCUMENTS, POLICY)
    assert rows[0]["tags"] == ["a", None]


def test_timestamps_are_passed_on_also_within_others(spark):
    from classifier.pipelines.spark import filter_documents

    seen = "timestamp'2024-03-14 06:02:00' AS seen"
    pages = spark.sql(f"SELECT 'The bridge was open again.' AS text, {seen}")
    pages = pages.selectExpr("text", "seen", "array(struct(seen)) AS visits")
    result = filter_documents(pages)
    assert result.schema == pages.schema
    assert result.select("seen", "visits").collect() == pages.select("seen", "visits").collect()


def test_statistics_are_a_struct(frame):
    from classifier.pipelines.spark import filter_documents

    result = filter_documents(frame.limit(100), stats_column="stats")
    assert result.columns == [*frame.columns, "stats"]
    for row in result.collect():
        if row["text"] is None:
            assert row["stats"] is None
        else:
            expected = classifier().filter(TEXTS[row["n"]]).stats
            assert row["stats"].asDict(recursive=True) == expected
            assert list(expected) == STATISTICS


def test_names_of_other_columns_may_hold_dots_and_come_twice(spark):
    from classifier.pipelines.spark import filter_documents

    pages = spark.createDataFrame(
        [(1, TEXTS[0], 2, 3)], "`warc.uri` int, text string, a int, a int"
    )
    result = filter_documents(pages, stats_column="my.stats")
    assert result.columns == ["warc.uri", "text", "a", "a", "my.stats"]
    ((uri, text, *others, stats),) = result.collect()
    assert (uri, *others) == (1, 2, 3)
    assert text == classifier().filter(TEXTS[0]).text
    assert stats["documents"] == 1


def test_a_column_of_statistics_may_not_differ_in_case_alone(spark, frame):
    from classifier.pipelines.spark import filter_documents

    with pytest.raises(ValueError, match="has a column 'text' already"):
        filter_documents(frame, stats_column="Text")
    spark.conf.set("spark.sql.caseSensitive", "TRUE")  # as Spark takes it, too
    try:
        assert filter_documents(frame, stats_column="Text").columns[-1] == "Text"
    finally:
        spark.conf.set("spark.sql.caseSensitive", "false")


def test_what_holds_no_texts_is_refused_before_the_work(frame):
    from classifier.pipelines.spark import filter_documents

    with pytest.raises(TypeError, match=r"holds int; give strings, e.g. frame.withColumn\('n'"):
        filter_documents(frame, "n")
    for made in ("array(text)", "struct(text, n)", "map(id, text)"):  # whose cast is no text
        with pytest.raises(TypeError, match="give strings, such as a field or the elements"):
            filter_documents(frame.selectExpr(f"{made} AS text"))
    with pytest.raises(TypeError, match="frame is a dict; give a Spark DataFrame"):
        filter_documents({"text": ["Home"]})


@pytest.fixture
def spark_of_kept_types(spark):
    spark.conf.set("spark.sql.preserveCharVarcharTypeInfo", "true")
    try:
        if spark.sql("SELECT CAST('x' AS VARCHAR(4)) AS kind").dtypes == [("kind", "string")]:
            pytest.skip("this Spark makes strings of char and varchar")  # such as 3.5
        yield spark
    finally:
        spark.conf.unset("spark.sql.preserveCharVarcharTypeInfo")


def test_strings_that_spark_takes_from_no_worker_are_refused_before_the_work(spark_of_kept_types):
    from classifier.pipelines.spark import filter_documents

    spark = spark_of_kept_types
    frame = spark.sql("SELECT CAST('Home' AS VARCHAR(9)) AS text")
    with pytest.raises(TypeError, match=r"holds varchar\(9\); give strings, e\.g\. ") as caught:
        filter_documents(frame)
    made = eval(str(caught.value).partition("e.g. ")[2], {"frame": frame})
    assert filter_documents(made).collect() == [("",)]


def test_a_column_that_spark_takes_from_no_worker_is_named_with_a_remedy(spark_of_kept_types):
    from classifier.pipelines.spark import filter_documents

    spark = spark_of_kept_types
    for made in ("CAST('x' AS VARCHAR(4))", "CAST('x' AS CHAR(4))", "INTERVAL '1' MONTH"):
        frame = spark.sql(f"SELECT 'The bridge was open again.' AS text, {made} AS kind")
        with pytest.raises(TypeError, match=r"column 'kind' holds .* cast it before") as caught:
            filter_documents(frame)
        remedy = str(caught.value).partition("e.g. ")[2].partition(", or leave")[0]
        assert filter_documents(eval(remedy, {"frame": frame})).count() == 1
    parts = spark.sql("SELECT 'Home' AS text, struct(CAST('x' AS VARCHAR(4)) AS a) AS kind")
    with pytest.raises(TypeError, match="column 'kind' holds struct"):
        filter_documents(parts)


def test_a_missing_column_is_named_before_the_work(frame):
    from classifier.pipelines.spark import filter_documents

    with pytest.raises(ValueError, match="no column 'body'; its columns are id, text, n"):
        filter_documents(frame, "body")
