"""The matrix leaves as a workbook: by right, with a reason, on record, without names."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from service.commands import rights
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.database import Database
from tests.processes.registers.entering import DISTRICT
from tests.processes.registers.test_roster_pages import CLERK, MATRIX, STRANGER, Door, door

__all__ = ["door"]
EXPORT = f"{MATRIX}/export"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """A file is the same on both."""
    return sqlite_database


def lines(content: bytes) -> list[dict[str, str]]:
    rows = list(load_workbook(BytesIO(content))["配备矩阵"].iter_rows(values_only=True))
    head = [str(one) for one in rows[0]]
    return [dict(zip(head, (str(one or "") for one in row), strict=True)) for row in rows[1:]]


def test_each_stage_of_each_cell_is_a_line(door: Door, staffed: tuple[int, int]) -> None:
    page = door.visit(CLERK).file(EXPORT, reason="报市编办核对")
    found = lines(page)
    assert len({one["机构"] for one in found}) == 2
    chinese = [
        one
        for one in found
        if one["机构"] == "市教研机构" and (one["学段"], one["学科"]) == ("小学", "语文")
    ]
    assert [(one["状态"], one["在岗专职"]) for one in chinese] == [("在岗", "1")]
    assert "S-DUE" in chinese[0]["原因和依据"]
    assert not any("教研员01" in str(one) for one in found)
    (event,) = door.events("export")
    assert (event.person, event.reference) == (CLERK, "matrix")
    assert event.details == {"rows": len(found), "reason": "报市编办核对"}


def test_without_a_reason_or_a_right_it_stays(door: Door) -> None:
    assert door.visit(CLERK).post(EXPORT, reason="")[0] == 400
    assert door.visit(STRANGER).post(EXPORT, reason="报市编办核对")[0] == 404
    assert door.events("export") == []


def test_an_office_of_a_district_takes_its_own_alone(door: Door) -> None:
    with door.rooms.write() as tools:
        for action in (Action.READ, Action.EXPORT):
            right = Grant(
                GranteeKind.PERSON, STRANGER, f"seats@{DISTRICT}", ObjectKind.REGISTER, action
            )
            rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock(), reason="本区登记")
    page = door.visit(STRANGER).file(EXPORT, reason="本区核对")
    assert {one["机构"] for one in lines(page)} == {"海勃湾区教研室"}
