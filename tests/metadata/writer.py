"""A process that writes to a shared store: `python -m tests.metadata.writer STORE NAME RUNS`."""

import sys
import time
from pathlib import Path

from headrace.metadata.connection import connect
from headrace.metadata.records import Run
from headrace.metadata.store import Store
from headrace.storage.folder_root import FolderRoot
from tests.metadata.executions import artifact, completed

NODES = "abc"


def open_store(address: str, root: Path = Path("/nowhere")) -> Store:
    return Store(connect(address), FolderRoot(root), "root", {"host": "here"})


def write(store: Store, name: str, runs: int) -> None:
    """Record runs, each with its executions, which all read one folder that no pipeline made."""
    imported = artifact(store, "imported", digest=name.partition("-")[0])
    for number in range(runs):
        run = Run(id=f"{name}-{number}", pipeline=name.partition("-")[0], started=time.time())
        store.open_run(run)
        for node in NODES:
            completed(
                store,
                run=run.id,
                pipeline=run.pipeline,
                node=node,
                component=f"C{number % 3}",
                inputs={"x": (imported,)},
            )
            print("+", flush=True)
        store.close_run(run)


if __name__ == "__main__":
    write(open_store(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
