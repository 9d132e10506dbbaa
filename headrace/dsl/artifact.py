"""Artifacts: typed folders that components read and write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Generic, Literal, Protocol, TypeVar, cast, overload

from headrace.errors import DeclarationError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
A = TypeVar("A", bound="Artifact")
A_contra = TypeVar("A_contra", bound="Artifact", contravariant=True)

SystemType = Literal["", "DATASET", "STATISTICS", "MODEL", "METRICS"]


class Described(Protocol):
    """Anything that carries properties: an artifact, or its record."""

    @property
    def properties(self) -> Mapping[str, object]: ...


@dataclass(frozen=True)
class PropertyName(Generic[A_contra, T_co]):
    """`Model.span`: a property, typed as a function from its artifact type to its value."""

    owner: type[Artifact]
    name: str

    def __call__(self, artifact: A_contra) -> T_co:
        return cast(T_co, getattr(artifact, self.name))

    def of(self, described: Described) -> T_co | None:
        """Read the property from a record; None when nobody set it."""
        return cast("T_co | None", described.properties.get(self.name))


class Property(Generic[T]):
    """A typed fact about an artifact, recorded with it in the metadata store."""

    def __init__(self, kind: type[T]) -> None:
        self.kind = kind

    def __set_name__(self, owner: type[Artifact], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, artifact: None, owner: type[A]) -> PropertyName[A, T]: ...
    @overload
    def __get__(self, artifact: A, owner: type[A]) -> T: ...
    def __get__(self, artifact: A | None, owner: type[A]) -> PropertyName[A, T] | T:
        if artifact is None:
            return PropertyName(owner, self.name)
        if self.name not in artifact.properties:
            raise DeclarationError(
                found=f"{owner.__name__}.{self.name} is not set",
                expected="a property that its executor or publisher has set",
                do=f"Set it there, or read it with {owner.__name__}.{self.name}.of(artifact), which may be None",
            )
        return cast(T, artifact.properties[self.name])

    def __set__(self, artifact: Artifact, value: T) -> None:
        artifact.properties[self.name] = value


@dataclass(eq=False)
class Artifact:
    """One version of something a pipeline made: a folder and its properties.

    `type_id` and `layout` name the type and the version of its form on disk, independent of Python paths.
    A `gate` is a type whose property `verdict` can be `block`. What a `volatile` artifact holds is named by time and
    host, so its bytes are recorded and never digested. `system_type` is ML Metadata's name for the kind of thing.
    """

    path: Path
    properties: dict[str, object] = field(default_factory=dict)

    type_id: ClassVar[str] = "Artifact"
    layout: ClassVar[int] = 1
    gate: ClassVar[bool] = False
    volatile: ClassVar[bool] = False
    system_type: ClassVar[SystemType] = ""

    def __init_subclass__(cls) -> None:
        if "type_id" not in vars(cls):
            cls.type_id = cls.__name__

    @property
    def preview_file(self) -> Path:
        """Where the preview of this artifact stands: beside its folder, outside its digest."""
        return self.path.with_name(f"{self.path.name}.preview.json")
