"""What ends on a day: 聘期, loans of seats, terms in the banks and in office, 准入资格.

Nothing is extended or ended by itself (S-TERM): whoever keeps the register is told, and decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from processes.registers.bank.rosters import REVIEWER_ROSTER, SETTER_ROSTER
from processes.registers.fields import FieldKind
from processes.registers.names import names_of
from processes.registers.party_group import members
from processes.registers.party_group.tables import MEMBERS, MemberRecord
from processes.registers.qualification_search import in_force, may_read_register
from processes.registers.roster import Roster
from processes.registers.scope import by_unit, may, reaching
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.tables import QUALIFICATIONS, QualificationRecord, QualificationState
from service.domain.actors import Actor
from service.domain.authorization import PART, Action

LOOK_BACK = 31
"""Days after its last one for which a term counts as just ended."""
ROSTERS = (RESEARCHER_ROSTER, SEAT_ROSTER, REVIEWER_ROSTER, SETTER_ROSTER)
QUALIFICATION_TITLE, MEMBER_TITLE = "准入资格名册", "党组成员名册"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of an entry that is in force; `last_day` is inclusive."""

    register: str
    title: str
    """Of the register."""
    key: int
    who: str
    """The person by name, or the seat by its code."""
    unit: str
    """The institution by name; empty where the entry has none."""
    what: str
    """What ends: 聘期, 借用期 …"""
    last_day: date
    page: str
    """Where the entry is shown."""
    keepers: tuple[str, ...]
    """Registers and parts whose keepers look after it."""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both inclusive."""

    first: date
    last: date


def near(today: date, days: int) -> Span:
    """Return the days from today on that count as soon."""
    return Span(today, today + timedelta(days=days))


def just_over(today: date) -> Span:
    """Return the days before today that count as just over."""
    return Span(today - timedelta(days=LOOK_BACK), today - timedelta(days=1))


def standing_over(today: date) -> Span:
    """Return all days before today."""
    return Span(date.min, today - timedelta(days=1))


def reads_any(session: Session, actor: Actor) -> bool:
    """Tell whether the actor may read a register whose entries have terms."""
    rights = [may(actor, one, Action.READ) for one in ROSTERS]
    return (
        any(session.execute(select(*rights)).one())
        or may_read_register(session, actor)
        or members.may_read(session, actor)
    )


def of_rosters(session: Session, span: Span, *, actor: Actor, most: int) -> Iterator[Term]:
    """Give the terms of rosters that end in a span and that the actor may read, in order."""
    for roster in ROSTERS:
        column: ColumnElement[date | None] = getattr(roster.table, roster.term_field)
        rows = session.scalars(
            select(roster.table)
            .where(
                roster.table.ended_on.is_(None),
                column.between(span.first, span.last),
                reaching(actor, roster, Action.READ),
            )
            .order_by(column, roster.table.key)
            .limit(most)
        ).all()
        yield from _of_roster(session, roster, rows)


def of_qualifications(session: Session, span: Span, *, actor: Actor, most: int) -> Iterator[Term]:
    """Give the 准入资格 that end in a span, in order; none for who may not read the register."""
    if not may_read_register(session, actor):
        return
    record = QualificationRecord
    rows = session.scalars(
        select(record)
        .where(
            in_force(),
            record.state == QualificationState.GRANTED,
            record.valid_until.between(span.first, span.last),
        )
        .order_by(record.valid_until, record.qualification_key)
        .limit(most)
    )
    for one in rows:
        mark = "（历史登记）" if one.is_stock else ""
        yield Term(
            QUALIFICATIONS, QUALIFICATION_TITLE, one.qualification_key,
            f"{one.holder_name}，{one.seat}{mark}", one.unit, "有效期", one.valid_until,
            f"/registers/qualifications/{one.qualification_key}", (QUALIFICATIONS,),
        )  # fmt: skip


def of_members(session: Session, span: Span, *, actor: Actor, most: int) -> Iterator[Term]:
    """Give the terms in the Party group that end in a span; none for who may not read them."""
    if not members.may_read(session, actor):
        return
    rows = session.scalars(
        select(MemberRecord)
        .where(members.in_force(), MemberRecord.ends_on.between(span.first, span.last))
        .order_by(MemberRecord.ends_on, MemberRecord.member_key)
        .limit(most)
    )
    for one in rows:
        if one.ends_on is not None:
            yield Term(
                MEMBERS, MEMBER_TITLE, one.member_key, f"{one.name}，{one.position}", "", "任期",
                one.ends_on, f"/committee/members/{one.member_key}", (MEMBERS,), closed=True,
            )  # fmt: skip


def _of_roster(session: Session, roster: Roster, rows: Sequence[object]) -> Iterator[Term]:
    people = [str(getattr(row, "username", "")) for row in rows]
    units = [str(getattr(row, "unit_id", "")) for row in rows]
    names = names_of(session, filter(None, people), filter(None, units))
    of_person = roster.field(roster.identity).kind is FieldKind.PERSON
    for row in rows:
        identity = str(getattr(row, roster.identity))
        unit_id, key = str(getattr(row, "unit_id", "")), int(getattr(row, "key"))  # noqa: B009
        keepers = (roster.id, f"{roster.id}{PART}{unit_id}") if by_unit(roster) else (roster.id,)
        yield Term(
            register=roster.id,
            title=roster.title,
            key=key,
            who=names.get(identity, identity) if of_person else identity,
            unit=names.get(unit_id, ""),
            what=roster.term_noun,
            last_day=getattr(row, roster.term_field),
            page=f"/registers/{roster.id}/{key}",
            keepers=keepers,
            closed=roster.closed,
        )
