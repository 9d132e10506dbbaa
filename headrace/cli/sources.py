"""Finds the source of a module, where the project still has it as it was."""

from functools import cache
from pathlib import Path

from headrace.errors import HeadraceError
from headrace.lineage.openlineage import SourceOf
from headrace.user_code.source_closure import source_closure, source_files


def sources_in(project: Path) -> SourceOf:
    """Return what finds the source of a module that still has the digest that was recorded."""

    @cache
    def source_of(module: str, digest: str) -> str | None:
        try:
            reference = [f"{module}:_"]
            if source_closure(reference, project).get(module) != digest:
                return None
            return source_files(reference, project)[module].read_text(encoding="utf-8")
        except (HeadraceError, OSError, KeyError):
            return None

    return source_of
