"""Roads: what carries a call of ML Metadata's service to where it is answered.

The stock client makes all its calls through one method. A store of ours is that client with a road of its own, so that
patience and translation are written once, for the library and for the server.
"""

from typing import Any, Protocol

from ml_metadata.metadata_store.metadata_store import MetadataStore

TRIES = 5
"""How often the client makes a call that the store aborts, since another transaction was in its way."""


class Road(Protocol):
    """Carry one call; raises the errors of `ml_metadata.errors`."""

    def __call__(self, method: str, request: Any, response: Any) -> None: ...


class RoadStore(MetadataStore):  # type: ignore[misc]  # ml_metadata has no annotations
    """The stock client, on a road of ours."""

    def __init__(self, road: Road) -> None:
        self._road = road
        self._max_num_retries = TRIES

    def _call_method(self, method_name: str, request: Any, response: Any) -> None:
        self._road(method_name, request, response)


def road_of(store: MetadataStore) -> Road:
    """Return the road of a store, the stock client's own too."""
    road: Road = store._call_method
    return road
