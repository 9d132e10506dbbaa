"""What was read of source files before."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from headrace.user_code import memo

READ = """
import sys
from pathlib import Path
from headrace.dsl import function
from headrace.user_code import memo
from headrace.user_code.source_closure import source_closure
folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))
memo.use(folder / "sources.json")
before = function._parsed.cache_info().misses
print(*source_closure(["helped:go"], folder).values(), function._parsed.cache_info().misses - before)
memo.save()
"""


def read(folder: Path) -> tuple[list[str], int]:
    """Digest the closure in a process of its own; return the digests, and how many files it had to parse."""
    done = subprocess.run([sys.executable, "-c", READ, folder], capture_output=True, text=True, check=True)
    *digests, parsed = done.stdout.split()
    return digests, int(parsed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "helped.py").write_text("import helper\ndef go(): return helper.X\n", encoding="utf-8")
    (tmp_path / "helper.py").write_text("X = 1\n", encoding="utf-8")
    return tmp_path


def test_another_process_parses_nothing_again(folder: Path) -> None:
    first, parsed = read(folder)
    assert parsed == 2
    assert read(folder) == (first, 0)


def test_a_file_that_changed_is_read_again_also_when_its_size_and_time_are_kept(folder: Path) -> None:
    first, _ = read(folder)
    helper = folder / "helper.py"
    before = helper.stat()
    helper.write_text("X = 2\n", encoding="utf-8")
    os.utime(helper, ns=(before.st_atime_ns, before.st_mtime_ns))
    second, parsed = read(folder)
    assert (second != first, parsed) == (True, 1)


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"version": 0, "files": {}})], ids=repr)
def test_a_memo_that_cannot_be_read_is_not_used(folder: Path, text: str) -> None:
    first, _ = read(folder)
    (folder / "sources.json").write_text(text, encoding="utf-8")
    assert read(folder) == (first, 2)


def test_without_a_file_nothing_is_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "_file", tmp_path / "nowhere" / "sources.json")
    monkeypatch.setattr(memo, "_is_new", True)
    memo.save()
    assert list(tmp_path.iterdir()) == []
