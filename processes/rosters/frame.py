"""What the pages of the registers share: which roster, the tabs, how a refusal is answered."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import make_response, render_template, request, url_for
from sqlalchemy import ColumnElement, exists, literal, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from processes.registers import terms
from processes.registers.bank.rosters import REVIEWER_ROSTER, SETTER_ROSTER
from processes.registers.days import said_day
from processes.registers.fields import Field, FieldKind, shown
from processes.registers.names import names_of
from processes.registers.roster import Roster
from processes.registers.rule_books import books
from processes.registers.scope import by_unit, may, reaching, units_of
from processes.registers.seats import SEATS
from processes.registers.staffing.rosters import (
    ESTABLISHMENT_ROSTER,
    RESEARCHER_ROSTER,
    SEAT_ROSTER,
)
from processes.registers.staffing.tables import Researcher, StaffSeat
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.procedure import granted, staff_choices, unit_paths

ROSTERS = {
    one.id: one
    for one in (
        RESEARCHER_ROSTER,
        SEAT_ROSTER,
        ESTABLISHMENT_ROSTER,
        REVIEWER_ROSTER,
        SETTER_ROSTER,
    )
}
RULE = f"<any({', '.join(ROSTERS)}):roster_id>"
"""The part of an address that names a roster."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A line above the pages of the registers."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What a field offers: what is sent, and what people read."""

    value: str
    label: str = ""


def page(
    session: Session,
    actor: Actor,
    template: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    **values: object,
) -> Response:
    """Render a page of the registers with the tabs that the actor may open."""
    text = render_template(
        template, tabs=_tabs(session, actor), shown=shown, said_day=said_day, **values
    )
    return make_response(text, status)


def choices(session: Session, actor: Actor, roster: Roster) -> dict[str, list[Choice]]:
    """Return what each field of a form offers, by field."""
    found: dict[str, list[Choice]] = {}
    for field in roster.fields:
        if field.kind is FieldKind.PERSON:
            found[field.key] = [
                Choice(one.username, one.name) for one in staff_choices(session, actor=actor)
            ]
        elif field.kind in {FieldKind.SEAT, FieldKind.SEATS}:
            found[field.key] = [Choice(name) for name in SEATS]
        elif field.choices and field.kind is FieldKind.CHOICE:
            found[field.key] = [Choice(one) for one in field.choices]
        elif field.kind is FieldKind.UNIT:
            found[field.key] = _units(session, actor, roster, field)
    if roster is RESEARCHER_ROSTER:
        found["seat_code"] = _vacant(session, actor)
    return found


def _units(session: Session, actor: Actor, roster: Roster, field: Field) -> list[Choice]:
    """The units that have an establishment; to enter one, all units; of one's own where others'
    entries are none of the actor's."""
    if roster is ESTABLISHMENT_ROSTER:
        paths = (one for one in unit_paths(session) if not one.closed)
        found = [Choice(one.id, one.text) for one in paths]
    else:
        whose = ESTABLISHMENT_ROSTER.field("unit_id")
        found = _named_units(session, ESTABLISHMENT_ROSTER, whose)
    kept = units_of(session, actor, roster, Action.ACT) if field.key == "unit_id" else None
    return (
        found
        if kept is None or not by_unit(roster)
        else [one for one in found if one.value in kept]
    )


def _vacant(session: Session, actor: Actor) -> list[Choice]:
    """The seats that nobody holds, of those that the actor may see."""
    held = exists().where(Researcher.seat_code == StaffSeat.code, Researcher.ended_on.is_(None))
    seen = reaching(actor, SEAT_ROSTER, Action.READ)
    statement = select(StaffSeat).where(StaffSeat.ended_on.is_(None), ~held, seen)
    seats = session.scalars(statement.order_by(StaffSeat.code).limit(300)).all()
    names = names_of(session, (), [seat.unit_id for seat in seats])
    return [
        Choice(seat.code, f"{names.get(seat.unit_id, seat.unit_id)} {seat.seat}") for seat in seats
    ]


def unit_choices(session: Session, actor: Actor, roster: Roster, field: Field) -> list[Choice]:
    """Return the units that entries name which the actor may read, to narrow a list by."""
    return _named_units(session, roster, field, reaching(actor, roster, Action.READ))


def _named_units(
    session: Session, roster: Roster, field: Field, *conditions: ColumnElement[bool]
) -> list[Choice]:
    column = getattr(roster.table, field.key)
    statement = select(column).where(roster.table.ended_on.is_(None), *conditions).distinct()
    ids = [str(one) for one in session.scalars(statement)]
    names = names_of(session, (), ids)
    return sorted((Choice(one, names.get(one, one)) for one in ids), key=lambda one: one.label)


def _tabs(session: Session, actor: Actor) -> list[Tab]:
    rules = [granted(actor, ObjectKind.REGISTER, Action.READ, literal(one)) for one in books()]
    rights = [may(actor, one, Action.READ) for one in ROSTERS.values()]
    allowed = [bool(one) for one in session.execute(select(*rights, *rules)).one()]
    reads = dict(zip((*ROSTERS, *books()), allowed, strict=True))
    offered = [("配备矩阵", url_for("rosters.matrix"), reads[SEAT_ROSTER.id])]
    offered += [
        (one.title, url_for("rosters.listing", roster_id=one.id), reads[one.id])
        for one in ROSTERS.values()
    ]
    offered.append(("到期提醒", url_for("rosters.term_list"), terms.reads_any(session, actor)))
    offered += [
        (book.title, url_for(f"rosters.rules-{register}"), reads[register])
        for register, book in books().items()
    ]
    here = request.path
    return [
        Tab(label, url, here == url or here.startswith(f"{url}/"))
        for label, url, allowed in offered
        if allowed
    ]
