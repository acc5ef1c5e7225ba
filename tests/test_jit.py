"""Compiled code on disk: found again, and never taken for that of other sources."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from classifier.kernels.jit import digest_of

ROOT = Path(__file__).parent.parent


@pytest.fixture
def cache_hits(tmp_path):
    """Return a function that runs a kernel in a process and counts what it found on disk."""
    (tmp_path / "kernel.py").write_text(
        textwrap.dedent("""
            import sys
            from classifier.kernels import jit

            jit.SOURCES = sys.argv[1]

            @jit.jit
            def doubled(x):
                return 2 * x

            assert doubled(21) == 42
            is_found = sum(doubled.stats.cache_hits.values())
            # What compiling needs of numba takes longer to load than the code does.
            assert is_found != ("numba.cpython.unicode" in sys.modules)
            print(is_found)
        """)
    )
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}

    def run(sources):
        command = [sys.executable, "kernel.py", sources]
        return int(subprocess.check_output(command, cwd=tmp_path, env=environment))

    return run


def test_code_is_found_again_by_the_same_sources_only(cache_hits):
    assert [cache_hits(each) for each in ("old", "old", "new", "new", "old")] == [0, 1, 0, 1, 1]


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_files_that_cannot_be_read_are_made_anew(cache_hits, tmp_path, ending):
    """As after a full disk, or where another version knew a class that is gone."""
    cache_hits("same")
    (file,) = tmp_path.rglob(f"*.{ending}")
    whole = file.read_bytes()
    gone = whole.replace(b"numba.core", b"numba.gone")
    for damaged in (whole[:-20], b"", gone):
        file.write_bytes(damaged)
        assert damaged != whole
        assert [cache_hits("same"), cache_hits("same")] == [0, 1]


def test_a_digest_changes_with_any_source(tmp_path):
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "b.py").write_text("y = 1")
    before = digest_of(tmp_path)
    assert digest_of(tmp_path) == before
    (tmp_path / "b.py").write_text("y = 2")
    assert digest_of(tmp_path) != before
