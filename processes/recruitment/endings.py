"""The 终止公告: a round that was announced is called off, or over without anybody for its posts.

It is an act of the personnel office on the round's page, since it is told to the public: by the
reason, the organ that has decided and its document (R-FROZEN). What ends by itself, or with a case
that was cancelled, is written down by `upkeep`, and waits here for whoever publishes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.recruitment import candidacies, rounds
from processes.recruitment.access import require_clerk
from processes.recruitment.history import (
    RoundNotFound,
    Step,
    case_of,
    locked,
    newest_said,
    note,
)
from processes.recruitment.replies import Recused
from processes.recruitment.rules.ending import Ending, ending_problems
from processes.recruitment.tables import (
    Candidacy,
    CandidacyState,
    PostState,
    Round,
    RoundPost,
    RoundState,
)
from processes.recruitment.variables import words_of
from processes.registers.days import bureau_day
from service.domain.actors import Actor
from service.domain.errors import Conflict, FieldsInvalid
from service.procedure import (
    ForGood,
    NoticeText,
    Received,
    Toolbox,
    case_ended,
    end_case,
    lock_case,
    note_act,
    publish_beside,
    recusals,
    require_endable,
    send_message,
)

SETTLED = "recruitment.settled"
"""Message to an application that its result is there."""
PUBLISHED_ACT, STOPPED_ACT = "ended-publicly", "stopped"
"""Acts of a round's history: its 终止公告 was published; its case was cancelled before that."""
MOST_FILES = 5
_SHOWN_FOR = timedelta(days=30)
_OUT: Mapping[CandidacyState, CandidacyState] = {
    CandidacyState.ADMITTED: CandidacyState.PASSED_OVER,
    CandidacyState.PROPOSED: CandidacyState.DROPPED,
}
"""What becomes of those who were in the running.

Nobody is further: behind a 公示 that was posted no round is cancelled (decision 39).
"""
_TOLD_ALREADY = (CandidacyState.REFUSED, CandidacyState.WITHDRAWN)


class Stage(StrEnum):
    """Where a round stands that a 终止公告 may be published of."""

    RUNNING = "running"
    """Its case goes on: publishing calls it off."""
    STOPPED = "stopped"
    """Its case was cancelled: the notice is owed to the public."""
    OVER = "over"
    """It went to its end, and some posts have nobody."""


@dataclass(frozen=True, slots=True)
class Endable:
    """A round of which a 终止公告 may be published: its posts, and who still waits for a result."""

    round: Round
    announced_on: date
    stage: Stage
    posts: Sequence[RoundPost]
    waiting: Sequence[Candidacy]


class NothingToEnd(Conflict):
    """{title}现在没有要发布的终止公告：{why}。没有发布，请刷新后核对。"""

    code = "recruitment.nothing-to-end"


def endable(session: Session, round_: Round) -> Endable | None:
    """Return what a 终止公告 of this round would be about; None where there is none to publish."""
    if round_.announced_at is None or _published(session, round_):
        return None
    posts, stage = rounds.posts_of(session, round_.key), Stage.OVER
    stopped = newest_said(session, round_.key, STOPPED_ACT)
    named = set() if stopped is None else set(stopped.get("posts", "").split("、"))
    if round_.state != RoundState.ENDED:
        ended = select(Round.key).where(Round.key == round_.key, case_ended(Round.instance_key))
        stage = Stage.RUNNING if session.scalar(ended) is None else Stage.STOPPED
        left = [one for one in posts if one.state == PostState.OPEN]
    else:
        stage = Stage.OVER if stopped is None else Stage.STOPPED
        left = [one for one in posts if one.state == PostState.UNFILLED or one.code in named]
    if not left:
        return None
    codes = {one.code for one in left}
    waiting = [
        one
        for one in candidacies.of_round(session, round_.key)
        if round_.state != RoundState.ENDED
        and one.post_code in codes
        and one.state not in _TOLD_ALREADY
    ]
    return Endable(round_, bureau_day(round_.announced_at), stage, left, waiting)


def look_up(session: Session, round_key: int, actor: Actor) -> Endable:
    """Return what a 终止公告 of a round would be about, for who may publish it.

    Raises RoundNotFound, RecruitmentForbidden, Recused for who is tied to an applicant, and
    NothingToEnd.
    """
    require_clerk(session, actor)
    round_ = session.get(Round, round_key) if 0 <= round_key < 2**63 else None
    if round_ is None:
        raise RoundNotFound
    people = [one.username for one in candidacies.of_round(session, round_key)]
    if reason := recusals(session, people).get(actor.username):
        raise Recused(reason=reason)
    found = endable(session, round_)
    if found is None:
        raise NothingToEnd(title=round_.title, why=_why_not(session, round_))
    return found


def preview(
    tools: Toolbox, round_key: int, ending: Ending, *, actor: Actor, now: datetime
) -> NoticeText:
    """Return the notice as it would be published now; nothing is written.

    Raises RoundNotFound, RecruitmentForbidden, Recused, NothingToEnd, FieldsInvalid for what is
    not filled in as it must be, and InstanceIrreversible where a 公示 was posted.
    """
    return _text(tools.session, _ready(tools, round_key, ending, actor, now), ending, now)


def publish(
    tools: Toolbox,
    round_key: int,
    ending: Ending,
    files: Sequence[Received],
    *,
    actor: Actor,
    now: datetime,
) -> str:
    """Publish the 终止公告 with its document, for good; a round that still runs ends by it.

    Seats go back, whoever is in the running has a result and is told. Returns the slug of the
    notice. Raises what `preview` does, FieldsInvalid without a document, and ObjectionsOpen while
    an objection is not settled.
    """
    session, today = tools.session, bureau_day(now)
    found = _ready(tools, round_key, ending, actor, now)
    if not 1 <= len(files) <= MOST_FILES:
        wanted = f"请上传作出决定的文件，1至{MOST_FILES}个，随公告公开。"
        raise FieldsInvalid({"files": [wanted]})
    text = _text(session, found, ending, now)
    round_, case = found.round, found.round.instance_key
    if found.stage is Stage.RUNNING:
        end_case(tools, case, reason=ending.why, actor=actor, now=now)
    step = Step(tools.keys.next(), case, actor, now, rounds.applied(session, today))
    codes = [one.code for one in found.posts]
    if round_.state != RoundState.ENDED:
        told = ending.told if found.waiting else ""
        close(tools, round_, step, reason=f"本轮招聘终止：{ending.why}。{told}")
    published = publish_beside(tools, case, text, files=files, actor=actor, now=now)
    said = {
        "posts": "、".join(codes), "ground": ending.ground, "why": ending.why,
        "organ": ending.organ, "number": ending.number,
        "dated_on": "" if ending.dated_on is None else ending.dated_on.isoformat(),
        "notice": published.slug,
    }  # fmt: skip
    note(session, round_, PUBLISHED_ACT, said, step, reason=f"发布终止公告：{ending.why}")
    note_act(
        tools, case, f"发布终止公告：{ending.basis}",
        for_good=ForGood("发布终止公告", "更正公告"), actor=actor, now=now,
    )  # fmt: skip
    return published.slug


def close(tools: Toolbox, round_: Round, step: Step, *, reason: str) -> None:
    """End a round in the register: seats go back, whoever is in it has a result and is told.

    The caller has locked case and round, and the case has ended.
    """
    session, key = tools.session, round_.key
    candidacies.withdraw_cancelled(session, key, step)
    there = candidacies.of_round(session, key)
    for post in rounds.posts_of(session, key):
        rounds.end_post(session, post.code, PostState.CANCELLED, step, reason=reason)
    for one in there:
        if after := _OUT.get(CandidacyState(one.state)):
            candidacies.move(session, one.key, after, step, reason=reason)
    rounds.end_round(session, key, step, reason=reason)
    for one in there:
        if one.state not in _TOLD_ALREADY:
            name = str(one.key)
            send_message(tools, SETTLED, correlation_key=name, variables={}, now=step.now)


def _ready(tools: Toolbox, round_key: int, ending: Ending, actor: Actor, now: datetime) -> Endable:
    session, today = tools.session, bureau_day(now)
    require_clerk(session, actor)
    case = case_of(session, round_key)
    lock_case(tools, case)
    locked(session, round_key)
    found = look_up(session, round_key, actor)
    if found.stage is Stage.RUNNING:
        require_endable(tools, case)
    wrong = ending_problems(
        ending, today=today, announced_on=found.announced_on, anybody=bool(found.waiting)
    )
    if wrong:
        raise FieldsInvalid({field: [f"{one}。" for one in each] for field, each in wrong.items()})
    return found


def _why_not(session: Session, round_: Round) -> str:
    if round_.announced_at is None:
        return "公告还没有发布"
    if _published(session, round_):
        return "终止公告已经发布"
    return "各岗位已经补上，或者已经另行公告取消"


def _published(session: Session, round_: Round) -> bool:
    return newest_said(session, round_.key, PUBLISHED_ACT) is not None


def _text(session: Session, found: Endable, ending: Ending, now: datetime) -> NoticeText:
    round_ = found.round
    scheme = round_.scheme if isinstance(round_.scheme, dict) else {}
    over = found.stage is Stage.OVER
    ended = "招聘结束，下列岗位没有补上" if over else "终止，下列岗位不再招聘，不再接受报名"
    lines = [
        f"{round_.title}{ended}。",
        *[f"岗位{one.code}：{one.seat}。" for one in found.posts],
        f"原因：{ending.why}。",
        f"决定：{ending.basis}。",
        f"报名人员：{ending.told}" if ending.told and found.waiting else "",
        "报名人员的结果另在“我的申请”里告知。",
        f"咨询：{words_of(scheme, 'plan_contact') or '见原公告'}",
        f"规则版本 {rounds.applied(session, bureau_day(now))}（规则 R-FROZEN）。",
    ]
    return NoticeText(
        title=f"{round_.title}终止公告"[:100],
        body="\n".join(filter(None, lines)),
        opens_at=now,
        closes_at=now + _SHOWN_FOR,
    )
