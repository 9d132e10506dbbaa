"""Stores that cannot be opened, each with what to do."""

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from headrace.errors import ConfigError, ConflictError, ExitCode, HeadraceError, UnfitEnvironment
from headrace.metadata.address import without_password
from headrace.metadata.connection import connect
from headrace.metadata.database import config_of
from headrace.metadata.lock import held


def test_a_new_store_is_made_in_write_ahead_mode(tmp_path: Path) -> None:
    connect(f"sqlite:{tmp_path / 'metadata.db'}")
    database = sqlite3.connect(tmp_path / "metadata.db")
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "metadata.db"
    file.write_bytes(b"not a database" * 1000)
    with pytest.raises(UnfitEnvironment, match=r"is not a SQLite store .*mv .*metadata.db .*broken\) and run again"):
        connect(f"sqlite:{file}")
    assert file.read_bytes() == b"not a database" * 1000


def test_a_torn_store_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "metadata.db"
    connect(f"sqlite:{file}")
    for beside in tmp_path.glob("metadata.db-*"):
        beside.unlink()
    file.write_bytes(file.read_bytes()[:100] + b"\xff" * 8192)
    with pytest.raises(UnfitEnvironment):
        connect(f"sqlite:{file}")


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "metadata.db"
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE Execution (x INTEGER)")
    database.commit()
    database.close()
    with pytest.raises(UnfitEnvironment):
        connect(f"sqlite:{file}")


def test_a_store_that_another_program_holds_is_a_conflict(tmp_path: Path) -> None:
    file = tmp_path / "metadata.db"
    code = (
        f"import sqlite3, time; d = sqlite3.connect({str(file)!r}); d.execute('CREATE TABLE t (x)'); "
        "d.execute('BEGIN EXCLUSIVE'); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(ConflictError, match="is locked by another program") as caught:
            connect(f"sqlite:{file}", patience=0.2)
        holder.kill()
    assert caught.value.exit_code == ExitCode.CONFLICT


def test_reading_a_store_that_is_not_there_makes_none(tmp_path: Path) -> None:
    with pytest.raises(UnfitEnvironment, match=r"no metadata store at .*Run a pipeline first"):
        connect(f"sqlite:{tmp_path / 'metadata.db'}", read_only=True)
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(HeadraceError, match=r"metadata.db"):
        connect(f"sqlite:{tmp_path / 'nowhere' / 'metadata.db'}")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("oracle://u:p@h/d", "an address that begins with one of sqlite, mysql, postgresql, grpc"),
        ("metadata.db", "an address that begins with"),
        ("mysql://user:p@/d", "mysql://user:password@host:port/database"),
        ("postgresql://user:p@host", "postgresql://user:password@host:port/database"),
    ],
)
def test_another_address_is_refused(address: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        connect(address)


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(UnfitEnvironment) as caught:
        connect("mysql://user:hunter2@127.0.0.1:1/db", patience=0.2)
    assert "mysql://user:***@127.0.0.1:1/db does not answer" in str(caught.value)
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_a_password_is_never_shown() -> None:
    assert without_password("postgresql://u:a%40b@h:1/d") == "postgresql://u:***@h:1/d"
    assert without_password("sqlite:/a:b@c") == "sqlite:/a:b@c"
    assert without_password("mysql://u:p#a/s@s@h/d") == "mysql://u:***@h/d"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://h/d?password=pw", "postgresql://h/d?password=***"),
        (
            "postgresql://u:pw@h/d?sslmode=require&sslpassword=pw&sslcert=/a/b",
            "postgresql://u:***@h/d?sslmode=require&sslpassword=***&sslcert=/a/b",
        ),
        ("mysql://u@h/d?ssl_ca=/ca.pem;password=pw", "mysql://u@h/d?ssl_ca=/ca.pem;password=***"),
        ("postgresql://h/d?pw#pw", "postgresql://h/d?***#***"),
        ("postgresql://u:1?pw@h/d?user=a", "postgresql://u:***@h/d?user=***"),
        ("postgresql://u:pw@h/d?password=p@w", "postgresql://u:***@w"),
        ("grpc://h:1?token=pw", "grpc://h:1?token=***"),
        ("grpc://h:8080", "grpc://h:8080"),
    ],
)
def test_no_secret_of_a_query_is_shown(address: str, shown: str) -> None:
    assert without_password(address) == shown


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {}),
        ("?sslmode=require", {"sslmode": "require"}),
        (
            "?sslmode=verify-full&sslrootcert=/tls/ca.pem&sslcert=/tls/c&sslkey=/tls/k&sslpassword=a%26b",
            {
                "sslmode": "verify-full",
                "sslrootcert": "/tls/ca.pem",
                "sslcert": "/tls/c",
                "sslkey": "/tls/k",
                "sslpassword": "a&b",
            },
        ),
    ],
)
def test_the_query_of_postgresql_says_how_tls_is_done(query: str, options: dict[str, str]) -> None:
    config = config_of(f"postgresql://u:p@h/d{query}").postgresql
    assert {field.name: value for field, value in config.ssloption.ListFields()} == options
    assert config.HasField("ssloption") is bool(options)


def test_the_query_of_mysql_says_how_tls_is_done() -> None:
    config = config_of("mysql://u:p@h/d?ssl_ca=/ca.pem&ssl_verify_server_cert=true&ssl_cipher=AES").mysql
    found = {field.name: value for field, value in config.ssl_options.ListFields()}
    assert found == {"ca": "/ca.pem", "verify_server_cert": True, "cipher": "AES"}
    assert not config_of("mysql://u:p@h/d").mysql.HasField("ssl_options")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("postgresql://u@h/d?connect_timeout=pw", "'connect_timeout' in the query .*only sslmode, sslcert"),
        ("postgresql://u@h/d?password=pw", r"'password' in the query of .*password=\*\*\*"),
        ("postgresql://u@h/d?sslmode=requier", "this sslmode in the query .*one of disable, allow, prefer, require"),
        ("postgresql://u@h/d?sslcert=", "this sslcert in the query .*expected a value"),
        ("mysql://u@h/d?sslmode=require", "'sslmode' in the query .*only ssl_ca, ssl_capath"),
        ("mysql://u@h/d?ssl_verify_server_cert=yes", "one of true, false"),
        ("grpc://h:1?token=pw", r"token=\*\*\*'; expected grpc://host:port"),
    ],
)
def test_what_a_query_may_not_say_is_refused_by_name(address: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as refused:
        connect(address)
    assert "pw" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u:pa#ss@h/d",
        "mysql://u:p/4@h/d",
        "grpc://h:port",
        "mysql://u:pass@h:x/d",
        "mysql://u:1?ss@h/d",
        "mysql://u:1/ss@h/d",
        "mysql://u:1#ss@h/d",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(ConfigError) as refused:
        connect(address)
    assert not any(part in str(refused.value) for part in ("pa#", "ss@", "p/4", "pass@"))


def test_a_lock_waits_for_its_holder_and_gives_up_in_the_end(tmp_path: Path) -> None:
    file, order = tmp_path / "lock", list[str]()
    entered = threading.Event()

    def hold() -> None:
        with held(file):
            entered.set()
            time.sleep(0.2)
            order.append("first")

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait()
    with pytest.raises(ConflictError, match=r"has been held by another process for 0 s.*fuser"), held(file, 0.05):
        pass
    with held(file):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]
