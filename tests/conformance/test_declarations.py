"""Every component that ships says what it is in its own class body."""

from inspect import Parameter, signature

import pytest

from headrace.cli.components import shipped
from headrace.dsl.component import Component
from headrace.dsl.function import Function
from headrace.user_code.load import load
from tests.conformance.nodes import MAKERS, STARVED

every = pytest.mark.parametrize("kind", shipped(), ids=lambda kind: kind.__name__)


def test_nine_components_ship_and_each_is_tried() -> None:
    assert len(shipped()) >= 9
    assert set(shipped()) == set(MAKERS) == set(STARVED)


@every
def test_the_three_roles_are_spelt_out(kind: type[Component]) -> None:
    roles = {name: vars(kind).get(name) for name in ("driver", "executor", "publisher")}
    assert all(isinstance(role, Function) for role in roles.values()), roles


@every
def test_its_id_and_version_are_its_own(kind: type[Component]) -> None:
    assert vars(kind)["component_id"] == f"headrace.{kind.__name__}"
    assert kind.component_version >= 1
    assert kind.__doc__


def names(reference: str) -> list[str]:
    return [name for name, taken in signature(load(reference)).parameters.items() if taken.default is Parameter.empty]


@every
def test_driver_and_publisher_have_the_form_of_their_protocols(kind: type[Component]) -> None:
    assert names(kind.driver.reference) == ["node_run", "reader"]
    assert names(kind.publisher.reference) == ["invocation", "result"]


@every
def test_its_executor_takes_what_it_declares(kind: type[Component]) -> None:
    arguments = kind.executor.parse().args
    taken = {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    declared = kind.declaration
    assert taken <= {*declared.inputs, *declared.parameters, *declared.outputs}
    assert taken >= {*declared.outputs}
    assert not arguments.vararg
    assert not arguments.kwarg


@every
def test_each_role_lives_where_it_is_looked_for(kind: type[Component]) -> None:
    room = kind.__module__.rpartition(".")[0]
    assert kind.executor.reference.startswith(f"{room}.executor:")
    assert kind.driver.reference.startswith((f"{room}.driver:", "headrace.launcher.drive:"))
    assert kind.publisher.reference.startswith((f"{room}.publisher:", "headrace.launcher.publish:"))
