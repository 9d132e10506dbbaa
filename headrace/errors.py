"""Everything headrace refuses, and the exit codes of the command line.

HeadraceError
├── UsageError             a command, an option or a configuration file is wrong (exit 2)
│   ├── DeclarationError   an artifact, a function, a component or a placeholder is used wrongly
│   ├── PipelineError      nodes that do not make a pipeline
│   ├── SpecError          plain data that cannot be written, read or ordered
│   └── ConfigError        a file in configs/ or params.yaml, or a value given to a run
├── LaunchError            a node that cannot be driven (exit 1)
├── DataError              data that a component cannot read or use (exit 1)
├── UserCodeError          a user's module or function that cannot be loaded or called (exit 1)
├── UnknownReference       a reference to a run, an execution or an artifact that finds nothing or too much (exit 4)
├── UnfitEnvironment      a missing extra, an unreachable store, a wrong combination of packages (exit 5)
│   └── UnreachableRoot    a root of artifacts that does not answer, or has changed (exit 5)
│       └── MissingFile    a root of artifacts that answers, and has no such file (exit 5)
├── ConflictError          a store that is locked, or work that another process holds (exit 6)
└── RemoteError            Kubeflow cannot be reached, does not know who asks, or refuses (exit 7)

`except Exception` stands where foreign code is called, and nowhere else: a role being called (launcher/decide.py,
launcher/publish.py, orchestrators/freeze.py, workers/child.py), a user's module being loaded (user_code/load.py,
config/project.py) or called by a library (components/transform/preprocessing.py), the client of an object store
(storage/object_store.py), the top of the command line (cli/main.py), a request of the page (ui/routes).
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a command's exit code says."""

    OK = 0
    NODE_FAILED = 1
    USAGE = 2
    GATE = 3
    REFERENCE = 4
    ENVIRONMENT = 5
    CONFLICT = 6
    REMOTE = 7
    HAS_WORK = 10
    TIMEOUT = 124
    INTERRUPTED = 130
    TERMINATED = 143


class HeadraceError(Exception):
    """Say what was found, what was expected and what to do."""

    exit_code: ClassVar[ExitCode] = ExitCode.NODE_FAILED

    def __init__(self, *, found: str, expected: str, do: str) -> None:
        super().__init__(f"{found}; expected {expected}. {do}.")
        self.found, self.expected, self.do = found, expected, do


class UsageError(HeadraceError):
    """A command, an option or a configuration is wrong."""

    exit_code = ExitCode.USAGE


class DeclarationError(UsageError):
    """A declaration is wrong in itself."""


class PipelineError(UsageError):
    """The nodes do not make a pipeline."""


class SpecError(UsageError):
    """Plain data cannot be written, read or ordered."""


class ConfigError(UsageError):
    """A configuration file or a value given to a run is wrong."""


class LaunchError(HeadraceError):
    """A node cannot be driven."""


class DataError(HeadraceError):
    """Data cannot be read or used."""


class UserCodeError(HeadraceError):
    """A user's module or function cannot be loaded or called."""


class UnknownReference(HeadraceError):  # noqa: N818  a state, named as users say it
    """A reference finds nothing, or more than one thing."""

    exit_code = ExitCode.REFERENCE


class UnfitEnvironment(HeadraceError):  # noqa: N818  a state, named as users say it
    """Something outside the project is missing or does not fit."""

    exit_code = ExitCode.ENVIRONMENT


class UnreachableRoot(UnfitEnvironment):
    """The root of artifacts does not answer, or gives other bytes than were put there."""


class MissingFile(UnreachableRoot):
    """The root of artifacts has no such file."""


class ConflictError(HeadraceError):
    """Another process holds what this one needs."""

    exit_code = ExitCode.CONFLICT


class RemoteError(HeadraceError):
    """Another machine cannot be reached, or refuses; `status` is its HTTP status, 0 where there was no answer."""

    exit_code = ExitCode.REMOTE

    def __init__(self, *, found: str, expected: str, do: str, status: int = 0) -> None:
        super().__init__(found=found, expected=expected, do=do)
        self.status = status


def first_line(error: Exception) -> str:
    """Return the first line of what foreign code raised, or its type where it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
