"""YAML files with places: every key knows its line, so that an error can name it."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from headrace.errors import ConfigError


@dataclass(frozen=True)
class YamlFile:
    """A mapping as it stands in a file, and the line of each of its keys."""

    path: Path
    content: dict[str, Any]
    lines: dict[str, int]

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
    if content is None:
        return YamlFile(path, {}, {})
    if not isinstance(content, dict) or not isinstance(node, yaml.MappingNode):
        raise ConfigError(found=f"{path} holds {type(content).__name__}", expected="names and values", do="Rewrite it")
    return YamlFile(path, content, {key.value: key.start_mark.line + 1 for key, _ in node.value})
