"""One world for the whole walk: what a request changes is put back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.domain.keys import KeySource
from service.feel import FeelPool
from tests.rights.walk import Walker
from tests.rights.world import open_world

MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def walker(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool, keys: KeySource
) -> Iterator[Walker]:
    """Browsers of all roles; the pages know no SQL, so one kind of database is enough."""
    folder = tmp_path_factory.mktemp("world")
    with open_world(sqlite_template, folder, feel, keys, MORNING) as world:
        yield Walker(world)
