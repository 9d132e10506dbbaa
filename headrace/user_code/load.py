"""Imports a function by its name; what a user's module raises becomes one line with the user's own place."""

import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from headrace.errors import HeadraceError, UserCodeError


def load(reference: str) -> Callable[..., Any]:
    """Import the module of `package.module:name` or `file.py:name` and return the function.

    Raises UserCodeError when the module cannot be imported or does not define the function.
    """
    module, _, name = reference.partition(":")
    try:
        imported = _import_file(Path(module).resolve()) if module.endswith(".py") else import_module(module)
    except HeadraceError:
        raise
    except Exception as error:  # a border to foreign code
        raise UserCodeError(
            found=f"{module} cannot be imported: {type(error).__name__}: {error} ({place_of(error)})",
            expected="a module that imports",
            do="Correct it there; `python -c 'import …'` shows the same",
        ) from error
    function = getattr(imported, name, None)
    if not callable(function):
        functions = sorted(n for n, value in vars(imported).items() if callable(value) and not n.startswith("_"))
        raise UserCodeError(
            found=f"{module} defines no function {name!r}", expected=f"one of {functions}", do="Correct the reference"
        )
    return function  # type: ignore[no-any-return]  # what getattr finds is known to be callable only


def place_of(error: BaseException) -> str:
    """Say where an error came from: the last line of the user's own code, or else the last of all."""
    frames = traceback.extract_tb(error.__traceback__)
    last = f"{frames[-1].filename}:{frames[-1].lineno} in {frames[-1].name}" if frames else "no place known"
    return users_place_of(error) or last


def users_place_of(error: BaseException) -> str:
    """Say which line of the user's own code an error came from, or nothing where none was on its way."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if is_users(frame.filename)]
    return f"{own[-1].filename}:{own[-1].lineno} in {own[-1].name}" if own else ""


def is_users(filename: str) -> bool:
    """Tell whether a file is neither installed nor headrace's own; Cython's are known by their endings alone."""
    path = Path(filename)
    if path.suffix in (".pyx", ".pxi", ".pxd"):
        return False
    ours = Path(__file__).parents[1]
    shipped = ours.parent / "components"
    return not ("site-packages" in path.parts or filename.startswith(("<", sys.base_prefix))) and not (
        path.is_relative_to(ours) or path.is_relative_to(shipped)
    )


def _import_file(file: Path) -> ModuleType:
    """Import a file by its path, so that two of one name stay two; it may import its neighbours by name."""
    name = f"{file.stem}@{file}"
    if name in sys.modules:
        return sys.modules[name]
    if str(file.parent) not in sys.path:
        sys.path.insert(0, str(file.parent))
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise UserCodeError(found=f"{file}", expected="a Python file", do="Name a file that ends in .py")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
