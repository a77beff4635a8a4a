"""Moving the last day for scores while the examiners mark, on the page of the round (R-FROZEN).

What is asked is what the step 变更公告或取消岗位 asks, and what becomes public is the same notice:
only that nobody's marks wait for it. That step is open at papers, panel and extra test; here the
interview is under way, and its timer and tasks move.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from processes.recruitment import changes
from processes.recruitment.access import require_clerk
from processes.recruitment.candidacies import of_post
from processes.recruitment.changes import Grounds, change_notice, grounds_problems
from processes.recruitment.replies import NotAwaited, Recused
from processes.recruitment.rounds import PostNotFound, post_of
from processes.recruitment.rules.findings import refusals
from processes.recruitment.rules.scores import extension_finding
from processes.recruitment.steps import page_step, plan_of
from processes.recruitment.tables import CandidacyState, RoundPost
from processes.registers.days import bureau_day
from processes.registers.process_ids import SCORES
from service.domain.actors import Actor
from service.domain.errors import Invalid
from service.procedure import (
    LastDay,
    Toolbox,
    cases_at,
    lock_case,
    move_last_day,
    publish_beside,
    recusals,
    send_message,
)

INTERVIEW = LastDay("interview", "scores_over", "scores_until")
"""The process of scoring, and the step of it that the last day for scores ends."""
CHANGED = "recruitment.changed"
"""Message to an application: what was announced of its post has changed."""


class ChangeUnusable(Invalid):
    """评分截止日没有改动：{problems}请改正后再提交。"""

    code = "recruitment.change-unusable"


def being_marked(session: Session, codes: Collection[str]) -> Mapping[str, int]:
    """Return the cases of scoring, by the codes of these posts, that examiners mark in now."""
    return cases_at(session, SCORES, INTERVIEW.step, name="post_code", values=codes)


def extend_marking(
    tools: Toolbox,
    round_key: int,
    code: str,
    until: date | None,
    grounds: Grounds,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Move the last day for marks of a post to a later one: published, noted, told to everybody.

    The examiners keep what they have typed, and their open forms. Raises RoundNotFound,
    RecruitmentForbidden, PostNotFound, Recused, NotAwaited where nobody marks any more,
    ChangeUnusable, and DeadlineOver where the old day is over.
    """
    session, today = tools.session, bureau_day(now)
    require_clerk(session, actor)
    _require_post(session, round_key, code)
    case = being_marked(session, [code]).get(code)
    if case is None:
        raise NotAwaited(what=f"岗位{code}的面试没有在评分，")
    lock_case(tools, case)
    post, round_ = post_of(session, code)
    candidates = of_post(session, code, CandidacyState.ADMITTED)
    if reason := recusals(session, [one.username for one in candidates]).get(actor.username):
        raise Recused(reason=reason)
    plan = changes.in_force(session, round_, code, plan_of(session, round_, today))
    finding = extension_finding(
        plan.scores_until, until, today=today, substitutes_until=plan.scheme.substitutes_until
    )
    if problems := [*grounds_problems(grounds), *refusals([finding])]:
        raise ChangeUnusable(problems="".join(f"{one}。" for one in problems))
    if until is None:
        raise ChangeUnusable(problems="")
    days = (plan.scores_until, until)
    notice = change_notice(round_, post, days, grounds, now)
    published = publish_beside(tools, case, notice, actor=actor, now=now)
    step = page_step(session, round_, actor, now)
    changes.extend(session, round_, code, days, grounds, step, slug=published.slug)
    move_last_day(tools, case, INTERVIEW, until, reason=grounds.reason, actor=actor, now=now)
    for one in candidates:
        send_message(tools, CHANGED, correlation_key=str(one.key), variables={}, now=now)


def _require_post(session: Session, round_key: int, code: str) -> None:
    post = session.get(RoundPost, code)
    if post is None or post.round_key != round_key:
        raise PostNotFound
