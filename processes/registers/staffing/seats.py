"""Seats and researchers as cases handle them: reserve, release, enter, occupy, leave, look up.

Each is done once for a step, however often the step runs: `Step.key` is that of its element
instance. What a rule forbids is `EntryRefused` with the rule; nothing is asked of rights, since the
diagram is what gives them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select, true
from sqlalchemy.orm import Session

from processes.registers import changes, set_values
from processes.registers.changes import Cause
from processes.registers.days import bureau_day, said_day
from processes.registers.editing import read_cells
from processes.registers.entries import (
    EntryRefused,
    applied,
    current,
    locked,
    put_in,
    put_out,
    put_over,
)
from processes.registers.fields import Fault
from processes.registers.names import Names
from processes.registers.roster import RegisterChange, Roster
from processes.registers.seats import Seat
from processes.registers.staffing.facts import PersonKind
from processes.registers.staffing.matrix import Cell, cell
from processes.registers.staffing.norms import NORMS
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.staffing.seat_checks import (
    lock_establishment,
    lock_seat,
    standing_on,
)
from processes.registers.staffing.sources import OWN_SOURCES, Source
from processes.registers.staffing.tables import Researcher, StaffSeat
from service.domain.actors import SYSTEM, Actor
from service.domain.import_rows import Cell as Text
from service.procedure import case_ended

_LONGEST_PURPOSE = 60


@dataclass(frozen=True, slots=True)
class Step:
    """The step of a case on whose behalf something is done."""

    key: int
    instance_key: int
    actor: Actor
    now: datetime
    reason: str
    holder: str = ""
    """Account by which the person was admitted, where it is another than they are entered by."""
    decided_by: str = ""
    """Version of the rules of another book by which it was decided, recorded beside its own."""

    def cause(self, session: Session, roster: Roster) -> Cause:
        """Return the step as the cause of a change."""
        own = applied(session, roster, bureau_day(self.now))
        rules = "；".join(filter(None, (own, self.decided_by)))
        return Cause(
            self.actor, self.now, self.reason, rules, self.instance_key, self.key, self.holder
        )


def look_up(session: Session, *, unit: str, seat: Seat, day: date) -> Cell | None:
    """Return a cell as it is on this day; None where there must be none."""
    values = set_values.values_on(session, day)
    found = cell(session, day, values, unit_id=unit, seat=seat.name)
    return None if found is None else found[1]


def reserve(
    session: Session, step: Step, *, unit: str, seat: Seat, purpose: str, code: str = ""
) -> StaffSeat:
    """Keep a free seat of a cell for a case, that of `code` where it is given, once for a step.

    Raises EntryRefused where there is none: nothing may be filled before it is approved.
    """
    done = _done(session, SEAT_ROSTER, step)
    if done is not None:
        return session.get_one(StaffSeat, done.entry_key)
    establishment = lock_establishment(session, unit)
    if establishment is None:
        raise EntryRefused([Fault("unit_id", "请先登记这个机构的核定编制", NORMS["S-LIMIT"])])
    found = _free(session, unit, seat, bureau_day(step.now), code)
    if found is None:
        reason = f"{seat.name}没有空缺的岗位，须先由机构编制管理机关批准"
        raise EntryRefused([Fault("seat", reason, NORMS["S-ORGAN"])])
    own = Source(found.source) in OWN_SOURCES
    if own and standing_on(session, unit, 0) > establishment.approved_seats:
        raise EntryRefused([Fault("seat", "已经超编，不能再补人", NORMS["S-LIMIT"])])
    before = current(SEAT_ROSTER, found)
    found.reserved_instance = step.instance_key
    found.reserved_for = purpose[:_LONGEST_PURPOSE] or "办理中的事项"
    found.revision += 1
    session.flush()
    cause = step.cause(session, SEAT_ROSTER)
    changes.write(session, SEAT_ROSTER, found, changes.RESERVED, before, cause)
    return found


def release(session: Session, step: Step, *, code: str) -> None:
    """Give back a seat that this case has kept; nothing happens where it has not."""
    seat = lock_seat(session, code)
    if seat is None or seat.reserved_instance != step.instance_key:
        return
    _give_back(session, step, seat)


def enter(session: Session, step: Step, cells: Mapping[str, Text]) -> int:
    """Enter a researcher: with a seat, which they then hold, or without one. Return the key.

    `cells` are the fields of the roster as people write them. Raises EntryRefused.
    """
    done = _done(session, RESEARCHER_ROSTER, step)
    if done is not None:
        return done.entry_key
    values, faults = read_cells(RESEARCHER_ROSTER, cells, Names(session, SYSTEM))
    if faults:
        raise EntryRefused(faults)
    cause = step.cause(session, RESEARCHER_ROSTER)
    key, _change = put_in(session, RESEARCHER_ROSTER, values, key=step.key, cause=cause)
    _taken_up(session, step, str(values["seat_code"] or ""))
    return key


def occupy(session: Session, step: Step, *, username: str, code: str) -> int:
    """Give a seat to a full-time researcher who is in the roster; theirs before becomes vacant.

    Raises EntryRefused: for somebody who is not there, a part-timer, a seat that is taken.
    """
    done = _done(session, RESEARCHER_ROSTER, step)
    if done is not None:
        return done.entry_key
    person = _locked_person(session, username)
    if person.kind != PersonKind.FULL_TIME:
        reason = f"{person.kind}不能占专职教研员的岗位和编制"
        raise EntryRefused([Fault("seat_code", reason, NORMS["R-CH-1"])])
    seat = lock_seat(session, code)
    unit = person.unit_id if seat is None else seat.unit_id
    values = current(RESEARCHER_ROSTER, person) | {"seat_code": code, "unit_id": unit}
    put_over(
        session,
        RESEARCHER_ROSTER,
        person,
        {one.key: values[one.key] for one in RESEARCHER_ROSTER.fields},
        step.cause(session, RESEARCHER_ROSTER),
    )
    _taken_up(session, step, code)
    return person.key


def leave(
    session: Session, step: Step, *, username: str, how: str, on: date, basis: str = ""
) -> int:
    """End somebody's entry: their seat is vacant from that day on. Return the entry's key.

    `basis` is the paper; of 退出教研队伍 the number of the Party group's item.

    Raises EntryRefused.
    """
    done = _done(session, RESEARCHER_ROSTER, step)
    if done is not None:
        return done.entry_key
    person = _locked_person(session, username)
    if how not in RESEARCHER_ROSTER.endings:
        endings = "、".join(RESEARCHER_ROSTER.endings)
        raise EntryRefused([Fault("ended_how", f"离岗原因应为：{endings}")])
    if on > bureau_day(step.now):
        raise EntryRefused([Fault("ended_on", f"还没有到{said_day(on)}")])
    cause = step.cause(session, RESEARCHER_ROSTER)
    put_out(session, RESEARCHER_ROSTER, person, how=how, on=on, cause=cause, basis=basis)
    return person.key


def _done(session: Session, roster: Roster, step: Step) -> RegisterChange | None:
    return changes.caused(session, roster, step.key)


def _free(session: Session, unit: str, seat: Seat, today: date, code: str) -> StaffSeat | None:
    held = exists().where(Researcher.seat_code == StaffSeat.code, Researcher.ended_on.is_(None))
    statement = (
        select(StaffSeat)
        .where(
            StaffSeat.unit_id == unit,
            StaffSeat.seat == seat.name,
            StaffSeat.ended_on.is_(None),
            StaffSeat.reserved_instance.is_(None) | case_ended(StaffSeat.reserved_instance),
            StaffSeat.begins_on <= today,
            StaffSeat.ends_on.is_(None) | (StaffSeat.ends_on > today),
            ~held,
            true() if not code else StaffSeat.code == code,
        )
        .order_by(StaffSeat.code)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(statement)


def _taken_up(session: Session, step: Step, code: str) -> None:
    """A seat that was kept for this case and is now held is kept no longer."""
    seat = lock_seat(session, code) if code else None
    if seat is not None and seat.reserved_instance == step.instance_key:
        _give_back(session, step, seat)


def _give_back(session: Session, step: Step, seat: StaffSeat) -> None:
    before = current(SEAT_ROSTER, seat)
    seat.reserved_instance, seat.reserved_for = None, ""
    seat.revision += 1
    session.flush()
    cause = step.cause(session, SEAT_ROSTER)
    changes.write(session, SEAT_ROSTER, seat, changes.RELEASED, before, cause)


def _locked_person(session: Session, username: str) -> Researcher:
    key = session.scalar(
        select(Researcher.key).where(Researcher.username == username, Researcher.ended_on.is_(None))
    )
    if key is None:
        raise EntryRefused([Fault("username", "教研员名册里没有这个人，或者已经离岗")])
    entry = locked(session, RESEARCHER_ROSTER, key)
    assert isinstance(entry, Researcher)  # noqa: S101 - the roster's own table
    return entry
