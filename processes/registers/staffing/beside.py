"""What a list of seats or researchers says beside its own columns: who, and for what."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers.names import names_of
from processes.registers.roster import AnyEntry
from processes.registers.scope import units_of
from processes.registers.staffing.rosters import RESEARCHER_ROSTER
from processes.registers.staffing.tables import Researcher, StaffSeat
from service.domain.actors import Actor
from service.domain.authorization import Action


def holders_of(session: Session, actor: Actor, rows: Sequence[AnyEntry]) -> Mapping[int, str]:
    """Return by key of a seat who holds it, or for what it is kept.

    Who may not read the register of researchers in the seat's institution is told 在岗.
    """
    seats = [row for row in rows if isinstance(row, StaffSeat) and row.ended_on is None]
    codes = [seat.code for seat in seats]
    held = {
        row.seat_code: row.username
        for row in session.execute(
            select(Researcher.seat_code, Researcher.username).where(
                Researcher.seat_code.in_(codes), Researcher.ended_on.is_(None)
            )
        )
    }
    names = names_of(session, held.values())
    seen = units_of(session, actor, RESEARCHER_ROSTER, Action.READ)

    def said(seat: StaffSeat) -> str:
        if seat.code in held and seen is not None and seat.unit_id not in seen:
            return "在岗"
        if seat.code in held:
            return names.get(held[seat.code], held[seat.code])
        return f"空缺，已为{seat.reserved_for}预留" if seat.reserved_for else "空缺"

    return {seat.key: said(seat) for seat in seats}


def covered_by(session: Session, actor: Actor, rows: Sequence[AnyEntry]) -> Mapping[int, str]:
    """Return by key of a researcher which stage and subject they do; one statement."""
    people = [row for row in rows if isinstance(row, Researcher)]
    codes = [person.seat_code for person in people if person.seat_code]
    statement = (
        select(StaffSeat.code, StaffSeat.seat)
        .where(StaffSeat.code.in_(codes))
        .order_by(StaffSeat.ended_on.is_(None))
    )
    seats = {row.code: row.seat for row in session.execute(statement)}

    def said(person: Researcher) -> str:
        own = person.covers or seats.get(person.seat_code, "")
        return f"{own}，兼{person.second_subject}" if person.second_subject else own

    return {person.key: said(person) for person in people}
