"""The list of a roster, and the list as a file."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from http import HTTPStatus

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from processes.pages.refused import status_of
from processes.pages.workbooks import workbook_answer
from processes.registers import roster_history, roster_search, roster_workbook
from processes.registers.days import bureau_day
from processes.registers.editing import reason_of, require
from processes.registers.entries import EntryNotFound
from processes.registers.fields import FieldKind
from processes.registers.roster import AnyEntry, Roster
from processes.registers.roster_search import Filters
from processes.registers.staffing.beside import covered_by, holders_of
from processes.registers.staffing.tables import RESEARCHERS, SEATS_REGISTER
from processes.registers.staffing.yearly_records import looked_up, overdue
from processes.registers.told_acts import period_of
from processes.registers.told_acts import workbook as history_workbook
from processes.rosters.frame import ROSTERS, RULE, Choice, page, unit_choices
from service.domain.actors import Actor
from service.domain.authorization import Action
from service.domain.errors import Conflict, Invalid
from service.procedure import PageDesk


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add the pages of lists."""

    @pages.get(f"/{RULE}")
    def listing(roster_id: str) -> AnyResponse:
        return _list(desk, ROSTERS[roster_id])

    @pages.post(f"/{RULE}/export")
    def export(roster_id: str) -> AnyResponse:
        roster, actor = ROSTERS[roster_id], desk.actor()
        with desk.read() as session:
            content, rows = roster_workbook.export(
                session, roster, actor=actor, filters=_filters(roster)
            )
        try:
            reason = reason_of(request.form.get("reason", ""))
        except (Invalid, Conflict) as refusal:
            return _list(desk, roster, refusal)
        desk.record_export(reference=roster.id, rows=rows, reason=reason)
        return workbook_answer(content, f"{roster.id}-{desk.now():%Y%m%d}.xlsx")

    @pages.post(f"/{RULE}/history/export")
    def export_history(roster_id: str) -> AnyResponse:
        roster, actor = ROSTERS[roster_id], desk.actor()
        with desk.read() as session:
            require(session, actor, roster, Action.EXPORT)
        try:
            reason = reason_of(request.form.get("reason", ""))
            period = period_of(request.form)
            with desk.read() as session:
                acts = roster_history.acts(session, roster, actor=actor, period=period)
                content, count = history_workbook(roster.title, acts, period)
        except (Invalid, Conflict) as refusal:
            return _list(desk, roster, refusal)
        desk.record_export(
            reference=f"{roster.id}/history", rows=count, reason=f"{reason}{period.said}"
        )
        return workbook_answer(content, f"{roster.id}-history-{desk.now():%Y%m%d}.xlsx")


def _list(desk: PageDesk, roster: Roster, refusal: Invalid | Conflict | None = None) -> AnyResponse:
    actor, filters = desk.actor(), _filters(roster)
    with desk.read() as session:
        allowed = roster_search.allowed(session, actor, roster)
        found = roster_search.search(
            session, roster, actor=actor, filters=filters, after=request.values.get("after")
        )
        if not allowed.read and not found.rows:
            raise EntryNotFound
        narrowing = [
            (
                field,
                unit_choices(session, actor, roster, field)
                if field.kind is FieldKind.UNIT
                else [Choice(one) for one in field.choices],
            )
            for field in roster_search.narrowing(roster)
        ]
        return page(
            session,
            actor,
            "rosters/list.html",
            status=HTTPStatus.OK if refusal is None else status_of(refusal),
            roster=roster,
            found=found,
            filters=filters,
            wanted=_wanted(filters),
            narrowing=narrowing if allowed.read else [],
            allowed=allowed,
            refusal=refusal,
            columns=[roster.field(key) for key in roster.listed],
            beside=[
                (label, read(session, actor, found.rows))
                for label, read in _beside(roster, bureau_day(desk.now()))
            ],
            overdue=overdue(session, actor, bureau_day(desk.now()))
            if roster.id == RESEARCHERS and allowed.read
            else [],
        )


Read = Callable[[Session, Actor, Sequence[AnyEntry]], Mapping[int, str]]


def _beside(roster: Roster, today: date) -> Sequence[tuple[str, Read]]:
    """Columns that the roster itself does not have, or works out."""
    if roster.id == SEATS_REGISTER:
        return (("在岗", holders_of),)
    if roster.id == RESEARCHERS:
        return (("学段学科", covered_by), ("违法犯罪记录查询", partial(looked_up, today=today)))
    return ()


def _filters(roster: Roster) -> Filters:
    sent = request.values
    return Filters(
        text=sent.get("q", "").strip()[:60],
        ended=sent.get("ended", "") == "1",
        narrowed={key: sent.get(key, "").strip()[:100] for key in roster.narrowed},
    )


def _wanted(filters: Filters) -> dict[str, str]:
    said = {"q": filters.text, "ended": "1" if filters.ended else "", **filters.narrowed}
    return {key: value for key, value in said.items() if value}
