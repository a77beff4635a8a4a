"""A roster as a workbook: what leaves can come back, and one bad row keeps all of them out."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from processes.registers import roster_workbook
from processes.registers.changes import history
from processes.registers.roster import Roster
from processes.registers.roster_search import Filters
from processes.registers.roster_workbook import RosterFileChanged, RosterImportRefused
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM
from service.domain.import_rows import Cell
from service.store.database import Database
from service.store.tables import AccessEvent
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import borrowed, researcher, seat


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What writes an entry is tested on both kinds elsewhere."""
    return sqlite_database


def book(roster: Roster, *rows: dict[str, Cell]) -> bytes:
    """Write a workbook as somebody fills in the template."""
    written = Workbook()
    sheet = written.active
    assert sheet is not None
    sheet.title = roster.title
    sheet.append([one.label for one in roster.fields])
    for row in rows:
        sheet.append([row.get(one.key) for one in roster.fields])
    content = BytesIO()
    written.save(content)
    return content.getvalue()


def check(office: Office, roster: Roster, content: bytes) -> roster_workbook.Checked:
    with office.write() as tools:
        return roster_workbook.check(tools, roster, content, actor=SYSTEM, now=office.now)


def take(office: Office, roster: Roster, content: bytes, digest: str) -> None:
    with office.write() as tools:
        roster_workbook.take(
            tools, roster, content, digest=digest, reason="开学核对", actor=SYSTEM, now=office.now
        )


def test_a_check_keeps_nothing_and_says_what_would_be_done(office: Office) -> None:
    content = book(SEAT_ROSTER, seat(begins_on=date(2024, 9, 1)), borrowed())
    checked = check(office, SEAT_ROSTER, content)
    assert (checked.rows, checked.entered, checked.refusals) == (2, 2, ())
    assert office.keys(SEAT_ROSTER) == []


def test_one_bad_row_keeps_all_out_with_its_reason(office: Office) -> None:
    content = book(
        SEAT_ROSTER,
        seat(),
        seat("SJ-02", seat="体操"),
        borrowed("SJ-03", organ="乌海市教育局"),
        seat("SJ-01", seat="小学数学"),
        seat("SJ-04", begins_on="昨天"),
    )
    checked = check(office, SEAT_ROSTER, content)
    told = [(one.number, one.column, one.reason[:12]) for one in checked.refusals]
    assert [(number, column) for number, column, _ in told] == [
        (3, "学段学科"), (4, "批准机关"), (5, "岗位编号"), (6, "起始日"),
    ]  # fmt: skip
    assert "S-ORGAN" in checked.refusals[1].reason
    assert "第 2 行重复" in checked.refusals[2].reason
    with pytest.raises(RosterImportRefused):
        take(office, SEAT_ROSTER, content, checked.digest)
    assert office.keys(SEAT_ROSTER) == []


def test_rows_count_one_behind_the_other(office: Office) -> None:
    office.enter(SEAT_ROSTER, seat())
    content = book(RESEARCHER_ROSTER, researcher(), researcher("researcher02"))
    checked = check(office, RESEARCHER_ROSTER, content)
    assert [one.number for one in checked.refusals] == [3]
    assert "岗位已由教研员01占用" in checked.refusals[0].reason


def test_another_file_than_the_checked_one_is_not_taken(office: Office) -> None:
    checked = check(office, SEAT_ROSTER, book(SEAT_ROSTER, seat()))
    with pytest.raises(RosterFileChanged):
        take(office, SEAT_ROSTER, book(SEAT_ROSTER, seat("SJ-02")), checked.digest)
    assert office.keys(SEAT_ROSTER) == []


def test_an_import_is_in_history_and_access_log(office: Office) -> None:
    content = book(SEAT_ROSTER, seat())
    take(office, SEAT_ROSTER, content, check(office, SEAT_ROSTER, content).digest)
    (key,) = office.keys(SEAT_ROSTER)
    with office.database.read() as session:
        (change,) = history(session, SEAT_ROSTER, key)
        event = session.scalars(
            select(AccessEvent)
            .where(AccessEvent.kind == AccessKind.REGISTER_CHANGED)
            .order_by(AccessEvent.key.desc())
        ).first()
    assert change.reason.startswith("开学核对（导入 ")
    assert event is not None
    assert event.reference == "seats/import"


def test_what_is_exported_comes_back_without_a_change(office: Office) -> None:
    office.enter(SEAT_ROSTER, seat())
    office.enter(SEAT_ROSTER, borrowed())
    office.enter(RESEARCHER_ROSTER, researcher(note="-1"))
    for roster, count in ((SEAT_ROSTER, 2), (RESEARCHER_ROSTER, 1)):
        with office.database.read() as session:
            content, rows = roster_workbook.export(session, roster, actor=SYSTEM, filters=Filters())
        assert rows == count
        sheet = load_workbook(BytesIO(content))[roster.title]
        assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value)
        if roster is SEAT_ROSTER:
            checked = check(office, roster, content)
            assert (checked.is_empty, checked.refusals, checked.ignored) == (True, (), ())


def test_a_row_changes_what_is_there(office: Office) -> None:
    office.enter(SEAT_ROSTER, seat())
    content = book(SEAT_ROSTER, seat(grade="中级"))
    checked = check(office, SEAT_ROSTER, content)
    assert (checked.entered, checked.changed) == (0, 1)
    take(office, SEAT_ROSTER, content, checked.digest)
    with office.database.read() as session:
        newest = history(session, SEAT_ROSTER, office.keys(SEAT_ROSTER)[0])[0]
    assert newest.changes == {"grade": ["", "中级"]}


def test_the_template_has_every_column(office: Office) -> None:
    sheets = load_workbook(BytesIO(roster_workbook.template(RESEARCHER_ROSTER)))
    header = next(sheets["教研员名册"].iter_rows(values_only=True))
    assert list(header) == [one.label for one in RESEARCHER_ROSTER.fields]
    assert sheets["填写说明"].max_row == len(RESEARCHER_ROSTER.fields) + 1
