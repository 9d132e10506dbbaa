"""A run in a process of its own, for tests that kill it: python -m tests.orchestrators.long_run FOLDER NAME."""

import sys
from pathlib import Path

from headrace.dsl.component import Component
from tests.conftest import Lab, states
from tests.parts import Bless, Copy, Count, Counting, Join, Source, Train, named


def nodes(folder: Path) -> list[Component]:
    """Wire a dozen short nodes, some side by side."""
    source = Source(texts=["a", "b"])
    counting = [
        Counting(ledger=str(folder / "ledger"), seconds=0.05, text=text, options=named(text, after=[source]))
        for text in ("one", "two", "three")
    ]
    join = Join(first=source.rows, others=[node.made for node in counting])
    train = Train(rows=source.rows)
    copies: list[Component] = []
    rows = join.joined
    for name in ("copy1", "copy2", "copy3"):
        copy = Copy(rows=rows, options=named(name))
        rows = copy.copied
        copies.append(copy)
    return [source, *counting, join, train, Bless(model=train.model), *copies, Count(rows=rows)]


def main(folder: Path, name: str) -> None:
    """Run the nodes and print how each ended."""
    finished = Lab(folder).run(*nodes(folder), name=name)
    print(finished.run.id, finished.exit_code(), states(finished), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
