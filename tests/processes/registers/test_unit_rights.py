"""An office of a district sees and keeps its own district's entries, and no others."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from processes.registers import editing, roster_search, roster_workbook
from processes.registers.editing import EntryUnfit
from processes.registers.entries import EntryNotFound
from processes.registers.roster import Roster
from processes.registers.roster_search import Filters
from processes.registers.scope import units_of
from processes.registers.staffing.rosters import (
    RESEARCHER_ROSTER,
    SEAT_ROSTER,
)
from processes.registers.staffing.tables import StaffSeat
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Forbidden
from service.domain.import_rows import Cell
from service.procedure import read_workbook, write_workbook
from service.store.tables import AuthorizationGrant
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import CITY, DISTRICT, seat

CLERK = Actor("researcher08", "教研员08")
EVERYTHING = Filters()


@pytest.fixture
def district(office: Office) -> Office:
    """A city's and a district's seat; the clerk may do everything with the district's."""
    office.enter(SEAT_ROSTER, seat("SJ-01"))
    office.enter(SEAT_ROSTER, seat("HB-01", unit_id=DISTRICT))
    give(office, f"seats@{DISTRICT}", *Action)
    return office


def give(office: Office, on: str, *actions: Action) -> None:
    with office.write() as tools:
        for action in actions:
            tools.session.add(
                AuthorizationGrant(
                    key=tools.keys.next(), grantee_kind="person", grantee=CLERK.username,
                    process_id=on, object=ObjectKind.REGISTER, action=action,
                    granted_at=office.now, granted_by="admin", reason="",
                )
            )  # fmt: skip


def seen(office: Office, roster: Roster = SEAT_ROSTER) -> list[str]:
    with office.database.read() as session:
        found = roster_search.search(session, roster, actor=CLERK, filters=EVERYTHING, after=None)
        return [getattr(row, roster.identity) for row in found.rows]


def key_of(office: Office, code: str) -> int:
    with office.database.read() as session:
        return session.scalars(select(StaffSeat.key).where(StaffSeat.code == code)).one()


def amend(office: Office, code: str, **cells: Cell) -> None:
    with office.write() as tools:
        editing.amend(
            tools, SEAT_ROSTER, key_of(office, code), cells, revision=1, reason="更正",
            actor=CLERK, now=office.now,
        )  # fmt: skip


def test_a_right_to_one_unit_shows_its_entries_alone(district: Office) -> None:
    assert seen(district) == ["HB-01"]
    assert seen(district, RESEARCHER_ROSTER) == []
    with district.database.read() as session:
        with pytest.raises(EntryNotFound):
            roster_search.one(session, SEAT_ROSTER, actor=CLERK, key=key_of(district, "SJ-01"))
        assert units_of(session, CLERK, SEAT_ROSTER, Action.READ) == frozenset({DISTRICT})
        assert units_of(session, CLERK, RESEARCHER_ROSTER, Action.READ) == frozenset()


def test_it_changes_and_enters_its_own_alone(district: Office) -> None:
    amend(district, "HB-01", note="示范岗")
    with pytest.raises(EntryNotFound):
        amend(district, "SJ-01", note="越权")
    for unit, code in ((DISTRICT, "HB-02"), (CITY, "SJ-02")):
        cells = seat(code, unit_id=unit, seat="小学数学")
        with district.write() as tools:
            if unit == DISTRICT:
                editing.enter(
                    tools, SEAT_ROSTER, cells, reason="新设", actor=CLERK, now=district.now
                )
                continue
            with pytest.raises(EntryUnfit) as refused:
                editing.enter(
                    tools, SEAT_ROSTER, cells, reason="新设", actor=CLERK, now=district.now
                )
            assert "只限本机构" in refused.value.errors["unit_id"][0]
    assert seen(district) == ["HB-01", "HB-02"]


def test_an_entry_is_not_moved_to_another_unit(district: Office) -> None:
    with pytest.raises(EntryUnfit):
        amend(district, "HB-01", unit_id=CITY)
    assert seen(district) == ["HB-01"]


def test_who_reads_one_unit_changes_nothing_there(office: Office, district: Office) -> None:
    give(district, f"researchers@{DISTRICT}", Action.READ)
    with office.write() as tools, pytest.raises(Forbidden):
        editing.require(tools.session, CLERK, RESEARCHER_ROSTER, Action.ACT)


def test_a_workbook_out_holds_its_own_and_one_in_takes_no_others(district: Office) -> None:
    with district.database.read() as session:
        content, rows = roster_workbook.export(
            session, SEAT_ROSTER, actor=CLERK, filters=EVERYTHING
        )
    assert rows == 1
    [row] = read_workbook(content, [SEAT_ROSTER.sheet]).rows
    head = [one.label for one in SEAT_ROSTER.fields]

    def line(**changes: Cell) -> list[str]:
        cells = {**row.cells, **changes}
        return [str(cells.get(one.key) or "") for one in SEAT_ROSTER.fields]

    lines = [line(note="改"), line(code="SJ-01"), line(code="SJ-09", unit_id=CITY, seat="小学科学")]
    book = write_workbook([(SEAT_ROSTER.title, head, lines)])
    with district.write() as tools:
        checked = roster_workbook.check(tools, SEAT_ROSTER, book, actor=CLERK, now=district.now)
    assert (checked.changed, checked.refused_rows) == (1, 2)
    assert {one.number for one in checked.refusals} == {3, 4}
    assert all("只限本机构" in one.reason for one in checked.refusals)


def test_a_right_to_a_unit_of_a_closed_roster_is_none(district: Office) -> None:
    give(district, f"setters@{DISTRICT}", *Action)
    setters = replace(SEAT_ROSTER, id="setters", closed=True)
    assert seen(district, setters) == []


def test_a_unit_whose_name_another_begins_with_is_another(district: Office) -> None:
    give(district, "researchers@haibowan", Action.READ)
    give(district, "researchers@haibowan-research-2", Action.READ)
    with district.database.read() as session:
        units = units_of(session, CLERK, RESEARCHER_ROSTER, Action.READ)
    assert units == frozenset({"haibowan", "haibowan-research-2"})
