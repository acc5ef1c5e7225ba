"""Datasets on a hub: read, mirrored and resumed; what it refuses is no missing file."""

import hashlib
import json

import pytest
from commandline import linesift_with, said
from webserver import serve

pytest.importorskip("huggingface_hub", reason="fsspec reads hf:// with it")

FOLDER = "hf://datasets/ada/pages/data"


class Hub(dict):
    """Answers for a dataset with a folder of files."""

    def get(self, asked):
        api = "/api/datasets/ada/pages"
        answers = {
            api: lambda: {"id": "ada/pages", "sha": "0" * 40, "siblings": []},
            f"{api}/tree/main": lambda: [{"type": "directory", "path": "data", "oid": "0" * 40}],
            f"{api}/tree/main/data": lambda: [*map(self.entry, self)],
        }
        path = asked.partition("?")[0]
        if path in answers:
            return json.dumps(answers[path]()).encode()
        return super().get(path.removeprefix("/datasets/ada/pages/resolve/main/data/"))

    def entry(self, name):
        data = self[name]
        oid = hashlib.sha1(data).hexdigest()
        return {"type": "file", "path": f"data/{name}", "size": len(data), "oid": oid}


def linesift(address, home, *arguments):
    variables = {"HF_ENDPOINT": address, "HF_HOME": str(home), "HF_TOKEN": "hf_token"}
    return linesift_with(variables, *arguments)


def test_a_folder_is_mirrored_and_what_has_not_changed_is_not_done_again(tmp_path):
    hub = Hub({"a.jsonl": b'{"text": "one\\nAD"}\n', "b.jsonl": b'{"text": "two"}\n'})
    arguments = ("filter", FOLDER, "-o", tmp_path / "out", "--resume")
    with serve(hub) as address:
        assert linesift(address, tmp_path, *arguments).stderr == b""
        assert (tmp_path / "out/a.jsonl").read_bytes() == b'{"text": "one"}\n'
        (tmp_path / "out/a.jsonl").write_bytes(b'{"text": "1st"}\n')  # to be told from a new one
        hub["b.jsonl"] = b'{"text": "new"}\n'
        assert linesift(address, tmp_path, *arguments).stderr == b""
    assert (tmp_path / "out/a.jsonl").read_bytes() == b'{"text": "1st"}\n'
    assert (tmp_path / "out/b.jsonl").read_bytes() == b'{"text": "new"}\n'


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("name", ["a.jsonl", "*.jsonl"])
def test_what_is_refused_is_not_called_missing(tmp_path, name, status):
    with serve({}, refusal=status) as address:
        result = linesift(address, tmp_path, "filter", f"{FOLDER}/{name}")
    assert f"{FOLDER}/{name}: it cannot be reached (" in said(result, 2)
    assert f"{status} " in said(result, 2)


@pytest.mark.parametrize("name", ["b.jsonl", "*.txt"])
def test_what_is_not_there_is_missing(tmp_path, name):
    with serve(Hub({"a.jsonl": b""})) as address:
        result = linesift(address, tmp_path, "filter", f"{FOLDER}/{name}")
    assert f"{FOLDER}/{name}: no such file. Check its name." in said(result, 2)
