"""Who sees and changes which roster: by a right, their own entry, and the closed one by name."""

import pytest
from sqlalchemy.orm import Session

from processes.registers import editing, roster_search
from processes.registers.bank.rosters import REVIEWER_ROSTER, SETTER_ROSTER
from processes.registers.days import bureau_day
from processes.registers.entries import EntryNotFound
from processes.registers.roster import Roster
from processes.registers.roster_search import Filters
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from service.domain.actors import Actor
from service.domain.authorization import ALL, Action, ObjectKind
from service.domain.errors import Forbidden
from service.domain.import_rows import Cell
from service.domain.recusal import TieKind, TieSource
from service.queries.cursor import BadCursor
from service.store.tables import AuthorizationGrant, PersonalTie
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import researcher, seat

CLERK, HERSELF = Actor("researcher08", "教研员08"), Actor("researcher01", "教研员01")


def expert(username: str = "researcher01") -> dict[str, Cell]:
    return {
        "username": username, "seats": "初中数学", "title_rank": "副高级", "work": "命题",
        "begins_on": "2025-09-01", "ends_on": "2027-08-31",
    }  # fmt: skip


def give(
    office: Office, register: str, action: Action, *, to: str = CLERK.username, kind: str = "person"
) -> None:
    with office.write() as tools:
        tools.session.add(
            AuthorizationGrant(
                key=tools.keys.next(), grantee_kind=kind, grantee=to, process_id=register,
                object=ObjectKind.REGISTER, action=action, granted_at=office.now,
                granted_by="admin", reason="",
            )
        )  # fmt: skip


def seen(office: Office, roster: Roster, actor: Actor) -> int:
    with office.database.read() as session:
        found = roster_search.search(session, roster, actor=actor, filters=Filters(), after=None)
        return len(found.rows)


def test_a_stranger_sees_nothing_and_changes_nothing(
    office: Office, staffed: tuple[int, int]
) -> None:
    assert seen(office, RESEARCHER_ROSTER, CLERK) == 0
    assert seen(office, SEAT_ROSTER, CLERK) == 0
    with office.database.read() as session, pytest.raises(EntryNotFound):
        roster_search.one(session, RESEARCHER_ROSTER, actor=CLERK, key=staffed[1])
    with office.write() as tools, pytest.raises(EntryNotFound):
        editing.enter(tools, SEAT_ROSTER, seat("SJ-09"), reason="试试", actor=CLERK, now=office.now)


def test_a_researcher_sees_their_own_entry_alone(office: Office, staffed: tuple[int, int]) -> None:
    office.enter(SEAT_ROSTER, seat("SJ-02", seat="小学数学"))
    office.enter(RESEARCHER_ROSTER, researcher("researcher02", seat_code="SJ-02"))
    assert seen(office, RESEARCHER_ROSTER, HERSELF) == 1
    assert seen(office, SEAT_ROSTER, HERSELF) == 0


def test_reading_does_not_change_and_a_right_reaches_its_own_roster(
    office: Office, staffed: tuple[int, int]
) -> None:
    give(office, "seats", Action.READ)
    assert seen(office, SEAT_ROSTER, CLERK) == 1
    assert seen(office, RESEARCHER_ROSTER, CLERK) == 0
    with office.write() as tools, pytest.raises(Forbidden):
        editing.enter(tools, SEAT_ROSTER, seat("SJ-09"), reason="试试", actor=CLERK, now=office.now)


@pytest.mark.parametrize(
    ("register", "to", "kind", "count"),
    [
        (ALL, CLERK.username, "person", 0),
        ("setters", ALL, "everyone", 0),
        ("reviewers", CLERK.username, "person", 0),
        ("setters", CLERK.username, "person", 1),
    ],
)
def test_the_setters_bank_is_there_for_who_is_named_for_it_alone(
    office: Office, register: str, to: str, kind: str, count: int
) -> None:
    office.enter(SETTER_ROSTER, expert())
    give(office, register, Action.READ, to=to, kind=kind)
    assert seen(office, SETTER_ROSTER, CLERK) == count
    assert seen(office, SETTER_ROSTER, HERSELF) == 0


def test_a_right_to_all_registers_reaches_the_reviewers(office: Office) -> None:
    cells = {key: value for key, value in expert().items() if key != "work"}
    office.enter(REVIEWER_ROSTER, cells)
    give(office, ALL, Action.READ)
    assert seen(office, REVIEWER_ROSTER, CLERK) == 1


def test_a_list_is_paged_by_name_and_narrowed(office: Office) -> None:
    give(office, ALL, Action.READ)
    for number in range(1, 6):
        subject = "小学数学" if number > 3 else "小学语文"
        office.enter(SEAT_ROSTER, seat(f"SJ-{number:02}", seat=subject))
    with office.database.read() as session:
        codes, after = [], None
        for _page in range(3):
            found = roster_search.search(
                session, SEAT_ROSTER, actor=CLERK, filters=Filters(), after=after, limit=2
            )
            codes += [getattr(row, "code", "") for row in found.rows]
            after = found.next
        assert (codes, after) == ([f"SJ-{number:02}" for number in range(1, 6)], None)
        assert _count(session, Filters("小学数学")) == 2
        assert _count(session, Filters("市教研机构")) == 5
        assert _count(session, Filters("100%")) == 0
        assert _count(session, Filters(narrowed={"source": "借编"})) == 0
        assert _count(session, Filters(ended=True)) == 0
        with pytest.raises(BadCursor):
            roster_search.search(session, SEAT_ROSTER, actor=CLERK, filters=Filters(), after="x")


def _count(session: Session, filters: Filters) -> int:
    found = roster_search.search(session, SEAT_ROSTER, actor=CLERK, filters=filters, after=None)
    return len(found.rows)


def tie(office: Office, other: str) -> None:
    """The clerk has declared a cousin."""
    with office.write() as tools:
        tools.session.add(
            PersonalTie(
                key=tools.keys.next(), username=CLERK.username, other=other, other_name="",
                kind=TieKind.COLLATERAL, source=TieSource.SELF, note="",
                declared_at=office.now, declared_by=CLERK.username,
            )
        )  # fmt: skip


@pytest.mark.parametrize("whom", [CLERK.username, "researcher02"])
def test_nobody_enters_themselves_or_whom_they_are_tied_to(office: Office, whom: str) -> None:
    give(office, "researchers", Action.READ)
    give(office, "researchers", Action.ACT)
    tie(office, "researcher02")
    office.enter(SEAT_ROSTER, seat("SJ-02"))

    with office.write() as tools, pytest.raises(editing.EntryUnfit) as refused:
        editing.enter(
            tools, RESEARCHER_ROSTER, researcher(whom, seat_code="SJ-02"),
            reason="依据文件", actor=CLERK, now=office.now,
        )  # fmt: skip

    [told] = refused.value.errors["username"]
    assert "由他人办理" in told
    assert "R-RECUSE" in told


def test_nobody_changes_or_ends_what_is_about_whom_they_are_tied_to(
    office: Office, staffed: tuple[int, int]
) -> None:
    give(office, "researchers", Action.READ)
    give(office, "researchers", Action.ACT)
    tie(office, HERSELF.username)
    cells = researcher(HERSELF.username) | {"note": "改一下"}

    with office.write() as tools, pytest.raises(editing.EntryUnfit) as amended:
        editing.amend(
            tools, RESEARCHER_ROSTER, staffed[1], cells,
            revision=1, reason="依据文件", actor=CLERK, now=office.now,
        )  # fmt: skip
    with office.write() as tools, pytest.raises(editing.EntryUnfit) as ended:
        editing.end(
            tools, RESEARCHER_ROSTER, staffed[1],
            how=RESEARCHER_ROSTER.endings[0], on=bureau_day(office.now),
            revision=1, reason="依据文件", actor=CLERK, now=office.now,
        )  # fmt: skip
    assert [list(one.value.errors) for one in (amended, ended)] == [["username"], ["username"]]
