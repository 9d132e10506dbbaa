"""YAML files with places: every key knows its line, so that an error can name it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from headrace.errors import ConfigError


@dataclass(frozen=True)
class YamlFile:
    """A mapping as it stands in a file, the line of each of its keys, and the mappings within it."""

    path: Path
    content: dict[str, Any]
    lines: dict[str, int]
    sections: Mapping[str, YamlFile] = field(default_factory=dict)

    def only(self, known: Collection[str]) -> None:
        """Refuse a key that is not among those known, with its line and the nearest one."""
        for name, line in self.lines.items():
            if name not in known:
                near = get_close_matches(name, known, 1)
                raise ConfigError(
                    found=f"{self.path}:{line}: the key {name!r}",
                    expected=f"one of {', '.join(sorted(known))}",
                    do=f"Write {near[0]!r}" if near else "Remove it",
                )

    def text(self, name: str, *, choices: Collection[str] = ()) -> str:
        """Return a text, empty where the key is missing; raises ConfigError for another type or none of the choices."""
        value = self.content.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or (choices and value not in choices):
            raise self.wrong(name, " or ".join(choices) if choices else "a text: put it in quotes")
        return value

    def number(self, name: str) -> int | None:
        """Return a whole number of at least 0, or None where the key is missing."""
        value = self.content.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise self.wrong(name, "a whole number of at least 0")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.content.get(name) or []
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise self.wrong(name, "a list of texts")
        return tuple(value)

    def section(self, name: str) -> YamlFile:
        """Return the mapping below a key, an empty one where the key is missing."""
        if self.content.get(name) is None:
            return YamlFile(self.path, {}, {})
        if name not in self.sections:
            raise self.wrong(name, "names and values below it")
        return self.sections[name]

    def named_texts(self, name: str) -> dict[str, str]:
        """Return a mapping of texts."""
        below = self.section(name)
        return {key: below.text(key) for key in below.lines}

    def wrong(self, name: str, expected: str) -> ConfigError:
        """Make the error about the value of a key."""
        place = f"{self.path}:{self.lines[name]}"
        return ConfigError(found=f"{place}: {name} is {self.content[name]!r}", expected=expected, do="Correct it there")


def read_chosen(file: Path | None, default: Path) -> YamlFile:
    """Read a file of settings: the one that was named, or the default; empty where none was and that is not there."""
    if file and not file.is_file():
        raise ConfigError(found=f"no file {file}", expected="a YAML file of settings", do="Correct --config")
    chosen = file or default
    return read_yaml(chosen) if chosen.is_file() else YamlFile(chosen, {}, {})


def read_yaml(path: Path) -> YamlFile:
    """Read a mapping; raises ConfigError for a file that is none."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            found=f"{path} cannot be read ({error})", expected="a YAML file in UTF-8", do="Check its path and encoding"
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or error
        raise ConfigError(found=f"{place}: {problem}", expected="YAML", do="Correct it there") from error
    except ValueError as error:  # a date that does not exist
        raise ConfigError(
            found=f"{path} holds a value that cannot be ({error})",
            expected="YAML",
            do="Correct it, or put it in quotes",
        ) from error
    if content is None:
        return YamlFile(path, {}, {})
    if not isinstance(content, dict) or not isinstance(node, yaml.MappingNode):
        raise ConfigError(found=f"{path} holds {type(content).__name__}", expected="names and values", do="Rewrite it")
    return _mapping(path, content, node)


def _mapping(path: Path, content: dict[Any, Any], node: yaml.MappingNode) -> YamlFile:
    """Take a mapping and those below it; a key that YAML does not read as a text is refused."""
    lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
    if unnamed := [name for name in content if not isinstance(name, str)]:
        raise ConfigError(
            found=f"{path}:{node.start_mark.line + 1}: the key {unnamed[0]!r}",
            expected="a text as a name",
            do="Put it in quotes",
        )
    below = {key.value: value for key, value in node.value if isinstance(value, yaml.MappingNode)}
    sections = {name: _mapping(path, content[name], part) for name, part in below.items() if name in content}
    return YamlFile(path, content, lines, sections)
