"""The service tasks of one post: opening ratio, who is next, what the Party group is asked, end."""

from processes.recruitment import candidacies, rounds, scoring
from processes.recruitment.approvals import approval_problems, read_approval
from processes.recruitment.candidacies import candidacy_of, of_post, valid_qualification
from processes.recruitment.history import note
from processes.recruitment.late_ties import asked, publish_ranking
from processes.recruitment.plans import Plan
from processes.recruitment.rounds import post_of
from processes.recruitment.rules.notice import REVOKED, UNDETERMINED, UPHELD
from processes.recruitment.rules.scores import ratio_finding
from processes.recruitment.standing_scores import below_line
from processes.recruitment.steps import person, plan_of, step_of, today_of
from processes.recruitment.tables import Candidacy, CandidacyState, PostState, RoundPost
from processes.recruitment.variables import (
    key_of,
    text_of,
    words_of,
)
from processes.registers.party_group import decisions
from service.domain.errors import Invalid
from service.domain.values import Variables
from service.procedure import TaskContext


class NotApproved(Invalid):
    """岗位{code}没有降低开考比例的完整批准，没有往下办理：{why}。请补全变量以后在异常中重试。"""

    code = "recruitment.ratio-not-approved"


def opening(context: TaskContext) -> Variables:
    """Look whether enough have passed the formal check (R-RATIO).

    `opening_state`: `open`, `short` (the ratio may be lowered with approval) or `nobody`;
    `applicants` are the user names of who has passed: the post's fate is about each of them (RC-1).
    """
    code = text_of(context.variables, "post_code")
    post, round_ = post_of(context.session, code)
    plan = plan_of(context.session, round_, today_of(context))
    admitted = of_post(context.session, code, CandidacyState.ADMITTED)
    count = len(admitted)
    finding = ratio_finding(count, 1, plan.ratio)
    state = "open" if finding.met else "short" if count else "nobody"
    return {
        "round_title": round_.title,
        "post_code": code,
        "seat": post.seat,
        "opening_state": state,
        "opening_words": finding.reason,
        "opening_rule": finding.refusal,
        "applicants": [one.username for one in admitted],
        "ratio_problems": [],
        "drop_reason": "",
        "scores_notice": "",
    }


def lower_ratio(context: TaskContext) -> Variables:
    """Write down by which approval the post goes on below the ratio (R-RATIO).

    Takes `ratio_organ`, `ratio_basis` (the number), `ratio_dated_on`, `ratio_document`. Gives
    `ratio_problems`; nothing is written where there is one. Raises NotApproved in a case of an
    older diagram, which has no way back to the form and would go on without an approval.
    """
    variables = context.variables
    code = text_of(variables, "post_code")
    _, round_ = post_of(context.session, code)
    approval = read_approval(variables, "ratio_")
    if problems := approval_problems(approval, today_of(context)):
        if "ratio_problems" not in variables:
            raise NotApproved(code=code, why="；".join(problems))
        return {"ratio_problems": [*problems]}
    on = "" if approval.dated_on is None else approval.dated_on.isoformat()
    said = {"post": code, "basis": approval.basis, "dated_on": on}
    note(
        context.session,
        round_,
        "ratio-lowered",
        said,
        step_of(context),
        reason=f"经批准降低开考比例（{approval.said}）",
    )
    return {"ratio_problems": []}


def end_post(context: TaskContext) -> Variables:
    """Say what became of the post: header `outcome` (filled, unfilled), `reason`."""
    outcome = context.headers.get("outcome", "")
    code = text_of(context.variables, "post_code")
    reason = context.headers.get("reason", "")
    rounds.end_post(context.session, code, PostState(outcome), step_of(context), reason=reason)
    for one in of_post(context.session, code, CandidacyState.ADMITTED):
        candidacies.move(
            context.session, one.key, CandidacyState.PASSED_OVER, step_of(context),
            reason="没有进入聘任",
        )  # fmt: skip
    context.log(f"岗位{code}：{reason}")
    return {"post_result": outcome}


def publish_scores(context: TaskContext) -> Variables:
    """Publish the scores with the order (R-T4): names, units, scores, nothing else of anybody."""
    return {
        "scores_notice": publish_ranking(context, text_of(context.variables, "post_code"), "成绩")
    }


def next_candidate(context: TaskContext) -> Variables:
    """Say who is to be investigated next (R-NEXT); `candidate_found` false: nobody any more.

    Then `below_line` names who fell out by the line of the interview alone (R-PASS).
    """
    code = text_of(context.variables, "post_code")
    post, round_ = post_of(context.session, code)
    plan = plan_of(context.session, round_, today_of(context))
    chosen = _next_qualified(context, post, plan)
    if chosen is None:
        below = below_line(context.session, code)
        return {
            **_NOTHING_YET, "candidate_found": False, "item_subjects": [],
            "below_line": [one.name for one in below], "parties": [one.username for one in below],
        }  # fmt: skip
    reason = "列入考察"
    candidacies.move(
        context.session, chosen.key, CandidacyState.PROPOSED, step_of(context), reason=reason
    )
    context.log("已确定考察对象")
    return {
        **_NOTHING_YET,
        **person(chosen, round_, post.seat),
        "candidate_found": True,
        "below_line": [],
        "item_subjects": [
            {
                "name": chosen.name,
                "username": chosen.username,
                "unit": round_.unit_id,
                "matter": f"{round_.number} {chosen.post_code}",
            }
        ],
        "item_title": f"{round_.title}拟聘人选：{post.seat} {chosen.name}"[:120],
        "item_text": asked(context, chosen),
    }


def drop_candidate(context: TaskContext) -> Variables:
    """Write down why a candidate falls out: header `reason`, and at what they failed."""
    words = _why(context)
    reason = "：".join(filter(None, [context.headers.get("reason", ""), words]))[:500]
    candidacies.move(
        context.session, key_of(context.variables, "candidacy_key"), CandidacyState.DROPPED,
        step_of(context), reason=reason,
    )  # fmt: skip
    return {"drop_reason": reason}


def notice_content(context: TaskContext) -> Variables:
    """Give what the 公示 shows of the candidate: name, unit, post, title and scores."""
    candidacy, _ = candidacy_of(context.session, key_of(context.variables, "candidacy_key"))
    post, _ = post_of(context.session, candidacy.post_code)
    rows = scoring.ranks_of(context.session, candidacy.post_code)
    total = next((row.total for row in rows if row.candidacy_key == candidacy.key), "")
    return {
        "notice_content": {
            "name": candidacy.name,
            "unit": candidacy.unit,
            "post": f"{post.seat}教研员（岗位{post.code}）",
            "title": candidacy.title,
            "scores": f"总成绩{total}" if total else "",
        }
    }


_NOTHING_YET: Variables = dict.fromkeys(
    (
        "candidacy_key", "candidate_name", "candidate_unit", "candidate_title", "candidate",
        "item_title", "item_text", "item_new_evidence", "item_new_materials", "committee_refusal",
        "committee_result", "checks_reason", "notice_result",
    ),
    "",
)  # fmt: skip
"""What a case says of a candidate, empty: nothing of the one before is left."""

_AFTER_NOTICE = {
    UPHELD: "公示异议成立",
    UNDETERMINED: "公示异议难以查实，不再等待",
}


def _next_qualified(context: TaskContext, post: RoundPost, plan: Plan) -> Candidacy | None:
    """Who is next by rank and still has the qualification; who lost it falls out."""
    session, today = context.session, today_of(context)
    while (one := scoring.next_candidate(session, post.code, plan.scheme, today)) is not None:
        if valid_qualification(session, one.username, post.seat, today) is not None:
            return one
        candidacies.move(
            session, one.key, CandidacyState.DROPPED, step_of(context),
            reason=f"落选：{post.seat}准入资格已经失效",
        )  # fmt: skip
    return None


def _why(context: TaskContext) -> str:
    """Why the candidate falls out, by how far they came."""
    variables = context.variables
    if words_of(variables, "notice_result") == REVOKED:
        decided = decisions.find(context.session, words_of(variables, "committee_item"))
        return f"{'局党组复议' if decided is None else decided.changed_by}改变了决定，不再聘用"
    if after_notice := _AFTER_NOTICE.get(words_of(variables, "notice_result")):
        return after_notice
    if failed := words_of(variables, "checks_reason"):
        return failed
    if words_of(variables, "committee_result") == "NOT_CARRIED":
        return "局党组会议没有通过，不再提名"
    if words_of(variables, "committee_result"):
        return "局党组会议没有作出同意的决定，不再提名"
    return "没有提交局党组会议，不再提名"
