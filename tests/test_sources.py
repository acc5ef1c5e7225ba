"""Pages from public repositories: each at its commit, checked byte for byte."""

import gzip
import hashlib
import io
import random
import re
import subprocess
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

import training.pages.repositories
import training.pages.sources
from training.__main__ import main
from training.commands import sources as source_commands
from training.pages import additions, standoff
from training.pages.repositories import fetch
from training.pages.sources import has_page, take
from training.pages.standoff import Page

SHOP = b"<html><body><p>Ladder, 3 m, 89 euros</p></body></html>"
OLD_NEWS = b"<html><body><p>The ferry sails on Sunday</p></body></html>"
NEW_NEWS = b"<html><body><p>The ferry sails no more</p></body></html>"


def page(name: str, commit: str, path: str, html: bytes) -> Page:
    digest = hashlib.sha256(html).hexdigest()
    return Page(name, "pages", commit, path, "", "", "s", "g", "en", "", 1, digest)


def run_git(folder, *arguments: str) -> str:
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *author, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """A repository with a page that one commit replaces; returns its host and both commits."""
    folder = tmp_path / "host" / "owner" / "pages"
    folder.mkdir(parents=True)
    run_git(folder, "init", "--quiet")
    run_git(folder, "config", "uploadpack.allowFilter", "true")
    run_git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    (folder / "shop.html").write_bytes(SHOP)
    (folder / "news page.html.gz").write_bytes(gzip.compress(OLD_NEWS))
    run_git(folder, "add", ".")
    run_git(folder, "commit", "--quiet", "-m", "two pages")
    first = run_git(folder, "rev-parse", "HEAD")
    (folder / "news page.html.gz").write_bytes(gzip.compress(NEW_NEWS))
    run_git(folder, "commit", "--quiet", "-am", "another page")
    return f"file://{tmp_path / 'host'}", first, run_git(folder, "rev-parse", "HEAD")


def test_pages_come_from_their_own_commits(repository, tmp_path):
    host, first, second = repository
    pages = [
        page("a", first, "shop.html", SHOP),
        page("b", first, "news page.html.gz", OLD_NEWS),
        page("c", second, "news page.html.gz", NEW_NEWS),
    ]
    assert fetch("owner/pages", pages, tmp_path / "out", tmp_path / "bare", host) == []
    assert (tmp_path / "out" / "b.html").read_bytes() == OLD_NEWS
    assert all(has_page(tmp_path / "out", each) for each in pages)


def test_a_page_that_its_commit_replaced_is_found_in_the_parent(repository, tmp_path):
    host, _, second = repository
    replaced = page("a", second, "news page.html.gz", OLD_NEWS)
    assert fetch("owner/pages", [replaced], tmp_path / "out", tmp_path / "bare", host) == []


def test_a_page_that_was_replaced_long_before_its_commit_is_found(repository, tmp_path):
    host, _, _ = repository
    folder = tmp_path / "host" / "owner" / "pages"
    for step in ("a", "b", "c"):
        (folder / "news page.html.gz").write_bytes(step.encode())
        run_git(folder, "commit", "--quiet", "-am", step)
    replaced = page("a", run_git(folder, "rev-parse", "HEAD"), "news page.html.gz", OLD_NEWS)
    assert fetch("owner/pages", [replaced], tmp_path / "out", tmp_path / "bare", host) == []


def test_a_page_with_other_bytes_is_returned_and_not_kept(repository, tmp_path):
    host, first, _ = repository
    changed = page("a", first, "shop.html", SHOP + b" ")
    absent = page("b", first, "gone.html", SHOP)
    missing = fetch("owner/pages", [changed, absent], tmp_path / "out", tmp_path / "bare", host)
    assert missing == [changed, absent]
    assert list((tmp_path / "out").iterdir()) == []


def test_pages_that_are_there_need_no_network(tmp_path):
    (tmp_path / "a.html").write_bytes(SHOP)
    there = page("a", "0" * 40, "shop.html", SHOP)
    assert fetch("owner/pages", [there], tmp_path, tmp_path / "bare", "file:///nowhere") == []


def test_a_set_up_that_was_interrupted_begins_anew(repository, tmp_path, monkeypatch):
    host, first, _ = repository
    wanted = page("a", first, "shop.html", SHOP)
    plain = training.pages.repositories.git

    def interrupted(folder, *arguments, given=""):
        if arguments[0] == "remote":
            raise KeyboardInterrupt
        return plain(folder, *arguments, given=given)

    monkeypatch.setattr(training.pages.repositories, "git", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetch("owner/pages", [wanted], tmp_path / "out", tmp_path / "bare", host)
    monkeypatch.undo()
    assert fetch("owner/pages", [wanted], tmp_path / "out", tmp_path / "bare", host) == []
    assert (tmp_path / "out" / "a.html").read_bytes() == SHOP


@pytest.mark.parametrize(("n_commits", "tried"), [(1, "fetch"), (2, "ls-remote")])
def test_an_unreachable_repository_is_named_and_its_commits_are_not_tried_one_by_one(
    tmp_path, n_commits, tried
):
    lost = [page("a", f"{n}" * 40, "shop.html", SHOP) for n in range(n_commits)]
    with pytest.raises(ValueError, match=rf"git {tried} .*owner_pages\.git failed"):
        fetch("owner/pages", lost, tmp_path / "out", tmp_path / "bare", f"file://{tmp_path}")


class Asking(BaseHTTPRequestHandler):
    """Wants a name and a password, as GitHub does for a repository that is not there."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="pages"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_nobody_is_asked_for_the_password_of_a_repository_that_is_gone(tmp_path):
    pages = [page("shop", "ab" * 20, "shop.html", SHOP)]
    with ThreadingHTTPServer(("127.0.0.1", 0), Asking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(ValueError, match="prompts disabled"):
            fetch("owner/pages", pages, tmp_path / "pages", tmp_path / "repositories", host)
        server.shutdown()


def test_a_lost_commit_costs_no_page_of_another_commit(repository, tmp_path):
    host, first, second = repository
    kept = [
        page("a", first, "shop.html", SHOP),
        page("b", second, "news page.html.gz", NEW_NEWS),
        page("c", second, "news page.html.gz", OLD_NEWS),  # in the parent
    ]
    lost = [page(name, name * 40, "shop.html", SHOP) for name in ("1", "2")]
    with pytest.raises(ValueError, match=f"cannot get {'1' * 40}, {'2' * 40} .*not our ref"):
        fetch("owner/pages", [*lost, *kept], tmp_path / "out", tmp_path / "bare", host)
    assert all(has_page(tmp_path / "out", each) for each in kept)
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_a_lost_file_costs_no_other_page(repository, tmp_path):
    host, first, second = repository
    folder = tmp_path / "host" / "owner" / "pages"
    digest = run_git(folder, "rev-parse", f"{second}:news page.html.gz")
    kept = page("a", first, "shop.html", SHOP)
    lost = page("b", second, "news page.html.gz", NEW_NEWS)
    (folder / ".git" / "objects" / digest[:2] / digest[2:]).unlink()
    with pytest.raises(ValueError, match=f"cannot get {digest} "):
        fetch("owner/pages", [kept, lost], tmp_path / "out", tmp_path / "bare", host)
    assert has_page(tmp_path / "out", kept)


def test_the_lock_of_a_git_that_was_killed_is_named(repository, tmp_path):
    host, first, second = repository
    pages = [
        page("a", first, "shop.html", SHOP),
        page("b", second, "news page.html.gz", NEW_NEWS),
    ]
    fetch("owner/pages", pages[:1], tmp_path / "out", tmp_path / "bare", host)
    lock = tmp_path / "bare" / "owner_pages.git" / "shallow.lock"
    lock.touch()
    with pytest.raises(
        ValueError, match=r"shallow\.lock is there: .* then remove the file and run"
    ):
        fetch("owner/pages", pages, tmp_path / "out", tmp_path / "bare", host)
    lock.unlink()
    assert fetch("owner/pages", pages, tmp_path / "out", tmp_path / "bare", host) == []


def test_one_lost_repository_does_not_stop_the_others(repository, tmp_path, monkeypatch):
    host, first, _ = repository
    lost = page("a", "0" * 40, "shop.html", SHOP)._replace(source="lost")
    known = {"lost": {"repo": "owner/lost"}, "pages": {"repo": "owner/pages"}}
    pages = [lost, page("b", first, "shop.html", SHOP)]
    monkeypatch.setattr(standoff, "read_sources", lambda: known)
    monkeypatch.setattr(standoff, "read_pages", lambda: pages)
    monkeypatch.setattr(source_commands, "REPOSITORIES", tmp_path / "bare")
    out = tmp_path / "out"
    run = CliRunner().invoke(main, ["sources", "fetch", "--pages", str(out), "--host", host])
    assert run.exit_code == 1
    assert f"{out}: 1 of 2 pages\n" in run.output
    assert "missing: a (lost shop.html at " in run.output
    assert "1 pages are not as they were labelled; not all could be fetched of lost" in run.output
    assert has_page(out, pages[1])


def archive(folder, members: dict[str, bytes], collection: str = "gold") -> None:
    (folder / collection).mkdir()
    with tarfile.open(folder / collection / "pages.tar.xz", "w:xz") as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))


def test_pages_come_from_an_archive_too(tmp_path):
    archive(tmp_path, {"a.html": SHOP, "other.html": OLD_NEWS})
    pages = [page("a", "0", "shop.html", SHOP), page("b", "0", "news.html", NEW_NEWS)]
    assert take(tmp_path, pages, tmp_path / "out") == pages[1:]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.html"]


def test_pages_come_from_the_archives_of_all_collections(tmp_path):
    archive(tmp_path, {"a.html": SHOP})
    archive(tmp_path, {"a.html": OLD_NEWS, "b.html": NEW_NEWS}, "walks")
    pages = [page("a", "0", "shop.html", SHOP), page("b", "0", "news.html", NEW_NEWS)]
    assert take(tmp_path, pages, tmp_path / "out") == []
    assert has_page(tmp_path / "out", pages[0])


def test_a_folder_without_archives_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"has no archive \*/pages\.tar\.xz"):
        take(tmp_path, [], tmp_path / "out")


def test_an_archive_writes_nothing_outside_the_folder(tmp_path):
    archive(tmp_path, {"../../a.html": SHOP, "../evil.html": OLD_NEWS})
    wanted = page("a", "0", "shop.html", SHOP)
    assert take(tmp_path, [wanted], tmp_path / "deep" / "out") == []
    assert not (tmp_path.parent / "a.html").exists()
    assert (tmp_path / "deep" / "out" / "a.html").exists()


def test_a_member_larger_than_any_page_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(training.pages.sources, "MOST_BYTES", len(SHOP) - 1)
    archive(tmp_path, {"a.html": SHOP})
    pages = [page("a", "0", "shop.html", SHOP)]
    assert take(tmp_path, pages, tmp_path / "out") == pages


def test_a_name_with_folders_in_it_is_no_page():
    with pytest.raises(ValueError, match="names no page"):
        has_page(Path("out"), page("../b", "0", "b.html", SHOP))


def test_what_git_could_take_for_an_option_is_no_commit(repository, tmp_path):
    strange = page("a", f"--upload-pack=touch {tmp_path / 'owned'};", "shop.html", SHOP)
    with pytest.raises(ValueError, match=r"page a: '--upload-pack.* is no commit"):
        fetch("owner/pages", [strange], tmp_path / "out", tmp_path / "bare", repository[0])
    assert not (tmp_path / "owned").exists()


def test_a_broken_archive_is_named(tmp_path):
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "pages.tar.xz").write_bytes(b"not an archive")
    with pytest.raises(ValueError, match=r"pages\.tar\.xz: cannot be read"):
        take(tmp_path, [], tmp_path / "out")


@pytest.mark.parametrize("mode", ["w:xz", "w:gz"])
def test_an_archive_with_damaged_bytes_is_named(tmp_path, mode):
    (tmp_path / "gold").mkdir()
    path = tmp_path / "gold" / "pages.tar.xz"
    with tarfile.open(path, mode) as file:
        info = tarfile.TarInfo("a.html")
        info.size = 1_000_000
        file.addfile(info, io.BytesIO(random.Random(0).randbytes(info.size)))
    content = bytearray(path.read_bytes())
    content[500_000:600_000] = b"\xff" * 100_000  # more than a block, so its beginning too
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"pages\.tar\.xz: cannot be read"):
        take(tmp_path, [page("a", "0", "a.html", SHOP)], tmp_path / "out")


def test_the_command_says_what_is_wrong_without_a_traceback(tmp_path):
    arguments = ["fetch", "--from", str(tmp_path), "--pages", str(tmp_path / "out")]
    run = CliRunner().invoke(main, ["sources", *arguments])
    assert run.exit_code == 1
    assert f"{tmp_path}: has no archive */pages.tar.xz" in run.output


def test_the_command_lists_the_pages_that_an_archive_lacks(tmp_path):
    archive(tmp_path, {"a.html": SHOP})
    arguments = ["fetch", "--from", str(tmp_path), "--pages", str(tmp_path / "out")]
    run = CliRunner().invoke(main, ["sources", *arguments])
    assert run.exit_code == 1
    assert "0 of 1521 pages" in run.output
    assert "0 of 2361 pages labelled in addition" in run.output
    assert "missing: g0000 (fundus tests/resources/" in run.output


def test_labels_are_not_exported_without_all_pages_they_are_of(tmp_path, monkeypatch):
    missing = {(tmp_path,): {"walks": {"a"}, "talks": {"b", "c"}}}
    monkeypatch.setattr(additions, "missing_pages", missing.get)
    gold = tmp_path / "gold" / "documents.jsonl.gz"
    gold.parent.mkdir()
    gold.touch()
    arguments = ["export", "--gold", str(gold), "--others", str(tmp_path)]
    run = CliRunner().invoke(main, ["corpus", *arguments])
    assert run.exit_code == 1
    assert "1 pages of walks, 2 pages of talks are not in" in run.output
    assert f"are not in {tmp_path}; make them with `python -m training corpus build`" in run.output


def test_labels_are_not_exported_from_a_gold_that_lacks_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(additions, "missing_pages", lambda folders: {})
    gold = tmp_path / "documents.jsonl"
    gold.write_text('{"id": "g0000", "group": "a", "text": "Home", "labels": ["navigation"]}\n')
    run = CliRunner().invoke(main, ["corpus", "export", "--gold", str(gold)])
    assert run.exit_code == 1
    assert re.search(r"1520 pages of .*pages\.csv are not in .*documents\.jsonl", run.output)


def test_problems_of_labels_are_counted_in_words_that_fit(monkeypatch):
    monkeypatch.setattr("training.pages.standoff.read_labels", dict)
    monkeypatch.setattr("training.pages.corrections.misfits", lambda *_: [])
    monkeypatch.setattr("training.pages.check.problems", lambda *_: ["one is wrong"])
    monkeypatch.setattr("training.pages.check_added.problems_beside", lambda *_: (0, []))
    monkeypatch.setattr("training.pages.check_pointers.pointer_problems", lambda *_: [])
    run = CliRunner().invoke(main, ["corpus", "check"])
    assert run.exit_code == 1
    assert run.output == "one is wrong\nError: 1 problem\n"


def test_the_committed_labels_pass_their_check():
    run = CliRunner().invoke(main, ["corpus", "check"])
    assert run.exit_code == 0, run.output
    assert "1521 pages in 1206 groups, 279243 labelled lines" in run.output
