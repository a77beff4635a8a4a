"""The history of all rounds as a workbook: by right, with a reason, as their pages show it."""

from collections.abc import Iterable, Iterator, Sequence

from flask import Blueprint, request
from werkzeug.wrappers import Response

from processes.pages.workbooks import workbook_answer
from processes.recruitment import views
from processes.recruitment.tables import Round
from processes.recruitment.views import ActRow
from processes.registers.editing import reason_of
from processes.registers.rule_books import RECRUITMENT
from processes.registers.told_acts import ToldAct, period_of, workbook
from service.procedure import PageDesk


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add the address of the export."""

    @pages.post("/history/export")
    def export_history() -> Response:
        actor = desk.actor()
        with desk.read() as session:
            found = views.acts_of_rounds(session, actor)
            reason, period = reason_of(request.form.get("reason", "")), period_of(request.form)
            content, count = workbook("教研员招聘", _told(found), period)
        desk.record_export(
            reference=f"{RECRUITMENT}/history", rows=count, reason=f"{reason}{period.said}"
        )
        return workbook_answer(content, f"recruitment-history-{desk.now():%Y%m%d}.xlsx")


def _told(found: Iterable[tuple[Round, Sequence[ActRow]]]) -> Iterator[ToldAct]:
    for round_, acts in found:
        for number, act in enumerate(acts, start=1):
            yield ToldAct(
                entry=round_.number,
                name=round_.title,
                number=number,
                at=act.at,
                act="办理",
                by=act.username,
                by_name=act.by,
                lines=[("涉及", "", act.about)] if act.about else [],
                reason=act.reason,
                rules=act.rules,
                instance_key=round_.instance_key,
                digest=act.digest,
            )
