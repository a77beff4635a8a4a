"""A small bureau for the registers, and entries that are right unless a test changes them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from processes.registers import editing
from processes.registers.qualifications import Candidate, Decision, grant
from processes.registers.roster import Roster
from processes.registers.seats import SEATS
from processes.registers.staffing.rosters import (
    ESTABLISHMENT_ROSTER,
    SEAT_ROSTER,
)
from service.domain.actors import SYSTEM, Actor
from service.domain.import_rows import Cell
from service.procedure import Ledger
from service.store.tables import OrganizationUnit, Person

CITY, DISTRICT, LENDER = "city-research", "haibowan-research", "primary-01"
SEAT = "小学语文"
UNITS = (
    ("root", "市教育局", None),
    (CITY, "市教研机构", "root"),
    (DISTRICT, "海勃湾区教研室", "root"),
    (LENDER, "示例小学01", "root"),
)
PEOPLE = tuple(f"researcher{number:02}" for number in range(1, 9))
BEGAN = "2024-09-01"


def settle(session: Session, now: datetime, usernames: Sequence[str] = PEOPLE) -> None:
    """Put the units and people into the store."""
    units = [
        {
            "id": unit_id,
            "name": name,
            "sort_name": unit_id,
            "kind": "",
            "position": place,
            "parent_id": parent,
            "created_at": now,
        }
        for place, (unit_id, name, parent) in enumerate(UNITS)
    ]
    people = [
        {
            "username": username,
            "display_name": username.replace("researcher", "教研员"),
            "sort_name": username,
            "active": True,
            "failed_sign_ins": 0,
            "created_at": now,
        }
        for username in usernames
    ]
    session.execute(insert(OrganizationUnit), units)
    if people:
        session.execute(insert(Person), people)


def put(
    tools: Ledger,
    roster: Roster,
    cells: dict[str, Cell],
    *,
    now: datetime,
    actor: Actor = SYSTEM,
    reason: str = "测试登记",
) -> int:
    """Enter one entry as a form does; return its key."""
    return editing.enter(tools, roster, cells, reason=reason, actor=actor, now=now)


def establishment(unit: str = CITY, **changes: Cell) -> dict[str, Cell]:
    """核定编制 of ten seats."""
    level = {CITY: "市级", DISTRICT: "区级"}.get(unit, "出借单位")
    filled: dict[str, Cell] = {
        "unit_id": unit,
        "level": level,
        "approved_seats": 10,
        "approved_posts": 10,
        "organ": "乌海市委编办",
        "approval_no": "乌海编办〔2024〕1号",
        "approved_on": "2024-03-01",
    }
    return filled | changes


def seat(code: str = "SJ-01", **changes: Cell) -> dict[str, Cell]:
    """One of the city's own seats."""
    filled: dict[str, Cell] = {
        "code": code,
        "unit_id": CITY,
        "seat": SEAT,
        "source": "本级核定",
        "begins_on": BEGAN,
    }
    return filled | changes


def borrowed(code: str = "SJ-09", **changes: Cell) -> dict[str, Cell]:
    """A seat lent by a school until the end of 2027."""
    lent: dict[str, Cell] = {
        "source": "借编",
        "organ": "乌海市委编办",
        "approval_no": "乌海编办〔2024〕9号",
        "lender_id": LENDER,
        "ends_on": "2027-12-31",
        "return_rule": "到期归还",
    }
    return seat(code, **lent | changes)


def researcher(username: str = "researcher01", **changes: Cell) -> dict[str, Cell]:
    """A full-time researcher on the city's first seat."""
    filled: dict[str, Cell] = {
        "username": username,
        "unit_id": CITY,
        "kind": "专职",
        "seat_code": "SJ-01",
        "began_on": BEGAN,
        "stock_basis": "教发〔2024〕12号",
    }
    return filled | changes


def newcomer(username: str = "researcher01", **changes: Cell) -> dict[str, Cell]:
    """Somebody who comes now: no stock from before the register."""
    return researcher(username, **{"stock_basis": "", "began_on": "2026-03-01"} | changes)


def qualify(session: Session, username: str, now: datetime, seat: str = SEAT) -> None:
    """Give somebody a valid 准入资格 for two years."""
    key = 900 + int(username[-2:]) + 100 * list(SEATS).index(seat)
    decision = Decision(key, "admission_review", key, "test", SYSTEM, now)
    who = Candidate(username, username.replace("researcher", "教研员"), "学校", SEATS[seat], {})
    until = now.date().replace(year=now.year + 2)
    grant(session, decision, who, valid_until=until, preferred=False, documents={})


def part_timer(username: str = "researcher02", **changes: Cell) -> dict[str, Cell]:
    """A part-time researcher for the same subject."""
    filled: dict[str, Cell] = {"kind": "兼职", "seat_code": "", "covers": SEAT,
                               "term_ends_on": "2027-08-31"}  # fmt: skip
    return researcher(username, **filled | changes)


def enter_seat(tools: Ledger, *, now: datetime) -> int:
    """Settle the units with one vacant seat, and nobody; return the seat's key."""
    settle(tools.session, now, ())
    put(tools, ESTABLISHMENT_ROSTER, establishment(), now=now)
    return put(tools, SEAT_ROSTER, seat(), now=now)


def on(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)
