"""Makes the content of the curated schema a part of the cache key."""

import hashlib
from dataclasses import replace

from headrace.errors import DataError
from headrace.launcher.drive import resolve_inputs
from headrace.metadata.reader import Reader
from headrace.spec.messages import NodeRun, Ready, Skip
from headrace.storage.local_path import local_path


def add_curated_schema(node_run: NodeRun, reader: Reader) -> Ready | Skip:
    """Resolve as usual, with the digest of the curated schema, where one is named."""
    ready = resolve_inputs(node_run, reader)
    if isinstance(ready, Skip) or ready.parameters["curated"] is None:
        return ready
    file = local_path(str(ready.parameters["curated"]))
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise DataError(
            found=f"the curated schema {file}: {error.strerror}",
            expected="a schema.pbtxt",
            do="Correct `curated`, or leave it out to infer a schema and review that",
        ) from error
    return replace(ready, facts={**ready.facts, "curated": digest})
