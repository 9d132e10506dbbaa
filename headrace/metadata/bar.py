"""What stands in the way of reusing an artifact: a mark that taints it, or a state in which it is gone."""

from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.metadata.outline import artifact_state
from headrace.metadata.taints import taints_in

_GONE = (pb.Artifact.DELETED, pb.Artifact.MARKED_FOR_DELETION, pb.Artifact.ABANDONED)


def tainted(found: pb.Artifact) -> str:
    """Return the property that says why nothing may reuse an artifact; empty where nothing is said."""
    return str(found.properties["tainted"].string_value) if "tainted" in found.properties else ""


def bar(found: pb.Artifact) -> str:
    """Say why an artifact may not be reused; empty where it may."""
    if why := taints_in(tainted(found)).told(f"artifact:{found.id}"):
        return f"artifact:{found.id} is tainted ({why})"
    return f"artifact:{found.id} is recorded as {artifact_state(found.state)}" if found.state in _GONE else ""
