"""Reading the staffing matrix: what is recorded of every cell, in a few statements for all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from processes.registers.fields import items_of
from processes.registers.names import names_of
from processes.registers.seats import Seat
from processes.registers.settings import SettingValues
from processes.registers.staffing.engaged import engaged
from processes.registers.staffing.facts import (
    CellFacts,
    Holder,
    Leaving,
    Level,
    OpenSeat,
    PersonKind,
)
from processes.registers.staffing.rules import CellState, Colour, cell_state, required_seats
from processes.registers.staffing.sources import OWN_SOURCES, Source
from processes.registers.staffing.tables import Establishment, Researcher, StaffSeat
from service.procedure import unit_names


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with what is recorded of it and what that means today."""

    facts: CellFacts
    state: CellState

    @property
    def seat(self) -> Seat:
        """Its stage and subject."""
        return self.facts.seat


@dataclass(frozen=True, slots=True)
class Institution:
    """One institution with its limits and its cells, in the order of the seats."""

    unit_id: str
    name: str
    level: Level
    approved_seats: int
    approved_posts: int
    own_seats: int
    """Seats set up on its own establishment."""
    lent: int
    """Of its own, lent to others."""
    borrowed: int
    staffed: int
    """Full-time researchers in force whose term is not over."""
    rehired: int
    """Retired ones whose term is not over; how many there may be is `rehire.rehire_cap`."""
    cells: tuple[Cell, ...]

    def count(self, colour: Colour) -> int:
        """Return how many cells are of this colour."""
        return sum(one.state.colour is colour for one in self.cells)

    @property
    def exceeds(self) -> bool:
        """Whether more seats are set up or lent than were approved."""
        return self.own_seats + self.lent > self.approved_seats


@dataclass(slots=True)
class _Recorded:
    """The rows of the institutions asked for, by unit and seat."""

    seats: dict[tuple[str, str], list[StaffSeat]] = field(default_factory=dict)
    people: dict[str, list[Researcher]] = field(default_factory=dict)
    by_code: dict[str, StaffSeat] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    lost: dict[tuple[str, str], date] = field(default_factory=dict)
    freed: dict[str, date] = field(default_factory=dict)


def institutions(
    session: Session, today: date, values: SettingValues, *, units: Collection[str] | None = None
) -> tuple[Institution, ...]:
    """Return the institutions with their cells, city first; eight statements whatever their number.

    `units` narrows to these. Who may see them, the caller has asked.
    """
    places = unit_names()
    statement = (
        select(Establishment, places.c.name)
        .outerjoin(places, places.c.id == Establishment.unit_id)
        .where(Establishment.ended_on.is_(None), Establishment.level != Level.LENDER)
        .order_by(Establishment.level == Level.DISTRICT, places.c.position, Establishment.unit_id)
    )
    if units is not None:
        statement = statement.where(Establishment.unit_id.in_(sorted(units)))
    found = session.execute(statement).all()
    recorded = _recorded(session, [row[0].unit_id for row in found])
    lent = _lent(session)
    return tuple(
        _institution(row[0], row[1] or row[0].unit_id, recorded, lent, today, values)
        for row in found
    )


def cell(
    session: Session, today: date, values: SettingValues, *, unit_id: str, seat: str
) -> tuple[Institution, Cell] | None:
    """Return one cell with its institution; None where there must be none."""
    for institution in institutions(session, today, values, units=[unit_id]):
        for one in institution.cells:
            if one.seat.name == seat:
                return institution, one
    return None


def without_people(one: Cell, today: date, values: SettingValues) -> Cell:
    """Return a cell for who may read the seats alone: no names, and not why somebody leaves."""
    facts = replace(
        one.facts,
        holders=tuple(each.without_person() for each in one.facts.holders),
        part_time=("",) * len(one.facts.part_time),
        retired=("",) * len(one.facts.retired),
    )
    return Cell(facts, cell_state(facts, today, values))


def _recorded(session: Session, units: list[str]) -> _Recorded:
    found = _Recorded()
    if not units:
        return found
    seats = select(StaffSeat).where(StaffSeat.unit_id.in_(units), StaffSeat.ended_on.is_(None))
    for seat in session.scalars(seats.order_by(StaffSeat.code)):
        found.seats.setdefault((seat.unit_id, seat.seat), []).append(seat)
        found.by_code[seat.code] = seat
    people = select(Researcher).where(Researcher.unit_id.in_(units), Researcher.ended_on.is_(None))
    rows = session.scalars(people.order_by(Researcher.began_on, Researcher.key)).all()
    for person in rows:
        found.people.setdefault(person.unit_id, []).append(person)
    found.names = names_of(session, [one.username for one in rows])
    for unit_id, name, code, ended in session.execute(_last_ended(units)):
        if ended is None:
            continue
        place = (unit_id, name)
        found.lost[place] = max(ended, found.lost.get(place, ended))
        found.freed[code] = max(ended, found.freed.get(code, ended))
    return found


def _last_ended(units: list[str]) -> Select[str, str, str, date | None]:
    ended = func.max(Researcher.ended_on)
    return (
        select(StaffSeat.unit_id, StaffSeat.seat, StaffSeat.code, ended)
        .join(Researcher, Researcher.seat_code == StaffSeat.code)
        .where(StaffSeat.unit_id.in_(units), Researcher.ended_on.is_not(None))
        .group_by(StaffSeat.unit_id, StaffSeat.seat, StaffSeat.code)
    )


def _lent(session: Session) -> Mapping[str, int]:
    rows = session.execute(
        select(StaffSeat.lender_id, func.count())
        .where(and_(StaffSeat.ended_on.is_(None), StaffSeat.lender_id != ""))
        .group_by(StaffSeat.lender_id)
    )
    return {row[0]: row[1] for row in rows}


def _institution(
    row: Establishment,
    name: str,
    recorded: _Recorded,
    lent: Mapping[str, int],
    today: date,
    values: SettingValues,
) -> Institution:
    level = Level(row.level)
    seats = [one for (unit, _), some in recorded.seats.items() if unit == row.unit_id
             for one in some]  # fmt: skip
    own = sum(Source(one.source) in OWN_SOURCES for one in seats)
    people = [one for one in recorded.people.get(row.unit_id, []) if engaged(one, today)]
    required = required_seats(level, values)
    cells = (_facts(row.unit_id, level, seat, recorded, today) for seat in required)
    return Institution(
        unit_id=row.unit_id,
        name=name,
        level=level,
        approved_seats=row.approved_seats,
        approved_posts=row.approved_posts,
        own_seats=own,
        lent=lent.get(row.unit_id, 0),
        borrowed=len(seats) - own,
        staffed=sum(one.kind == PersonKind.FULL_TIME for one in people),
        rehired=sum(one.kind == PersonKind.RETIRED for one in people),
        cells=tuple(Cell(facts, cell_state(facts, today, values)) for facts in cells),
    )


def _facts(unit_id: str, level: Level, seat: Seat, recorded: _Recorded, today: date) -> CellFacts:
    seats = recorded.seats.get((unit_id, seat.name), [])
    people = recorded.people.get(unit_id, [])
    there = [one for one in people if engaged(one, today)]
    codes = {one.code for one in seats}
    held = [one for one in people if one.seat_code in codes and one.seat_code]
    second = [one for one in people if one.second_subject == seat.name]
    taken = {one.seat_code for one in held}
    return CellFacts(
        unit_id=unit_id,
        level=level,
        seat=seat,
        holders=(
            *(_holder(one, recorded.by_code[one.seat_code], recorded) for one in held),
            *(_second(one, recorded) for one in second),
        ),
        open_seats=tuple(
            OpenSeat(
                one.code,
                max(one.begins_on, recorded.freed.get(one.code, one.begins_on)),
                one.reserved_for,
            )
            for one in seats
            if one.code not in taken
        ),
        part_time=_covering(there, PersonKind.PART_TIME, seat, recorded),
        retired=_covering(there, PersonKind.RETIRED, seat, recorded),
        lost_on=recorded.lost.get((unit_id, seat.name)),
    )


def _covering(
    people: Collection[Researcher], kind: PersonKind, seat: Seat, recorded: _Recorded
) -> tuple[str, ...]:
    return tuple(
        recorded.names.get(one.username, one.username)
        for one in people
        if one.kind == kind and one.covers == seat.name
    )


def _holder(person: Researcher, seat: StaffSeat, recorded: _Recorded) -> Holder:
    lent = Source(seat.source) not in OWN_SOURCES
    return Holder(
        researcher_key=person.key,
        username=person.username,
        name=recorded.names.get(person.username, person.username),
        began_on=person.began_on,
        seat_code=seat.code,
        stages=items_of(seat.stages),
        loan=seat.source if lent else "",
        loan_ends_on=seat.ends_on,
        leaves_on=person.leaves_on,
        leaving=Leaving(person.leaving) if person.leaving else None,
        returns_on=person.returns_on,
        term_ends_on=person.term_ends_on,
    )


def _second(person: Researcher, recorded: _Recorded) -> Holder:
    own = recorded.by_code.get(person.seat_code)
    return Holder(
        researcher_key=person.key,
        username=person.username,
        name=recorded.names.get(person.username, person.username),
        began_on=person.began_on,
        second=True,
        loan_ends_on=None if own is None else own.ends_on,
        loan="" if own is None or Source(own.source) in OWN_SOURCES else own.source,
        leaves_on=person.leaves_on,
        leaving=Leaving(person.leaving) if person.leaving else None,
        returns_on=person.returns_on,
        term_ends_on=person.term_ends_on,
    )
