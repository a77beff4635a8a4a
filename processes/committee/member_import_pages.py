"""The register of members from a workbook: template, check, import, the report of refused rows."""

from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from processes.registers import roster_workbook
from processes.registers.party_group import members, workbook
from processes.registers.roster_workbook import Checked, RosterImportRefused
from service.domain.errors import Conflict, Invalid
from service.procedure import WORKBOOK_MEDIA_TYPE, PageDesk, refusal_report

MOST_SHOWN = 100
"""Refusals on the page; the report has all."""


def add_imports(pages: Blueprint, desk: PageDesk) -> None:
    """Add the pages of the import."""

    @pages.get("/members/import")
    def member_import() -> AnyResponse:
        return _page(desk, "committee/members_import.html")

    @pages.post("/members/import/check")
    def check_members() -> AnyResponse:
        try:
            return _page(desk, _CHECKED, checked=_checked(desk))
        except (Invalid, Conflict) as refusal:
            return _page(desk, _CHECKED, refusal=refusal)

    @pages.post("/members/import")
    def take_members() -> AnyResponse:
        _require(desk)
        try:
            content = _content()
            with desk.write() as tools:
                done = workbook.take(
                    tools,
                    content,
                    digest=request.form.get("digest", ""),
                    reason=request.form.get("reason", ""),
                    actor=desk.actor(),
                    now=desk.now(),
                )
        except RosterImportRefused as refused:
            return _page(desk, _FORM, checked=refused.checked, refusal=refused)
        except (Invalid, Conflict) as refusal:
            return _page(desk, _FORM, refusal=refusal)
        flash(f"已导入：登记 {done.entered} 条，变更 {done.changed} 条。")
        return redirect(url_for("committee.member_list"))

    @pages.post("/members/import/report")
    def member_report() -> AnyResponse:
        try:
            checked = _checked(desk)
        except (Invalid, Conflict) as refusal:
            return _page(desk, _FORM, refusal=refusal)
        return file_answer(refusal_report(checked.refusals), "members-report.xlsx")

    @pages.get("/members/import/template")
    def member_template() -> AnyResponse:
        _require(desk)
        return file_answer(workbook.template(), "members-template.xlsx")


_FORM, _CHECKED = "committee/members_import.html", "rosters/import_checked.html"


def file_answer(content: bytes, name: str) -> Response:
    """Answer with a workbook to save."""
    response = Response(content, mimetype=WORKBOOK_MEDIA_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _content() -> bytes:
    sent = request.files.get("file")
    return roster_workbook.content_of(sent.stream if sent and sent.filename else None)


def _checked(desk: PageDesk) -> Checked:
    _require(desk)
    content = _content()
    with desk.write() as tools:
        return workbook.check(tools, content, actor=desk.actor(), now=desk.now())


def _require(desk: PageDesk) -> None:
    with desk.read() as session:
        members.require(session, desk.actor())


def _page(
    desk: PageDesk,
    template: str,
    *,
    checked: Checked | None = None,
    refusal: Invalid | Conflict | None = None,
) -> AnyResponse:
    _require(desk)
    status = HTTPStatus.OK
    if refusal is not None and template == _FORM:
        status = HTTPStatus.CONFLICT if isinstance(refusal, Conflict) else HTTPStatus.BAD_REQUEST
    text = render_template(
        template,
        checked=checked,
        refusal=refusal,
        most=MOST_SHOWN,
        report=url_for("committee.member_report"),
    )
    return make_response(text, status)
