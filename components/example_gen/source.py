"""The files of a source: a file, a glob, or a pattern that names spans and versions."""

from dataclasses import dataclass
from glob import glob
from pathlib import Path

from headrace.errors import ConfigError, DataError
from headrace.storage.local_path import local_path
from headrace.storage.span_pattern import glob_of, match, placeholders, spell_span


@dataclass(frozen=True, order=True)
class SourceFile:
    """A file of a source; span and version are 0 where the pattern has none."""

    span: int
    version: int
    path: Path


def find_files(pattern: str) -> list[SourceFile]:
    """List all that a source matches, by span, version and path; raises DataError when it matches nothing."""
    pattern = str(local_path(pattern))
    if Path(pattern).is_file():
        return [SourceFile(0, 0, Path(pattern))]
    _check(pattern)
    named = {name: match(pattern, name) for name in glob(glob_of(pattern), recursive=True) if Path(name).is_file()}
    found = [SourceFile(known.span, known.version, Path(name)) for name, known in named.items() if known]
    if not found:
        raise DataError(found=_nothing(pattern), expected="at least one file", do="Correct `source`, or bring the data")
    return sorted(found)


def files_of(pattern: str, span: int, version: int) -> list[Path]:
    """List the files of one span in one version, by path; raises DataError when they are not there."""
    files = [file.path for file in find_files(pattern) if (file.span, file.version) == (span, version)]
    if not files:
        raise DataError(
            found=f"no file of span {spell_span(pattern, span)}, version {version}, matches {pattern!r}",
            expected="the files that were there when the run started",
            do="Bring them back, or start another run",
        )
    return files


def has_spans(pattern: str) -> bool:
    """Tell whether a pattern tells spans apart."""
    return bool(placeholders(pattern) - {"VERSION"})


def _check(pattern: str) -> None:
    names = placeholders(pattern)
    dates = names & {"YYYY", "MM", "DD"}
    if dates not in (set(), {"YYYY"}, {"YYYY", "MM"}, {"YYYY", "MM", "DD"}) or ("SPAN" in names and dates):
        raise ConfigError(
            found=f"the source {pattern!r}",
            expected="{SPAN}, or {YYYY}, {YYYY} with {MM}, or all of {YYYY}, {MM} and {DD}",
            do="Correct the pattern",
        )


def _nothing(pattern: str) -> str:
    if Path(pattern).is_dir():
        return f"{pattern} is a folder (its files would be {Path(pattern) / '*.csv'} or {Path(pattern) / '*.parquet'})"
    if has_spans(pattern) or any(char in pattern for char in "*?["):
        return f"no file matches {pattern!r} in {Path.cwd()}"
    return f"{pattern} does not exist in {Path.cwd()}"
