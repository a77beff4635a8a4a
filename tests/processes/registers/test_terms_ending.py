"""What ends is told once before and once behind its last day, to who keeps the register."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from processes.registers import set_values
from processes.registers.bank.rosters import REVIEWER_ROSTER, SETTER_ROSTER
from processes.registers.bank.tables import REVIEWERS, SETTERS
from processes.registers.days import bureau_day
from processes.registers.party_group import members
from processes.registers.party_group.members import Term
from processes.registers.party_group.tables import MEMBERS
from processes.registers.staffing.norms import TERM_NOTICE_DAYS
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.staffing.tables import RESEARCHERS, SEATS_REGISTER, STAFFING_RULES
from processes.registers.tables import QUALIFICATIONS
from processes.registers.term_notices import tell_keepers
from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.import_rows import Cell
from service.jobs.runner import JobRunner
from service.queries.notifications import choosable_kinds
from service.store.database import Database
from service.store.tables import Notification
from tests.fixtures_store import migrated_url
from tests.processes.registers.entering import (
    DISTRICT,
    borrowed,
    part_timer,
    qualify,
    researcher,
    seat,
)
from tests.processes.registers.test_roster_pages import CLERK, STRANGER, Door, door

__all__ = ["door"]
KEEPER, OTHER, READER = "researcher05", "researcher06", "researcher04"
TERMS = "/registers/terms"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of SQLite alone: rights in SQL are tried on both with their own tests."""
    yield from migrated_url(request, "sqlite")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def today(now: datetime) -> date:
    return bureau_day(now)


def allow(
    door: Door,
    username: str,
    register: str,
    actions: tuple[Action, ...] = (Action.READ, Action.ACT),
) -> None:
    with door.rooms.write() as tools:
        for action in actions:
            right = Grant(GranteeKind.PERSON, username, register, ObjectKind.REGISTER, action)
            rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock(), reason="登记")


def look(door: Door, days: int = 0) -> None:
    """Do the day's work, so many days on, and the jobs it wrote."""
    then = door.rooms.clock() + timedelta(days=days)
    with door.rooms.write() as tools:
        tell_keepers(tools, then)
    JobRunner(replace(door.rooms, clock=lambda: then), owner="worker-1").run_due()


def told(door: Door, username: str) -> list[tuple[str, str]]:
    """What somebody was told, and where it leads."""
    with door.rooms.read() as session:
        mine = Notification.username == username
        rows = session.execute(
            select(Notification.text, Notification.page).where(mine).order_by(Notification.key)
        )
        return [(row.text, row.page) for row in rows]


def engage(door: Door, last: date) -> int:
    door.office.enter(SEAT_ROSTER, seat())
    door.office.enter(RESEARCHER_ROSTER, researcher())
    return door.office.enter(
        RESEARCHER_ROSTER, part_timer(term_ends_on=last.isoformat(), began_on="2024-09-01")
    )


def expert(username: str, ends_on: date) -> dict[str, Cell]:
    return {
        "username": username, "seats": "小学语文", "title_rank": "副高级", "work": "命题",
        "begins_on": "2024-01-01", "ends_on": ends_on.isoformat(),
    }  # fmt: skip


def test_it_is_told_once_before_and_once_behind_the_last_day(door: Door, today: date) -> None:
    allow(door, KEEPER, RESEARCHERS)
    key = engage(door, today + timedelta(days=30))
    page = f"/registers/researchers/{key}"
    look(door)
    (first,) = told(door, KEEPER)
    assert first == (
        "“教研员名册”里有一条登记的聘期将于 2026年4月1日 到期（含当日），请提前核对办理。", page,
    )  # fmt: skip
    for days in (0, 1, 15, 30):
        look(door, days)
    assert len(told(door, KEEPER)) == 1, "on its last day it still runs"
    look(door, 31)
    assert told(door, KEEPER)[1:] == [
        ("“教研员名册”里有一条登记的聘期已于 2026年4月1日 到期，请核对后办理。", page)
    ]
    look(door, 32)
    look(door, 40)
    assert len(told(door, KEEPER)) == 2


def test_how_many_days_before_is_a_setting(door: Door, today: date) -> None:
    allow(door, KEEPER, RESEARCHERS)
    engage(door, today + timedelta(days=31))
    look(door)
    assert told(door, KEEPER) == []
    with door.rooms.write() as tools:
        set_values.set_value(
            tools, TERM_NOTICE_DAYS, "31", register=STAFFING_RULES, reason="早一点",
            effective_from=today, revision=0, actor=SYSTEM, now=door.rooms.clock(),
        )  # fmt: skip
    look(door)
    assert len(told(door, KEEPER)) == 1


def test_a_term_that_was_prolonged_is_told_again_and_one_that_was_ended_is_not(
    door: Door, today: date
) -> None:
    allow(door, KEEPER, SEATS_REGISTER)
    soon, later = today + timedelta(days=3), today + timedelta(days=20)
    first = door.office.enter(SEAT_ROSTER, borrowed("SJ-08", ends_on=soon.isoformat()))
    second = door.office.enter(SEAT_ROSTER, borrowed("SJ-09", ends_on=soon.isoformat()))
    look(door)
    assert len(told(door, KEEPER)) == 2
    door.office.change(SEAT_ROSTER, first, ends_on=later.isoformat())
    door.office.end(SEAT_ROSTER, second, "归还", today.isoformat())
    look(door)
    assert [page for _text, page in told(door, KEEPER)[2:]] == [f"/registers/seats/{first}"]
    look(door, 10)
    assert len(told(door, KEEPER)) == 3


def test_what_was_over_long_before_the_first_look_is_not_dug_up(door: Door, today: date) -> None:
    allow(door, KEEPER, SEATS_REGISTER)
    for number, days in ((1, 31), (2, 32)):
        ended = (today - timedelta(days=days)).isoformat()
        door.office.enter(SEAT_ROSTER, borrowed(f"SJ-0{number}", ends_on=ended))
    look(door)
    assert len(told(door, KEEPER)) == 1


def test_only_who_keeps_the_register_or_its_part_is_told(door: Door, today: date) -> None:
    allow(door, KEEPER, f"seats@{DISTRICT}")
    allow(door, OTHER, ALL)
    allow(door, READER, SEATS_REGISTER, (Action.READ,))
    soon = (today + timedelta(days=3)).isoformat()
    door.office.enter(SEAT_ROSTER, borrowed("SJ-08", ends_on=soon))
    own = door.office.enter(SEAT_ROSTER, borrowed("HB-08", unit_id=DISTRICT, ends_on=soon))
    look(door)
    assert [page for _text, page in told(door, KEEPER)] == [f"/registers/seats/{own}"]
    assert len(told(door, OTHER)) == len(told(door, CLERK)) == 2
    assert told(door, READER) == told(door, STRANGER) == []


def test_of_what_is_closed_those_named_for_it_are_told(door: Door, today: date) -> None:
    allow(door, KEEPER, SETTERS)
    allow(door, OTHER, ALL)
    allow(door, OTHER, REVIEWERS)
    allow(door, READER, MEMBERS)
    soon = today + timedelta(days=3)
    setter = door.office.enter(SETTER_ROSTER, expert("researcher01", soon))
    reviewer = door.office.enter(
        REVIEWER_ROSTER, {k: v for k, v in expert("researcher02", soon).items() if k != "work"}
    )
    term = Term("researcher02", "教研员02", "成员", 3, date(2024, 1, 1), soon, "乌组干〔2024〕1号")
    with door.rooms.write() as tools:
        member = members.enter(tools, term, actor=SYSTEM, now=door.office.now)
    look(door)
    assert [page for _text, page in told(door, KEEPER)] == [f"/registers/setters/{setter}"]
    assert [page for _text, page in told(door, OTHER)] == [f"/registers/reviewers/{reviewer}"]
    assert [page for _text, page in told(door, READER)] == [f"/committee/members/{member}"]
    assert not any("教研员0" in text for text, _page in told(door, KEEPER))


def test_a_qualification_ends_for_the_office_too_and_a_revoked_one_does_not(
    door: Door, today: date
) -> None:
    allow(door, KEEPER, QUALIFICATIONS)
    with door.rooms.write() as tools:
        past = door.office.now.replace(year=2024)
        qualify(tools.session, "researcher01", past + timedelta(days=7))
    look(door)
    (only,) = told(door, KEEPER)
    assert "“准入资格名册”里有一条登记的有效期将于 2026年3月9日 到期" in only[0]


def test_the_line_leads_to_the_entry_and_a_stranger_finds_none(door: Door, today: date) -> None:
    allow(door, KEEPER, RESEARCHERS)
    key = engage(door, today + timedelta(days=5))
    look(door)
    visitor = door.visit(KEEPER)
    page = visitor.get("/notifications")
    line = page.split('href="/notifications/')[1].split('"')[0]
    answer = visitor.client.get(f"/notifications/{line}")
    assert (answer.status_code, answer.headers["Location"]) == (
        302, f"/registers/researchers/{key}",
    )  # fmt: skip
    assert visitor.status(f"/registers/researchers/{key}") == 200
    assert door.visit(STRANGER).status(f"/notifications/{line}") == 404


def test_who_keeps_nothing_is_not_asked_about_it(door: Door) -> None:
    with door.rooms.read() as session:
        kinds = {
            name: {one.value for one in choosable_kinds(session, actor=Actor(name))}
            for name in (CLERK, STRANGER)
        }
    assert {"term-ends", "term-ended"} <= kinds[CLERK]
    assert not {"term-ends", "term-ended"} & kinds[STRANGER]


class TestPage:
    def test_it_lists_what_is_over_and_what_is_soon_and_nothing_of_other_registers(
        self, door: Door, today: date
    ) -> None:
        engage(door, today - timedelta(days=200))
        soon = (today + timedelta(days=4)).isoformat()
        door.office.enter(SEAT_ROSTER, borrowed("SJ-08", ends_on=soon))
        door.office.enter(SETTER_ROSTER, expert("researcher01", today))
        allow(door, READER, SEATS_REGISTER, (Action.READ,))
        page = door.visit(CLERK).get(TERMS)
        over, coming = page.split('id="terms-soon"')
        assert "教研员02" in over
        assert "聘期" in over
        assert "SJ-08" in coming
        assert "还有4天" in coming
        assert "命题人员库" not in page
        seats_alone = door.visit(READER).get(TERMS)
        assert ("SJ-08" in seats_alone, "教研员02" in seats_alone) == (True, False)
        allow(door, KEEPER, SETTERS)
        named = door.visit(KEEPER).get(TERMS)
        assert ("今天到期" in named, "SJ-08" in named) == (True, False)

    def test_a_stranger_is_told_that_there_is_no_such_page(self, door: Door) -> None:
        answer = door.visit(STRANGER).client.get(TERMS)
        assert (answer.status_code, "没有找到这条记录" in answer.text) == (404, True)

    def test_empty_it_says_so(self, door: Door) -> None:
        page = door.visit(CLERK).get(TERMS)
        assert "30天内没有到期的登记" in page
        assert "没有到期的登记。" in page
