"""For tests of components: an artifact as an input, and one node run to its end."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from headrace.artifacts.examples import Examples
from headrace.dsl.artifact import Artifact
from headrace.dsl.channel import Channel
from headrace.dsl.component import Component
from headrace.dsl.pipeline import Pipeline
from headrace.dsl.source import Imported, Output
from headrace.errors import LaunchError
from headrace.metadata.records import Execution
from headrace.metadata.states import reason_of, state_of
from headrace.orchestrators.local import run
from headrace.orchestrators.request import Finished, Request
from headrace.orchestrators.workspace import Place, Workspace, open_workspace
from headrace.spec.codec import read, write
from headrace.spec.from_pipeline import spec_of
from headrace.spec.records import Json, PipelineSpec
from headrace.storage.folder_root import FolderRoot
from headrace.storage.root import Root
from headrace.storage.state import StateFolder

A = TypeVar("A", bound=Artifact)


def sample_examples(folder: Path, **splits: Sequence[Mapping[str, object]]) -> Examples:
    """Write examples with the given rows by split: `sample_examples(tmp_path, train=[{"a": 1}, {"a": 2}])`."""
    import pyarrow as pa  # noqa: PLC0415  only tests that write examples load Arrow

    from headrace.artifacts.examples_writer import PART, SplitWriter, seal  # noqa: PLC0415  likewise

    examples = Examples(Path(tempfile.mkdtemp(dir=folder)))
    schema = pa.Table.from_pylist([row for rows in splits.values() for row in rows]).schema
    for split, rows in splits.items():
        with SplitWriter(examples.split_folder(split), f"{PART}00000", schema) as writer:
            for batch in pa.Table.from_pylist(list(rows), schema).to_batches():
                writer.write(batch)
    seal(examples, schema, {split: len(rows) for split, rows in splits.items()})
    examples.span = 0
    examples.version = 0
    return examples


def given(artifact: A) -> Channel[A]:
    """Stand in for an upstream node."""
    return Channel(type(artifact), Imported(type(artifact), str(artifact.path), artifact.properties))


def workspace_in(folder: Path, *, project: Path | None = None, jobs: int = 2, root: Root | None = None) -> Workspace:
    """Open a store below a folder, and a root of artifacts unless one is given; the project is the current folder."""
    state = StateFolder(folder / ".headrace")
    place = Place(
        project=project or Path.cwd(),
        state=state,
        root=root or FolderRoot(state.path / "artifacts"),
        store=f"sqlite:{state.database}",
        jobs=jobs,
    )
    return open_workspace(place)


def run_pipeline(
    pipeline: Pipeline, folder: Path, *, debug: bool = False, values: Mapping[str, Json] | None = None
) -> Finished:
    """Run a pipeline through its JSON, in a store below a folder; the runs of one folder share its cache."""
    spec = read(PipelineSpec, write(spec_of(pipeline)))
    defaults = {name: declared.default for name, declared in spec.parameters.items()}
    request = Request(spec=spec, values={**defaults, **(values or {})}, debug=debug)
    return run(request, workspace_in(folder))


@dataclass(frozen=True)
class Ran:
    """What a node made; subscript it with one of the node's outputs."""

    execution: Execution

    def __getitem__(self, channel: Channel[A]) -> A:
        if not isinstance(channel.source, Output) or not self.execution.succeeded:
            raise LaunchError(
                found=f"{self.execution.name} ended as {state_of(self.execution)}: {reason_of(self.execution)}",
                expected="an output of a node that succeeded",
                do=f"See {self.execution.log or 'the reason'}",
            )
        (made,) = self.execution.outputs[channel.source.name]
        return channel.kind(Path(made.path), dict(made.properties))


def run_node(node: Component, folder: Path | None = None, *, debug: bool = False) -> Ran:
    """Run one node as a pipeline would, in a store of its own."""
    finished = run_pipeline(Pipeline("test", [node]), folder or Path(tempfile.mkdtemp()), debug=debug)
    (execution,) = finished.executions.values()
    return Ran(execution)
