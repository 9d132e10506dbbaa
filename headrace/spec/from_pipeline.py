"""Turns a declared pipeline into its spec: nodes by id, functions by name, values as expressions."""

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from typing import cast

from headrace.dsl.artifact import Artifact
from headrace.dsl.component import Component, channels_of, parameters_of, placeholders_of
from headrace.dsl.condition import Condition
from headrace.dsl.function import Function
from headrace.dsl.parameter import PropertyOf, RuntimeParameter, Secret, placeholders
from headrace.dsl.pipeline import Pipeline, sources_of
from headrace.dsl.source import Imported, Output, Producer, Query, Source
from headrace.errors import PipelineError, SpecError
from headrace.spec import records
from headrace.spec.codec import to_json
from headrace.spec.records import Json, NodeSpec, PipelineSpec

Ids = Mapping[Producer, str]


def spec_of(pipeline: Pipeline) -> PipelineSpec:
    """Describe a pipeline as plain data; an exit handler runs whatever happened above it, gates too."""
    nodes = tuple(_node(node, pipeline.ids) for node in pipeline.members)
    if pipeline.on_exit:
        nodes = (*nodes[:-1], replace(nodes[-1], options=replace(nodes[-1].options, run_if="always")))
    on_exit = pipeline.ids[pipeline.on_exit] if pipeline.on_exit else None
    return PipelineSpec(pipeline.name, _run_parameters(pipeline), nodes, on_exit)


def _run_parameters(pipeline: Pipeline) -> dict[str, records.RunParameter]:
    found: dict[str, records.RunParameter] = {}
    for parameter in (placeholder for node in pipeline.members for placeholder in placeholders_of(node)):
        if isinstance(parameter, RuntimeParameter):
            declared = records.RunParameter(parameter.kind.__name__, _default(parameter))
            if found.setdefault(parameter.name, declared) != declared:
                raise PipelineError(
                    found=f"{parameter.name!r} is declared as {found[parameter.name]} and as {declared}",
                    expected="one type and one default for a runtime parameter",
                    do="Declare it once and use that object everywhere",
                )
    return found


def _default(parameter: RuntimeParameter[object]) -> Json:
    try:
        return to_json(parameter.default)
    except SpecError as error:
        place = f"the default of the runtime parameter {parameter.name!r}"
        raise SpecError(found=f"{place}: {error.found}", expected=error.expected, do=error.do) from error


def _node(node: Component, ids: Ids) -> NodeSpec:
    declared, parameters = node.declaration, parameters_of(node)
    functions = {name: value.reference for name, value in parameters.items() if isinstance(value, Function)}
    return NodeSpec(
        id=ids[node],
        component=node.component_id,
        version=node.component_version,
        process_type=node.process_type,
        environment=node.environment,
        distributions=tuple(node.distributions),
        extra_sources=tuple(node.extra_sources),
        driver=node.driver.reference,
        executor=node.executor.reference,
        publisher=node.publisher.reference,
        freezer=node.freezer.reference if node.freezer else None,
        inputs={name: _input(node, name, ids) for name in declared.inputs},
        parameters={
            name: _parameter(node, name, value, ids) for name, value in parameters.items() if name not in functions
        },
        locations=declared.locations,
        functions=functions,
        outputs={name: _output(kind) for name, kind in declared.outputs.items()},
        gates=_gates(node, ids),
        items=None,
        options=_options(node, ids),
    )


def _gates(node: Component, ids: Ids) -> dict[str, tuple[str, ...]]:
    """Find the outputs that can block a node: those of a gate's type, of the nodes it is tied to."""
    above = [*node.options.after, *(s.producer for s in sources_of(node) if isinstance(s, Output))]
    tied = dict.fromkeys(producer for producer in above if isinstance(producer, Component))
    named = {ids[p]: tuple(n for n, kind in p.declaration.outputs.items() if kind.gate) for p in tied}
    return {name: outputs for name, outputs in named.items() if outputs}


def _output(kind: type[Artifact]) -> records.OutputSpec:
    return records.OutputSpec(
        type=kind.type_id, layout=kind.layout, gate=kind.gate, volatile=kind.volatile, system_type=kind.system_type
    )


def _parameter(node: Component, name: str, value: object, ids: Ids) -> records.Expression:
    try:
        return _expression(value, ids)
    except SpecError as error:
        place = f"{type(node).__name__}.{name} ({node.declared_at})"
        raise SpecError(found=f"{place}: {error.found}", expected=error.expected, do=error.do) from error


def _options(node: Component, ids: Ids) -> records.OptionsSpec:
    options = node.options
    return records.OptionsSpec(
        after=tuple(ids[producer] for producer in options.after),
        when=None if options.when is None else _condition(options.when, ids),
        run_if=options.run_if,
        cache=options.cache,
        retries=options.retries,
        backoff=options.backoff,
        timeout=options.timeout,
        beam_args=tuple(options.beam_args),
        resources=records.ResourcesSpec(**asdict(options.resources)) if options.resources else None,
    )


def _input(node: Component, name: str, ids: Ids) -> records.InputSpec:
    declared = node.declaration.inputs[name]
    sources = tuple(_source(channel.source, ids) for channel in channels_of(node, name))
    return records.InputSpec(declared.kind.type_id, sources, declared.required, declared.several)


def _source(source: Source, ids: Ids) -> records.SourceSpec:
    match source:
        case Output(producer, name):
            return records.FromNode(ids[producer], name)
        case Query(resolver, arguments, keyed):
            return records.FromQuery(resolver.reference, arguments, keyed)
        case Imported(kind, uri, properties):
            return records.FromUri(kind.type_id, kind.layout, uri, cast("Mapping[str, Json]", to_json(properties)))


def _expression(value: object, ids: Ids) -> records.Expression:
    match value:
        case PropertyOf(source, name):
            return records.PropertyValue(_source(source, ids), name)
        case RuntimeParameter(name):
            return records.RunValue(name)
        case Secret(name):
            return records.SecretValue(name)
        case _ if is_dataclass(value) and not isinstance(value, type) and [*placeholders(_named(value))]:
            named = {"kind": type(value).__name__, **_named(value)}
            return records.DictOf({key: _expression(part, ids) for key, part in named.items()})
        case Mapping() if [*placeholders(value)]:
            return records.DictOf({key: _expression(part, ids) for key, part in value.items()})
        case [*parts] if [*placeholders(value)]:
            return records.ListOf(tuple(_expression(part, ids) for part in parts))
        case known:
            return records.Constant(to_json(known))


def _named(record: object) -> dict[str, object]:
    return {f.name: getattr(record, f.name) for f in fields(record)}  # type: ignore[arg-type]  # its callers asked


def _condition(condition: object, ids: Ids) -> records.ConditionSpec:
    match condition:
        case Condition("equals", (left, right)):
            return records.Equals(_expression(left, ids), _expression(right, ids))
        case Condition("at_least", (left, right)):
            return records.AtLeast(_expression(left, ids), _expression(right, ids))
        case Condition("and", (left, right)):
            return records.And(_condition(left, ids), _condition(right, ids))
        case Condition("or", (left, right)):
            return records.Or(_condition(left, ids), _condition(right, ids))
        case Condition("not", (only,)):
            return records.Not(_condition(only, ids))
    raise PipelineError(
        found=f"the condition {condition!r}", expected="a comparison of placeholders", do="Use .equals() or .at_least()"
    )
