"""The grammar of references, one for all verbs and pages.

@latest  @prev  flights@latest  20261011-14       a run; a unique beginning of its id is enough
RUN/Trainer  RUN/Trainer/2  execution:7           an execution; the last attempt unless a number says which
RUN/Trainer.model  RUN/Join.parts[1]              an output of it, here the second artifact
Trainer  Trainer.model                            the same in the newest run that has such a node
artifact:412                                      an artifact by its id in the store
Model@latest  Model@blessed  Model@pushed         the newest of a type
Examples@span=7                                   the newest of a type with a property, of one output
path/to/an/artifact  s3://bucket/artifact         by where it is, or by a file in it
data/flights-2.parquet                            what was made of a file outside the pipelines
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

from headrace.errors import UnknownReference
from headrace.lineage.by_path import at_path
from headrace.lineage.by_source import from_source
from headrace.lineage.by_type import of_type
from headrace.lineage.candidates import not_among, only
from headrace.lineage.shelf import Records, Shelf
from headrace.metadata.records import Execution, Run, StoredArtifact

Found: TypeAlias = Run | Execution | StoredArtifact

PLACES = ("latest", "prev")
NEW = 20
"""How many of the newest runs are looked through for a node that is named without a run."""

_NUMBERED = re.compile(r"(artifact|execution):(\d+)")
_IN_RUN = re.compile(r"(?P<node>.+?)(?:/(?P<attempt>\d+))?")
_OUTPUT = re.compile(r"(?P<node>.+)\.(?P<output>[^./\[\]]+)(?:\[(?P<index>\d+)\])?")


def resolve(text: str, shelf: Records, here: Path) -> Found:
    """Find what a reference names; paths are relative to `here`. Raises UnknownReference."""
    if numbered := _NUMBERED.fullmatch(text):
        return _numbered(numbered[1], int(numbered[2]), shelf)
    head, slash, rest = text.partition("/")
    if run := _run_named(head, shelf):
        return _in_run(rest, run, shelf) if rest else run
    name, at, selector = text.partition("@")
    if at and not slash:
        if refusal := _no_such_place(text, shelf):
            raise refusal
        return of_type(name, selector, shelf)
    if not slash and (found := _in_a_new_run(text, shelf)):
        return found
    if text and (found := at_path(text, shelf, here) or from_source(text, shelf, here)):
        return found
    raise _unknown(text, shelf)


def reference_to(found: Found) -> str:
    """Write the shortest reference that always finds something again."""
    match found:
        case StoredArtifact():
            return f"artifact:{found.id}"
        case Execution():
            return f"execution:{found.id}"
        case Run():
            return found.id


def resolve_run(text: str, shelf: Shelf) -> Run:
    """Find a run by a reference to it, or to an execution in it. Raises UnknownReference."""
    if run := _run_named(text.partition("/")[0], shelf):
        return run
    raise _unknown(text, shelf, [run.id for run in shelf.runs()])


def node_in(run: Run, node: str, shelf: Shelf, attempt: int | None = None) -> Execution:
    """Find a node's last attempt in a run, or the one with that number. Raises UnknownReference."""
    members = shelf.in_run(run.id)
    tried = [e for e in members if e.node == node and attempt in (None, e.attempt)]
    if tried:
        return tried[-1]
    what = f"no node {node!r}" if attempt is None else f"no attempt {attempt} of {node!r}"
    raise not_among(f"{what} in the run {run.id}", node, {e.node for e in members}, "a node of that run")


def _numbered(kind: str, number: int, shelf: Shelf) -> Execution | StoredArtifact:
    found = shelf.execution(number) if kind == "execution" else shelf.artifact(number)
    if found is None:
        verb = "headrace ls executions" if kind == "execution" else "headrace ls artifacts"
        raise UnknownReference(
            found=f"no {kind}:{number}", expected=f"an {kind} of this store", do=f"List them: {verb}"
        )
    return found


def _run_named(head: str, shelf: Shelf) -> Run | None:
    """Find a run by `@latest`, `PIPELINE@prev` or the beginning of its id; None where the text names no run."""
    if not head:
        return None
    runs = shelf.runs()
    pipeline, at, place = head.partition("@")
    if at and place in PLACES:
        chosen = [run for run in runs if pipeline in ("", run.pipeline)]
        if place == "prev" and chosen:
            chosen = [run for run in chosen[1:] if run.pipeline == chosen[0].pipeline]
        if chosen:
            return chosen[0]
        if not pipeline or any(run.pipeline == pipeline for run in runs):
            raise UnknownReference(
                found=f"no {head} among {len(runs)} runs",
                expected="an earlier run of the same pipeline" if runs else "a run",
                do="List them: headrace ls runs",
            )
        return None
    matching = [run for run in runs if run.id.startswith(head)]
    exact = [run for run in matching if run.id == head]
    return only(exact or matching, head, [run.id for run in matching], "runs")


def _no_such_place(text: str, shelf: Shelf) -> UnknownReference | None:
    """Offer `@latest` and `@prev` for what stands where one of them should: after nothing, or after a pipeline."""
    head, slash, rest = text.partition("/")
    pipeline, at, _ = head.partition("@")
    pipelines = {run.pipeline for run in shelf.runs()} - {*shelf.artifact_types()}
    if not at or (pipeline and pipeline not in pipelines):
        return None
    known = [f"{pipeline}@{place}{slash}{rest}" for place in PLACES]
    return not_among(f"no run {head}", text, known, "@latest or @prev, which name a run, or TYPE@latest")


def _in_run(rest: str, run: Run, shelf: Shelf) -> Execution | StoredArtifact:
    nodes = shelf.nodes(run.id)
    whole = _IN_RUN.fullmatch(rest)
    if whole and (whole["node"] in nodes or not _OUTPUT.fullmatch(rest)):
        return node_in(run, whole["node"], shelf, int(whole["attempt"]) if whole["attempt"] else None)
    output = _OUTPUT.fullmatch(rest)
    assert output
    return _output_of(node_in(run, output["node"], shelf), output["output"], output["index"], shelf)


def _output_of(execution: Execution, output: str, index: str | None, shelf: Shelf) -> StoredArtifact:
    made = execution.outputs.get(output)
    if made is None:
        raise not_among(f"no output {output!r} of {execution.name}", output, execution.outputs, "one that it made")
    names = [f"{execution.run}/{execution.node}.{output}[{i}]" for i in range(len(made))]
    if index is not None and int(index) >= len(made):
        raise not_among(f"no artifact {index} in {execution.name}.{output}", f"[{index}]", names, "one that it made")
    record = made[int(index)] if index is not None else only(made, f"{execution.node}.{output}", names, "artifacts")
    found = shelf.artifact(record.id) if record else None
    if found is None:
        raise UnknownReference(
            found=f"{execution.name}.{output} is recorded and its artifact is not",
            expected="an artifact of this store",
            do="Run the node again",
        )
    return found


def _in_a_new_run(text: str, shelf: Shelf) -> Execution | StoredArtifact | None:
    """Take `Trainer` and `Trainer.model` for those of the newest run that has that node."""
    output = _OUTPUT.fullmatch(text)
    for run in shelf.runs()[:NEW]:
        nodes = shelf.nodes(run.id)
        if text in nodes or (output and output["node"] in nodes):
            return _in_run(text, run, shelf)
    return None


def _unknown(text: str, shelf: Shelf, names: Sequence[str] = ()) -> UnknownReference:
    """Offer what is closest among the runs, the newest run's nodes and the types."""
    if refusal := _no_such_place(text, shelf):
        return refusal
    runs = shelf.runs()
    nodes = shelf.nodes(runs[0].id) if runs else ()
    types = shelf.artifact_types()
    known = names or [*nodes, *(f"{type_id}@latest" for type_id in types), *(run.id for run in runs)]
    near = get_close_matches(text, known, 3, 0.5)
    return UnknownReference(
        found=f"nothing is called {text!r}",
        expected="a run, RUN/NODE, RUN/NODE.output, artifact:N, execution:N, TYPE@latest, TYPE@span=N or a path",
        do=f"Try {' or '.join(near)}" if near else "List what there is: headrace ls runs",
    )
