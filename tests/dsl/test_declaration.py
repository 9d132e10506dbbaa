"""What a component declares, and what is refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest

from headrace import Artifact, Channel, Component, Function, Location, NodeOptions, Parameter, output
from headrace.dsl.declaration import Input
from headrace.errors import DeclarationError
from tests.parts import Apply, Counting, Join, Rows, Source, Train


@dataclass(frozen=True)
class Config:
    """A typed configuration."""

    label: str
    depth: int = 1


def takes_all(
    rows: Rows,
    first: Rows | None,
    others: Sequence[Rows],
    config: Config,
    place: str | None,
    sizes: Mapping[str, int],
    made: Rows,
) -> None: ...


def test_fields_are_read_by_their_shape() -> None:
    class Everything(Component):
        rows: Channel[Rows]
        first: Channel[Rows] | None = None
        others: Sequence[Channel[Rows]] = ()
        config: Parameter[Config]
        place: Parameter[Location | None] = None
        sizes: Parameter[Mapping[str, Parameter[int]]]
        made: Channel[Rows] = output()

        executor = Function.of(takes_all)

    declared = Everything.declaration
    assert declared.inputs == {
        "rows": Input(Rows, required=True, several=False),
        "first": Input(Rows, required=False, several=False),
        "others": Input(Rows, required=False, several=True),
    }
    assert declared.outputs == {"made": Rows}
    assert [*declared.parameters] == ["config", "place", "sizes"]
    assert declared.locations == ("place",)


def takes_more(examples: Rows, rows: Rows, extra: int) -> None: ...
def takes_less(examples: Rows) -> None: ...
def takes_several(examples: list[Rows], rows: Rows) -> None: ...
def takes_other(examples: Artifact, rows: Source) -> None: ...
def takes_fewer_inputs(rows: Rows) -> None: ...
def takes_a_parent(examples: Artifact, rows: Rows) -> None: ...
def takes_unannotated(examples, rows) -> None: ...  # type: ignore[no-untyped-def]  # what a user may write


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (takes_more, r"takes extra: int; expected no 'extra', as Wrong declares \['examples', 'rows'\]"),
        (takes_less, "takes no 'rows'; expected rows: Rows"),
        (takes_several, r"takes examples: list\[Rows\]; expected examples: Rows"),
        (takes_other, "takes rows: Source; expected rows: Rows"),
    ],
)
def test_an_executor_that_does_not_fit_is_refused(function: Callable[..., None], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):

        class Wrong(Component):
            examples: Channel[Rows]
            rows: Channel[Rows] = output()

            executor = Function.of(function)


@pytest.mark.parametrize("function", [takes_fewer_inputs, takes_a_parent, takes_unannotated])
def test_an_executor_may_leave_inputs_out_and_be_less_exact(function: Callable[..., None]) -> None:
    class Fine(Component):
        examples: Channel[Rows]
        rows: Channel[Rows] = output()

        executor = Function.of(function)

    assert Fine.declaration.outputs == {"rows": Rows}


def test_a_component_without_executor_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"Wrong has no executor.*executor = Function"):

        class Wrong(Component):
            rows: Channel[Rows] = output()


@pytest.mark.parametrize(
    "name", ["options", "declared_at", "driver", "executor", "publisher", "freezer", "component_id"]
)
def test_names_of_the_component_itself_are_refused(name: str) -> None:
    with pytest.raises(DeclarationError, match=rf"Wrong declares \['{name}'\]"):
        type("Wrong", (Component,), {"__annotations__": {name: Channel[Rows]}, "__module__": __name__})


def test_a_field_of_another_shape_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"number: int; expected Channel\[A\].*or Parameter\[T\]"):

        class Wrong(Component):
            number: int

            executor = Function("tests.parts:join")


def test_an_edge_between_two_types_is_found_without_a_type_checker() -> None:
    source = Source()
    with pytest.raises(DeclarationError, match=r"Train.rows \(test_declaration.py:\d+\).*a channel of Rows"):
        Train(rows=source.listed)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(DeclarationError, match=r"Give it an output such as node.output"):
        Join(others=[source])  # type: ignore[list-item]  # the mistake under test


def test_a_node_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Source().span = 2  # type: ignore[misc]  # the mistake under test


def test_ids_of_types_and_components_do_not_depend_on_python_paths() -> None:
    assert (Train.component_id, Rows.type_id, Train.declaration.outputs["model"].type_id) == ("Train", "Rows", "Model")


def test_functions_and_locations_are_told_apart_from_values() -> None:
    assert Counting.declaration.locations == ("ledger",)
    assert Apply.declaration.parameters["function"] is Function


@pytest.mark.parametrize(
    "options",
    [{"retries": -1}, {"backoff": -0.1}, {"timeout": 0}, {"id": "a/b"}, {"id": "../x"}, {"id": "1a"}],
    ids=str,
)
def test_options_that_cannot_be_are_refused(options: Mapping[str, object]) -> None:
    with pytest.raises(DeclarationError):
        NodeOptions(**options)  # type: ignore[arg-type]  # the mistake under test


def test_a_default_that_could_be_changed_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"Wrong: mutable default .*a default that nobody can change"):

        class Wrong(Component):
            first: Channel[Rows]
            options_by_name: Parameter[Mapping[str, int]] = {}  # noqa: RUF012  the mistake under test
            rows: Channel[Rows] = output()

            executor = Function("tests.parts:join")
