"""An object store: read, written, resumed, and nothing half written."""

import json

import pytest
from commandline import linesift_with

RECORDS = b'{"text": "one\\nAD"}\n{"text": "WALL"}\n'


@pytest.fixture(scope="module")
def store():
    """Serve a bucket on this machine; give its file system and the settings to reach it."""
    server_module = pytest.importorskip("moto.server")
    s3fs = pytest.importorskip("s3fs")
    server = server_module.ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
        "FSSPEC_S3_KEY": "test",
        "FSSPEC_S3_SECRET": "test",
    }
    system = s3fs.S3FileSystem(
        endpoint_url=settings["FSSPEC_S3_ENDPOINT_URL"], key="test", secret="test"
    )
    system.mkdir("bucket")
    yield system, settings
    server.stop()


@pytest.mark.slow
def test_folder_in_an_object_store_is_mirrored_and_resumed(store):
    system, settings = store
    for name in ("a.jsonl", "sub/b.jsonl"):
        system.pipe(f"bucket/in/{name}", RECORDS)
    arguments = ("filter", "s3://bucket/in", "-o", "s3://bucket/out", "--resume")
    for extra in ((), ("--workers", "2")):
        result = linesift_with(settings, *arguments, *extra)
        assert (result.returncode, result.stderr) == (0, b"")
        system.invalidate_cache()
        assert system.cat("bucket/out/sub/b.jsonl") == b'{"text": "one"}\n'
    manifest = json.loads(system.cat("bucket/out/.linesift/done/a.jsonl.json"))
    assert manifest["counts"]["dropped_documents"] == {"paywalled": 1}
    system.pipe("bucket/out/a.jsonl", b'{"text": "1st"}\n')  # as long, to be told from a new one
    assert linesift_with(settings, *arguments).returncode == 0
    system.invalidate_cache()
    assert system.cat("bucket/out/a.jsonl") == b'{"text": "1st"}\n'


@pytest.mark.slow
def test_keys_with_brackets_and_empty_parts_are_read(store):
    system, settings = store
    for name in ("x[1].jsonl", "a.jsonl", "/dd.jsonl"):
        system.pipe(f"bucket/odd/{name}", RECORDS)
    for given, made in (("odd", ["a.jsonl", "dd.jsonl", "x[1].jsonl"]), ("odd/x[1].jsonl", [""])):
        out = f"made-of-{given}"
        result = linesift_with(
            settings, "filter", f"s3://bucket/{given}", "-o", f"s3://bucket/{out}"
        )
        assert (result.returncode, result.stderr) == (0, b"")
        system.invalidate_cache()
        for name in made:
            assert system.cat_file(f"bucket/{out}/{name}".rstrip("/")) == b'{"text": "one"}\n'
    system.pipe("bucket/odd/dd.jsonl", RECORDS)
    result = linesift_with(settings, "filter", "s3://bucket/odd", "-o", "s3://bucket/made-of-both")
    assert result.returncode == 2
    assert b"would both be written to dd.jsonl" in result.stderr


@pytest.mark.slow
def test_a_key_is_read_though_others_begin_with_it(store):
    system, settings = store
    system.pipe({"bucket/both/a.jsonl": RECORDS, "bucket/both/a.jsonl/b.jsonl": b"nonsense"})
    result = linesift_with(settings, "filter", "s3://bucket/both/a.jsonl")
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout == b'{"text": "one"}\n'


@pytest.mark.slow
def test_failed_object_does_not_appear(store):
    system, settings = store
    system.pipe("bucket/bad/a.jsonl", RECORDS + b"nonsense\n")
    result = linesift_with(settings, "filter", "s3://bucket/bad", "-o", "s3://bucket/bad-out")
    assert result.returncode == 1
    system.invalidate_cache()
    assert system.find("bucket/bad-out") == []


@pytest.mark.slow
def test_no_upload_is_left_open(store):
    system, settings = store
    system.pipe("bucket/twice/a.jsonl", RECORDS)
    system.pipe("bucket/twice/bad.jsonl", RECORDS + b"nonsense\n")
    for habit in ("quarantine", "fail"):  # of the first, each file writes one that is not wanted
        linesift_with(
            settings, "filter", "s3://bucket/twice", "-o", "s3://bucket/once", "--on-error", habit
        )
        assert "Uploads" not in system.call_s3("list_multipart_uploads", Bucket="bucket")
    system.invalidate_cache()
    assert system.cat_file("bucket/once/a.jsonl") == b'{"text": "one"}\n'


@pytest.mark.slow
def test_a_bucket_of_a_mistyped_name_is_not_made(store):
    system, settings = store
    result = linesift_with(
        settings, "filter", "s3://bucket/in/a.jsonl", "-o", "s3://bukcet/a.jsonl"
    )
    assert result.returncode == 1
    assert b"linesift: s3://bukcet/a.jsonl: cannot be written" in result.stderr
    system.invalidate_cache()
    assert [path.rstrip("/") for path in system.ls("")] == ["bucket"]
    for mistyped in ("s3://bukcet/in", "s3://bucket/on", "s3://bukcet/*"):
        result = linesift_with(settings, "filter", mistyped, "-o", "s3://bucket/out")
        assert f"linesift: {mistyped}: no such file".encode() in result.stderr
