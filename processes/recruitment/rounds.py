"""Rounds of recruitment: opened for gaps of the matrix, given their seats, announced, ended.

Each function is done once for a step, however often the step runs, and asks nothing of rights: the
diagram is what gives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.recruitment.history import Step, locked, note
from processes.recruitment.rules import norms
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.norms import NORMS
from processes.recruitment.tables import PostState, Round, RoundPost, RoundState
from processes.registers import set_values
from processes.registers.days import bureau_day
from processes.registers.norms import Refusal
from processes.registers.seats import SEATS, Seat
from processes.registers.settings import SettingValues
from processes.registers.staffing import seats
from processes.registers.staffing.employers import district_refusal
from processes.registers.staffing.norms import NORMS as STAFFING
from processes.registers.staffing.norms import ORGANS
from processes.registers.staffing.rules import Colour
from service.domain.errors import NotFound
from service.domain.values import Json
from service.procedure import case_ended

MOST_POSTS = 20


class PostNotFound(NotFound):
    """这一轮招聘没有这个岗位，或者你没有查看的权限。"""

    code = "recruitment.post-not-found"


@dataclass(frozen=True, slots=True)
class Need:
    """What a round is to fill: seats of one institution."""

    channel: Channel
    unit_id: str
    unit_name: str
    seats: tuple[Seat, ...]
    process_id: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the organ for establishments has answered."""

    approved: bool
    organ: str
    number: str
    dated_on: date | None


def values_of(session: Session, today: date) -> SettingValues:
    """Return the bureau's settings in force on a day."""
    return set_values.values_on(session, today)


def applied(session: Session, today: date) -> str:
    """Return the version of rules and settings that a decision of this day records."""
    return norms.applied(values_of(session, today))


def need_problems(session: Session, need: Need, *, today: date, besides: int = 0) -> list[Refusal]:
    """Return why these seats need no recruitment; `besides` is the round that asks, if any.

    A district's seats are the district's to fill, whatever they lack (C-LEVEL).
    """
    if refused := district_refusal(session, need.unit_id, f"{need.channel.label}的人选"):
        return [refused]
    gap = NORMS["R-GAP"]
    if not 1 <= len(need.seats) <= MOST_POSTS:
        return [gap.refuses(f"一轮应有1至{MOST_POSTS}个岗位，填写了{len(need.seats)}个")]
    problems = [
        gap.refuses(f"{seat.name}写了两次，一个学段学科只有一个岗位")
        for seat in dict.fromkeys(need.seats)
        if need.seats.count(seat) > 1
    ]
    for seat in dict.fromkeys(need.seats):
        found = seats.look_up(session, unit=need.unit_id, seat=seat, day=today)
        if found is None:
            both = f"配备规则 {STAFFING['S-CITY'].id}、{STAFFING['S-DISTRICT'].id}"
            problems.append(gap.refuses(f"{need.unit_name}不设{seat.name}教研员（{both}）"))
        elif not (found.state.colour.is_gap or found.state.colour is Colour.FORECAST):
            filled = f"{need.unit_name}的{seat.name}已经配齐，配备矩阵里没有缺口"
            problems.append(gap.refuses(filled))
        elif other := _open_elsewhere(session, need.unit_id, seat, besides):
            problems.append(gap.refuses(f"{need.unit_name}的{seat.name}已在第{other}轮招聘中"))
    return problems


def open_round(session: Session, need: Need, step: Step) -> Round:
    """Open a round with a post for each seat; the caller has found no problems."""
    known = session.get(Round, step.key)
    if known is not None:
        return known
    today = bureau_day(step.now)
    number = _next_number(session, need.channel, today.year)
    round_ = Round(
        key=step.key,
        revision=0,
        number=number,
        channel=need.channel.value,
        title=f"{today.year}年{need.unit_name}教研员{need.channel.label}（{number}）",
        unit_id=need.unit_id,
        process_id=need.process_id,
        instance_key=step.instance_key,
        state=RoundState.PLANNED,
        scheme={},
        announced_at=None,
        notice_key="",
        registration_opens_on=None,
        registration_closes_on=None,
        substitution_until=None,
        rules_version=step.rules,
        opened_at=step.now,
        opened_by=step.actor.username,
        opened_by_name=step.actor.display_name,
    )
    session.add(round_)
    for place, seat in enumerate(need.seats, start=1):
        session.add(
            RoundPost(
                code=f"{number}-{place:02}", round_key=round_.key, seat=seat.name,
                seat_code="", state=PostState.OPEN, reason="",
            )
        )  # fmt: skip
    session.flush()
    said = {"posts": "、".join(seat.name for seat in need.seats), "unit": need.unit_id}
    note(session, round_, "opened", said, step, reason="缺口成立，立项")
    return round_


def reply_problems(session: Session, reply: Reply, *, today: date) -> list[Refusal]:
    """Return why a reply is none: only an organ for establishments approves (S-ORGAN)."""
    values = values_of(session, today)
    organs, norm = values.items(ORGANS), STAFFING["S-ORGAN"]
    problems = []
    if reply.organ not in organs:
        problems.append(
            norm.refuses(
                f"“{reply.organ[:40]}”不能批准编制，应为机构编制管理机关：{'、'.join(organs)}"
            )
        )
    if not reply.number.strip():
        problems.append(norm.refuses("须写明批复文号"))
    if reply.dated_on is None or reply.dated_on > today:
        problems.append(NORMS["R-FILLED"].refuses("批复日期没有填写，或者晚于今天"))
    return problems


def keep_seat(session: Session, code: str, step: Step) -> RoundPost:
    """Keep a free seat of the register for a post; the one it has where it has one.

    Raises EntryRefused where none is free: a seat is entered when the organ has approved it.
    """
    post, round_ = post_of(session, code)
    if post.seat_code:
        return post
    found = seats.reserve(
        session,
        register_step(step, round_, "为招聘岗位预留"),
        unit=round_.unit_id,
        seat=SEATS[post.seat],
        purpose=f"{Channel(round_.channel).label}{round_.number}",
    )
    post.seat_code = found.code
    session.flush()
    said = {"post": code, "seat": found.code}
    note(session, round_, "seat-kept", said, step, reason="岗位已预留")
    return post


def announce(
    session: Session,
    round_key: int,
    scheme: dict[str, Json],
    notice_key: str,
    step: Step,
    *,
    opens_on: date,
    closes_on: date,
    until: date | None,
) -> Round:
    """Freeze the scheme as it was announced (R-FROZEN); the days are inclusive."""
    round_ = locked(session, round_key)
    if round_.state != RoundState.PLANNED:
        return round_
    round_.state = RoundState.ANNOUNCED
    round_.scheme = scheme
    round_.announced_at = step.now
    round_.notice_key = notice_key
    round_.registration_opens_on, round_.registration_closes_on = opens_on, closes_on
    round_.substitution_until = until
    round_.rules_version = step.rules
    said = {"notice": notice_key, "closes_on": closes_on.isoformat()}
    note(session, round_, "announced", said, step, reason="方案已审定，公告发布，方案冻结")
    return round_


def end_post(session: Session, code: str, state: PostState, step: Step, *, reason: str) -> None:
    """Say what became of a post; a seat that was not filled is kept no longer."""
    post, round_ = post_of(session, code)
    if post.state != PostState.OPEN:
        return
    if post.seat_code and state != PostState.FILLED:
        seats.release(session, register_step(step, round_, reason), code=post.seat_code)
    post.state, post.reason = state, reason
    said = {"post": code, "state": state.value}
    note(session, round_, "post-ended", said, step, reason=reason)


def end_round(session: Session, round_key: int, step: Step, *, reason: str) -> Round:
    """End a round: seats that were not filled are kept no longer."""
    round_ = locked(session, round_key)
    if round_.state == RoundState.ENDED:
        return round_
    for post in posts_of(session, round_key):
        if post.seat_code and post.state != PostState.FILLED:
            seats.release(session, register_step(step, round_, "招聘结束"), code=post.seat_code)
        if post.state == PostState.OPEN:
            post.state, post.reason = PostState.CANCELLED, reason
    round_.state = RoundState.ENDED
    note(session, round_, "ended", {}, step, reason=reason)
    return round_


def cutoff_of(round_: Round) -> Json:
    """Return the day up to which its notice lets teaching years count, None before there is one.

    A round that announced none goes by the first day of registration.
    """
    kept = round_.scheme.get("cutoff_on") if isinstance(round_.scheme, dict) else None
    opens = round_.registration_opens_on
    return kept or (None if opens is None else opens.isoformat())


def post_of(session: Session, code: str) -> tuple[RoundPost, Round]:
    """Return a post and its round, the round under its lock. Raises PostNotFound."""
    key = session.scalar(select(RoundPost.round_key).where(RoundPost.code == code))
    if key is None:
        raise PostNotFound
    round_ = locked(session, key)
    post = session.get(RoundPost, code, populate_existing=True)
    if post is None:
        raise PostNotFound
    return post, round_


def posts_of(session: Session, round_key: int) -> Sequence[RoundPost]:
    """Return the posts of a round in their order."""
    statement = select(RoundPost).where(RoundPost.round_key == round_key).order_by(RoundPost.code)
    return session.scalars(statement).all()


def register_step(step: Step, round_: Round, reason: str) -> seats.Step:
    """Return a step as one of the round's own case, for whom the registers keep its seats."""
    return seats.Step(
        key=step.key,
        instance_key=round_.instance_key,
        actor=step.actor,
        now=step.now,
        reason=f"{round_.title}：{reason}",
    )


def _next_number(session: Session, channel: Channel, year: int) -> str:
    prefix = f"{channel.letter}{year}-"
    taken = session.scalar(select(func.count()).where(Round.number.startswith(prefix))) or 0
    return f"{prefix}{taken + 1:02}"


def _open_elsewhere(session: Session, unit_id: str, seat: Seat, besides: int) -> str:
    found = session.scalar(
        select(Round.number)
        .join(RoundPost, RoundPost.round_key == Round.key)
        .where(
            Round.unit_id == unit_id,
            Round.state != RoundState.ENDED,
            ~case_ended(Round.instance_key),
            Round.key != besides,
            RoundPost.seat == seat.name,
            RoundPost.state == PostState.OPEN,
        )
        .limit(1)
    )
    return found or ""
