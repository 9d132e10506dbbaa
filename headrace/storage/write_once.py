"""Files that the first of several processes writes."""

import os
import uuid
from contextlib import suppress
from pathlib import Path


def write_once(file: Path, text: str) -> None:
    """Write a file unless another process was first."""
    aside = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
    aside.write_text(text, encoding="utf-8")
    try:
        os.link(aside, file)
    except FileExistsError:
        pass
    except OSError:  # a volume without hard links
        with suppress(FileExistsError), file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    finally:
        aside.unlink()
