"""The list of researchers says whose records are overdue; the day of a query is never typed in."""

import pytest

from processes.registers.editing import EntryUnfit
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from service.commands import rights
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.database import Database
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import researcher, seat
from tests.processes.registers.test_roster_pages import (
    CLERK,
    MATRIX,
    PEOPLE,
    STRANGER,
    Door,
    door,
)

__all__ = ["door"]
LATE = "违法犯罪记录年度查询逾期1人：教研员01"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The pages know no SQL."""
    return sqlite_database


def test_who_reads_the_register_sees_who_is_overdue(door: Door, office: Office) -> None:
    for number, day in ((1, ""), (2, "2025-09-01")):
        office.enter(SEAT_ROSTER, seat(f"SJ-0{number}"))
        cells = researcher(f"researcher0{number}", seat_code=f"SJ-0{number}", records_on=day)
        office.enter(RESEARCHER_ROSTER, cells)
    assert LATE in door.visit(CLERK).get(MATRIX)
    page = door.visit(CLERK).get(PEOPLE)
    assert LATE in page
    assert "逾期，应于2025年9月1日前查询" in page
    assert "2025年9月1日已查，2026年9月1日前再查" in page
    # who is in the register reads their own line, and not who else is late
    own = door.visit("researcher02").get(PEOPLE)
    assert "2025年9月1日已查" in own
    assert "逾期" not in own
    assert door.visit(STRANGER).status(PEOPLE) == 404


def test_who_sees_the_seats_alone_is_told_on_the_matrix_of_nobody(
    door: Door, office: Office
) -> None:
    office.enter(SEAT_ROSTER, seat())
    office.enter(RESEARCHER_ROSTER, researcher())
    right = Grant(GranteeKind.PERSON, STRANGER, "seats", ObjectKind.REGISTER, Action.READ)
    with door.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock(), reason="测试授权")
    page = door.visit(STRANGER).get(MATRIX)
    assert "教研员配备矩阵" in page
    assert "年度查询逾期" not in page


def test_only_stock_comes_with_the_day_of_a_query_and_nobody_changes_it(office: Office) -> None:
    office.enter(SEAT_ROSTER, seat())
    late = researcher(records_on="2026-03-03")
    with pytest.raises(EntryUnfit) as refused:
        office.enter(RESEARCHER_ROSTER, late)
    assert refused.value.errors == {"records_on": ["不能晚于今天"]}
    key = office.enter(RESEARCHER_ROSTER, late | {"records_on": "2026-03-02"})
    with pytest.raises(EntryUnfit) as refused:
        office.change(RESEARCHER_ROSTER, key, records_on="2026-03-01")
    assert "不能手工填写或者修改" in refused.value.errors["records_on"][0]
