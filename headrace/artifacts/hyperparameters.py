"""What a search found: the best hyperparameters, and the table of its trials."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Literal

from headrace.dsl.artifact import Artifact

Value = bool | int | float | str


class HyperParameters(Artifact):
    """Chosen hyperparameters: `best_hyperparameters.txt`, JSON for keras-tuner's `HyperParameters.from_config`."""

    layout: ClassVar[int] = 1

    @property
    def file(self) -> Path:
        return self.path / "best_hyperparameters.txt"

    def write(self, config: Mapping[str, object]) -> None:
        """Write the configuration of a keras-tuner HyperParameters: its space and its values."""
        self.file.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")

    def read(self) -> dict[str, object]:
        config: dict[str, object] = json.loads(self.file.read_text(encoding="utf-8"))
        return config


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One trial of a search; its score is None when it failed."""

    id: str
    status: Literal["completed", "failed"]
    score: float | None
    best_step: int
    values: Mapping[str, Value]
    message: str = ""


class TunerResults(Artifact):
    """All trials of a search, best first: `tuner_results.json`."""

    layout: ClassVar[int] = 1

    @property
    def file(self) -> Path:
        return self.path / "tuner_results.json"

    def write(self, objective: str, direction: str, trials: Sequence[Trial]) -> None:
        table = {"objective": objective, "direction": direction, "trials": [asdict(trial) for trial in trials]}
        self.file.write_text(json.dumps(table, indent=1, allow_nan=False) + "\n", encoding="utf-8")

    def read(self) -> tuple[Trial, ...]:
        table = json.loads(self.file.read_text(encoding="utf-8"))
        return tuple(Trial(**trial) for trial in table["trials"])
