"""What leaves everything cached, and what reruns exactly what it must, with user code in a project of its own."""

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.orchestrators.drill import FILES, run_drill

NODES = ("FileSource", "Short", "Other", "Count", "Join")


def drill(project: Path, *beam_args: str, times: int = 1) -> dict[str, dict[str, Any]]:
    """Foresee and run in a fresh process, as a command would: what one has imported and located stays so."""
    answer = project.with_name("told.json")
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.orchestrators.drill"])
    process = processes.Process(target=run_drill, args=(project, answer, times, beam_args))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    told: dict[str, dict[str, Any]] = json.loads(answer.read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has run once."""
    project = tmp_path_factory.mktemp("ran") / "project"
    for name, text in FILES.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    assert drill(project)["ended"] == dict.fromkeys(NODES, "COMPLETE")
    return project


@pytest.fixture
def project(ran: Path, tmp_path: Path) -> Path:
    """A copy of it, in another place: a moved project."""
    return Path(shutil.copytree(ran, tmp_path / "moved"))


def edit(project: Path, name: str, before: str, after: str) -> None:
    file = project / name
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def touch(project: Path) -> None:
    for file in (*project.glob("drill/*.py"), project / "data.txt"):
        os.utime(file, (1, 1))


def reformat(project: Path) -> None:
    edit(project, "drill/features.py", "def shorten", "# What the pipeline calls.\n\ndef shorten")
    edit(
        project, "drill/features.py", "cut(line, LIMIT) * times", "(\n        cut(line, LIMIT,)\n        * times\n    )"
    )
    edit(project, "drill/helper.py", "def cut(line, limit)", "def cut( line,limit )")


def add_a_file(project: Path) -> None:
    (project / "drill" / "unrelated.py").write_text("LIMIT = 9\n", encoding="utf-8")


def leave(project: Path) -> None:
    assert project.name == "moved"


@pytest.mark.parametrize("change", [leave, touch, reformat, add_a_file], ids=lambda change: str(change.__name__))
def test_everything_stays_cached(project: Path, change: Callable[[Path], None]) -> None:
    change(project)
    told = drill(project)
    assert told["foreseen"] == dict.fromkeys(NODES, "cached")
    assert told["ended"] == dict.fromkeys(NODES, "CACHED")


def test_a_beam_argument_changes_nothing(project: Path) -> None:
    assert drill(project, "--direct_num_workers=1")["ended"] == dict.fromkeys(NODES, "CACHED")


def table(told: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    return {name: (told["foreseen"][name], told["ended"][name]) for name in NODES}


KEPT, MADE = ("cached", "CACHED"), ("runs", "COMPLETE")
BELOW, SAME = ("waits", "COMPLETE"), ("waits", "CACHED")


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        ("data.txt", "two", "tWo", (MADE, BELOW, BELOW, BELOW, BELOW)),
        ("data.txt", "three\n", "three", (MADE, SAME, SAME, SAME, SAME)),
        ("drill/features.py", "LIMIT = 4", "LIMIT = 3", (KEPT, MADE, KEPT, BELOW, BELOW)),
        ("drill/features.py", "LIMIT = 4", "LIMIT = 2 + 2", (KEPT, MADE, KEPT, SAME, SAME)),
        ("drill/helper.py", "line[:limit]", "line[-limit:]", (KEPT, MADE, KEPT, BELOW, BELOW)),
        ("drill/other.py", "upper", "title", (KEPT, KEPT, MADE, KEPT, BELOW)),
    ],
    ids=["a byte of data", "the same rows", "a constant", "the same result", "an imported helper", "another function"],
)
def test_exactly_what_must_runs_again_as_foreseen(
    project: Path, name: str, before: str, after: str, expected: tuple[tuple[str, str], ...]
) -> None:
    edit(project, name, before, after)
    told = drill(project)
    assert table(told) == dict(zip(NODES, expected, strict=True))
    assert drill(project)["ended"] == dict.fromkeys(NODES, "CACHED")


def test_a_parameter_reruns_the_nodes_that_use_it(project: Path) -> None:
    told = drill(project, times=2)
    assert table(told) == dict(zip(NODES, (KEPT, MADE, KEPT, BELOW, BELOW), strict=True))


def test_going_back_takes_the_first_result(project: Path) -> None:
    edit(project, "drill/features.py", "LIMIT = 4", "LIMIT = 3")
    drill(project)
    edit(project, "drill/features.py", "LIMIT = 3", "LIMIT = 4")
    assert drill(project)["ended"] == dict.fromkeys(NODES, "CACHED")
