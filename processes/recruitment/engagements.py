"""Engagements without a seat (返聘银龄, 兼职): whom and where, and what the gates say of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.channels import (
    full_time_first,
    rehire_room,
    seat_finding,
)
from processes.recruitment.rules.findings import Finding
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.rules.terms import engagement_findings
from processes.registers.days import bureau_day
from processes.registers.fields import Fault
from processes.registers.names import Names
from processes.registers.norms import Refusal
from processes.registers.seats import Seat, find_seat
from processes.registers.settings import SettingValues
from processes.registers.staffing.employers import district_refusal
from processes.registers.staffing.engaged import engaged_beside
from processes.registers.staffing.facts import Level
from processes.registers.staffing.matrix import institutions
from processes.registers.staffing.norms import NORMS as STAFFING
from processes.registers.staffing.rosters import RESEARCHER_ROSTER
from processes.registers.staffing.rules import scope_fault
from processes.registers.staffing.seat_checks import lock_establishment
from processes.registers.staffing.seats import Step, leave
from processes.registers.staffing.tables import Establishment, Researcher
from service.domain.actors import SYSTEM


@dataclass(frozen=True, slots=True)
class Wanted:
    """An engagement as it is asked for: keys of person and institution, days inclusive."""

    channel: Channel
    username: str
    unit_id: str
    seat: Seat
    begins_on: date | None = None
    last_day: date | None = None
    waiver: str = ""


def resolve(
    session: Session, channel: Channel, *, person: str, unit: str, seat: str
) -> tuple[Wanted | None, tuple[Refusal, ...]]:
    """Return what was written as keys, or why it means nothing, in words."""
    names, filled = Names(session, SYSTEM), NORMS["R-FILLED"]
    problems: list[Refusal] = []
    found: dict[str, str] = {}
    for key, text in (("username", person), ("unit_id", unit)):
        field = RESEARCHER_ROSTER.field(key)
        value = names.resolved(field, text) if text else Fault(key, "没有填写")
        if isinstance(value, Fault):
            problems.append(filled.refuses(f"{field.label}：{value.text}"))
        else:
            found[key] = str(value)
    place = find_seat(seat) if seat else None
    if place is None:
        said = f"没有“{seat[:30]}”这个学段学科" if seat else "学段学科：没有填写"
        problems.append(filled.refuses(said))
    if problems or place is None:
        return None, tuple(problems)
    return Wanted(channel, found["username"], found["unit_id"], place), ()


def request_problems(session: Session, wanted: Wanted) -> tuple[Refusal, ...]:
    """Return why nobody can be engaged there at all: the institution, the level, who is there."""
    return tuple(_request_problems(session, wanted))


def findings(
    session: Session, wanted: Wanted, values: SettingValues, today: date, *, lock: bool = False
) -> tuple[Finding, ...]:
    """Look at the gates R-CH-1 to R-CH-3 and, where the days are known, at their length.

    With `lock` the institution's row is held, so that two cases do not take the last place.
    """
    if lock:
        lock_establishment(session, wanted.unit_id)
    return tuple(_findings(session, wanted, values, today))


def needs_waiver(
    session: Session, wanted: Wanted, values: SettingValues, today: date
) -> Finding | None:
    """Return what R-CH-2 says against a part-timer there without a waiver; None for nothing."""
    if wanted.channel is not Channel.PART_TIME:
        return None
    found = _full_time_first(session, wanted, values, today)
    return None if found.met else found


def end(
    session: Session, step: Step, *, entry_key: int, how: str, on: date, basis: str = ""
) -> bool:
    """End the entry of an engagement; False where somebody has ended it already.

    Whoever came again since has another entry, which stays. Raises EntryRefused.
    """
    entry = session.get(Researcher, entry_key)
    if entry is None or entry.ended_on is not None:
        return False
    day = min(on, bureau_day(step.now))
    leave(session, step, username=entry.username, how=how, on=day, basis=basis)
    return True


def _request_problems(session: Session, wanted: Wanted) -> Iterator[Refusal]:
    level = session.scalar(
        select(Establishment.level).where(
            Establishment.unit_id == wanted.unit_id,
            Establishment.ended_on.is_(None),
            Establishment.level != Level.LENDER,
        )
    )
    if level is None:
        yield STAFFING["S-CITY"].refuses("这个机构没有登记核定编制，不是教研机构")
        return
    if refused := district_refusal(session, wanted.unit_id, f"{wanted.channel.label}的人选"):
        yield refused
        return
    if reason := scope_fault(Level(level), wanted.seat):
        yield reason.norm.refuses(reason.text)
    there = session.scalar(
        select(Researcher.kind).where(
            Researcher.username == wanted.username, Researcher.ended_on.is_(None)
        )
    )
    if there is not None:
        yield STAFFING["M2"].refuses(f"本人已在教研员名册里（{there}），不能再聘")


def _findings(
    session: Session, wanted: Wanted, values: SettingValues, today: date
) -> Iterator[Finding]:
    yield seat_finding(wanted.channel, "")
    if wanted.channel is Channel.REHIRE:
        there = engaged_beside(
            session, unit_id=wanted.unit_id, username=wanted.username, values=values, today=today
        )
        yield rehire_room(*there, values)
    else:
        yield _full_time_first(session, wanted, values, today)
    if wanted.begins_on is not None and wanted.last_day is not None:
        yield from engagement_findings(wanted.channel, wanted.begins_on, wanted.last_day, values)


def _full_time_first(
    session: Session, wanted: Wanted, values: SettingValues, today: date
) -> Finding:
    found = institutions(session, today, values, units=[wanted.unit_id])
    cells = [(one.seat, one.state) for each in found for one in each.cells]
    return full_time_first(wanted.seat, cells, wanted.waiver, values)
