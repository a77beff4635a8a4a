"""The staffing matrix as a colour table, and one cell of it with reasons and sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, request
from sqlalchemy import literal, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from processes.pages.refused import status_of
from processes.pages.workbooks import workbook_answer
from processes.registers import set_values
from processes.registers.days import bureau_day, said_day
from processes.registers.editing import reason_of, require
from processes.registers.entries import EntryNotFound
from processes.registers.process_ids import OPEN, SELECTION, TALENT
from processes.registers.roster_search import allowed
from processes.registers.scope import units_of
from processes.registers.seats import CROSS_STAGE, shown_at
from processes.registers.settings import SettingValues
from processes.registers.staffing import matrix_workbook, rehire
from processes.registers.staffing.matrix import (
    Cell,
    Institution,
    cell,
    institutions,
    without_people,
)
from processes.registers.staffing.norms import (
    FORECAST_MONTHS,
    GENERAL_TECHNOLOGY,
    HARD_DUE,
    PART_TIME_SCOPE,
    SECOND_SUBJECT,
    SOFT_DUE,
)
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.staffing.rules import STAGES_OF, Colour
from processes.registers.staffing.tables import StaffSeat
from processes.registers.staffing.yearly_records import overdue
from processes.rosters.frame import page
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Invalid
from service.procedure import PageDesk, granted

_APPLIED = (
    *(SOFT_DUE, HARD_DUE, FORECAST_MONTHS, GENERAL_TECHNOLOGY, SECOND_SUBJECT, PART_TIME_SCOPE),
    *(rehire.MOST, rehire.PERCENT, rehire.SCOPE),
)


_FILLED_BY = (
    (SELECTION, "教研员集中遴选", "本市在编教师"),
    (OPEN, "教研员公开招聘", "新进编制的人员"),
    (TALENT, "教研员人才引进", "高级职称或者博士"),
)
"""By which procedures a gap is filled, and with whom."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A procedure by which the gap of a cell is filled; `startable` by the reader."""

    process_id: str
    name: str
    whom: str
    startable: bool


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the table: a cell at one stage."""

    cell: Cell
    stage: str
    colour: Colour
    subject: str
    """What the stage's curriculum calls it."""

    @property
    def mark(self) -> str:
        """A word or two beneath: what matters beside the colour."""
        facts, state = self.cell.facts, self.cell.state
        if self.colour.is_gap:
            if any(one.reserved_for for one in facts.open_seats):
                return "补员中"
            if facts.part_time or facts.retired:
                return "有兼职" if facts.part_time else "有返聘"
            return "" if facts.open_seats or facts.holders else "未设岗"
        if self.colour is Colour.FORECAST and state.until:
            return f"{state.until.year}年{state.until.month}月"
        return "借用" if state.borrowed else ""


@dataclass(frozen=True, slots=True)
class Table:
    """One institution's table: stages across, subjects down; a square where there is a cell."""

    institution: Institution
    stages: tuple[str, ...]
    rows: list[tuple[str, list[Square | None]]]


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add the pages of the matrix."""

    @pages.get("/matrix")
    def matrix() -> AnyResponse:
        return _page(desk)

    @pages.post("/matrix/export")
    def export_matrix() -> AnyResponse:
        actor, today = desk.actor(), bureau_day(desk.now())
        with desk.read() as session:
            require(session, actor, SEAT_ROSTER, Action.EXPORT)
            values = set_values.values_on(session, today)
            units = units_of(session, actor, SEAT_ROSTER, Action.EXPORT)
            content, rows = matrix_workbook.export(session, today, values, units=units)
        try:
            reason = reason_of(request.form.get("reason", ""))
        except Invalid as refusal:
            return _page(desk, refusal)
        desk.record_export(reference="matrix", rows=rows, reason=reason)
        return workbook_answer(content, f"matrix-{desk.now():%Y%m%d}.xlsx")

    @pages.get("/matrix/<unit_id>/<seat>")
    def matrix_cell(unit_id: str, seat: str) -> AnyResponse:
        actor, today = desk.actor(), bureau_day(desk.now())
        with desk.read() as session:
            require(session, actor, SEAT_ROSTER, Action.READ)
            values = set_values.values_on(session, today)
            seen = allowed(session, actor, SEAT_ROSTER, unit=unit_id)
            found = cell(session, today, values, unit_id=unit_id, seat=seat)
            if found is None or not seen.read:
                raise EntryNotFound
            institution, its = found
            reads_people = allowed(session, actor, RESEARCHER_ROSTER, unit=unit_id).read
            if not reads_people:
                its = without_people(its, today, values)
            return page(
                session,
                actor,
                "rosters/cell.html",
                institution=institution,
                cell=its,
                today=said_day(today),
                seats=_seats(session, institution, its),
                reads_people=reads_people,
                may_act=seen.act,
                remedies=_remedies(session, actor, its.state.colour),
            )


def _page(desk: PageDesk, refusal: Invalid | None = None) -> AnyResponse:
    actor, today = desk.actor(), bureau_day(desk.now())
    wanted = request.values.get("unit", "").strip()[:100]
    with desk.read() as session:
        require(session, actor, SEAT_ROSTER, Action.READ)
        values = set_values.values_on(session, today)
        units = units_of(session, actor, SEAT_ROSTER, Action.READ)
        found = institutions(session, today, values, units=units)
        chosen = [one for one in found if wanted in {"", one.unit_id}]
        return page(
            session,
            actor,
            "rosters/matrix.html",
            status=HTTPStatus.OK if refusal is None else status_of(refusal),
            institutions=found,
            everywhere=units is None,
            wanted=wanted,
            tables=[table_of(one) for one in chosen],
            caps=_caps(found, values),
            overdue=overdue(session, actor, today),
            colours=list(Colour),
            today=said_day(today),
            applied=[(one, one.said(values.text(one))) for one in _APPLIED],
            may_act=units_of(session, actor, SEAT_ROSTER, Action.ACT) != frozenset(),
            may_export=units_of(session, actor, SEAT_ROSTER, Action.EXPORT) != frozenset(),
            refusal=refusal,
        )


def _remedies(session: Session, actor: Actor, colour: Colour) -> list[Remedy]:
    """How a cell of this colour is filled; nothing where nobody is missing or soon to be."""
    if not (colour.is_gap or colour is Colour.FORECAST):
        return []
    may = (ObjectKind.PROCEDURE, Action.ACT)
    return [
        Remedy(*one, startable=bool(session.scalar(select(granted(actor, *may, literal(one[0]))))))
        for one in _FILLED_BY
    ]


def _caps(found: Iterable[Institution], values: SettingValues) -> dict[str, int]:
    """How many retired ones each institution may have (R-CH-3); none where the city is asked."""
    if values.text(rehire.SCOPE) != rehire.IN_UNIT:
        return {}
    return {one.unit_id: rehire.rehire_cap(one.staffed, values) for one in found}


def table_of(institution: Institution) -> Table:
    """Return the cells of an institution as a table, subjects in the order of the curricula."""
    stages = STAGES_OF[institution.level]
    rows: dict[str, dict[str, Square]] = {}
    for one in institution.cells:
        for square in _squares(one):
            rows.setdefault(one.seat.subject, {})[square.stage] = square
    return Table(
        institution,
        stages,
        [(subject, [squares.get(stage) for stage in stages]) for subject, squares in rows.items()],
    )


def _squares(one: Cell) -> Iterable[Square]:
    seat = one.seat
    if seat.stage != CROSS_STAGE:
        yield Square(one, seat.stage, one.state.colour, seat.subject)
        return
    for stage, colour in one.state.stages:
        yield Square(one, stage, colour, shown_at(seat.subject, stage))


def _seats(session: Session, institution: Institution, its: Cell) -> list[tuple[int, str]]:
    rows = session.execute(
        select(StaffSeat.key, StaffSeat.code)
        .where(
            StaffSeat.unit_id == institution.unit_id,
            StaffSeat.seat == its.seat.name,
            StaffSeat.ended_on.is_(None),
        )
        .order_by(StaffSeat.code)
    )
    return [(row.key, row.code) for row in rows]
