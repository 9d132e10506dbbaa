"""What a model scored, and whether it may be served."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Literal

from headrace.dsl.artifact import Artifact, Property, SystemType
from headrace.errors import DataError

Verdict = Literal["pass", "fail", "no data"]
Score = float | None
"""A metric's value; None where it is undefined: no rows, or one class."""


@dataclass(frozen=True, kw_only=True)
class SliceScores:
    """The metrics of one slice: of the model, of the baseline model, of the best constant guess."""

    slice: str
    rows: int
    model: Mapping[str, Score]
    baseline: Mapping[str, Score] | None
    guess: Mapping[str, Score]


@dataclass(frozen=True, kw_only=True)
class Check:
    """What one threshold found in one slice; `low` and `high` are the interval of a comparison."""

    slice: str
    metric: str
    rule: str
    value: Score
    verdict: Verdict
    reason: str = ""
    low: Score = None
    high: Score = None


class ModelEvaluation(Artifact):
    """The metrics of a model by slice: `evaluation.json`, and `report.md` for people.

    `evaluation.json` holds `task`, `label`, `splits`, `signature`, `fed`, `rows`, `rows_without_label`,
    `rows_not_finite`, `metrics` (their definitions), `slices` (SliceScores), `checks` (Check), `refusals` and the
    points of `curves`. Its preview holds the same with the first 100 slices, and `slices_in_all`.
    """

    layout: ClassVar[int] = 1
    system_type: ClassVar[SystemType] = "METRICS"

    span = Property(int)
    rows = Property(int)
    metrics = Property(dict[str, float])

    @property
    def file(self) -> Path:
        return self.path / "evaluation.json"

    @property
    def report(self) -> Path:
        return self.path / "report.md"

    def write(self, content: Mapping[str, object]) -> None:
        self.file.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")

    def read(self) -> dict[str, object]:
        content: dict[str, object] = json.loads(self.file.read_text(encoding="utf-8"))
        return content


def plain(records: Sequence[SliceScores | Check]) -> list[dict[str, object]]:
    """Turn records into what JSON holds."""
    return [asdict(record) for record in records]


class ModelBlessing(Artifact):
    """Whether a model may be served: an empty file `BLESSED` or `NOT_BLESSED`, as TFX writes it.

    The executor sets `refusals`, the reasons against it; the publisher sets `blessed` (there are none), `model` and
    `baseline` (content digests of the judged model and of the one that it was compared with). `requests.json`, where
    there is one, holds a few rows as the model was asked about them, with its answers.
    """

    layout: ClassVar[int] = 1

    span = Property(int)
    refusals = Property(list[str])
    blessed = Property(bool)
    model = Property(str)
    baseline = Property(str)

    @property
    def requests(self) -> Path:
        return self.path / "requests.json"

    def write(self, refusals: Sequence[str]) -> None:
        """Record the reasons against the model, and mark the folder to match."""
        self.refusals = list(refusals)
        (self.path / ("NOT_BLESSED" if refusals else "BLESSED")).touch()

    def read(self) -> bool:
        """Tell from the files alone whether the model is blessed."""
        marks = [name for name in ("BLESSED", "NOT_BLESSED") if (self.path / name).is_file()]
        if len(marks) != 1:
            raise DataError(
                found=f"{self.path} holds {marks or 'neither mark'}",
                expected="one file, BLESSED or NOT_BLESSED",
                do="Run the Evaluator again",
            )
        return marks == ["BLESSED"]
