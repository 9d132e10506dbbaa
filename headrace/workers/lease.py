"""Leases: what tells that a run is alive.

A holder on this host is dead when its process is; one elsewhere when the observer saw its counter stand still, by the
observer's own monotonic clock.
"""

import json
import os
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from headrace.errors import UnfitEnvironment

BEAT = 2.0
"""Seconds between two heartbeats."""
STILL = 15.0
"""Seconds without a heartbeat after which a holder on another host counts as dead."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A process, told apart from a later one with the same number, and from one of another container."""

    host: str
    boot: str
    pid: int
    born: str
    counter: int = 0
    namespace: str = ""


def this_process() -> Holder:
    """Describe the process that calls."""
    pid = os.getpid()
    return Holder(host=socket.gethostname(), boot=_boot(), pid=pid, born=_born(pid), namespace=_namespace())


def read_holder(file: Path) -> Holder | None:
    """Read a lease; None where there is none, or half of one.

    Raises UnfitEnvironment for one that is there and cannot be read: its holder may be alive.
    """
    try:
        return Holder(**json.loads(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    except OSError as error:
        raise UnfitEnvironment(
            found=f"{file} cannot be read ({error.strerror})",
            expected="a lease that every user of this project can read",
            do="Change its permissions; it tells whether a run is alive",
        ) from error


def write_holder(file: Path, holder: Holder) -> None:
    """Write a lease, whole or not at all."""
    aside = file.with_name(f"{file.name}.{holder.pid}")
    aside.write_text(json.dumps(asdict(holder)), encoding="utf-8")
    aside.replace(file)


def is_dead(file: Path, patience: float = STILL) -> bool:
    """Tell whether the holder of a lease is dead; on another host, watch it for up to `patience` seconds."""
    return bool(dead_among([file], patience))


def dead_among(files: Sequence[Path], patience: float = STILL) -> list[Path]:
    """Return the leases whose holders are dead; those on other hosts are watched together, for `patience` seconds."""
    first = {file: read_holder(file) for file in files}
    still = {file for file, holder in first.items() if holder and not _is_decided(holder)}
    dead = {file for file, holder in first.items() if holder is None or (file not in still and is_gone(holder))}
    deadline = time.monotonic() + patience
    while still and time.monotonic() < deadline:
        time.sleep(min(BEAT / 2, patience))
        still = {file for file in still if read_holder(file) == first[file]}
    return [file for file in files if file in dead | still]


def is_visible(holder: Holder) -> bool:
    """Tell whether this process can see the holder's: two containers may have one host name."""
    here = (socket.gethostname(), _boot(), _namespace())
    return here == (holder.host, holder.boot, holder.namespace)


def is_gone(holder: Holder) -> bool:
    """Tell whether a process of this host has ended, or the host was started again."""
    return holder.boot != _boot() or _born(holder.pid) != holder.born


def _is_decided(holder: Holder) -> bool:
    """Tell whether the holder of a file needs no watching: this host was started again, or its process can be seen."""
    return holder.host == socket.gethostname() and (holder.boot != _boot() or holder.namespace in ("", _namespace()))


class Lease:
    """A file that this process keeps beating while a block runs."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Lease":
        self.file.parent.mkdir(parents=True, exist_ok=True)
        write_holder(self.file, this_process())
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Give the lease up; after an error it stays, so that the next run sweeps what this one left open."""
        self._stop.set()
        self._thread.join()
        if kind is None:
            self.file.unlink(missing_ok=True)

    def _beat(self) -> None:
        holder = this_process()
        while not self._stop.wait(BEAT):
            holder = replace(holder, counter=holder.counter + 1)
            with suppress(OSError):  # a disk that is full for a moment must not make a living run look dead
                write_holder(self.file, holder)


@lru_cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()


@lru_cache
def _namespace() -> str:
    """Return which processes this one can see."""
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def _born(pid: int) -> str:
    """Return when a process started, in clock ticks since the boot; empty where there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return ""
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state == "Z" else rest[18]
