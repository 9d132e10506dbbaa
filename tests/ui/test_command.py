"""`headrace ui` as a process: what it prints, how it ends, what it loads."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from headrace.errors import UnfitEnvironment
from headrace.metadata.records import Run
from headrace.ui.serve import listen
from tests.conftest import Lab
from tests.lineage.conftest import History

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-P", "-m", "headrace.cli.main", "ui", "--no-open")
SERVER = ("starlette", "uvicorn", "anyio", "h11")
HEAVY = ("tensorflow", "apache_beam", "pyarrow", "pandas", "tf_keras", "tensorflow_metadata")


def start(folder: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=lambda sent: sent.name)
def test_it_prints_one_address_serves_it_and_ends_when_told(history: History, ending: signal.Signals) -> None:
    with start(history.lab.folder) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(address, timeout=30) as answer:
            assert b"<title>headrace</title>" in answer.read()
        with opener.open(address.partition("/?")[0] + "/api/runs", timeout=30) as answer:
            assert history.first.id.encode() in answer.read()
        process.send_signal(ending)
        out, err = process.communicate(timeout=30)
    assert out == ""
    assert "Traceback" not in err
    assert process.returncode == 128 + ending


def test_it_ends_at_once_while_somebody_listens_to_a_run(lab: Lab) -> None:
    lab.workspace.store.record_run(Run(id="20260101-000000-0-0", pipeline="p", state="RUNNING", started=1.0))
    with start(lab.folder, "--db", str(lab.folder / ".headrace" / "metadata.db")) as process:
        assert process.stdout
        address, _, token = process.stdout.readline().strip().partition("/?token=")
        sent = {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(f"{address}/api/runs/@latest/live", headers=sent)
        with urllib.request.urlopen(request, timeout=30) as stream:
            assert stream.readline() == b"retry: 2000\n"
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    assert process.returncode == 130


def test_a_copy_of_a_store_goes_with_the_server(tmp_path: Path, lab: Lab) -> None:
    lab.workspace.store.record_run(Run(id="r", pipeline="p", started=1.0))
    copy = tmp_path / "ahead.db"
    with (
        closing(sqlite3.connect(lab.folder / ".headrace" / "metadata.db")) as source,
        closing(sqlite3.connect(copy)) as to,
    ):
        source.backup(to)
        to.execute("PRAGMA journal_mode=WAL")
    (tmp_path / "tmp").mkdir()
    with start(tmp_path, "--db", copy.name, TMPDIR=str(tmp_path / "tmp")) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("http://")
        assert len(list((tmp_path / "tmp").iterdir())) == 1
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 143
    assert list((tmp_path / "tmp").iterdir()) == []


def test_it_takes_the_first_free_port_and_says_when_one_is_taken() -> None:
    with closing(listen("127.0.0.1").socket) as first, closing(listen("127.0.0.1").socket) as second:
        ports = [bound.getsockname()[1] for bound in (first, second)]
        assert 8265 <= ports[0] < ports[1]
        with pytest.raises(UnfitEnvironment, match=f"127.0.0.1:{ports[0]}"):
            listen("127.0.0.1", ports[0])


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UnfitEnvironment, match=r"192\.0\.2\.1"):
        listen("192.0.2.1")


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("--db", "none.db"), 5, "no metadata store at"),
        (("--db", "none.db", "--config", "x.yaml"), 2, "--db and --config"),
        (("--root", "nowhere"), 2, "--root nowhere"),
        (("--db", "ftp://host/store"), 2, "ftp://host/store"),
        (("--export", "/dev/null/site"), 2, "--export"),
    ],
    ids=str,
)
def test_mistakes_are_one_line_with_a_code(history: History, arguments: tuple[str, ...], code: int, word: str) -> None:
    with start(history.lab.folder, *arguments) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert len(err.splitlines()) == 1
    assert word in err


def test_a_folder_without_a_store_says_so(tmp_path: Path) -> None:
    with start(tmp_path) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 5
    assert "no metadata store" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["ls runs", "lineage Train.model", "show @latest"])
def test_no_other_verb_loads_the_server(history: History, verb: str) -> None:
    call = (
        "import sys\nfrom headrace.cli.main import group\ngroup.main(sys.argv[1:], standalone_mode=False)\n"
        f"print([name for name in {SERVER} if name in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", call, *verb.split()]
    done = subprocess.run(command, cwd=history.lab.folder, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_the_page_loads_nothing_heavy(history: History, tmp_path: Path) -> None:
    call = (
        "import sys\nfrom headrace.cli.main import group\nimport headrace.ui.serve\n"
        "group.main(['ui', '--export', sys.argv[1]], standalone_mode=False)\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", call, str(tmp_path / "site")]
    done = subprocess.run(command, cwd=history.lab.folder, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_socket_is_bound_to_this_machine_only() -> None:
    with closing(listen("127.0.0.1").socket) as bound:
        assert bound.getsockname()[0] == "127.0.0.1"
        assert bound.family == socket.AF_INET
