"""Two workers do the day's work at the same moment, on a real PostgreSQL: one case a researcher."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from processes.records.asking import ask
from processes.registers.staffing.tables import RecordsQuery, Researcher
from processes.sample import registers
from service.store.tables import ProcessInstance
from tests.processes.desk import Desk
from tests.processes.recruitment.deciding import run_jobs

pytestmark = pytest.mark.parametrize(
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)


def test_two_workers_ask_for_a_query_once(desk: Desk) -> None:
    desk.clock.now = datetime.fromisoformat("2026-03-02T06:50+08:00")
    with desk.rooms.write() as tools:
        registers.fill(tools, desk.clock())
        late = Researcher.username.in_(registers.QUERY_OVERDUE)
        tools.session.execute(update(Researcher).where(~late).values(records_on=date(2026, 3, 1)))
    gate = Barrier(2)

    def work(_number: int) -> None:
        gate.wait(timeout=30)
        with desk.rooms.write() as tools:
            ask(tools, desk.clock())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    run_jobs(desk)
    with desk.rooms.read() as session:
        keys = session.scalars(select(RecordsQuery.instance_key)).all()
        cases = select(func.count()).where(ProcessInstance.process_id == "records_yearly")
        assert session.scalar(cases) == len(registers.QUERY_OVERDUE)
    assert len(set(keys) - {None}) == len(registers.QUERY_OVERDUE)
