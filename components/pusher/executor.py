"""Copies a model to where it is served, checks the copy and shows it at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from headrace.artifacts.evaluation import ModelBlessing
from headrace.artifacts.model import Model
from headrace.artifacts.preview import write_preview
from headrace.artifacts.pushed_model import PushedModel
from headrace.errors import ConflictError, DataError, UnfitEnvironment
from headrace.progress import report
from headrace.serving.destination import discard, files_of, kept, locked, remove, show, stage, sweep, versions, why_not
from headrace.serving.limited import Limits, why_not_servable
from headrace.storage.digest import content_digest, manifest_of
from headrace.storage.local_path import local_path


def push(
    model: Model,
    blessing: ModelBlessing | None,
    destination: str,
    signature: str,
    keep_versions: int,
    canary_seconds: int,
    canary_megabytes: int,
    pushed_model: PushedModel,
) -> None:
    """Show the model as the destination's next version, or find the version that holds it already."""
    place, files = local_path(destination), files_of(model.serving)
    limits = Limits(seconds=canary_seconds, megabytes=canary_megabytes)
    with _room_in(place), locked(place):
        sweep(place)
        version = _push(model, place, files, Canary(signature, limits, _requests(blessing)))
        _keep_newest(place, keep_versions, version)
    pushed_model.write(version, files)
    if (span := Model.span.of(model)) is not None:
        pushed_model.span = span
    content = {"destination": destination, "version": version, "signature": signature, "files": files}
    write_preview(pushed_model, f"version {version} in {destination}", content)


@dataclass(frozen=True)
class Canary:
    """How a copy is tried before it is shown."""

    signature: str
    limits: Limits
    requests: Path | None


def _requests(blessing: ModelBlessing | None) -> Path | None:
    """Find the rows that the model was evaluated on, where the Evaluator kept some."""
    return blessing.requests if blessing and blessing.requests.is_file() else None


def _push(model: Model, destination: Path, files: dict[str, str], canary: Canary) -> int:
    digest = content_digest(manifest_of(model.path), model.properties)
    if (version := kept(destination, digest, files)) is not None:
        return version
    span = Model.span.of(model)
    if reason := why_not(destination, digest, span):
        raise ConflictError(
            found=f"{destination} changed after this node was driven: {reason}",
            expected="a destination that only this run pushes to",
            do="Run again: the node will be skipped",
        )
    report("push", text="copy")
    aside = stage(destination, model.serving, digest, span)
    report("push", text="load and query")
    if reason := why_not_servable(aside, canary.signature, canary.limits, canary.requests):
        discard(aside)
        raise DataError(
            found=f"the model cannot be served: {reason.replace(str(aside), str(model.serving))}",
            expected=f"a SavedModel that loads and answers {canary.signature!r} with finite numbers",
            do="Train it again; nothing was pushed",
        )
    return show(destination, aside)


def _keep_newest(destination: Path, count: int, pushed: int) -> None:
    """Take away the oldest of headrace's versions beyond `count`; 0 keeps all, and what others put there stays."""
    ours = [served.version for served in versions(destination) if served.model is not None]
    for version in ours[:-count] if count else []:
        if version != pushed:
            remove(destination, version)


@contextmanager
def _room_in(destination: Path) -> Iterator[None]:
    """Say in a line what the file system refuses."""
    try:
        yield
    except OSError as error:
        raise UnfitEnvironment(
            found=f"{destination} cannot take the model: {_reason(error)}",
            expected="a folder that this user may write to, with room for the model",
            do="Make room there or choose another destination; nothing was pushed",
        ) from error


def _reason(error: OSError) -> str:
    """Find the system's words; copying a tree gathers several errors into one."""
    gathered = error.args[0] if error.args else ""
    return error.strerror or (str(gathered[0][-1]) if isinstance(gathered, list) and gathered else str(error))
