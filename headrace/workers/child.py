"""What runs in an executor's process: artifacts wrapped as its annotations say, one call, one result."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import format_exc
from types import NoneType
from typing import Any, cast, get_args, get_type_hints

from headrace import progress
from headrace.dsl.artifact import Artifact
from headrace.errors import HeadraceError, LaunchError, UsageError
from headrace.spec import messages
from headrace.spec.codec import decode, to_json
from headrace.spec.messages import ArtifactRecord, Failed, Invocation, Result, Succeeded
from headrace.spec.records import Json
from headrace.user_code import work
from headrace.user_code.load import load, place_of, users_place_of
from headrace.user_code.tfx_names import tfx_names
from headrace.workers.hidden import hide


def execute(invocation: Invocation, stopped: Callable[[Exception], None] | None = None) -> Result:
    """Call the executor and gather the properties that it set; `stopped` is told of an exception where it happened."""
    permanent = True
    secrets: set[str] = set()
    try:
        work.use(Path(invocation.work))
        parameters = {name: reveal(value, secrets) for name, value in invocation.parameters.items()}
        if secrets:
            progress.censor(lambda text: hide(text, secrets))
        if invocation.beam_args:
            _configure_beam(invocation.beam_args)
        executor = load(invocation.executor)
        with tfx_names():
            outputs, arguments = _arguments(executor, invocation, parameters)
            permanent = False
            executor(**arguments)
        properties = {name: to_json(artifact.properties) for name, artifact in outputs.items()}
        return Succeeded(cast("Mapping[str, Mapping[str, Json]]", properties))
    except SystemExit as error:
        message = f"it called sys.exit({error.code!r})"
        return Failed(type="SystemExit", message=hide(message, secrets), frame=place_of(error))
    except Exception as error:  # a border to foreign code
        if stopped:
            stopped(error)
        return _failed(error, secrets, permanent=permanent or isinstance(error, UsageError))


def _failed(error: Exception, secrets: set[str], *, permanent: bool) -> Failed:
    frame = _frame(error)
    message = str(error) or type(error).__name__
    return Failed(
        type=type(error).__name__,
        message=hide(message, secrets),
        traceback=hide(format_exc(), secrets),
        frame=hide(frame, secrets),
        permanent=permanent,
    )


def _frame(error: Exception) -> str:
    """Say where an error came from; one that says itself what is wrong has a place in the user's own code only."""
    if not isinstance(error, HeadraceError):
        return place_of(error)
    return users_place_of(error.__cause__) if error.__cause__ else ""


def _configure_beam(beam_args: tuple[str, ...]) -> None:
    from headrace.beam import options  # noqa: PLC0415  only executors that are given Beam arguments load Beam

    options.configure(beam_args)


def reveal(value: Any, found: set[str]) -> Any:
    """Put the values of secrets where their names stand; raises LaunchError for one that is unset or empty."""
    match value:
        case {messages.SECRET: str(name)}:
            if not os.environ.get(name):
                raise LaunchError(
                    found=f"the variable {name} is {'empty' if name in os.environ else 'not in the environment'}",
                    expected=f"the value of Secret({name!r}) there",
                    do=f"export {name}=… before the run",
                )
            found.add(os.environ[name])
            return os.environ[name]
        case dict():
            return {key: reveal(part, found) for key, part in value.items()}
        case list():
            return [reveal(part, found) for part in value]
        case _:
            return value


def _arguments(
    executor: Callable[..., Any], invocation: Invocation, parameters: Mapping[str, Any]
) -> tuple[dict[str, Artifact], dict[str, object]]:
    hints = get_type_hints(executor)
    outputs = {name: _kind(hints[name])(Path(folder)) for name, folder in invocation.outputs.items()}
    inputs = {name: _wrap(hints[name], found) for name, found in invocation.inputs.items() if name in hints}
    functions = {name: load(reference) for name, reference in invocation.functions.items()}
    values = {name: decode(hints[name], value) for name, value in parameters.items() if name in hints}
    known = {**values, **functions, **inputs, **outputs}
    return outputs, {name: value for name, value in known.items() if name in hints}


def _wrap(hint: Any, found: tuple[ArtifactRecord, ...]) -> object:
    """One artifact, None, or a list: as the executor's annotation says."""
    wrapped = [_kind(hint)(Path(record.path), dict(record.properties)) for record in found]
    if isinstance(hint, type) or NoneType in get_args(hint):
        return wrapped[0] if wrapped else None
    return wrapped


def _kind(hint: Any) -> type[Artifact]:
    """Find the artifact type in `A`, `A | None` or `Sequence[A]`."""
    (kind,) = (arm for arm in (hint, *get_args(hint)) if isinstance(arm, type) and issubclass(arm, Artifact))
    return kind
