"""Measure the shape of a Python code base: sizes, nesting, types, docs, imports.

    python codemetrics.py DIR                      all of DIR, tests told by their names
    python codemetrics.py DIR --code pkg more      only these paths below DIR as code
    python codemetrics.py DIR --tests tests        only these paths below DIR as tests

Prints JSON.  Uses the standard library only.

A "code line" has at least one token that is not a comment, blank or docstring.
A function is "typed" when its return and every parameter but self/cls are annotated.
The import graph has one node per module; only imports that run at import time make
an edge ("deferred" ones, inside functions or TYPE_CHECKING, are counted apart).
"""

import argparse
import ast
import io
import json
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

SKIPPED_FOLDERS = {"dist", "node_modules", "site-packages", "_vendor", "vendor", "third_party"}
TEST_FOLDERS = {"test", "tests", "testing"}
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "base", "shared", "compat"}
NOISE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}
LONG_FUNCTION = 50  # code lines
Function = ast.FunctionDef | ast.AsyncFunctionDef
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


@dataclass
class Module:
    """One parsed source file and the line numbers that hold code, comments and docstrings."""

    name: str
    path: Path
    tree: ast.Module
    total_lines: int
    code: set[int] = field(default_factory=set)
    comments: set[int] = field(default_factory=set)
    docstrings: set[int] = field(default_factory=set)

    def code_lines_of(self, node: "Function") -> int:
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        return sum(line in self.code for line in range(first, last_line(node) + 1))


def last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def read_module(path: Path, root: Path) -> Module | None:
    """Parse one file; None when it is not valid Python for this interpreter."""
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        tree = ast.parse(text)
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, ValueError, tokenize.TokenError):
        return None
    parts = path.relative_to(root).with_suffix("").parts
    parts = parts[1:] if parts[0] in {"src", "lib"} else parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    module = Module(name, path, tree, text.count("\n") + 1)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, Function)) and ast.get_docstring(node, clean=False):
            module.docstrings.update(range(node.body[0].lineno, last_line(node.body[0]) + 1))
    for token in tokens:
        if token.type == tokenize.COMMENT:
            module.comments.add(token.start[0])
        elif token.type not in NOISE:
            module.code.update(range(token.start[0], token.end[0] + 1))
    module.code -= module.docstrings
    return module


def is_test(path: Path, root: Path) -> bool:
    folders = set(path.relative_to(root).parts[:-1])
    stem = path.stem
    return bool(folders & TEST_FOLDERS) or stem == "conftest" or stem.startswith("test_") or stem.endswith("_test")


def python_files(root: Path, below: list[str] | None) -> list[Path]:
    starts = [root / part for part in below] if below else [root]
    files = {f for start in starts for f in ([start] if start.is_file() else start.rglob("*.py"))}
    return sorted(f for f in files if not hidden_or_skipped(f.relative_to(root)))


def hidden_or_skipped(path: Path) -> bool:
    generated = path.stem.endswith(("_pb2", "_pb2_grpc"))
    return generated or any(part.startswith(".") or part in SKIPPED_FOLDERS for part in path.parts)


# --- figures about one function or class -------------------------------------------------------


def functions_of(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def nesting(node: ast.AST) -> int:
    """Depth of the deepest block below node; an elif is as deep as its if."""
    children = [child for child in ast.iter_child_nodes(node) if not isinstance(child, SCOPES)]
    return max((nesting(child) + opens_block(child, node) for child in children), default=0)


def opens_block(node: ast.AST, parent: ast.AST) -> bool:
    is_elif = isinstance(node, ast.If) and isinstance(parent, ast.If) and parent.orelse == [node]
    return isinstance(node, BLOCKS) and not is_elif


def complexity(function: Function) -> int:
    """McCabe's count of independent paths; comprehensions count as values, not as branches."""
    paths = 1
    for node in ast.walk(function):
        paths += isinstance(node, BRANCHES)
        paths += len(node.values) - 1 if isinstance(node, ast.BoolOp) else 0
    return paths


def parameters(function: Function) -> list[ast.arg]:
    spec = function.args
    named = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *filter(None, [spec.vararg, spec.kwarg])]
    return [arg for arg in named if arg.arg not in {"self", "cls"}]


def is_typed(function: Function) -> bool:
    returns = function.returns is not None or function.name == "__init__"
    return returns and all(arg.annotation for arg in parameters(function))


def public_definitions(tree: ast.Module) -> Iterator[ast.ClassDef | Function]:
    """Public classes and functions of a module, and the public methods of its public classes."""
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, Function)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (m for m in node.body if isinstance(m, Function) and not m.name.startswith("_"))


def dotted(node: ast.expr) -> str:
    """Take the last name of a base class or decorator expression."""
    if isinstance(node, (ast.Subscript, ast.Call)):
        return dotted(node.value if isinstance(node, ast.Subscript) else node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def inheritance_depths(classes: list[ast.ClassDef]) -> dict[str, int]:
    """How many ancestors in a row, inside this code base, each class has (matched by name)."""
    bases = {c.name: [dotted(b) for b in c.bases] for c in classes}

    def depth(name: str, seen: frozenset[str]) -> int:
        known = [b for b in bases[name] if b in bases and b not in seen]
        return max((1 + depth(b, seen | {b}) for b in known), default=0)

    return {name: depth(name, frozenset({name})) for name in bases}


# --- the import graph --------------------------------------------------------------------------


def imported_names(module: Module, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    base = node.module or ""
    if node.level:
        package = module.name.split(".")
        package = package if module.path.stem == "__init__" else package[:-1]
        base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [base])])
    yield from (f"{base}.{alias.name}" for alias in node.names)


def import_statements(node: ast.AST, deferred: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child, deferred
        else:
            type_only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
            yield from import_statements(child, deferred or type_only or isinstance(child, Function))


def edges_of(module: Module, names: set[str]) -> Iterator[tuple[str, bool]]:
    """Find (imported module, deferred) for every import of another module of the code base."""
    for node, deferred in import_statements(module.tree):
        for full in imported_names(module, node):
            target = full if full in names else full.rpartition(".")[0]
            if target in names and target != module.name:
                yield target, deferred


def import_graph(modules: list[Module]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """(edges that run at import time, those plus the deferred ones)."""
    names = {m.name for m in modules}
    edges = {m.name: set(edges_of(m, names)) for m in modules}
    eager = {name: {target for target, deferred in found if not deferred} for name, found in edges.items()}
    every = {name: {target for target, _ in found} for name, found in edges.items()}
    return eager, every


def loaded_by(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """For each module, all that importing it loads, itself included."""
    loaded: dict[str, set[str]] = {}
    for start in graph:
        seen, waiting = {start}, [start]
        while waiting:
            new = graph[waiting.pop()] - seen
            seen |= new
            waiting.extend(new)
        loaded[start] = seen
    return loaded


def groups(graph: dict[str, set[str]]) -> list[set[str]]:
    """Modules that import each other in a circle, or one alone; each group after all that it imports."""
    loaded = loaded_by(graph)
    found: dict[str, set[str]] = {}
    for name in sorted(graph, key=lambda name: (len(loaded[name]), name)):
        if name not in found:
            group = {other for other in loaded[name] if name in loaded[other]}
            found.update(dict.fromkeys(group, group))
    return list({id(group): group for group in found.values()}.values())


def cycles(graph: dict[str, set[str]]) -> list[set[str]]:
    return [group for group in groups(graph) if len(group) > 1]


def graph_depth(graph: dict[str, set[str]]) -> int:
    """Modules on the longest import chain, a cycle counting as one step."""
    floor: dict[str, int] = {}
    for group in groups(graph):
        below = [floor[target] for name in group for target in graph[name] - group]
        floor.update(dict.fromkeys(group, 1 + max(below, default=0)))
    return max(floor.values(), default=0)


def folder_graph(graph: dict[str, set[str]], packages: set[str]) -> dict[str, set[str]]:
    """Merge the graph into one of folders: each module stands for the package that holds it."""

    def folder(name: str) -> str:
        return name if name in packages else name.rpartition(".")[0] or name

    merged: dict[str, set[str]] = {folder(name): set() for name in graph}
    for name, targets in graph.items():
        merged[folder(name)] |= {folder(t) for t in targets} - {folder(name)}
    return merged


# --- the report --------------------------------------------------------------------------------


def spread(values: Iterable[float]) -> dict[str, float]:
    ordered = sorted(values)
    if not ordered:
        return {"median": 0, "p90": 0, "max": 0}
    return {"median": median(ordered), "p90": ordered[int(0.9 * (len(ordered) - 1))], "max": ordered[-1]}


def share(part: float, whole: float) -> float:
    return round(part / whole, 3) if whole else 0.0


def top(pairs: Iterable[tuple[float, str]], count: int = 5) -> list[str]:
    return [f"{value} {label}" for value, label in sorted(pairs, reverse=True)[:count]]


def file_figures(modules: list[Module]) -> dict[str, object]:
    code = sum(len(m.code) for m in modules)
    vague = [m for m in modules if set(m.path.stem.split("_")) & VAGUE_NAMES or m.path.parent.name in VAGUE_NAMES]
    return {
        "count": len(modules),
        "code_lines_total": code,
        "code_lines": spread(len(m.code) for m in modules if m.code),
        "comment_to_code": share(sum(len(m.comments) for m in modules), code),
        "docstring_to_code": share(sum(len(m.docstrings) for m in modules), code),
        "vague_named_share_of_code": share(sum(len(m.code) for m in vague), code),
        "largest": top((len(m.code), m.name) for m in modules),
    }


def function_figures(modules: list[Module]) -> dict[str, object]:
    found = [(m, f) for m in modules for f in functions_of(m.tree)]
    return {
        "count": len(found),
        "code_lines": spread(m.code_lines_of(f) for m, f in found),
        "over_50_lines_share": share(sum(m.code_lines_of(f) > LONG_FUNCTION for m, f in found), len(found)),
        "nesting": spread(nesting(f) for _, f in found),
        "complexity": spread(complexity(f) for _, f in found),
        "parameters": spread(len(parameters(f)) for _, f in found),
        "typed_share": share(sum(is_typed(f) for _, f in found), len(found)),
        "longest": top((m.code_lines_of(f), f"{m.name}:{f.name}") for m, f in found),
        "deepest": top((nesting(f), f"{m.name}:{f.name}") for m, f in found),
    }


def class_figures(modules: list[Module]) -> dict[str, object]:
    classes = [n for m in modules for n in ast.walk(m.tree) if isinstance(n, ast.ClassDef)]
    depths = inheritance_depths(classes)
    methods = [sum(isinstance(n, Function) for n in c.body) for c in classes]
    data = sum(any(dotted(d) in {"dataclass", "define", "frozen", "attrs"} for d in c.decorator_list) for c in classes)
    return {
        "count": len(classes),
        "methods": spread(methods),
        "inheritance_depth": spread(depths.values()),
        "base_named": sum(c.name.startswith(("Base", "Abstract")) or c.name.endswith("Base") for c in classes),
        "dataclass_share": share(data, len(classes)),
        "deepest": top((d, name) for name, d in depths.items()),
    }


def documentation_figures(modules: list[Module]) -> dict[str, object]:
    public = [d for m in modules for d in public_definitions(m.tree)]
    return {
        "modules_with_docstring": share(sum(bool(ast.get_docstring(m.tree)) for m in modules), len(modules)),
        "public_names": len(public),
        "public_with_docstring": share(sum(bool(ast.get_docstring(d)) for d in public), len(public)),
        "modules_with_all": share(sum("__all__" in ast.dump(m.tree) for m in modules), len(modules)),
    }


def import_figures(modules: list[Module]) -> dict[str, object]:
    eager, every = import_graph(modules)
    folders = folder_graph(eager, {m.name for m in modules if m.path.stem == "__init__"})
    users = Counter(target for targets in eager.values() for target in targets)
    return {
        "edges": sum(map(len, eager.values())),
        "depth": graph_depth(eager),
        "cyclic_modules": sum(map(len, cycles(eager))),
        "cyclic_modules_with_deferred": sum(map(len, cycles(every))),
        "cyclic_folders": sum(map(len, cycles(folders))),
        "deferred_edges": sum(len(every[name] - eager[name]) for name in eager),
        "fan_out": spread(map(len, eager.values())),
        "reach": spread(len(names) - 1 for names in loaded_by(eager).values()),
        "most_imported": top((count, name) for name, count in users.items()),
        "cycles": sorted((sorted(group)[:8] for group in cycles(eager)), key=len, reverse=True)[:5],
    }


def measure(root: Path, code: list[str] | None = None, tests: list[str] | None = None) -> dict[str, object]:
    """All figures of one code base as a JSON-ready mapping."""
    code_files = [f for f in python_files(root, code) if not is_test(f, root)]
    test_files = python_files(root, tests) if tests else [f for f in python_files(root, None) if is_test(f, root)]
    modules = [m for f in code_files if (m := read_module(f, root))]
    test_modules = [m for f in test_files if (m := read_module(f, root))]
    code_total = sum(len(m.code) for m in modules)
    test_total = sum(len(m.code) for m in test_modules)
    return {
        "root": str(root),
        "unparsed_files": len(code_files) - len(modules),
        "files": file_figures(modules),
        "functions": function_figures(modules),
        "classes": class_figures(modules),
        "documentation": documentation_figures(modules),
        "imports": import_figures(modules),
        "tests": {
            "files": len(test_modules),
            "code_lines_total": test_total,
            "to_code": share(test_total, code_total),
            "function_code_lines": spread(m.code_lines_of(f) for m in test_modules for f in functions_of(m.tree)),
        },
    }


def main() -> int:
    """Print the figures of a folder as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--code", nargs="+", help="paths below root that hold the code")
    parser.add_argument("--tests", nargs="+", help="paths below root that hold the tests")
    options = parser.parse_args()
    report = measure(options.root.resolve(), options.code, options.tests)
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
