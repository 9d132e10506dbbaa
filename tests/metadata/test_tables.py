"""Stores of other schema versions, and those that lack tables: told before ML Metadata is asked."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.cli.main import group
from headrace.errors import HeadraceError, UnfitEnvironment, UsageError
from headrace.metadata.tables import TABLES
from tests.lineage.foreign import tfx_store


def changed(file: Path, statement: str) -> Path:
    """Write a store and change it by a statement."""
    with closing(sqlite3.connect(tfx_store(file))) as database, database:
        database.execute(statement)
    return file


def refused(db: str) -> HeadraceError:
    result = CliRunner().invoke(group, ["ls", "artifacts", "--db", db])
    assert isinstance(result.exception, HeadraceError), (result.output, result.exception)
    return result.exception


@pytest.mark.parametrize(("version", "act"), [(7, "enable_upgrade_migration"), (11, "downgrade_schema(config, 10)")])
def test_another_schema_version_is_told_with_what_to_do(tmp_path: Path, version: int, act: str) -> None:
    error = refused(str(changed(tmp_path / "metadata.db", f"update MLMDEnv set schema_version = {version}")))
    assert isinstance(error, UnfitEnvironment)
    assert error.found == f"{tmp_path / 'metadata.db'} has schema version {version}"
    assert error.expected.startswith("10, which ML Metadata ")
    assert act in error.do
    assert "move it away" not in str(error)


def test_an_older_store_is_read_once_a_copy_is_upgraded(tmp_path: Path) -> None:
    file = tfx_store(tmp_path / "metadata.db")
    config = pb.ConnectionConfig(sqlite=pb.SqliteMetadataSourceConfig(filename_uri=str(file)))
    metadata_store.downgrade_schema(config, 7)
    assert "schema version 7" in str(refused(str(file)))
    metadata_store.MetadataStore(config, enable_upgrade_migration=True)
    assert "Model" in CliRunner().invoke(group, ["ls", "artifacts", "--db", str(file)]).stdout


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_named(tmp_path: Path, table: str) -> None:
    error = refused(str(changed(tmp_path / "metadata.db", f"drop table {table}")))
    assert error.found == f"{tmp_path / 'metadata.db'} is no complete metadata store (no table {table})"
    assert "move it away" not in str(error)


def test_a_folder_is_no_store_and_one_in_it_is_offered(tmp_path: Path) -> None:
    error = refused(str(tmp_path))
    assert isinstance(error, UsageError)
    assert error.expected == "a file, or the address of a server"
    tfx_store(tmp_path / "metadata.db")
    assert refused(str(tmp_path)).do == f"Name {tmp_path / 'metadata.db'}"


def test_an_empty_name_and_a_missing_file_advise_no_run(tmp_path: Path) -> None:
    assert refused("").found == "an empty --db"
    assert "Run a pipeline" not in str(refused(str(tmp_path / "none.db")))
