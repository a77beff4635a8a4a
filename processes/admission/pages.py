"""The pages of the qualification register: the list, one qualification, the refusals."""

from http import HTTPStatus

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from processes.admission import act_pages, import_pages
from processes.admission.application import DOCUMENT_LABELS
from processes.pages.refused import status_of
from processes.pages.workbooks import workbook_answer
from processes.registers import qualification_acts as acts
from processes.registers import (
    qualification_search,
    qualification_workbook,
    refusal_reviews,
    refusal_workbook,
    revision_history,
    told_acts,
)
from processes.registers.days import bureau_day
from processes.registers.editing import reason_of
from processes.registers.qualification_search import Filters, Validity, validity_of
from processes.registers.remedies import Act, notice_of
from processes.registers.seats import STAGES, SUBJECTS
from processes.registers.tables import QUALIFICATIONS
from processes.registers.told_acts import period_of
from service.domain.errors import Conflict, Invalid
from service.procedure import PageDesk


def qualification_pages(desk: PageDesk) -> Blueprint:
    """Make the pages under `/registers/qualifications`."""
    pages = Blueprint(
        "qualifications",
        __name__,
        url_prefix="/registers/qualifications",
        template_folder="templates",
    )

    @pages.get("")
    def listing() -> str:
        actor, today = desk.actor(), bureau_day(desk.now())
        filters = _filters()
        with desk.read() as session:
            soon = qualification_search.expires_soon(session, today)
            return render_template(
                "qualifications/list.html",
                page=qualification_search.search(
                    session,
                    actor=actor,
                    filters=filters,
                    after=request.args.get("after"),
                    today=today,
                ),
                reads_all=qualification_search.may_read_register(session, actor),
                can_export=qualification_workbook.may_export(session, actor),
                can_import=qualification_search.may_read_register(session, actor)
                and acts.may_act(session, actor),
                filters=filters,
                stages=STAGES,
                subjects=SUBJECTS,
                soon=soon,
                validity_of=lambda record: validity_of(record, today, soon),
            )

    @pages.post("/export")
    def export() -> Response:
        actor, today = desk.actor(), bureau_day(desk.now())
        with desk.read() as session:
            content, rows = qualification_workbook.export(
                session, actor=actor, filters=_filters(), today=today
            )
        reason = reason_of(request.form.get("reason", ""))
        desk.record_export(reference=QUALIFICATIONS, rows=rows, reason=reason)
        return workbook_answer(content, f"qualifications-{today:%Y%m%d}.xlsx")

    @pages.post("/history/export")
    def export_history() -> Response:
        actor = desk.actor()
        with desk.read() as session:
            acts = revision_history.of_qualifications(session, actor=actor)
            reason, period = reason_of(request.form.get("reason", "")), period_of(request.form)
            content, count = told_acts.workbook("准入资格", acts, period)
        desk.record_export(
            reference=f"{QUALIFICATIONS}/history", rows=count, reason=f"{reason}{period.said}"
        )
        name = f"qualifications-history-{desk.now():%Y%m%d}.xlsx"
        return workbook_answer(content, name)

    @pages.get("/refusals")
    def refusals() -> str:
        actor = desk.actor()
        with desk.read() as session:
            page = qualification_search.refusals(
                session, actor=actor, after=request.args.get("after")
            )
            keys = [record.refusal_key for record in page.rows]
            return render_template(
                "qualifications/refusals.html",
                page=page,
                reviews=refusal_reviews.of(session, keys),
                open_cases=qualification_search.open_cases(session, actor, page.rows),
                can_export=qualification_workbook.may_export(session, actor),
            )

    @pages.post("/refusals/export")
    def export_refusals() -> Response:
        actor = desk.actor()
        with desk.read() as session:
            content, rows = refusal_workbook.export(session, actor=actor)
        reason = reason_of(request.form.get("reason", ""))
        desk.record_export(reference=f"{QUALIFICATIONS}/refusals", rows=rows, reason=reason)
        return workbook_answer(content, f"refusals-{bureau_day(desk.now()):%Y%m%d}.xlsx")

    @pages.get("/<int:key>")
    def detail(key: int) -> Response:
        return shown(key, None)

    def shown(key: int, refusal: Invalid | Conflict | None) -> Response:
        actor, today = desk.actor(), bureau_day(desk.now())
        with desk.read() as session:
            revisions = qualification_search.revisions(session, actor=actor, qualification_key=key)
            case_is_open = qualification_search.may_open_case(session, actor, revisions[0])
            soon = qualification_search.expires_soon(session, today)
            may_act = acts.may_act(session, actor)
        desk.record_reading(
            subject=revisions[0].holder,
            reference=f"{QUALIFICATIONS}/{key}",
            what="准入资格和认定依据",
        )
        text = render_template(
            "qualifications/detail.html",
            record=revisions[0],
            revisions=revisions,
            validity=validity_of(revisions[0], today, soon),
            remedy=notice_of(Act.REVOCATION),
            document_labels=DOCUMENT_LABELS,
            case_is_open=case_is_open,
            may_act=may_act,
            grounds={rule: acts.basis_of(rule) for rule in acts.GROUNDS},
            refusal=refusal,
            sent=request.form,
        )
        return make_response(text, HTTPStatus.OK if refusal is None else status_of(refusal))

    act_pages.install(pages, desk, shown)
    import_pages.install(pages, desk)
    return pages


def _filters() -> Filters:
    sent = request.values
    validity = sent.get("validity", "")
    return Filters(
        text=sent.get("q", "").strip(),
        stage=sent.get("stage", ""),
        subject=sent.get("subject", ""),
        validity=Validity(validity) if validity in set(Validity) else None,
    )
