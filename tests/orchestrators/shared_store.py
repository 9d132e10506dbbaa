"""A run on a host of its own, of a store and a root that are shared: python -m … STORE FOLDER HOST SECONDS TEXT…"""

import socket
import sys
import time
from dataclasses import replace
from pathlib import Path

from headrace.orchestrators.workspace import Place, Workspace, open_workspace
from headrace.storage.folder_root import FolderRoot
from headrace.storage.state import StateFolder
from headrace.workers.store_claims import StoreClaims
from tests.conftest import Lab, states
from tests.parts import Counting, named

BEAT, STILL = 0.1, 4.0


def workspace_of(store: str, folder: Path, host: str) -> Workspace:
    """Open the shared store with folders of a host's own, and claims that are soon over."""
    state, root = StateFolder(folder / host / ".headrace"), FolderRoot(folder / "artifacts")
    opened = open_workspace(Place(project=Path.cwd(), state=state, root=root, store=store, jobs=2))
    return replace(opened, claims=StoreClaims(opened.store, beat=BEAT, still=STILL))


def lab_of(store: str, folder: Path, host: str) -> Lab:
    lab = Lab(folder / host)
    lab.__dict__["workspace"] = workspace_of(store, folder, host)
    return lab


def main(store: str, folder: Path, host: str, seconds: float, texts: list[str]) -> None:
    """Run one node for each text, and print how each ended."""
    lab = lab_of(store, folder, host)
    ledger = str(folder / "ledger")
    nodes = [Counting(ledger=ledger, seconds=seconds, text=text, options=named(text)) for text in texts]
    print("begins", flush=True)
    finished = lab.run(*nodes)
    print(finished.run.id, dict(sorted(states(finished).items())), flush=True)


def pretend(host: str, hours: float) -> None:
    """Give this process the name of another host, and a clock that is off; gRPC compares it with the C library's."""
    right = time.time

    def off() -> float:
        asks = str(sys._getframe(1).f_globals.get("__name__"))
        return right() + (0 if asks.startswith("grpc") else hours * 3600)

    socket.gethostname = lambda: host
    time.time = off


if __name__ == "__main__":
    pretend(sys.argv[3], float(sys.argv[4]))
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], float(sys.argv[5]), sys.argv[6:])
