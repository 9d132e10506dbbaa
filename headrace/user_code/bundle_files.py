"""What goes into a code bundle: the project's part of the source closure, and the small files that parameters name.

What is installed, and headrace itself, is in the image.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from headrace.errors import ConfigError
from headrace.spec.records import Constant, Expression, FromQuery, Json, NodeSpec, PipelineSpec, RunValue
from headrace.user_code.source_closure import source_files


def code_of(spec: PipelineSpec, module: str, project: Path) -> Iterator[str]:
    """Find the project's own modules, with the `__init__.py` of the packages around each."""
    references = [reference for node in spec.nodes for reference in _functions(node)]
    _refuse_outside(references, project)
    for path in source_files([*references, *([f"{module}:"] if module else [])], project).values():
        inside = _inside(path, project)
        if inside and "site-packages" not in path.parts:
            yield inside
            yield from _packages(inside, project)


def _functions(node: NodeSpec) -> Iterator[str]:
    """Name all functions that a node's way calls, and the modules that it reaches otherwise."""
    yield from (node.driver, node.executor, node.publisher, *([node.freezer] if node.freezer else []))
    yield from node.functions.values()
    yield from (f"{module}:" for module in node.extra_sources)
    sources = [source for wanted in node.inputs.values() for source in wanted.sources]
    yield from (source.resolver for source in sources if isinstance(source, FromQuery))


def _refuse_outside(references: Iterable[str], project: Path) -> None:
    """Refuse a file that a pod would not find: one of another folder, or named by its whole path."""
    for reference in references:
        module = reference.partition(":")[0]
        if module.endswith(".py") and (Path(module).is_absolute() or not _inside(project / module, project)):
            raise ConfigError(
                found=f"the function {reference!r}",
                expected=f"a file of the project {project}, named by its path in it",
                do="Move it there, or compile with --code image",
            )


def _inside(path: Path, project: Path) -> str:
    """Say where a file is in the project, as it is named; nothing where it is outside."""
    relative = PurePosixPath(os.path.relpath(path, project))
    return "" if ".." in relative.parts else str(relative)


def _packages(inside: str, project: Path) -> Iterator[str]:
    for folder in PurePosixPath(inside).parents:
        file = folder / "__init__.py"
        if folder.name and (project / file).is_file():
            yield str(file)


def files_named_by(node: NodeSpec, values: Mapping[str, Json], project: Path) -> Iterator[str]:
    """Find the project's files that a node's locations name by their relative paths."""
    for name in node.locations:
        text = _value(node.parameters.get(name), values)
        if isinstance(text, str) and not Path(text).is_absolute() and (project / text).is_file():
            yield from filter(None, [_inside(project / text, project)])


def _value(expression: Expression | None, values: Mapping[str, Json]) -> Json:
    match expression:
        case Constant(value):
            return value
        case RunValue(name):
            return values.get(name)
        case _:
            return None
