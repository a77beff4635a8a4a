"""The pages of the qualification register: the list, one qualification, the refusals."""

from flask import Blueprint, render_template, request

from processes.admission.application import DOCUMENT_LABELS
from processes.registers import qualification_search, refusal_reviews
from processes.registers.days import bureau_day
from processes.registers.qualification_search import Filters, Validity, validity_of
from processes.registers.qualifications import QualificationNotFound
from processes.registers.seats import STAGES, SUBJECTS
from processes.registers.tables import QUALIFICATIONS
from service.procedure import PageDesk

_LARGEST_KEY = 2**63 - 1


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
                filters=filters,
                stages=STAGES,
                subjects=SUBJECTS,
                validity_of=lambda record: validity_of(record, today),
            )

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
            )

    @pages.get("/<int:key>")
    def detail(key: int) -> str:
        actor = desk.actor()
        if key > _LARGEST_KEY:
            raise QualificationNotFound
        with desk.read() as session:
            revisions = qualification_search.revisions(session, actor=actor, qualification_key=key)
            case_is_open = qualification_search.may_open_case(session, actor, revisions[0])
        desk.record_reading(
            subject=revisions[0].holder,
            reference=f"{QUALIFICATIONS}/{key}",
            what="准入资格和认定依据",
        )
        return render_template(
            "qualifications/detail.html",
            record=revisions[0],
            revisions=revisions,
            validity=validity_of(revisions[0], bureau_day(desk.now())),
            document_labels=DOCUMENT_LABELS,
            case_is_open=case_is_open,
        )

    return pages


def _filters() -> Filters:
    validity = request.args.get("validity", "")
    return Filters(
        text=request.args.get("q", "").strip(),
        stage=request.args.get("stage", ""),
        subject=request.args.get("subject", ""),
        validity=Validity(validity) if validity in set(Validity) else None,
    )
