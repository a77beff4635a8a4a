"""The service tasks of a change to what was announced: extended, cancelled, told to applicants."""

from collections.abc import Sequence
from datetime import date, timedelta

from processes.recruitment import candidacies, changes, rounds
from processes.recruitment.candidacies import candidacy_of, of_post
from processes.recruitment.changes import Grounds, change_notice, grounds_problems
from processes.recruitment.history import newest_said
from processes.recruitment.rounds import post_of
from processes.recruitment.rules.findings import refusals
from processes.recruitment.rules.scores import extension_finding
from processes.recruitment.score_rows import post_for
from processes.recruitment.steps import step_of, today_of
from processes.recruitment.tables import CandidacyState, PostState, Round, RoundPost
from processes.recruitment.variables import day_or_none, key_of, text_of, words_of
from processes.registers.days import said_day
from processes.registers.norms import Refusal
from service.domain.values import Json, Variables
from service.procedure import NoticeText, TaskContext, publish_notice

_SHOWN_FOR = timedelta(days=30)


def change_post(context: TaskContext) -> Variables:
    """Publish that the last day for scores of `post_code` moves, or take down its cancelling.

    Takes `outcome` (`extend`, `cancel`), `change_until`, `change_reason`, `change_basis`. Gives
    `change_state`: `extended`, `cancelled`, or `unusable` with `change_problems`; `scores_until` as
    it is now, `scores_result` for the caller, `concerned`, keys of those to be told.
    """
    variables, code = context.variables, text_of(context.variables, "post_code")
    cancel = words_of(variables, "outcome") == "cancel"
    grounds = Grounds(words_of(variables, "change_reason"), words_of(variables, "change_basis"))
    known, round_, plan = post_for(context)
    post, _ = post_of(context.session, code)
    problems = grounds_problems(grounds)
    until = day_or_none(variables.get("change_until"))
    if not cancel:
        problems += refusals(
            [
                extension_finding(
                    plan.scores_until, until, today=today_of(context),
                    substitutes_until=plan.scheme.substitutes_until,
                )
            ]
        )  # fmt: skip
    if problems or (until is None and not cancel):
        return _came_to("unusable", plan.scores_until, problems)
    if cancel or until is None:
        changes.cancelling(context.session, round_, code, grounds, step_of(context))
        context.log("已决定取消岗位")
        return _came_to("cancelled", plan.scores_until)
    days = (plan.scores_until, until)
    slug = publish_notice(context, change_notice(round_, post, days, grounds, context.now)).slug
    changes.extend(context.session, round_, code, days, grounds, step_of(context), slug=slug)
    context.log(f"变更公告已发布，评分截止日延长至{said_day(until)}")
    concerned: list[Json] = [str(one.key) for one in known.values()]
    return {**_came_to("extended", until), "concerned": concerned}


def cancel_post(context: TaskContext) -> Variables:
    """Cancel a post: told to the public, its seat kept no longer, its candidates are settled.

    The reason is what was written down for it, else the header `reason`. Gives `post_result` and
    `settled`, a row for each applicant to be told.
    """
    code, session = text_of(context.variables, "post_code"), context.session
    post, round_ = post_of(session, code)
    grounds = changes.why_cancelled(session, round_, code) or Grounds(
        context.headers.get("reason", ""), ""
    )
    if post.state == PostState.OPEN:
        _publish_cancelling(context, round_, post, grounds)
    reason = f"岗位取消：{grounds.reason}"
    rounds.end_post(session, code, PostState.CANCELLED, step_of(context), reason=reason)
    for one in of_post(session, code, CandidacyState.ADMITTED):
        candidacies.move(
            session, one.key, CandidacyState.PASSED_OVER, step_of(context), reason=reason
        )
    context.log(f"岗位{code}取消")
    return {"post_result": PostState.CANCELLED.value, "settled": candidacies.to_tell(session, code)}


def change_told(context: TaskContext) -> Variables:
    """Say what an applicant is told of the newest change to their post, as the register has it.

    Gives `change_known` and `change_words`: a message alone tells nothing.
    """
    candidacy, round_ = candidacy_of(context.session, key_of(context.variables, "candidacy_key"))
    said = newest_said(context.session, round_.key, changes.EXTENDED, post=candidacy.post_code)
    until = None if said is None else day_or_none(said.get("until"))
    if said is None or until is None:
        return {"change_known": False, "change_words": ""}
    words = f"评分截止日延长至{said_day(until)}。原因：{said.get('why', '')}"
    return {"change_known": True, "change_words": words}


def _came_to(state: str, until: date | None, problems: Sequence[Refusal] = ()) -> Variables:
    return {
        "change_state": state,
        "change_problems": [*problems],
        "scores_until": None if until is None else until.isoformat(),
        "scores_result": "cancelled" if state == "cancelled" else "",
        "concerned": [],
    }


def _publish_cancelling(
    context: TaskContext, round_: Round, post: RoundPost, grounds: Grounds
) -> None:
    lines = [
        f"{round_.title}公告公布的岗位{post.code}（{post.seat}）取消招聘。",
        f"原因：{grounds.reason}",
        f"批准依据：{grounds.basis}" if grounds.basis else "",
        "报考这个岗位的人员另在“我的申请”里告知。本轮其他岗位不受影响。",
    ]
    text = NoticeText(
        title=f"{round_.title}取消岗位公告（岗位{post.code}）"[:100],
        body="\n".join(filter(None, lines)),
        opens_at=context.now,
        closes_at=context.now + _SHOWN_FOR,
    )
    publish_notice(context, text)
