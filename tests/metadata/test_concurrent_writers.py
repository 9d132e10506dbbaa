"""Several processes write to one SQLite store at once: nothing is lost, nothing is told twice."""

import subprocess
import sys
from pathlib import Path

from headrace.metadata.records import Complete, Run
from tests.metadata.executions import completed, store_in

WRITER = """
import sys
from pathlib import Path
from headrace.metadata.records import Run
from tests.metadata.executions import completed, store_in

folder, name = Path(sys.argv[1]), sys.argv[2]
store = store_in(folder)
for number in range(3):
    run = Run(id=f"{name}-{number}", pipeline="p")
    store.open_run(run)
    for node in "abc":
        completed(store, run=run.id, node=node, component=f"Component{number}")
    store.close_run(run)
"""


def test_four_processes_on_one_store_lose_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*command, f"w{number}"], cwd=Path.cwd()) for number in range(4)]
    assert [writer.wait(120) for writer in writers] == [0] * 4
    store = store_in(tmp_path)
    runs = store.runs()
    assert sorted(run.id for run in runs) == sorted(f"w{writer}-{n}" for writer in range(4) for n in range(3))
    for run in runs:
        executions = store.in_run(run.id)
        assert [(e.node, e.status, len(e.outputs["made"])) for e in executions] == [(n, Complete(), 1) for n in "abc"]
    assert len(store.made("p", "Rows")) == 36


def test_a_process_sees_what_another_recorded_since(tmp_path: Path) -> None:
    one, two = store_in(tmp_path), store_in(tmp_path)
    one.open_run(Run(id="r1", pipeline="p"))
    made = completed(one)
    assert [*two.in_run("r1")] == [made]
    assert made.key is not None
    assert [*two.with_key(made.key.digest).reusable] == [made]


def test_opening_a_store_again_does_not_harm_the_one_that_is_open(tmp_path: Path) -> None:
    """Python's SQLite would delete the log under MLMD's: both live in this process."""
    one = store_in(tmp_path)
    made = [completed(one, run="r1")]
    for number in range(2, 5):
        store_in(tmp_path)
        made.append(completed(one, run=f"r{number}"))
    assert [e.name for n in range(1, 5) for e in store_in(tmp_path).in_run(f"r{n}")] == [e.name for e in made]
