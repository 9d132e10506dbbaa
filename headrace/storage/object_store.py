"""What a root at a URL asks of fsspec; whatever a client of an object store raises is one line here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest
from pathlib import Path
from typing import Any

import fsspec  # type: ignore[import-untyped]  # it has no annotations

from headrace.errors import ConfigError, HeadraceError, UnfitEnvironment, UnreachableRoot, first_line

EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "az": "az", "abfs": "az", "abfss": "az"}


@dataclass(frozen=True)
class ObjectStore:
    """The files below a URL, each named by its path relative to it."""

    url: str

    def read(self, relative: str) -> bytes | None:
        """Read a file; None where there is none."""
        with self._reaching(relative), suppress(FileNotFoundError):
            content: bytes = self._files.cat_file(self._key(relative))
            return content
        return None

    def write(self, relative: str, content: bytes) -> None:
        """Write a file."""
        with self._reaching(relative):
            self._files.pipe_file(self._key(relative), content)

    def write_once(self, relative: str, content: bytes) -> None:
        """Write a file unless it is there."""
        with self._reaching(relative), suppress(FileExistsError):
            self._files.pipe_file(self._key(relative), content, mode="create")

    def has(self, relative: str) -> bool:
        """Tell whether there is a file."""
        with self._reaching(relative):
            self._files.invalidate_cache()
            return bool(self._files.isfile(self._key(relative)))

    def below(self, relative: str) -> list[str]:
        """List the files below a folder, by their paths relative to it."""
        with self._reaching(relative):
            self._files.invalidate_cache()
            folder = self._key(relative)
            return sorted(str(key).removeprefix(f"{folder}/") for key in self._files.find(folder) if key != folder)

    def upload(self, files: Mapping[Path, str]) -> None:
        """Upload files, many at once where the client can."""
        if files:
            with self._reaching(""):
                self._files.put([str(file) for file in files], [self._key(name) for name in files.values()])

    def download(self, files: Mapping[str, Path]) -> None:
        """Download files, many at once where the client can."""
        for file in files.values():
            file.parent.mkdir(parents=True, exist_ok=True)
        if files:
            with self._reaching(""):
                self._files.get([self._key(name) for name in files], [str(file) for file in files.values()])

    def sha256(self, relative: str) -> str:
        """Digest the bytes of a file, read in blocks; empty where there is none."""
        with self._reaching(relative), suppress(FileNotFoundError), self._files.open(self._key(relative), "rb") as file:
            return file_digest(file, "sha256").hexdigest()
        return ""

    def delete(self, relative: str) -> None:
        """Delete a folder with all that is in it."""
        with self._reaching(relative), suppress(FileNotFoundError):
            self._files.invalidate_cache()
            self._files.rm(self._key(relative), recursive=True)

    @cached_property
    def _files(self) -> Any:
        return self._opened[0]

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        scheme = self.url.partition("://")[0]
        try:
            files, path = fsspec.url_to_fs(self.url)
        except ImportError as error:
            extra = EXTRAS.get(scheme)
            raise UnfitEnvironment(
                found=f"{self.url} cannot be opened ({first_line(error)})",
                expected=f"the package that fsspec needs for {scheme}://",
                do=f"pip install 'headrace[{extra}]'" if extra else "Install it",
            ) from error
        except ValueError as error:
            raise ConfigError(
                found=f"the root {self.url!r} ({first_line(error)})",
                expected="a folder, or a URL that fsspec knows, such as s3://bucket/artifacts",
                do="Correct `root` in the configuration",
            ) from error
        return files, str(path).rstrip("/")

    def _key(self, relative: str) -> str:
        return f"{self._opened[1]}/{relative}" if relative else self._opened[1]

    @contextmanager
    def _reaching(self, relative: str) -> Iterator[None]:
        """Turn whatever a client raises into one line."""
        try:
            yield
        except HeadraceError:
            raise
        except Exception as error:  # a border to foreign code: whatever the client of an object store raises
            place = f"{self.url}/{relative}" if relative else self.url
            raise UnreachableRoot(
                found=f"{place} cannot be reached ({first_line(error)})",
                expected="a bucket that is there, an endpoint that answers, credentials that may list, read and write",
                do="Check `root` and what the environment says of the endpoint and the credentials",
            ) from error
