"""Load a SavedModel in a fresh, limited process and query it: `python -m headrace.serving.canary <request as JSON>`.

It answers with one line of JSON on what was its standard output; the libraries' own output goes to standard error.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from headrace.errors import HeadraceError
from headrace.serving.query import query

PAGE = resource.getpagesize()


def main(request: Mapping[str, str | int]) -> None:
    """Answer a request; the reason is empty when the model loads and answers with finite numbers."""
    answer_to = os.dup(1)
    os.dup2(2, 1)
    signal.alarm(int(request["seconds"]) + 1)  # should the parent die first
    limit_memory(int(request["megabytes"]))
    try:
        requests = Path(str(request["requests"])) if request["requests"] else None
        reason = query(Path(str(request["model"])), str(request["signature"]), requests)
    except HeadraceError as error:
        reason = error.found
    except MemoryError:
        reason = f"it needs more than {request['megabytes']} MB"
    os.write(answer_to, json.dumps({"reason": reason}).encode() + b"\n")
    os._exit(0)  # TensorFlow's threads need not be joined


def limit_memory(megabytes: int) -> None:
    """Allow this much address space beyond what the process has with its libraries imported."""
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * PAGE
    resource.setrlimit(resource.RLIMIT_AS, (now + megabytes * 2**20,) * 2)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
