"""One bureau for all tests of recruitment, each on a clock of its own."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from processes.sample import registers
from service.commands import calendar_estimates
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.party_group import open_bureau


@pytest.fixture(scope="session")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("notice"), feel) as desk:
        calendar_estimates.bring_up_to_date(desk.rooms, now=desk.clock())
        with desk.rooms.write() as tools:
            registers.fill(tools, desk.clock())
        yield desk


@pytest.fixture
def begin(bureau: Desk) -> None:
    """The Monday on which each test begins."""
    bureau.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
