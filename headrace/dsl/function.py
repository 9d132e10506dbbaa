"""Functions by name: checked by parsing their source, imported only where they run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path

from headrace.errors import DeclarationError


@dataclass(frozen=True)
class Function:
    """A top-level function: `Function("package.module:name")` or `Function("file.py:name")`.

    Raises DeclarationError when its source cannot be found or read, or does not define it.
    """

    reference: str

    def __post_init__(self) -> None:
        self.parse()

    @classmethod
    def of(cls, function: Callable[..., object]) -> Function:
        """Name a function that is at hand."""
        if function.__module__ == "__main__" or not function.__qualname__.isidentifier():
            raise DeclarationError(
                found=f"{function.__module__}.{function.__qualname__}",
                expected="a function at the top of a module that other processes can import",
                do="Move it there; lambdas, closures, methods and functions of __main__ have no name to call them by",
            )
        return cls(f"{function.__module__}:{function.__name__}")

    def parse(self) -> ast.FunctionDef:
        """Read the function's definition from its source."""
        module, _, name = self.reference.partition(":")
        path = locate(module)
        functions = _functions_of(path) if path else {}
        if name not in functions:
            there = f"{path} defines {sorted(functions)}" if path else _nowhere(module)
            raise DeclarationError(
                found=f"{self.reference!r}, but {there}",
                expected="'package.module:name' or 'file.py:name' of a function at the top of its file",
                do="Correct the name, or define the function there",
            )
        return functions[name]


def _functions_of(path: Path) -> dict[str, ast.FunctionDef]:
    return {s.name: s for s in parse_source(path).body if isinstance(s, ast.FunctionDef)}


def parse_source(path: Path) -> ast.Module:
    """Parse a Python file, or say where it cannot be parsed."""
    found = path.stat()
    return _parsed(path, found.st_mtime_ns, found.st_ctime_ns, found.st_size)


@lru_cache(maxsize=512)
def _parsed(path: Path, mtime_ns: int, ctime_ns: int, size: int) -> ast.Module:  # noqa: ARG001  what tells an edit
    try:
        return ast.parse(path.read_bytes(), filename=str(path))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise DeclarationError(
            found=f"{path}{f', line {line}' if line else ''}: {getattr(error, 'msg', error)}",
            expected="a Python file that parses",
            do="Correct the syntax there",
        ) from error


def _nowhere(module: str) -> str:
    """Say why a module is not found; a `components/__init__.py` hides the components that ship."""
    hidden = [folder for folder in sys.path if (Path(folder) / "components" / "__init__.py").is_file()]
    if module.partition(".")[0] == "components" and hidden:
        return f"{Path(hidden[0]) / 'components' / '__init__.py'} hides headrace's own components: delete that file"
    return f"{module} is nowhere on sys.path"


def locate(module: str, beside: Sequence[str] = ()) -> Path | None:
    """Find the source of a module or `file.py`; nothing is imported, not even the packages around it."""
    if module.endswith(".py"):
        return Path(module) if Path(module).is_file() else None
    folders = [*beside, *sys.path]
    origin: str | None = None
    for part in module.split("."):
        # The last part alone: PathFinder asks sys.modules for the parent of a dotted namespace package.
        spec = PathFinder.find_spec(part, folders)
        if spec is None:
            return None
        folders, origin = list(spec.submodule_search_locations or ()), spec.origin
    return Path(origin) if origin and origin.endswith(".py") else None
