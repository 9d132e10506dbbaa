"""`python -m benchmarks [NAME]…`: measures all of `ALL`, or what is named, and prints tables in Markdown."""

import os
import platform
import sys

from benchmarks import command_line, first_paint, lineage, nodes, volume
from benchmarks.measure import print_figures

ALL = {
    "nodes": ("The price of a node", nodes.figures),
    "command_line": ("The command line", command_line.figures),
    "lineage": ("Lineage of large stores", lineage.figures),
    "first_paint": ("First paint", first_paint.figures),
    "volume": ("Growing data", volume.figures),
}


def main() -> None:
    """Measure what is named, or everything."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores; medians")
    for name in sys.argv[1:] or ALL:
        title, figures = ALL[name]
        print_figures(title, list(figures()))


if __name__ == "__main__":
    main()
