import sys
from importlib import import_module
from pathlib import Path

import pytest
from tensorflow_metadata.proto.v0 import schema_pb2

from headrace.user_code.data_accessor import DataAccessor
from headrace.user_code.fn_args import FnArgs
from headrace.user_code.tfx_names import NAMES, tfx_names
from headrace.user_code.tuner_fn_result import TunerFnResult


def test_a_module_written_for_tfx_imports(tmp_path: Path) -> None:
    module = tmp_path / "written_for_tfx.py"
    module.write_text(
        "from tfx import v1 as tfx\n"
        "from tfx.components.trainer.fn_args_utils import DataAccessor\n"
        "from tfx.components.tuner.component import TunerFnResult\n"
        "from tfx.dsl.io import fileio\n"
        "def run_fn(fn_args: tfx.components.FnArgs): return fileio.exists('/')\n"
    )
    space: dict[str, object] = {}
    with tfx_names():
        exec(compile(module.read_text(), str(module), "exec"), space)
    assert space["DataAccessor"] is DataAccessor
    assert space["TunerFnResult"] is TunerFnResult
    assert space["run_fn"].__annotations__["fn_args"] is FnArgs
    assert space["run_fn"](None)  # type: ignore[operator]  # it is a function


def test_knows_every_name_that_it_lists() -> None:
    with tfx_names():
        for module, names in NAMES.items():
            assert all(hasattr(import_module(module), name) for name in names)


def test_forgets_the_names_afterwards() -> None:
    with tfx_names():
        import_module("tfx.v1")
    assert not any(name.split(".")[0] == "tfx" for name in sys.modules)
    with pytest.raises(ModuleNotFoundError):
        import_module("tfx.v1")


def test_refuses_names_that_it_does_not_list() -> None:
    with tfx_names(), pytest.raises(ModuleNotFoundError):
        import_module("tfx.orchestration")


def test_reads_a_message_from_text(tmp_path: Path) -> None:
    (tmp_path / "schema.pbtxt").write_text('feature { name: "age" }')
    with tfx_names():
        read = import_module("tfx.utils.io_utils").parse_pbtxt_file
        assert read(str(tmp_path / "schema.pbtxt"), schema_pb2.Schema()).feature[0].name == "age"
