"""Chooses the span and version that a run reads, once, at its start."""

from collections.abc import Mapping, Sequence

from components.example_gen.source import find_files, has_spans
from headrace.errors import ConfigError, DataError
from headrace.spec.messages import NodeRun
from headrace.spec.records import Constant, Json, RunValue
from headrace.storage.span_pattern import spell_span

SHOWN_SPANS = 12


def choose_span(node_run: NodeRun) -> Mapping[str, Json]:
    """Choose the span that was asked for, or the newest, and the highest of its versions."""
    pattern = str(_value(node_run, "source"))
    files = find_files(pattern)
    spans = sorted({file.span for file in files})
    asked = node_run.values.get("span")
    asked = _value(node_run, "span") if asked is None else asked
    if asked is not None and has_spans(pattern):
        _check_exists(pattern, _whole(asked, "span"), spans)
    span = _whole(asked, "span") if asked is not None and has_spans(pattern) else spans[-1]
    if _value(node_run, "gaps") != "allow":
        _check_gaps(pattern, [s for s in spans if s <= span])
    versions = sorted({file.version for file in files if file.span == span})
    return {"span": span, "version": _version(_value(node_run, "version"), versions, span)}


def _version(asked: Json, versions: Sequence[int], span: int) -> int:
    if asked is None:
        return versions[-1]
    if asked not in versions:
        raise DataError(
            found=f"no version {asked} of span {span}", expected=f"one of {list(versions)}", do="Correct `version`"
        )
    return _whole(asked, "version")


def _value(node_run: NodeRun, name: str) -> Json:
    """Evaluate a parameter that must be known before any node ran."""
    match node_run.node.parameters[name]:
        case Constant(value):
            return value
        case RunValue(parameter):
            return node_run.values[parameter]
        case other:
            raise ConfigError(
                found=f"{node_run.node.id}.{name} is {other}",
                expected="a value that is known when the run starts, as the span is chosen then",
                do="Use a constant or a RuntimeParameter",
            )


def _whole(value: Json, what: str) -> int:
    if isinstance(value, int):
        return value
    raise ConfigError(found=f"the {what} {value!r}", expected="a whole number", do="Correct it")


def _check_exists(pattern: str, span: int, spans: Sequence[int]) -> None:
    if span not in spans:
        raise DataError(
            found=f"no span {spell_span(pattern, span)} of {pattern!r}",
            expected=f"one of {_list(pattern, spans)}",
            do="Ask for one of them with --span, or bring the data",
        )


def _check_gaps(pattern: str, spans: Sequence[int]) -> None:
    missing = sorted({*range(spans[0], spans[-1] + 1)} - {*spans})
    if missing:
        raise DataError(
            found=f"{pattern!r} has no span {_list(pattern, missing)}, but {spell_span(pattern, spans[-1])}",
            expected="spans without a gap",
            do='Bring the data, or say gaps="allow"',
        )


def _list(pattern: str, spans: Sequence[int]) -> str:
    """List spans, the last ones where they are many."""
    shown = ", ".join(spell_span(pattern, span) for span in spans[-SHOWN_SPANS:])
    return (
        shown
        if len(spans) <= SHOWN_SPANS
        else f"{len(spans)} from {spell_span(pattern, spans[0])} on, the last {shown}"
    )
