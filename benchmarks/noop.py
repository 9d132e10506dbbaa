"""Nodes that do nothing: what is left is the price of a node."""

from collections.abc import Sequence

from headrace import Artifact, Channel, Component, Function, NodeOptions, Parameter, Pipeline, Property, output


class Count(Artifact):
    """A number, as a property and a file."""

    value = Property(int)


def count(first: Count | None, start: int, counted: Count) -> None:
    counted.value = start + (first.value if first else 0)
    (counted.path / "value.txt").write_text(str(counted.value), encoding="utf-8")


class Noop(Component):
    """Add one number to another."""

    first: Channel[Count] | None = None
    start: Parameter[int] = 1
    counted: Channel[Count] = output()

    executor = Function.of(count)


class NoopWithTensorFlow(Component):
    """The same in a process that has TensorFlow imported."""

    first: Channel[Count] | None = None
    start: Parameter[int] = 1
    counted: Channel[Count] = output()

    environment = "tf_keras"
    executor = Function.of(count)


def chain(kind: type[Noop] | type[NoopWithTensorFlow], length: int, start: int) -> Pipeline:
    """Make a chain, each node reading the one before."""
    nodes: list[Noop | NoopWithTensorFlow] = [kind(start=start, options=NodeOptions(id="N0"))]
    for number in range(1, length):
        nodes.append(kind(first=nodes[-1].counted, options=NodeOptions(id=f"N{number}")))
    members: Sequence[Component] = nodes
    return Pipeline("chain", members)
