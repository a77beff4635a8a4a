"""A bureau on 3 August 2026, when the queries of the anniversary of 1 September are asked for."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import update

from processes.registers.staffing.tables import Researcher
from processes.sample import registers
from service.commands.units import create_unit
from service.domain.actors import SYSTEM
from service.feel import FeelPool
from tests.processes.conftest import SettledBureau, open_copy
from tests.processes.desk import Desk
from tests.processes.records.querying import (
    LATE,
    WHO,
    ask,
    asked,
)


@pytest.fixture(scope="package")
def bureau(
    settled_sqlite: SettledBureau, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_copy(settled_sqlite, tmp_path_factory.mktemp("records"), feel) as desk:
        with desk.rooms.write() as tools:
            registers.fill(tools, desk.clock())
            create_unit(
                tools, unit_id="haibowan-personnel", name="人事股", parent_id="haibowan",
                actor=SYSTEM, now=desk.clock(),
            )  # fmt: skip
            tools.session.execute(
                update(Researcher)
                .where(Researcher.username.not_in([*WHO, *LATE]))
                .values(records_on=date(2027, 7, 3))
            )
        ask(desk, "2026-08-01")
        assert asked(desk) == sorted(registers.QUERY_OVERDUE)
        ask(desk, "2026-08-02")
        yield desk


@pytest.fixture(autouse=True)
def begin(bureau: Desk) -> None:
    bureau.clock.now = datetime.fromisoformat("2026-08-03T09:30+08:00")
