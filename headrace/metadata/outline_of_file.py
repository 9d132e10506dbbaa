"""Reads the outline of a store straight from its SQLite file, which ML Metadata lays out the same since 2020.

The file is opened once for each connection of ML Metadata's, and as long: closing a descriptor earlier would drop the
locks that its library holds. Callers make no other call to the store meanwhile.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import Any, Literal
from weakref import WeakKeyDictionary, finalize

from headrace.errors import ConflictError, UnfitEnvironment
from headrace.metadata.edges import READING
from headrace.metadata.open_store import Connection
from headrace.metadata.outline import (
    GROUPS,
    NAMES,
    ArtifactOutline,
    EventOutline,
    ExecutionOutline,
    Outline,
    artifact_state,
    execution_state,
    place_of,
)
from headrace.metadata.records import Run
from headrace.metadata.sqlite_file import file_of, open_on
from headrace.metadata.tables import SCHEMA, check_version, incomplete, lacking

Table = Literal["Execution", "Artifact"]
_CHUNK = 500
_COLUMNS = "id, type_id, last_known_state, name, create_time_since_epoch, last_update_time_since_epoch"


@dataclass(frozen=True)
class OpenFile:
    """A file that is open beside ML Metadata's connection to it, and as long as that is."""

    path: Path
    database: sqlite3.Connection


_open_beside: WeakKeyDictionary[Connection, OpenFile] = WeakKeyDictionary()


def open_beside(connection: Connection) -> OpenFile | None:
    """Open the file of a store; None for a server's."""
    if connection in _open_beside:
        return _open_beside[connection]
    path = file_of(connection)
    if path is None:
        return None
    database = _connected(path)
    finalize(connection, database.close)
    return _open_beside.setdefault(connection, OpenFile(path, database))


def check_readable(path: Path, name: Path) -> None:
    """Find out at once whether a file can be read. Raises ConflictError, UnfitEnvironment, which say its `name`."""
    connection = open_on(path)
    if connection and (known := open_beside(connection)):
        _check_tables(known, name)
        return
    with closing(_connected(path)) as database:
        _check_tables(OpenFile(path, database), name)


def _check_tables(file: OpenFile, name: Path) -> None:
    tables = [row[0] for row in _rows(file, "select name from sqlite_master where type = 'table'")]
    missing = lacking(tables)
    if "MLMDEnv" in tables:
        check_version(name, [row[0] for row in _rows(file, "select schema_version from MLMDEnv")])
    if missing:
        raise incomplete(name, missing)


def has_known_tables(file: OpenFile) -> bool:
    """Tell whether an open file has the tables that are read here."""
    return [row[0] for row in _rows(file, "select schema_version from MLMDEnv")] == [SCHEMA]


def present(connection: Connection, table: Table, numbers: Sequence[int]) -> Sequence[int]:
    """Tell which ids a store that is only read still has; of a server and of a store that is written to, all.

    ML Metadata aborts the process when it is asked for several, and an association or an attribution names one that
    has no row of its own.
    """
    file = None if connection.lock else open_beside(connection)
    if file is None or not numbers:
        return numbers
    there = {number for (number,) in _chosen(file, f"select id from {table} {{where}}", "id", numbers)}
    return [number for number in numbers if number in there]


def outline_in(file: OpenFile, runs: Sequence[Run], since: int, event: int) -> Outline:
    """Read the outline of all, or of what changed at a time or later, in milliseconds, and got events after one."""
    with _one_moment(file):
        return _outline_in(file, runs, since, event)


@contextmanager
def _one_moment(file: OpenFile) -> Iterator[None]:
    """Let all that is read be of one moment, whatever is written meanwhile."""
    _rows(file, "begin")
    try:
        yield
    finally:
        _rows(file, "rollback")


def _outline_in(file: OpenFile, runs: Sequence[Run], since: int, event: int) -> Outline:
    newest = int(_rows(file, "select coalesce(max(id), 0) from Event")[0][0])
    changed = _executions_since(file, since)
    if since:
        late = _rows(file, "select distinct execution_id from Event where id > ?", event)
        known = {row[0] for row in changed}
        changed += _executions_with(file, [number for (number,) in late if number not in known])
    chosen = [row[0] for row in changed] if since else None
    return Outline(runs, _executions(file, changed, chosen), _artifacts(file, since), _events(file, chosen), newest)


def _executions_since(file: OpenFile, since: int) -> list[Any]:
    where = "where last_update_time_since_epoch >= ? or last_known_state = 2 order by id"
    return _rows(file, f"select {_COLUMNS} from Execution {where}", since)


def _executions_with(file: OpenFile, numbers: Sequence[int]) -> list[Any]:
    return _chosen(file, f"select {_COLUMNS} from Execution {{where}}", "id", numbers)


def _executions(file: OpenFile, rows: Sequence[Any], chosen: Sequence[int] | None) -> list[ExecutionOutline]:
    types = _types(file, 0)
    groups = _groups(file, chosen)
    titles = _titles(file, [row[0] for row in rows if "node" not in groups.get(row[0], {})])
    ended = _texts(file, "ended", chosen, "last_known_state = 6")
    stands = _texts(file, "cached_execution", chosen, "last_known_state = 5", "int_value")
    resolvers = _texts(file, "resolvers", chosen)
    found: list[ExecutionOutline] = []
    for number, type_id, state, name, created, updated in sorted(rows):
        kind = types.get(type_id, "")
        found.append(
            ExecutionOutline(
                number,
                kind,
                *place_of(name or "", titles.get(number) or kind, groups.get(number, {})),
                execution_state(state, ended.get(number, "")),
                stands.get(number, 0),
                resolvers.get(number, ""),
                created / 1000,
                updated / 1000,
            )
        )
    return found


def _artifacts(file: OpenFile, since: int) -> list[ArtifactOutline]:
    types = _types(file, 1)
    tainted = dict(
        _rows(
            file, "select artifact_id, string_value from ArtifactProperty where name = 'tainted' and string_value <> ''"
        )
    )
    rows = _rows(
        file,
        "select id, type_id, uri, state, create_time_since_epoch, last_update_time_since_epoch "
        "from Artifact where last_update_time_since_epoch >= ? order by id",
        since,
    )
    return [
        ArtifactOutline(
            number,
            types.get(kind, ""),
            uri or "",
            artifact_state(state),
            tainted.get(number, ""),
            created / 1000,
            updated / 1000,
        )
        for number, kind, uri, state, created, updated in rows
    ]


def _events(file: OpenFile, executions: Sequence[int] | None) -> list[EventOutline]:
    """Read events: a row for each name in a path, with the place after it, which other programs may leave out."""
    is_read = f"e.type in ({','.join(map(str, sorted(READING)))})"
    query = (
        f"select e.execution_id, e.artifact_id, {is_read}, p.step_key, coalesce(q.step_index, 0) from Event e "
        "left join EventPath p on p.event_id = e.id and not p.is_index_step "
        "left join EventPath q on q.rowid = p.rowid + 1 and q.event_id = e.id and q.is_index_step {where} order by e.id"
    )
    return [
        EventOutline(execution, artifact, bool(reads), intern(name), place)
        if name is not None
        else EventOutline(execution, artifact, bool(reads), "artifact", artifact)
        for execution, artifact, reads, name, place in _chosen(file, query, "e.execution_id", executions)
    ]


def _groups(file: OpenFile, executions: Sequence[int] | None) -> dict[int, dict[str, str]]:
    """Map executions to the run, the pipeline and the node that contexts name."""
    kinds = {number: GROUPS[name] for number, name in _types(file, 2).items() if name in GROUPS}
    contexts = {
        number: (kinds[kind], intern(name))
        for number, kind, name in _rows(file, "select id, type_id, name from Context")
        if kind in kinds
    }
    query = "select execution_id, context_id from Association {where}"
    groups: dict[int, dict[str, str]] = {}
    for execution, context in _chosen(file, query, "execution_id", executions):
        if known := contexts.get(context):
            groups.setdefault(execution, {})[known[0]] = known[1]
    return groups


def _texts(
    file: OpenFile, name: str, executions: Sequence[int] | None, only: str = "", column: str = "string_value"
) -> dict[int, Any]:
    """Map executions to a property of theirs."""
    joined = f"join Execution x on x.id = p.execution_id and x.{only}" if only else ""
    query = (
        f"select p.execution_id, p.{column} from ExecutionProperty p {joined} {{where}} "
        f"and p.name = '{name}' and p.is_custom_property = 0 and p.{column} is not null"
    )
    return dict(_chosen(file, query, "p.execution_id", executions))


def _titles(file: OpenFile, executions: Sequence[int]) -> dict[int, str]:
    """Map executions to what a property calls them: the best of `NAMES`, a typed one before a custom one."""
    query = (
        "select execution_id, name, is_custom_property, string_value from ExecutionProperty {where} "
        f"and name in ({','.join(map(repr, NAMES))}) and string_value <> ''"
    )
    rows = _chosen(file, query, "execution_id", executions)
    ranked = sorted(rows, key=lambda row: (NAMES.index(row[1]), row[2]), reverse=True)
    return {number: intern(title) for number, _, _, title in ranked}


def _types(file: OpenFile, kind: int) -> Mapping[int, str]:
    return dict(_rows(file, "select id, name from Type where type_kind = ?", kind))


def _chosen(file: OpenFile, query: str, column: str, executions: Sequence[int] | None) -> list[Any]:
    if executions is None:
        return _rows(file, query.format(where="where 1"))
    return [
        row for chunk in _chunks(executions) for row in _rows(file, query.format(where=f"where {column} in ({chunk})"))
    ]


def _chunks(numbers: Sequence[int]) -> Iterator[str]:
    for start in range(0, len(numbers), _CHUNK):
        yield ",".join(map(str, numbers[start : start + _CHUNK]))


def _rows(file: OpenFile, query: str, *values: int) -> list[Any]:
    try:
        return file.database.execute(query, values).fetchall()
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise ConflictError(
                found=f"{file.path} is locked by another program",
                expected="a store that can be read",
                do="Close the program that holds it (fuser on that file) and try again",
            ) from error
        raise _unreadable(file, error) from error
    except sqlite3.DatabaseError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: OpenFile, error: sqlite3.Error) -> UnfitEnvironment:
    return UnfitEnvironment(
        found=f"{file.path} cannot be read ({error})",
        expected="a metadata store that headrace or ML Metadata wrote",
        do="Restore a copy, or name another file",
    )


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
