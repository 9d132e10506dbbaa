"""`headrace doctor`: the machine, the packages, the store and the root; what to do where something does not fit."""

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import click

from headrace.cli.output import print_rows
from headrace.cli.session import Session, config_option, open_session, output_option
from headrace.errors import ExitCode, HeadraceError

LINES = {
    "2.16": {
        "tensorflow": "2.16",
        "tensorflow-data-validation": "1.16",
        "tensorflow-transform": "1.16",
        "ml-metadata": "1.17",
    },
    "2.21": {
        "tensorflow": "2.21",
        "tensorflow-data-validation": "1.21",
        "tensorflow-transform": "1.21",
        "ml-metadata": "1.21",
    },
}
NEEDED_GIB = 2


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    found: str
    ok: bool
    do: str = ""


@click.command()
@output_option
@config_option
def command(output: str, config: str | None) -> int:
    """Check the machine, the packages, the store and the root of artifacts; exit with 5 when something does not fit."""
    session = open_session(config)
    findings = [*_machine(), *_packages(), *_store(session), *_root(session)]
    rows = [{"check": f.what, "found": f.found, "ok": "yes" if f.ok else "NO", "what to do": f.do} for f in findings]
    print_rows(rows, ["check", "found", "ok", "what to do"], output)
    return int(ExitCode.OK if all(finding.ok for finding in findings) else ExitCode.ENVIRONMENT)


def line_of_this_python() -> str:
    """Name the line of packages that this Python takes."""
    return "2.16" if sys.version_info < (3, 12) else "2.21"


def _machine() -> Iterator[Finding]:
    python = platform.python_version()
    yield Finding("python", python, (3, 11) <= sys.version_info < (3, 14), "Use Python 3.11, 3.12 or 3.13")
    libc, number = platform.libc_ver()
    if line_of_this_python() == "2.21":
        fits = libc == "glibc" and tuple(int(part) for part in number.split(".")[:2]) >= (2, 39)
        yield Finding(
            libc or "libc", number, fits, "" if fits else "Use Python 3.11, or a system with glibc 2.39 or newer"
        )
    free = shutil.disk_usage(".").free / 2**30
    yield Finding("disk", f"{free:.0f} GiB free", free > NEEDED_GIB, "" if free > NEEDED_GIB else "Free some space")


def _packages() -> Iterator[Finding]:
    line = line_of_this_python()
    for name, wanted in LINES[line].items():
        found = _version(name)
        optional = name != "ml-metadata"
        fits = found.startswith(f"{wanted}.") or (optional and not found)
        do = "" if fits else f"Install the TensorFlow {line} line: requirements-tf{line.replace('.', '')}.lock"
        yield Finding(name, found or "not installed (pip install 'headrace[run]' to run pipelines)", fits, do)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _store(session: Session) -> Iterator[Finding]:
    from headrace.metadata.address import without_password

    address = without_password(session.place.store)
    try:
        workspace = session.read()
        yield Finding("store", f"{address}, {len(workspace.store.runs())} runs", ok=True)
    except HeadraceError as error:
        missing = "no metadata store" in error.found
        yield Finding("store", error.found, ok=missing, do="" if missing else error.do)


def _root(session: Session) -> Iterator[Finding]:
    root = session.place.root
    try:
        root.read_id()
        yield Finding("root", root.address, ok=True)
    except HeadraceError as error:
        yield Finding("root", error.found, ok=False, do=error.do)
