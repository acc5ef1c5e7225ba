"""Pages that come with a package: from the archive whose hash is known."""

import functools
import hashlib
import io
import json
import shutil
import tarfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from training.commands.sources import sources
from training.pages import standoff
from training.pages.packages import fetch
from training.pages.sources import has_page
from training.pages.standoff import Page

SHOP = b"<html><body><p>Ladder, 3 m, 89 euros</p></body></html>"
# Builds nothing, so that pip need not get a build system from anywhere.
BACKEND = """
from pathlib import Path

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = Path(folder) / "walks-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: walks\\nVersion: 1.0\\n")
    return info.name
"""
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A package that pip finds in a folder, and nothing else."""
    pytest.importorskip("pip", reason="this Python has no pip")
    archive = tmp_path / "index" / "walks-1.0.tar.gz"
    archive.parent.mkdir()
    files = {
        "PKG-INFO": b"Metadata-Version: 2.1\nName: walks\nVersion: 1.0\n",
        "pyproject.toml": PROJECT.encode(),
        "backend.py": BACKEND.encode(),
        "html/shop.html": SHOP,
        "html/other/shop.html": b"<p>Another shop</p>",
    }
    with tarfile.open(archive, "w:gz") as file:
        for name, content in files.items():
            info = tarfile.TarInfo(f"walks-1.0/{name}")
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", archive.parent.as_uri())  # blanks would part it
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    return {"tool": "pip", "package": "walks", "version": "1.0", "sha256": digest}


def page(name: str, path: str) -> Page:
    digest = hashlib.sha256(SHOP).hexdigest()
    return Page(name, "walks", "1.0", path, "", "", "s", "g", "en", "", 1, digest)


def test_pages_come_from_their_paths_in_the_archive(source, tmp_path):
    found, gone = page("walks-1", "html/shop.html"), page("walks-2", "html/gone.html")
    assert fetch(source, [found, gone], tmp_path / "out") == [gone]
    assert (tmp_path / "out" / "walks-1.html").read_bytes() == SHOP
    assert has_page(tmp_path / "out", found)


def test_a_page_with_other_bytes_is_returned_and_not_kept(source, tmp_path):
    other = page("walks-1", "html/other/shop.html")
    assert fetch(source, [other], tmp_path / "out") == [other]
    assert list((tmp_path / "out").iterdir()) == []


def test_an_archive_with_another_hash_is_refused(source, tmp_path):
    with pytest.raises(ValueError, match=r"(?s)walks 1\.0: pip did not get it: .*HASH"):
        fetch(source | {"sha256": "0" * 64}, [page("a", "html/shop.html")], tmp_path / "out")


def test_a_package_that_cannot_be_had_is_named_and_the_others_are_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    arguments = ["fetch", "--source", "htmlparser", "--pages", str(tmp_path / "out")]
    run = CliRunner().invoke(sources, arguments)
    assert run.exit_code == 1
    assert "12 pages of the test set cannot be had; not all could be fetched of htmlp" in run.output
    assert "htmlparser-benchmark 1.1.3: npm is not installed" in run.output
    assert "0 of 106 pages labelled in addition" in run.output
    assert "0 of 12 pages of the test set" in run.output


def test_a_python_without_pip_is_told_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr("training.pages.packages.find_spec", lambda name: None)
    asked = {"tool": "pip", "package": "walks", "version": "1.0", "sha256": "0" * 64}
    with pytest.raises(ValueError, match=r"walks 1\.0: pip is not installed: python -m ensurepip"):
        fetch(asked, [page("a", "html/shop.html")], tmp_path / "out")


def test_who_asks_for_no_package_does_without_the_test_set(tmp_path, monkeypatch):
    monkeypatch.setattr(standoff, "read_pages", list)
    monkeypatch.setattr(standoff, "read_sources", dict)
    run = CliRunner().invoke(sources, ["fetch", "--pages", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output


def test_a_source_that_there_is_not_is_refused():
    run = CliRunner().invoke(sources, ["fetch", "--source", "walks"])
    assert run.exit_code == 2
    assert "no such source: walks; there are" in run.output


@pytest.fixture
def npm_source(tmp_path, monkeypatch):
    """A package that npm finds in a registry of this test's own."""
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    content = io.BytesIO()
    files = {"package.json": b'{"name": "walks", "version": "1.0.0"}', "files/shop.html": SHOP}
    with tarfile.open(fileobj=content, mode="w:gz") as file:
        for name, data in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    registry = tmp_path / "registry"
    (registry / "-").mkdir(parents=True)
    (registry / "-" / "walks-1.0.0.tgz").write_bytes(content.getvalue())
    handler = functools.partial(SimpleHTTPRequestHandler, directory=registry)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        about = {
            "name": "walks",
            "dist-tags": {"latest": "1.0.0"},
            "versions": {
                "1.0.0": {
                    "name": "walks",
                    "version": "1.0.0",
                    "dist": {
                        "tarball": f"{address}/-/walks-1.0.0.tgz",
                        "shasum": hashlib.sha1(content.getvalue()).hexdigest(),
                    },
                }
            },
        }
        (registry / "walks").write_text(json.dumps(about))
        monkeypatch.setenv("npm_config_registry", address)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        digest = hashlib.sha256(content.getvalue()).hexdigest()
        yield {"tool": "npm", "package": "walks", "version": "1.0.0", "sha256": digest}
        server.shutdown()


def test_pages_come_from_packages_of_npm_too(npm_source, tmp_path):
    assert fetch(npm_source, [page("walks-1", "files/shop.html")], tmp_path / "out") == []
    assert (tmp_path / "out" / "walks-1.html").read_bytes() == SHOP


def test_another_archive_than_the_labelled_one_is_not_unpacked(npm_source, tmp_path):
    with pytest.raises(ValueError, match=r"walks-1\.0\.0\.tgz is not the archive"):
        fetch(npm_source | {"sha256": "0" * 64}, [page("a", "files/shop.html")], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_pages_that_are_there_need_no_archive(tmp_path):
    (tmp_path / "a.html").write_bytes(SHOP)
    assert fetch({}, [page("a", "html/shop.html")], tmp_path) == []
