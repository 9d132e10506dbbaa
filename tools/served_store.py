"""A store that is served while a block runs, as `headrace ui` serves it."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from headrace.ui.opened import of_database
from headrace.ui.serve import listen, server_of


@contextmanager
def served(file: Path) -> Iterator[str]:
    """Serve the store of a file; gives the address with its token."""
    with ExitStack() as stack:
        shown = of_database(str(file), (), stack)
        listening = listen("127.0.0.1")
        server = server_of(shown, listening)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening.socket]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listening.address
        server.should_exit = True
        thread.join(10)
        listening.socket.close()
