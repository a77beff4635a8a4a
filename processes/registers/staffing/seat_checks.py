"""What may be entered of establishments and seats, and by which rule it may not.

What a check reads of others it locks: the establishment of an institution first, then the seat, so
that two who fill the last seat at once wait for each other.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from processes.registers.days import said_day
from processes.registers.fields import Fault, Value, items_of
from processes.registers.names import names_of
from processes.registers.roster import Candidate
from processes.registers.seats import SEATS, Seat
from processes.registers.staffing.facts import Level
from processes.registers.staffing.norms import NORMS, ORGANS, POSTS_LIMIT
from processes.registers.staffing.rules import (
    Reason,
    scope_fault,
    stages_fault,
)
from processes.registers.staffing.sources import OWN_POST_SOURCES, OWN_SOURCES, Source
from processes.registers.staffing.tables import Establishment, Researcher, StaffSeat


def establishment_faults(candidate: Candidate) -> Iterator[Fault]:
    """核定编制: by an organ for establishments; seats that are there must stay in its scope."""
    values = candidate.values
    yield from _organ_faults(candidate, required=True)
    if values["level"] not in set(Level):
        return
    level = Level(str(values["level"]))
    for name in candidate.session.scalars(seats_of(values["unit_id"]).distinct()):
        if reason := scope_fault(level, SEATS[name]):
            yield fault_of("level", reason)


def establishment_ending(candidate: Candidate) -> Iterator[Fault]:
    """An establishment ends when nothing stands on it any more."""
    unit_id = candidate.values["unit_id"]
    session = candidate.session
    seats = session.scalar(seats_of(unit_id).with_only_columns(func.count()))
    lent = session.scalar(
        select(func.count()).where(StaffSeat.lender_id == unit_id, StaffSeat.ended_on.is_(None))
    )
    if seats or lent:
        yield Fault("ended_on", f"还有{seats}个岗位设在这里、{lent}个编制借出，请先撤销或收回")


def seat_faults(candidate: Candidate) -> Iterator[Fault]:
    """编制与岗位: in scope, with the papers its source asks for, within what was approved."""
    values, session = candidate.values, candidate.session
    establishment = lock_establishment(session, values["unit_id"])
    if establishment is None or establishment.level == Level.LENDER:
        yield Fault("unit_id", "请先登记这个教研机构的核定编制", NORMS["S-LIMIT"])
        return
    seat = SEATS.get(str(values["seat"]))
    if seat is not None:
        yield from _scope_faults(Level(establishment.level), seat, values["stages"])
    if values["source"] in set(Source):
        yield from _source_faults(candidate, Source(str(values["source"])), establishment)
    yield from _held_faults(candidate)


def seat_ending(candidate: Candidate) -> Iterator[Fault]:
    """A seat is closed when nobody holds it and no case has it."""
    holder = holder_of(candidate.session, str(candidate.values["code"]))
    if holder is not None:
        name = name_of(candidate.session, holder.username)
        yield Fault("ended_on", f"岗位还由{name}占用，请先办理离岗")
    if candidate.values.get("reserved_for"):
        yield Fault("ended_on", f"岗位已为{candidate.values['reserved_for']}预留")


def last_held_until(session: Session, code: str, besides: int = 0) -> date | None:
    """Return the first day on which the last holder did not hold a seat any more."""
    return session.scalar(
        select(func.max(Researcher.ended_on)).where(
            Researcher.seat_code == code, Researcher.key != besides
        )
    )


def lock_establishment(session: Session, unit_id: Value) -> Establishment | None:
    """Return the establishment of a unit under its lock."""
    statement = select(Establishment).where(
        Establishment.unit_id == unit_id, Establishment.ended_on.is_(None)
    )
    return session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def lock_seat(session: Session, code: str) -> StaffSeat | None:
    """Return a seat in force under its lock."""
    statement = select(StaffSeat).where(StaffSeat.code == code, StaffSeat.ended_on.is_(None))
    return session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def holder_of(session: Session, code: str, besides: int = 0) -> Researcher | None:
    """Return who holds a seat, but for this entry."""
    return session.scalar(
        select(Researcher).where(
            Researcher.seat_code == code, Researcher.ended_on.is_(None), Researcher.key != besides
        )
    )


def _scope_faults(level: Level, seat: Seat, stages: Value) -> Iterator[Fault]:
    if reason := scope_fault(level, seat):
        yield fault_of("seat", reason)
    elif reason := stages_fault(level, seat, items_of(stages)):
        yield fault_of("stages", reason)


def _source_faults(
    candidate: Candidate, source: Source, establishment: Establishment
) -> Iterator[Fault]:
    values = candidate.values
    lent = source not in OWN_SOURCES
    yield from _organ_faults(candidate, required=source is not Source.OWN)
    needed = {"approval_no": "批准文号"} if source is not Source.OWN else {}
    if lent:
        needed |= {"lender_id": "出借单位", "ends_on": "到期日", "return_rule": "归还约定"}
    for key, label in needed.items():
        if not values[key]:
            yield Fault(key, f"{source}须写明{label}", NORMS["S-SOURCE"])
    if not lent and values["lender_id"]:
        yield Fault("lender_id", f"{source}没有出借单位", NORMS["S-SOURCE"])
    begins, ends = values["begins_on"], values["ends_on"]
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        yield Fault("ends_on", f"到期日早于起始日{said_day(begins)}")
    yield from _limit_faults(candidate, source, establishment)


def _limit_faults(
    candidate: Candidate, source: Source, establishment: Establishment
) -> Iterator[Fault]:
    session, values = candidate.session, candidate.values
    if source in OWN_SOURCES:
        used = standing_on(session, establishment.unit_id, candidate.key)
        if used + 1 > establishment.approved_seats:
            yield Fault(
                "source",
                f"核定编制{establishment.approved_seats}个，已设和借出{used}个，没有空余",
                NORMS["S-LIMIT"],
            )
    elif values["lender_id"]:
        yield from _lender_faults(candidate, establishment)
    if source in OWN_POST_SOURCES and candidate.settings.truth(POSTS_LIMIT):
        posts = session.scalar(
            seats_of(establishment.unit_id)
            .where(StaffSeat.source.in_(OWN_POST_SOURCES), StaffSeat.key != candidate.key)
            .with_only_columns(func.count())
        )
        if (posts or 0) + 1 > establishment.approved_posts:
            yield Fault(
                "source",
                f"核定岗位{establishment.approved_posts}个，已设{posts}个，没有空余",
                NORMS["S-POSTS"],
            )


def _lender_faults(candidate: Candidate, establishment: Establishment) -> Iterator[Fault]:
    session, lender_id = candidate.session, str(candidate.values["lender_id"])
    if lender_id == establishment.unit_id:
        yield Fault("lender_id", "不能向本机构借", NORMS["S-SOURCE"])
        return
    lender = lock_establishment(session, lender_id)
    if lender is None:
        yield Fault("lender_id", "请先登记出借单位的核定编制，借出会减少它的空编", NORMS["S-LIMIT"])
        return
    used = standing_on(session, lender_id, candidate.key)
    if used + 1 > lender.approved_seats:
        yield Fault(
            "lender_id",
            f"出借单位核定编制{lender.approved_seats}个，已设和借出{used}个，没有空编可借",
            NORMS["S-LIMIT"],
        )


def standing_on(session: Session, unit_id: str, besides: int) -> int:
    """How many seats stand on a unit's approved number: its own, and those it has lent."""
    own = session.scalar(
        seats_of(unit_id)
        .where(StaffSeat.source.in_(OWN_SOURCES), StaffSeat.key != besides)
        .with_only_columns(func.count())
    )
    lent = session.scalar(
        select(func.count()).where(
            StaffSeat.lender_id == unit_id, StaffSeat.ended_on.is_(None), StaffSeat.key != besides
        )
    )
    return (own or 0) + (lent or 0)


def _organ_faults(candidate: Candidate, *, required: bool) -> Iterator[Fault]:
    organ = str(candidate.values["organ"] or "")
    organs = candidate.settings.items(ORGANS)
    if organ and organ not in organs:
        reason = f"“{organ}”不能批准编制，应为机构编制管理机关：{'、'.join(organs)}"
        yield Fault("organ", reason, NORMS["S-ORGAN"])
    elif required and not organ:
        yield Fault("organ", f"须写明批准机关：{'、'.join(organs)}", NORMS["S-ORGAN"])


def _held_faults(candidate: Candidate) -> Iterator[Fault]:
    """Who holds a seat has it for what it was: it is not moved under them."""
    before = candidate.before
    if before is None:
        return
    moved = [key for key in ("unit_id", "seat") if candidate.values[key] != before[key]]
    if not moved:
        return
    holder = holder_of(candidate.session, str(before["code"]))
    if holder is not None:
        name = name_of(candidate.session, holder.username)
        yield Fault(moved[0], f"岗位由{name}占用，不能改机构和学段学科")


def seats_of(unit_id: Value) -> Select[str]:
    """Names of the seats in force of a unit."""
    return select(StaffSeat.seat).where(StaffSeat.unit_id == unit_id, StaffSeat.ended_on.is_(None))


def fault_of(key: str, reason: Reason) -> Fault:
    """Return a reason as the fault of a field."""
    return Fault(key, reason.text, reason.norm)


def name_of(session: Session, username: str) -> str:
    """Return what somebody is called."""
    return names_of(session, [username]).get(username, username)
