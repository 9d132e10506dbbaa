"""The source closure: the code that a function depends on, digested as syntax trees.

A comment or a reformat changes nothing in it. It holds modules of the project and of `components/`; headrace's own
modules are not in it: component and layout versions stand for them.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from headrace.dsl.function import locate, parse_source
from headrace.user_code import memo


@dataclass(frozen=True)
class _Module:
    """A module as its syntax tree shows it: its digest, and the names it may import."""

    digest: str
    imports: tuple[str, ...]


def source_closure(references: Iterable[str], project: Path) -> dict[str, str]:
    """Map every module that the functions reach by imports inside the project to the digest of its syntax tree.

    A function's own module is in it wherever it stands, and so are the neighbours of a file.
    """
    return {name: known.digest for name, _, known in _reached(references, project)}


def source_files(references: Iterable[str], project: Path) -> dict[str, Path]:
    """Map the same modules to their files, as they are named: a link may lead out of the project."""
    return {name: path for name, path, _ in _reached(references, project)}


def _reached(references: Iterable[str], project: Path) -> Iterator[tuple[str, Path, _Module]]:
    waiting = [reference.partition(":")[0] for reference in references]
    own = frozenset(waiting)
    beside = tuple(str(Path(module).parent) for module in waiting if module.endswith(".py"))
    seen: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module in seen or module.partition(".")[0] == "headrace":
            continue
        seen.add(module)
        path = _locate(module, beside)
        if path is None or not (module in own or _belongs(module, path.resolve(), (project, *map(Path, beside)))):
            continue
        known = _read(path, module)
        yield module, path, known
        waiting += [*known.imports, *_packages_of(module)]


def _packages_of(module: str) -> list[str]:
    """List the packages whose `__init__.py` runs when a module is imported; those of components only declare."""
    parts = [] if module.endswith(".py") or module.startswith("components.") else module.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


@lru_cache(maxsize=4096)
def _locate(module: str, beside: Sequence[str]) -> Path | None:
    return locate(module, beside)


def _read(path: Path, module: str) -> _Module:
    found = path.stat()
    if known := memo.recall(module, path, found):
        return _Module(*known)
    tree = parse_source(path)
    digest = sha256(ast.dump(tree).encode()).hexdigest()
    imports = tuple(_imported(tree, module, is_package=path.name == "__init__.py"))
    memo.note(module, path, found, digest, imports)
    return _Module(digest, imports)


def _belongs(module: str, path: Path, folders: Iterable[Path]) -> bool:
    """Tell whether a module is a component's, or in one of the folders and not installed there."""
    root = module.partition(".")[0]
    installed = "site-packages" in path.parts
    return root == "components" or (not installed and any(path.is_relative_to(f.resolve()) for f in folders))


def _imported(tree: ast.Module, module: str, *, is_package: bool) -> Iterator[str]:
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(name, names, level):
                parents = package.split(".")[: len(package.split(".")) - (level or 1) + 1] if level else []
                origin = ".".join([*parents, *([name] if name else [])])
                yield from (origin, *(f"{origin}.{alias.name}" for alias in names))
