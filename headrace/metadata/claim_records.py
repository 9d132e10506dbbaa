"""Claims as records of a store: contexts of type `claim` with unique names, `<key>/<n>`.

ML Metadata cannot delete, so a claim that was given back leaves its record, and the next one takes n+1. Numbers have no
gaps, so the last one is found in few reads, however many there are.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from ml_metadata.errors import AlreadyExistsError, StatusError
from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.errors import UnfitEnvironment
from headrace.metadata.open_store import Connection
from headrace.metadata.patience import Unreachable
from headrace.metadata.protos import VERSION
from headrace.spec.records import Json

CLAIM = "claim"
_PROPERTIES = {"headrace_version": pb.INT, "holder": pb.STRING, "counter": pb.INT, "given_back": pb.BOOLEAN}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim as it is recorded; `holder` says who made it, `counter` how often it has beaten."""

    key: str
    number: int
    holder: Mapping[str, Json]
    counter: int = 0
    given_back: bool = False
    id: int = 0

    @property
    def name(self) -> str:
        return f"{self.key}/{self.number}"


@dataclass
class ClaimRecords:
    """The claims of a store."""

    connection: Connection
    _type: int = field(default=0, init=False)
    _last: dict[str, int] = field(default_factory=dict, init=False)

    def make(self, claim: Claim) -> Claim | None:
        """Record a claim; None where another one has its name. One that was made before its answer was lost is ours."""
        try:
            (number,) = self.connection.mlmd.put_contexts([self._proto(claim)])
        except AlreadyExistsError:
            known = self._read(claim.key, claim.number)
            return known if known and known.holder == claim.holder else None
        return replace(claim, id=number)

    def beat(self, claim: Claim) -> None:
        """Record a claim's counter, without patience: for a beat that is lost the next one comes soon."""
        with suppress(Unreachable, StatusError, UnfitEnvironment):
            self._put(claim, self.connection.at_once)

    def give_back(self, claim: Claim) -> None:
        """Record that a claim is held no more."""
        self._put(replace(claim, given_back=True), self.connection.mlmd)

    def last(self, key: str) -> Claim | None:
        """Return the last claim of a key, held or not."""
        known = self._read(key, self._last.get(key, 1))
        if known is None:
            return None
        for number in _probes(known.number):
            found = self._read(key, number)
            if found is None:
                break
            known = found
        return self._between(known, number)

    def _between(self, known: Claim, missing: int) -> Claim:
        """Find the last one between a claim that is there and a number that is not."""
        while missing - known.number > 1:
            middle = (known.number + missing) // 2
            found = self._read(known.key, middle)
            known, missing = (found, missing) if found else (known, middle)
        self._last[known.key] = known.number
        return known

    def _read(self, key: str, number: int) -> Claim | None:
        found = self.connection.mlmd.get_context_by_type_and_name(CLAIM, f"{key}/{number}")
        return _claim(found, key, number) if found else None

    def _put(self, claim: Claim, mlmd: MetadataStore) -> None:
        mlmd.put_contexts([self._proto(claim)])

    def _proto(self, claim: Claim) -> pb.Context:
        if not self._type:
            kind = pb.ContextType(name=CLAIM, properties=_PROPERTIES)
            self._type = self.connection.mlmd.put_context_type(kind, can_add_fields=True, can_omit_fields=True)
        written = pb.Context(type_id=self._type, name=claim.name)
        if claim.id:
            written.id = claim.id
        written.properties["headrace_version"].int_value = VERSION
        written.properties["holder"].string_value = json.dumps(dict(claim.holder))
        written.properties["counter"].int_value = claim.counter
        written.properties["given_back"].bool_value = claim.given_back
        return written


def _probes(known: int) -> Iterator[int]:
    """Count up from a number in steps that double."""
    step = 1
    while True:
        yield known + step
        step *= 2


def _claim(found: pb.Context, key: str, number: int) -> Claim:
    properties = found.properties
    return Claim(
        key=key,
        number=number,
        holder=json.loads(properties["holder"].string_value),
        counter=properties["counter"].int_value,
        given_back=properties["given_back"].bool_value,
        id=found.id,
    )
