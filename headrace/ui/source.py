"""The file that a shown store is in: whether it is still that file, and the one that took its place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from headrace.errors import UnfitEnvironment
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.sqlite_file import forget

Identity = tuple[int, int]


@dataclass
class Source:
    """A SQLite file, and what opens it; a file that is moved away or deleted stays readable to who has it open."""

    file: Path
    reopen: Callable[[], Catalogue]
    _opened: Identity | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._opened = _identity_of(self.file)

    def newer(self) -> Catalogue | None:
        """Open the file that took the place of the one that was opened; None where it is still the same.

        Raises UnfitEnvironment where none is there or it is no store, ConflictError where it is locked.
        """
        found = _identity_of(self.file)
        if found is None:
            raise UnfitEnvironment(
                found=f"{self.file} is not there any more",
                expected="the store that is shown",
                do="Put it back; until then it is shown as it was",
            )
        if found == self._opened:
            return None
        forget(self.file)
        catalogue = self.reopen()
        self._opened = found
        return catalogue


def _identity_of(file: Path) -> Identity | None:
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
