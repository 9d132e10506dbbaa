"""A folder that stays between the attempts of one piece of work, so that an interrupted one goes on."""

from pathlib import Path
from tempfile import mkdtemp

_folder: Path | None = None


def use(folder: Path) -> None:
    """Let what runs in this process keep its unfinished work in `folder`."""
    global _folder  # noqa: PLW0603  a process runs one executor, and is told once before it is called
    folder.mkdir(parents=True, exist_ok=True)
    _folder = folder


def work_folder() -> Path:
    """Return the folder for unfinished work; a temporary one where nobody named it, as in a test."""
    if _folder is None:
        use(Path(mkdtemp(prefix="headrace-work-")))
    assert _folder is not None
    return _folder
