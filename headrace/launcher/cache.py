"""The cache key, part by part, and the execution that may stand for a new one."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from headrace.metadata.reader import Reader
from headrace.metadata.records import CacheKey, Complete, Execution
from headrace.spec.messages import ArtifactRecord, Ready
from headrace.spec.records import FromQuery, InputSpec, NodeSpec
from headrace.storage.digest import canonical
from headrace.user_code.source_closure import source_closure

DIGEST = re.compile("[0-9a-f]{64}")

KERAS = {"tf_keras": "tf_keras", "keras3": "keras 3"}


@dataclass(frozen=True)
class Lookup:
    """The earlier execution that may stand, if any; artifacts that a store has and the root does not, and why."""

    earlier: Execution | None
    gone: tuple[ArtifactRecord, ...] = ()
    reason: str = ""


def key_of(node: NodeSpec, ready: Ready, project: Path) -> CacheKey:
    """Name everything that decides what the node would make."""
    functions = {"executor": node.executor, "publisher": node.publisher, **node.functions}
    values = {name: value for name, value in ready.parameters.items() if name not in node.locations}
    keyed = {name: found for name, found in ready.inputs.items() if _is_keyed(node.inputs[name])}
    parts = {
        "component": f"{node.component} {node.version}",
        **{f"function {role}": reference.partition(":")[2] for role, reference in functions.items()},
        **{f"parameter {name}": canonical(value) for name, value in values.items()},
        **{f"input {name}[{i}]": a.digest for name, found in keyed.items() for i, a in enumerate(found)},
        **{f"layout of {name}": str(made.layout) for name, made in node.outputs.items()},
        **{f"distribution {name}": distribution_version(name) for name in node.distributions},
        **({"keras": KERAS[node.environment]} if node.environment in KERAS else {}),
        **{f"fact {name}": value for name, value in ready.facts.items()},
    }
    references = [*functions.values(), *(f"{module}:" for module in node.extra_sources)]
    return CacheKey(parts, source_closure(references, project))


def look_up(key: CacheKey, reader: Reader, *, rehash: bool = False) -> Lookup:
    """Find the newest finished execution of a key whose artifacts are intact; `rehash` reads every byte of them."""
    gone: list[ArtifactRecord] = []
    reasons: list[str] = []
    known = reader.with_key(key.digest)
    for execution in known.reusable:
        if not isinstance(execution.status, Complete):
            continue
        defects = [(artifact, reader.root.defect(artifact.path, rehash=rehash)) for artifact in execution.given]
        broken = [(artifact, defect) for artifact, defect in defects if defect]
        if not broken:
            return Lookup(execution, tuple(gone))
        gone += [artifact for artifact, _ in broken]
        reasons += [defect for _, defect in broken]
    return Lookup(None, tuple(gone), next(iter(reasons or known.barred), ""))


def why(before: CacheKey | None, after: CacheKey) -> list[str]:
    """Name the parts in which two keys differ, old and new."""
    if before is None:
        return ["it has not run before"]
    old, new = ({**key.parts, **{f"code {name}": d for name, d in key.sources.items()}} for key in (before, after))
    changed = [name for name in sorted(old | new) if old.get(name) != new.get(name)]
    return [f"{name}: {shortened(old.get(name))} -> {shortened(new.get(name))}" for name in changed]


@lru_cache
def distribution_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def shortened(value: str | None) -> str:
    """Show a part of a key: digests by their first 12 digits."""
    if not value:
        return "nothing"
    return DIGEST.sub(lambda found: found.group()[:12], value)[:200]


def _is_keyed(declared: InputSpec) -> bool:
    """Tell whether an input counts: one that holds anything but accelerators does, with all that is in it."""
    return not declared.sources or any(not isinstance(source, FromQuery) or source.keyed for source in declared.sources)
