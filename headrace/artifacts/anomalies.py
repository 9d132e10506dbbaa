"""Anomalies: where examples are not what was expected, and whether the pipeline may go on.

Layout 1: `Split-<name>/SchemaDiff.pb`, a serialised `tensorflow.metadata.v0.Anomalies`, and `report.md` for people.
Preview: `{"verdict", "findings": [{"severity", "split", "feature", "what", "detail"}], "drift": [{"split", "feature",
"distances"}], "unchecked"}`.
"""

from pathlib import Path
from typing import ClassVar

from headrace.dsl.artifact import Artifact, Property


class ExampleAnomalies(Artifact):
    """Anomalies by split; a gate.

    `blocking` and `warnings` count the findings of each severity, `unchecked` says what could not be checked and why.
    `verdict` is `pass`, `warn` or `block`.
    """

    layout: ClassVar[int] = 1
    gate: ClassVar[bool] = True

    span = Property(int)
    split_names = Property(list[str])
    blocking = Property(int)
    warnings = Property(int)
    unchecked = Property(list[str])
    verdict = Property(str)

    def split_file(self, split: str) -> Path:
        return self.path / f"Split-{split}" / "SchemaDiff.pb"

    @property
    def report_file(self) -> Path:
        return self.path / "report.md"
