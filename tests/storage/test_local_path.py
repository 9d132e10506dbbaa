from pathlib import Path

import pytest

from headrace.errors import ConfigError
from headrace.storage.local_path import local_path


@pytest.mark.parametrize("location", ["data/a.csv", "/data/a.csv", "file:///data/a.csv"])
def test_a_path_is_a_path(location: str) -> None:
    assert local_path(location) == Path(location.removeprefix("file://"))


@pytest.mark.parametrize("location", ["s3://bucket/a.csv", "gs://bucket/a", "az://container/a"])
def test_object_stores_are_refused(location: str) -> None:
    with pytest.raises(ConfigError, match="object stores are reserved"):
        local_path(location)
