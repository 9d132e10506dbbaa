"""`headrace node drive|execute|publish`: one role of one node alone, from and to plain data, to debug it."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from headrace.cli.session import Session, config_option, open_session, parameter_option
from headrace.config.project import Loaded
from headrace.errors import UnknownReference, UsageError
from headrace.spec.messages import NodeRun
from headrace.spec.records import Json, NodeSpec


@click.group()
def command() -> None:
    """Run one role of one node, to debug it."""


@command.command()
@click.argument("pipeline")
@click.argument("name", metavar="NODE")
@click.option("--run", "run_id", metavar="RUN", help="Read what this run made (default: the newest of the pipeline).")
@parameter_option
@config_option
def drive(pipeline: str, name: str, run_id: str | None, given: tuple[str, ...], config: str | None) -> None:
    """Ask the driver of NODE, and print its answer with the cache key; nothing is written."""
    from headrace.launcher.cache import key_of
    from headrace.spec.codec import to_json
    from headrace.spec.messages import Ready
    from headrace.user_code.load import load

    session = open_session(config)
    node_run = _node_run(session, pipeline, name, run_id, given)
    answer = load(node_run.node.driver)(node_run, session.reader())
    key = key_of(node_run.node, answer, session.project.root) if isinstance(answer, Ready) else None
    click.echo(
        json.dumps({"answer": to_json(answer), "key": to_json(key), "digest": key.digest if key else ""}, indent=1)
    )


@command.command()
@click.argument("pipeline")
@click.argument("name", metavar="NODE")
@click.option("--run", "run_id", metavar="RUN", help="Read what this run made (default: the newest of the pipeline).")
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="An empty folder for the outputs.")
@parameter_option
@config_option
def execute(
    pipeline: str, name: str, run_id: str | None, folder: Path, given: tuple[str, ...], config: str | None
) -> int:
    """Call the executor of NODE in this process, on what its driver finds; the store is not written."""
    from headrace.spec.codec import write
    from headrace.spec.messages import Answer, Invocation, Ready, Succeeded
    from headrace.user_code.load import load
    from headrace.workers.child import execute as call

    session, folder = open_session(config), folder.resolve()
    node_run = _node_run(session, pipeline, name, run_id, given)
    answer = load(node_run.node.driver)(node_run, session.reader())
    if not isinstance(answer, Ready):
        raise UsageError(found=f"{name} does not run: {answer}", expected="a node that runs", do="headrace why " + name)
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(found=f"{folder} holds something", expected="an empty folder", do="Choose another one")
    outputs = {output: str((folder / output).resolve()) for output in node_run.node.outputs}
    for path in outputs.values():
        Path(path).mkdir(parents=True)
    invocation = Invocation(
        executor=node_run.node.executor,
        inputs=answer.inputs,
        parameters=answer.parameters,
        functions=node_run.node.functions,
        outputs=outputs,
        beam_args=node_run.node.options.beam_args,
        project=str(session.project.root),
        work=str((folder / "work").resolve()),
    )
    result = call(invocation)
    (folder / "invocation.json").write_text(write(invocation), encoding="utf-8")
    (folder / "result.json").write_text(write(Answer(result)), encoding="utf-8")
    click.echo((folder / "result.json").read_text(encoding="utf-8"))
    return 0 if isinstance(result, Succeeded) else 1


@command.command()
@click.argument("pipeline")
@click.argument("name", metavar="NODE")
@click.option(
    "--from", "folder", type=click.Path(path_type=Path, exists=True), required=True, help="What execute wrote."
)
@config_option
def publish(pipeline: str, name: str, folder: Path, config: str | None) -> None:
    """Ask the publisher of NODE what it would record of what `execute` wrote."""
    from headrace.launcher.publish import publish as ask
    from headrace.spec.codec import read, write
    from headrace.spec.messages import Answer, Invocation

    session, folder = open_session(config), folder.resolve()
    node = _node(session.load(pipeline), name)
    if not (folder / "result.json").is_file():
        raise UsageError(
            found=f"no result.json in {folder}",
            expected="the folder that `headrace node execute` wrote",
            do=f"headrace node execute {pipeline} {name} --to FOLDER",
        )
    invocation = read(Invocation, (folder / "invocation.json").read_text(encoding="utf-8"))
    result = read(Answer, (folder / "result.json").read_text(encoding="utf-8")).result
    click.echo(write(Answer(ask(node.publisher, invocation, result))))


def _node_run(session: Session, pipeline: str, name: str, run_id: str | None, given: tuple[str, ...]) -> NodeRun:
    loaded = session.load(pipeline)
    node, known = _node(loaded, name), session.values(loaded, given)
    values = dict(known.values)
    asked = {value: values[value] for value, origin in known.origins.items() if origin == "-p"}
    frozen: Mapping[str, Json] = {}
    if (session.place.state.path / "root.json").exists():
        store = session.read().store
        runs = [r for r in store.runs() if r.pipeline == loaded.spec.name and (not run_id or r.id.startswith(run_id))]
        if run_id and not runs:
            raise UnknownReference(
                found=f"no run {run_id!r} of {loaded.spec.name}", expected="one of its runs", do="headrace ls runs"
            )
        if runs:
            values, frozen, run_id = {**values, **runs[0].values, **asked}, runs[0].frozen.get(name, {}), runs[0].id
    return NodeRun(pipeline=loaded.spec.name, run=run_id or "none", node=node, values=values, frozen=frozen)


def _node(loaded: Loaded, name: str) -> NodeSpec:
    nodes = {node.id: node for node in loaded.spec.nodes}
    if name not in nodes:
        raise UsageError(found=f"a node {name!r}", expected=f"one of {sorted(nodes)}", do="Correct the name")
    return nodes[name]
