"""The resolvers that ship: what each finds among older runs of the same pipeline."""

from collections.abc import Mapping, Sequence

from headrace.launcher.values import Inputs, Older
from headrace.spec.messages import ArtifactRecord

BLESSING = "ModelBlessing"


def latest(arguments: Mapping[str, str], inputs: Inputs, older: Older) -> Sequence[ArtifactRecord]:  # noqa: ARG001  a resolver's signature
    """Find the newest artifact of a type."""
    found = older.newest(arguments["type"])
    return [found.artifact] if found else []


def previous_span(arguments: Mapping[str, str], inputs: Inputs, older: Older) -> Sequence[ArtifactRecord]:
    """Find the artifact of the highest span below the one at hand; the newest of it, where several are."""
    here = _span(inputs.get(arguments["of"], ()))
    if here is None:
        return []
    found = [made.artifact for made in older.made(arguments["type"], like=arguments["of"])]
    below = [(span, artifact) for artifact in found if (span := _span([artifact])) is not None and span < here]
    highest = max((span for span, _ in below), default=None)
    return [artifact for span, artifact in below if span == highest][:1]


def latest_blessed(arguments: Mapping[str, str], inputs: Inputs, older: Older) -> Sequence[ArtifactRecord]:
    """Find the model that was blessed last, other than the candidate by content and of no later span."""
    candidates = inputs.get(arguments["other_than"], ())
    refused, limit = {artifact.digest for artifact in candidates}, _span(candidates)
    models = {
        made.artifact.digest: made.artifact
        for made in reversed(older.made(arguments["type"], like=arguments["other_than"]))
    }
    for blessing in (made.artifact for made in older.made(BLESSING)):
        model = models.get(str(blessing.properties.get("model")))
        if not blessing.properties.get("blessed") or model is None or model.digest in refused:
            continue
        span = _span([model])
        if limit is None or span is None or span <= limit:
            return [model]
    return []


def _span(artifacts: Sequence[ArtifactRecord]) -> int | None:
    span = artifacts[0].properties.get("span") if artifacts else None
    return span if isinstance(span, int) else None
