"""Who sees seats alone reads no names; an auditor reads no name of the closed bank."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from processes.registers.bank.rosters import SETTER_ROSTER
from processes.registers.editing import enter
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from service.commands import rights
from service.commands.access_log import record
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.store.database import Database
from service.store.tables import AccessEvent
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import part_timer, researcher, seat
from tests.processes.registers.test_roster_pages import MATRIX, SEATS, STRANGER, Door, door

__all__ = ["door"]
OF_SETTER, OF_REVIEWER = "命题人员库 17", "评审专家库 17"
CELL = f"{MATRIX}/city-research/小学语文"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What is shown is the same on both."""
    return sqlite_database


def give(door: Door, register: str, *actions: Action) -> None:
    with door.rooms.write() as tools:
        for action in actions:
            right = Grant(GranteeKind.PERSON, STRANGER, register, ObjectKind.REGISTER, action)
            rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock(), reason="测试授权")


def leaving(door: Door) -> None:
    """Somebody who leaves within the year, a part-timer, and another cell that is vacant."""
    office = door.office
    office.enter(SEAT_ROSTER, seat())
    office.enter(
        RESEARCHER_ROSTER,
        researcher(leaving="退休", leaves_on="2026-06-01", leaving_basis="批〔2026〕1号"),
    )
    office.enter(RESEARCHER_ROSTER, part_timer(waiver="党组〔2024〕1号"))


def test_a_right_to_the_seats_shows_no_person(door: Door) -> None:
    leaving(door)
    give(door, "seats", Action.READ)
    visitor = door.visit(STRANGER)
    page = visitor.get(CELL)
    for hidden in ("教研员01", "教研员02", "退休（2026", "1日退休", "2024年9月1日到岗"):
        assert hidden not in page, hidden
    for shown in ("2026年6月1日起将空缺", "兼职1人，不算配齐", "在岗（SJ-01）"):
        assert shown in page, shown
    for path in (SEATS, f"{SEATS}/{door.office.keys(SEAT_ROSTER)[0]}"):
        assert "教研员01" not in visitor.get(path)
        assert "在岗" in visitor.get(path)


def test_nor_why_they_have_left(door: Door) -> None:
    office = door.office
    office.enter(SEAT_ROSTER, seat())
    office.enter(
        RESEARCHER_ROSTER,
        researcher(
            leaving="调出",
            leaves_on="2026-03-01",
            leaving_basis="乌教人〔2026〕5号",
        ),
    )
    give(door, "seats", Action.READ)
    page = door.visit(STRANGER).get(CELL)
    assert "原在岗人员：离岗（2026年3月1日）" in page
    assert "调出" not in page


def test_with_the_register_of_researchers_they_are_shown(door: Door) -> None:
    leaving(door)
    give(door, "seats", Action.READ)
    give(door, "researchers@city-research", Action.READ)
    page = door.visit(STRANGER).get(CELL)
    assert "教研员01退休（2026年6月1日）" in page
    assert "教研员02" in page
    assert "教研员01" in door.visit(STRANGER).get(SEATS)


def test_the_matrix_says_the_settings_that_decide_its_colours(door: Door) -> None:
    leaving(door)
    give(door, "seats", Action.READ)
    page = door.visit(STRANGER).get(MATRIX)
    for label in ("经批准可兼一门可跨学段的学科", "“配齐配足”看哪里"):
        assert label in page


def test_whose_term_is_over_is_counted_no_more(door: Door) -> None:
    office = door.office
    office.enter(SEAT_ROSTER, seat())
    over = part_timer(waiver="党组〔2024〕1号", term_ends_on="2026-03-01")
    office.enter(RESEARCHER_ROSTER, over)
    office.enter(RESEARCHER_ROSTER, over | {"username": "researcher03", "kind": "返聘银龄"})
    still = over | {"username": "researcher04", "term_ends_on": "2026-03-02"}
    office.enter(RESEARCHER_ROSTER, still)
    give(door, "seats", Action.READ)
    page = door.visit(STRANGER).get(CELL)
    assert "兼职1人" in page
    assert "返聘银龄" not in page


def test_the_access_log_names_no_member_of_the_setters_bank(door: Door) -> None:
    keeper = Actor(STRANGER)
    give(door, "setters", *Action)
    with door.rooms.write() as tools:
        key = enter(
            tools, SETTER_ROSTER,
            {"username": "researcher05", "seats": "小学语文", "begins_on": "2026-01-01",
             "ends_on": "2027-12-31", "title_rank": "中级", "work": "命题"},
            reason="入库", actor=keeper, now=door.rooms.clock(),
        )  # fmt: skip
    assert "教研员05" in door.visit(STRANGER).get(f"/registers/setters/{key}")
    with door.rooms.read() as session:
        told = list(
            session.scalars(select(AccessEvent).where(AccessEvent.reference == f"setters/{key}"))
        )
    assert [one.kind for one in told] == ["register_changed", "personal_data_read"]
    for one in told:
        assert "researcher05" not in f"{one.subject} {one.details}"


def test_a_row_from_before_names_no_setter_either_on_the_page_nor_in_the_file(
    door: Door, staffed: tuple[int, int]
) -> None:
    """As an older version of the program wrote it."""
    with door.rooms.write() as tools:
        for action in (Action.READ, Action.EXPORT):
            right = Grant(GranteeKind.PERSON, STRANGER, ALL, ObjectKind.AUDIT, action)
            rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock(), reason="审计")
        for reference in ("setters/17", "reviewers/17"):
            record(
                tools, AccessKind.PERSONAL_DATA_READ, actor=Actor("researcher07"),
                subject="researcher05", reference=reference, details={"what": "登记内容"},
                now=door.rooms.clock(),
            )  # fmt: skip
    with door.rooms.read() as session:
        both = list(
            session.scalars(select(AccessEvent).where(AccessEvent.subject == "researcher05"))
        )
    assert len(both) == 2, "they are in the record as they were"
    visitor = door.visit(STRANGER)

    def rows(text: str) -> list[str]:
        return [row for row in text.split("<tr>") if OF_SETTER in row or OF_REVIEWER in row]

    of_setter, of_reviewer = sorted(rows(visitor.get("/audit")), key=lambda row: OF_REVIEWER in row)
    assert ("保密，名册封闭" in of_setter, "教研员05" in of_setter) == (True, False)
    assert "researcher05" not in of_setter
    assert "教研员05" in of_reviewer
    found = rows(visitor.get("/audit?subject=researcher05"))
    assert [(OF_SETTER in row, OF_REVIEWER in row) for row in found] == [(False, True)]
    key = next(one.key for one in both if one.reference == "setters/17")
    event = visitor.get(f"/audit/events/{key}")
    assert ("保密，名册封闭" in event, "researcher05" in event) == (True, False)
    sheet = load_workbook(BytesIO(visitor.file("/audit/export", reason="抽查"))).active
    assert sheet is not None
    lines = [" ".join(str(cell) for cell in row) for row in sheet.iter_rows(values_only=True)]
    (line,) = [line for line in lines if OF_SETTER in line]
    assert ("保密" in line, "researcher05" in line, "教研员05" in line) == (True, False, False)
    narrowed = load_workbook(
        BytesIO(visitor.file("/audit/export", reason="抽查", subject="researcher05"))
    ).active
    assert narrowed is not None
    assert not any(OF_SETTER in str(row) for row in narrowed.iter_rows(values_only=True))


def test_nor_what_somebody_wrote_about_a_setter(door: Door) -> None:
    with door.rooms.write() as tools:
        for action in (Action.READ, Action.EXPORT):
            right = Grant(GranteeKind.PERSON, STRANGER, ALL, ObjectKind.AUDIT, action)
            rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock(), reason="审计")
        for reference in ("setters/18", "reviewers/18", "setters/import"):
            record(
                tools, AccessKind.REGISTER_CHANGED, actor=Actor("researcher07"),
                reference=reference, now=door.rooms.clock(),
                details={"change": "register-changed", "reason": "教研员05子女参加中考",
                         "changed": ["回避的学科"]},
            )  # fmt: skip
    visitor = door.visit(STRANGER)
    rows = [row for row in visitor.get("/audit").split("<tr>") if "回避的学科" in row]
    assert len(rows) == 3
    assert ["教研员05子女" in row for row in rows].count(True) == 1
    assert ["理由：（保密，名册封闭）" in row for row in rows].count(True) == 2
    with door.rooms.read() as session:
        wanted = select(AccessEvent.key).where(AccessEvent.reference == "setters/18")
        event = visitor.get(f"/audit/events/{session.scalar(wanted)}")
    assert ("子女" in event, "回避的学科" in event, "保密，名册封闭" in event) == (
        False,
        True,
        True,
    )
    file = load_workbook(BytesIO(visitor.file("/audit/export", reason="抽查"))).active
    assert file is not None
    told = [str(row) for row in file.iter_rows(values_only=True) if "回避的学科" in str(row)]
    assert ["子女" in line for line in told].count(True) == 1


def test_an_event_of_a_right_says_what_it_is_to_by_name(door: Door) -> None:
    for register in ("committee_members", "seats@city-research"):
        give(door, register, Action.READ)
    with door.rooms.write() as tools:
        right = Grant(GranteeKind.PERSON, STRANGER, ALL, ObjectKind.AUDIT, Action.READ)
        rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock(), reason="审计")
    page = door.visit(STRANGER).get("/audit?kind=right_granted")
    for raw in (">committee_members<", ">seats@city-research<"):
        assert raw not in page
    assert "编制与岗位（只限市教研机构）" in page
    assert "党组成员名册" in page


def test_of_an_open_register_it_names_them(office: Office, staffed: tuple[int, int]) -> None:
    with office.database.read() as session:
        reference = f"researchers/{staffed[1]}"
        event = session.scalars(select(AccessEvent).where(AccessEvent.reference == reference)).one()
    assert event.subject == "researcher01"
