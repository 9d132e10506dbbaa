"""What a pod is told of its pipeline: a slice of the spec, compressed into one argument of its command."""

import base64
import binascii
import zlib
from dataclasses import dataclass

from headrace.errors import ConfigError, SpecError
from headrace.spec.codec import read, write
from headrace.spec.records import PipelineSpec

LIMIT = 100_000
"""Characters of one argument: Linux takes 128 KiB, and Kubernetes some 1 MB for all pods of a run together."""


@dataclass(frozen=True)
class Slice:
    """The part of a spec that a pod needs, the node that it launches, and the digest of the code bundle.

    `node` is empty where the pod judges or closes the whole run, `bundle` where the code is in the image. `spec_digest`
    is that of the whole spec, for the record of the run.
    """

    spec: PipelineSpec
    node: str = ""
    bundle: str = ""
    spec_digest: str = ""


def pack(part: Slice) -> str:
    """Write a slice as one word of letters; raises ConfigError past the limit."""
    text = base64.b64encode(zlib.compress(write(part).encode(), level=9)).decode()
    if len(text) > LIMIT:
        largest = max(part.spec.nodes, key=lambda node: len(write(node)))
        raise ConfigError(
            found=f"the spec for the pod of {part.node or part.spec.name!r} takes {len(text):,} bytes compressed, "
            f"most of it in {largest.id!r}",
            expected=f"at most {LIMIT:,}",
            do="Move large constants of that node into a file, and give it the file's path",
        )
    return text


def unpack(text: str) -> Slice:
    """Read what `pack` wrote; raises SpecError for anything else."""
    try:
        written = zlib.decompress(base64.b64decode(text, validate=True)).decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError) as error:
        raise SpecError(
            found=f"--slice {text[:20]}… ({error})", expected="what headrace compile wrote", do="Compile again"
        ) from error
    return read(Slice, written)
