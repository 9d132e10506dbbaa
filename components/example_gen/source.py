"""The files of a source: a file, a glob, or a pattern that names spans and versions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from glob import glob
from pathlib import Path

from headrace.errors import ConfigError, DataError
from headrace.storage.local_path import local_path

_PLACEHOLDER = re.compile(r"\{(SPAN|VERSION|YYYY|MM|DD)(?::(\d+))?\}")
_DIGITS = {"SPAN": r"\d+", "VERSION": r"\d+", "YYYY": r"\d{4}", "MM": r"\d{2}", "DD": r"\d{2}"}
_EPOCH = date(1970, 1, 1)


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
    matcher = re.compile(_regex(pattern))
    found = []
    for name in glob(_PLACEHOLDER.sub("*", pattern), recursive=True):
        parts = matcher.fullmatch(name)
        if parts and Path(name).is_file() and (span := _span(parts.groupdict())) is not None:
            found.append(SourceFile(span, int(parts.groupdict().get("VERSION") or 0), Path(name)))
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
    return any(name != "VERSION" for name, _ in _PLACEHOLDER.findall(pattern))


def spell_span(pattern: str, span: int) -> str:
    """Say which span a number is: the date, for a pattern that names dates."""
    names = {name for name, _ in _PLACEHOLDER.findall(pattern)}
    if "DD" in names:
        return f"{span} ({date.fromordinal(_EPOCH.toordinal() + span)})"
    if "MM" in names:
        return f"{span} ({_EPOCH.year + span // 12}-{span % 12 + 1:02d})"
    return str(span)


def _check(pattern: str) -> None:
    names = {name for name, _ in _PLACEHOLDER.findall(pattern)}
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


def _regex(pattern: str) -> str:
    """Turn a pattern into a regular expression; a placeholder that comes again must match the same digits."""
    regex, seen, at = "", set[str](), 0
    for place in _PLACEHOLDER.finditer(pattern):
        name, width = place.groups()
        digits = rf"\d{{{width}}}" if width else _DIGITS[name]
        regex += _glob_regex(pattern[at : place.start()])
        regex += f"(?P={name})" if name in seen else f"(?P<{name}>{digits})"
        seen.add(name)
        at = place.end()
    return regex + _glob_regex(pattern[at:])


def _glob_regex(text: str) -> str:
    parts = re.split(r"(\*\*/|\*|\?|\[[^\]]+\])", text)
    meanings = {"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return "".join(meanings.get(part) or (part if part.startswith("[") else re.escape(part)) for part in parts)


def _span(found: Mapping[str, str]) -> int | None:
    """Give a span its number: as it is, or the days, months or years from 1970 on; None for what is no date."""
    if "SPAN" in found:
        return int(found["SPAN"])
    if "YYYY" not in found:
        return 0
    year, month, day = int(found["YYYY"]), int(found.get("MM", 1)), int(found.get("DD", 1))
    try:
        days = date(year, month, day).toordinal() - _EPOCH.toordinal()
    except ValueError:
        return None
    if "DD" in found:
        return days
    return (year - _EPOCH.year) * 12 + month - 1 if "MM" in found else year
