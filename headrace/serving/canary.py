"""Load a SavedModel in a fresh, limited process and query it: `python -m headrace.serving.canary <request as JSON>`.

It answers with one line of JSON on what was its standard output; the libraries' own output goes to standard error.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path

PAGE = resource.getpagesize()


def limit_memory(megabytes: int) -> None:
    """Allow this much address space beyond what the process has already."""
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * PAGE
    resource.setrlimit(resource.RLIMIT_AS, (now + megabytes * 2**20,) * 2)


def main(request: dict[str, object]) -> None:
    """Answer a request; the reason is empty when the model loads and answers with finite numbers."""
    answer_to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    signal.alarm(int(str(request["seconds"])) + 1)  # in case the parent dies first
    from headrace.errors import HeadraceError  # nothing is imported before the alarm is set
    from headrace.serving.query import query  # TensorFlow is imported here

    limit_memory(int(str(request["megabytes"])))
    try:
        reason = query(Path(str(request["model"])), str(request["signature"]))
    except HeadraceError as error:
        reason = error.found
    except MemoryError:
        reason = f"it needs more than {request['megabytes']} MB"
    answer_to.write(json.dumps({"reason": reason}) + "\n")
    answer_to.flush()
    os._exit(0)  # TensorFlow's threads need not be joined


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
