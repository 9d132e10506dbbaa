"""Which tables a store in a SQLite file must have to be read, and of which version."""

from collections.abc import Collection, Sequence
from importlib.metadata import version
from pathlib import Path

from headrace.errors import UnfitEnvironment

SCHEMA = 10
"""The version of ML Metadata's tables that is read."""
TABLES = (
    "MLMDEnv",
    "Type",
    "TypeProperty",
    "ParentType",
    "Artifact",
    "ArtifactProperty",
    "Execution",
    "ExecutionProperty",
    "Context",
    "ContextProperty",
    "ParentContext",
    "Event",
    "EventPath",
    "Association",
    "Attribution",
)
_VERSION_IN = TABLES[0]
_OLDER = (
    "Copy it, open the copy once with ml_metadata's MetadataStore(config, enable_upgrade_migration=True), and name that"
)
_NEWER = f"Copy it, call downgrade_schema(config, {SCHEMA}) of the ML Metadata that wrote it on the copy, and name that"


def lacking(tables: Collection[str]) -> list[str]:
    """List the tables that are missing, the one with the version first."""
    return [table for table in TABLES if table not in tables]


def incomplete(file: Path, missing: Sequence[str]) -> UnfitEnvironment:
    """Say that a file lacks tables."""
    what = f"no table {missing[0]}" if len(missing) < len(TABLES) else "no table of one"
    return UnfitEnvironment(
        found=f"{file} is no complete metadata store ({what})",
        expected="one that ML Metadata wrote, whole",
        do="Restore a copy, or name another file",
    )


def check_version(file: Path, found: Sequence[int]) -> None:
    """Raise UnfitEnvironment unless the tables are of the version that is read."""
    if list(found) == [SCHEMA]:
        return
    if not found:
        raise incomplete(file, [f"{_VERSION_IN} with a version"])
    raise UnfitEnvironment(
        found=f"{file} has schema version {found[0]}",
        expected=f"{SCHEMA}, which ML Metadata {version('ml-metadata')} reads",
        do=_OLDER if found[0] < SCHEMA else _NEWER,
    )
