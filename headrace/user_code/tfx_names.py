"""Lets modules written for TFX import what they know by TFX's names, while they are loaded and called.

There is no package `tfx` here, and where the real one is installed nothing is done. `tfx_bsl`, which such modules
import as well, is the real one.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_FN_ARGS = "headrace.user_code.fn_args:FnArgs"
_DATA_ACCESSOR = "headrace.user_code.data_accessor:DataAccessor"
_TUNER_FN_RESULT = "headrace.user_code.tuner_fn_result:TunerFnResult"
_FILES = {
    name: f"headrace.user_code.tfx_files:{name}"
    for name in ("open", "exists", "glob", "isdir", "listdir", "makedirs", "copy", "remove", "rmtree")
}
NAMES: dict[str, dict[str, str]] = {
    "tfx.v1.components": {"FnArgs": _FN_ARGS, "DataAccessor": _DATA_ACCESSOR, "TunerFnResult": _TUNER_FN_RESULT},
    "tfx.v1.dsl.io.fileio": _FILES,
    "tfx.components.trainer.fn_args_utils": {"FnArgs": _FN_ARGS, "DataAccessor": _DATA_ACCESSOR},
    "tfx.components.trainer.executor": {"TrainerFnArgs": _FN_ARGS},
    "tfx.components.tuner.component": {"TunerFnResult": _TUNER_FN_RESULT},
    "tfx.components.transform.stats_options_util": {"StatsType": "headrace.user_code.tfx_files:StatsType"},
    "tfx.dsl.io.fileio": _FILES,
    "tfx.utils.io_utils": {"parse_pbtxt_file": "headrace.user_code.tfx_files:parse_pbtxt_file"},
}
"""What each of TFX's modules holds, and where it is here; the packages above them hold their parts."""


@contextmanager
def tfx_names() -> Iterator[None]:
    """Answer to TFX's names until the end of the block, unless the real TFX is installed."""
    if "tfx" in sys.modules or PathFinder.find_spec("tfx") is not None:
        yield
        return
    finder = _Finder()
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name == "tfx" or name.startswith("tfx.")]:
            del sys.modules[name]


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        known = any(name == fullname or name.startswith(f"{fullname}.") for name in NAMES)
        return ModuleSpec(fullname, self, is_package=True) if known else None

    def exec_module(self, module: ModuleType) -> None:
        for name, reference in NAMES.get(module.__name__, {}).items():
            source, _, attribute = reference.partition(":")
            setattr(module, name, getattr(import_module(source), attribute))
        above = f"{module.__name__}."
        for part in {name.removeprefix(above).partition(".")[0] for name in NAMES if name.startswith(above)}:
            import_module(above + part)
