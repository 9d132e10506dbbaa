"""344 penguins of three species.

    python -m pipelines.penguins.data --to data/penguins

From the data file of the package palmerpenguins it makes `penguins.csv`; a value that is missing (`NA` there) becomes
an empty field.
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from headrace.errors import HeadraceError
from pipelines.package_data import is_prepared, package_file, package_version, record_prepared, write_whole

RECIPE = f"penguins 1, palmerpenguins {package_version('palmerpenguins')}"


def prepare(folder: Path) -> Path:
    """Write `penguins.csv` into a folder, unless it is there."""
    target = folder / "penguins.csv"
    if not is_prepared(target, RECIPE):
        source = package_file("palmerpenguins", "data/penguins.csv")
        write_whole(target, lambda staged: _copy(source, staged))
        record_prepared(target, RECIPE)
    return target


def _copy(source: Path, target: Path) -> None:
    with source.open(encoding="utf-8", newline="") as rows, target.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy, lineterminator="\n")
        writer.writerows([["" if value == "NA" else value for value in row] for row in csv.reader(rows)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare the penguins from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.penguins.data", description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path("data/penguins"), help="the folder to write into")
    options = parser.parse_args(arguments)
    try:
        print(prepare(options.to))
    except HeadraceError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
