"""A roster from a workbook: template, check, import, and the report of refused rows."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from processes.registers import roster_workbook
from processes.registers.editing import require
from processes.registers.roster import Roster
from processes.registers.roster_workbook import Checked, RosterImportRefused
from processes.rosters.frame import ROSTERS, RULE, page, status_of
from processes.rosters.list_pages import workbook
from service.domain.authorization import Action
from service.domain.errors import Conflict, Invalid
from service.procedure import PageDesk, refusal_report

MOST_SHOWN = 100
"""Refusals on the page; the report has all."""


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add the pages of imports."""

    @pages.get(f"/{RULE}/import")
    def import_page(roster_id: str) -> AnyResponse:
        return _page(desk, ROSTERS[roster_id])

    @pages.post(f"/{RULE}/import/check")
    def check_import(roster_id: str) -> AnyResponse:
        roster = ROSTERS[roster_id]
        checked, refusal = None, None
        try:
            checked = _checked(desk, roster)
        except (Invalid, Conflict) as found:
            refusal = found
        return make_response(
            render_template(
                "rosters/import_checked.html",
                roster=roster, checked=checked, refusal=refusal, most=MOST_SHOWN,
            )
        )  # fmt: skip

    @pages.post(f"/{RULE}/import")
    def take_import(roster_id: str) -> AnyResponse:
        roster = ROSTERS[roster_id]
        _require(desk, roster)
        try:
            content = _content()
            with desk.write() as tools:
                done = roster_workbook.take(
                    tools,
                    roster,
                    content,
                    digest=request.form.get("digest", ""),
                    reason=request.form.get("reason", ""),
                    actor=desk.actor(),
                    now=desk.now(),
                )
        except RosterImportRefused as refused:
            return _page(desk, roster, checked=refused.checked, refusal=refused)
        except (Invalid, Conflict) as refusal:
            return _page(desk, roster, refusal=refusal)
        flash(f"已导入：登记 {done.entered} 条，更正 {done.changed} 条。")
        return redirect(url_for("rosters.listing", roster_id=roster_id))

    @pages.post(f"/{RULE}/import/report")
    def import_report(roster_id: str) -> AnyResponse:
        roster = ROSTERS[roster_id]
        try:
            checked = _checked(desk, roster)
        except (Invalid, Conflict) as refusal:
            return _page(desk, roster, refusal=refusal)
        return workbook(refusal_report(checked.refusals), f"{roster.id}-report.xlsx")

    @pages.get(f"/{RULE}/import/template")
    def import_template(roster_id: str) -> AnyResponse:
        roster = ROSTERS[roster_id]
        _require(desk, roster)
        return workbook(roster_workbook.template(roster), f"{roster.id}-template.xlsx")


def _checked(desk: PageDesk, roster: Roster) -> Checked:
    _require(desk, roster)
    content = _content()
    with desk.write() as tools:
        return roster_workbook.check(tools, roster, content, actor=desk.actor(), now=desk.now())


def _require(desk: PageDesk, roster: Roster) -> None:
    actor = desk.actor()
    with desk.read() as session:
        require(session, actor, roster, Action.ACT)


def _content() -> bytes:
    sent = request.files.get("file")
    return roster_workbook.content_of(sent.stream if sent and sent.filename else None)


def _page(
    desk: PageDesk,
    roster: Roster,
    *,
    checked: Checked | None = None,
    refusal: Invalid | Conflict | None = None,
) -> AnyResponse:
    actor = desk.actor()
    with desk.read() as session:
        require(session, actor, roster, Action.ACT)
        return page(
            session,
            actor,
            "rosters/import.html",
            status=HTTPStatus.OK if refusal is None else status_of(refusal),
            roster=roster,
            checked=checked,
            refusal=refusal,
            most=MOST_SHOWN,
        )
