"""历史登记 of qualifications from a workbook: template, check, import, report of refused rows."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from processes.registers import qualification_workbook, roster_workbook, set_values
from processes.registers.days import bureau_day, said_day
from processes.registers.roster_workbook import Checked, RosterImportRefused
from processes.registers.staffing.norms import STOCK_BEFORE, STOCK_UNTIL
from service.domain.errors import Conflict, Invalid
from service.procedure import WORKBOOK_MEDIA_TYPE, PageDesk, refusal_report

MOST_SHOWN = 100
"""Refusals on the page; the report has all."""
_FORM, _CHECKED = "qualifications/import.html", "rosters/import_checked.html"


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add the pages of the import."""

    @pages.get("/import")
    def import_page() -> AnyResponse:
        return _page(desk, _FORM)

    @pages.post("/import/check")
    def check_import() -> AnyResponse:
        try:
            return _page(desk, _CHECKED, checked=_checked(desk))
        except (Invalid, Conflict) as refusal:
            return _page(desk, _CHECKED, refusal=refusal)

    @pages.post("/import")
    def take_import() -> AnyResponse:
        _require(desk)
        try:
            content = _content()
            with desk.write() as tools:
                done = qualification_workbook.take(
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
        flash(f"已导入：历史登记 {done.entered} 条，并已告知本人。")
        return redirect(url_for("qualifications.listing"))

    @pages.post("/import/report")
    def import_report() -> AnyResponse:
        try:
            checked = _checked(desk)
        except (Invalid, Conflict) as refusal:
            return _page(desk, _FORM, refusal=refusal)
        report = refusal_report(checked.refusals)
        return file_answer(report, "qualifications-report.xlsx")

    @pages.get("/import/template")
    def import_template() -> AnyResponse:
        _require(desk)
        return file_answer(qualification_workbook.template(), "qualifications-template.xlsx")


def file_answer(content: bytes, name: str) -> AnyResponse:
    """Answer with a workbook to save."""
    answer = make_response(content)
    answer.mimetype = WORKBOOK_MEDIA_TYPE
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _content() -> bytes:
    sent = request.files.get("file")
    return roster_workbook.content_of(sent.stream if sent and sent.filename else None)


def _checked(desk: PageDesk) -> Checked:
    _require(desk)
    content = _content()
    with desk.write() as tools:
        return qualification_workbook.check(tools, content, actor=desk.actor(), now=desk.now())


def _require(desk: PageDesk) -> None:
    actor = desk.actor()
    with desk.read() as session:
        qualification_workbook.require_import(session, actor)


def _page(
    desk: PageDesk,
    template: str,
    *,
    checked: Checked | None = None,
    refusal: Invalid | Conflict | None = None,
) -> AnyResponse:
    _require(desk)
    with desk.read() as session:
        settings = set_values.values_on(session, bureau_day(desk.now()))
    status = HTTPStatus.OK
    if refusal is not None and template == _FORM:
        status = HTTPStatus.CONFLICT if isinstance(refusal, Conflict) else HTTPStatus.BAD_REQUEST
    text = render_template(
        template,
        checked=checked,
        refusal=refusal,
        most=MOST_SHOWN,
        report=url_for("qualifications.import_report"),
        only_new=True,
        before=said_day(settings.day_of(STOCK_BEFORE)),
        until=said_day(settings.day_of(STOCK_UNTIL)),
    )
    return make_response(text, status)
