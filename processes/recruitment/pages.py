"""The pages of recruitment: the rounds, one of them, and the answers that come from outside."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from processes.recruitment import ending_pages, history_pages, replies, score_days, views
from processes.recruitment.access import may
from processes.recruitment.changes import Grounds
from processes.recruitment.filings import Filing
from processes.recruitment.replies import TrialEnd
from processes.recruitment.rounds import Reply
from processes.recruitment.rules.terms import EarlyEnd
from processes.recruitment.variables import day_or_none
from processes.registers.days import bureau_day, said_day
from processes.registers.rule_books import RECRUITMENT
from service.domain.authorization import Action
from service.procedure import PageDesk


def recruitment_pages(desk: PageDesk) -> Blueprint:
    """Make the pages under `/recruitment`."""
    pages = Blueprint(
        "recruitment", __name__, url_prefix="/recruitment", template_folder="templates"
    )

    @pages.get("")
    def rounds() -> str:
        actor = desk.actor()
        with desk.read() as session:
            return render_template(
                "recruitment/rounds.html",
                may_export=may(session, actor, Action.EXPORT),
                page=views.rounds_of(session, actor, request.args.get("after")),
            )

    @pages.get("/<int:key>")
    def show(key: int) -> str:
        actor, today = desk.actor(), bureau_day(desk.now())
        with desk.read() as session:
            view = views.round_of(session, actor, key, today)
            text = render_template(
                "recruitment/round.html",
                view=view,
                today=today.isoformat(),
                said_day=said_day,
                early_ends=tuple(EarlyEnd),
            )
            shown = {row.candidacy.username for post in view.posts for row in post.candidates}
        for username in sorted(shown):
            desk.record_reading(
                subject=username, reference=f"{RECRUITMENT}/{key}", what="报名、成绩和结果"
            )
        return text

    @pages.post("/<int:key>/establishment")
    def establishment(key: int) -> Response:
        actor, form = desk.actor(), request.form
        reply = Reply(
            approved=form.get("answer") == "yes",
            organ=form.get("organ", "").strip(),
            number=form.get("number", "").strip(),
            dated_on=_day(),
        )
        with desk.write() as tools:
            replies.register_establishment(tools, key, reply, actor=actor, now=desk.now())
        flash("用编批复已登记，事项继续办理。")
        return redirect(url_for("recruitment.show", key=key))

    @pages.post("/<int:key>/candidacies/<int:candidacy>/filing")
    def filing(key: int, candidacy: int) -> Response:
        actor, answer = desk.actor(), _filing()
        with desk.write() as tools:
            replies.register_filing(tools, key, candidacy, answer, actor=actor, now=desk.now())
        flash("备案的答复已登记，事项继续办理。")
        return redirect(url_for("recruitment.show", key=key))

    @pages.post("/<int:key>/candidacies/<int:candidacy>/transfer")
    def transfer(key: int, candidacy: int) -> Response:
        actor, answer = desk.actor(), _filing()
        with desk.write() as tools:
            replies.register_transfer(tools, key, candidacy, answer, actor=actor, now=desk.now())
        flash("编制和调动手续的答复已登记，事项继续办理。")
        return redirect(url_for("recruitment.show", key=key))

    @pages.post("/<int:key>/candidacies/<int:candidacy>/trial-end")
    def trial_end(key: int, candidacy: int) -> Response:
        actor, form = desk.actor(), request.form
        ended = TrialEnd(form.get("ground", ""), form.get("number", "").strip(), _day())
        with desk.write() as tools:
            replies.register_trial_end(tools, key, candidacy, ended, actor=actor, now=desk.now())
        flash("提前结束试用已登记，事项继续办理。")
        return redirect(url_for("recruitment.show", key=key))

    @pages.post("/<int:key>/posts/<code>/scores-until")
    def scores_until(key: int, code: str) -> Response:
        actor, form = desk.actor(), request.form
        until = day_or_none(form.get("until", ""))
        grounds = Grounds(form.get("reason", "").strip(), form.get("basis", "").strip())
        with desk.write() as tools:
            score_days.extend_marking(tools, key, code, until, grounds, actor=actor, now=desk.now())
        flash("变更公告已发布，评分截止日已延长；考官已填写的分数都还在，考官和报名人已经告知。")
        return redirect(url_for("recruitment.show", key=key))

    history_pages.install(pages, desk)
    ending_pages.install(pages, desk)
    return pages


def _filing() -> Filing:
    form = request.form
    return Filing(
        approved=form.get("answer") == "yes",
        organ=form.get("organ", "").strip(),
        number=form.get("number", "").strip(),
        dated_on=_day(),
    )


def _day() -> date | None:
    return day_or_none(request.form.get("dated_on", ""))
