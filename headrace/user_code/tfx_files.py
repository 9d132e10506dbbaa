"""What modules written for TFX call to read and write files, for local ones."""

import glob as local
import os
import shutil
from enum import Enum
from pathlib import Path
from typing import IO, Any, TypeVar

from google.protobuf import text_format
from google.protobuf.message import Message

M = TypeVar("M", bound=Message)


class StatsType(Enum):
    """Which statistics a `stats_options_updater_fn` is asked about."""

    UNKNOWN = 0
    PRE_TRANSFORM = 1
    POST_TRANSFORM = 2


def parse_pbtxt_file(file_name: str, message: M) -> M:
    """Read a message from its text form."""
    text_format.Parse(Path(file_name).read_text(encoding="utf-8"), message)
    return message


def open(path: str, mode: str = "r") -> IO[Any]:  # noqa: A001  the name that TFX gives it
    return Path(path).open(mode, encoding=None if "b" in mode else "utf-8")


def exists(path: str) -> bool:
    return Path(path).exists()


def isdir(path: str) -> bool:
    return Path(path).is_dir()


def listdir(path: str) -> list[str]:
    return sorted(os.listdir(path))


def glob(pattern: str) -> list[str]:
    return sorted(local.glob(pattern))


def makedirs(path: str) -> None:
    Path(path).mkdir(parents=True, exist_ok=True)


def copy(source: str, target: str, overwrite: bool = False) -> None:
    if exists(target) and not overwrite:
        raise FileExistsError(target)
    shutil.copyfile(source, target)


def remove(path: str) -> None:
    Path(path).unlink()


def rmtree(path: str) -> None:
    shutil.rmtree(path)
