"""What the pages of recruitment show: rounds, one of them with its posts, candidates and acts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from processes.recruitment import changes, endings, score_days, scoring
from processes.recruitment.access import may, require_reader
from processes.recruitment.candidacies import CANDIDACY_WORDS, of_round
from processes.recruitment.filings import FILING_ACT, TRANSFER_ACT
from processes.recruitment.history import RoundNotFound, acts_of, is_whole, said_in
from processes.recruitment.plans import Plan, told
from processes.recruitment.replies import ESTABLISHMENT_ACT, TRIAL_END_ACT
from processes.recruitment.rounds import posts_of
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.settings import FILING_ORGANS
from processes.recruitment.steps import plan_of
from processes.recruitment.tables import (
    Candidacy,
    CandidacyState,
    PostState,
    RankEntry,
    Round,
    RoundPost,
    RoundState,
)
from processes.registers import set_values
from processes.registers.names import names_of
from processes.registers.roster import RegisterChange
from processes.registers.staffing.norms import ORGANS
from processes.registers.staffing.tables import SEATS_REGISTER
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Forbidden
from service.procedure import barred_by, case_ended, granted

PAGE_SIZE = 20
KEPT_OUT = "你应当回避的报名人的记录"
_LARGEST_KEY = 2**63 - 1
_CANCELLED = "事项已取消"

ROUND_WORDS = {
    RoundState.PLANNED: "筹备中",
    RoundState.ANNOUNCED: "已公告",
    RoundState.ENDED: "已办结",
}
POST_WORDS = {
    PostState.OPEN: "办理中",
    PostState.CANCELLED: "已取消",
    PostState.UNFILLED: "没有补上",
    PostState.FILLED: "已补上",
}


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A line of the list."""

    round: Round
    channel: str
    state: str
    posts: Sequence[str]
    """Stage and subject of each, in the order of their codes."""
    applicants: int


@dataclass(frozen=True, slots=True)
class RoundList:
    """Rounds, the newest first, and the key of the last one where more follow."""

    rows: Sequence[RoundRow]
    next: str | None


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate of a post, with the place of the ranking in force where there is one."""

    candidacy: Candidacy
    state: str
    rank: RankEntry | None


@dataclass(frozen=True, slots=True)
class PostView:
    """A post with its candidates, by place and then as they came."""

    post: RoundPost
    state: str
    scores_until: date | None
    """Last day for scores, by the newest notice of change; None before the notice."""
    may_extend: bool
    """Whether examiners mark now and the reader may move that day."""
    candidates: Sequence[CandidateRow]
    hidden: bool
    """Whether the reader must keep out, being a candidate or tied to one: no candidates then."""


@dataclass(frozen=True, slots=True)
class ActRow:
    """An act of the history: when, who, what, by which rules; keys are put back to names."""

    at: datetime
    by: str
    reason: str
    about: str
    rules: str
    username: str
    digest: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as its page shows it."""

    round: Round
    channel: str
    state: str
    unit: str
    posts: Sequence[PostView]
    scheme: Sequence[str]
    acts: Sequence[ActRow]
    whole: bool
    """Whether the acts are all there and as they were written."""
    may_act: bool
    cancelled: bool
    """Whether the case was cancelled and the day's work has not followed it yet."""
    ending: str
    """Where it stands for its 终止公告 (`endings.Stage`); empty where the reader publishes none."""
    awaits_approval: bool
    awaits_filing: Sequence[Candidacy]
    awaits_transfer: Sequence[Candidacy]
    on_trial: Sequence[Candidacy]
    organs: Sequence[str]
    """Who may approve an establishment."""
    filing_organs: Sequence[str]
    """Who may answer a filing or a transfer."""
    case_is_open: bool
    reads_matrix: bool


def rounds_of(session: Session, actor: Actor, after: str | None) -> RoundList:
    """Return a page of the rounds. Raises RoundNotFound for strangers."""
    require_reader(session, actor)
    statement = select(Round).order_by(Round.key.desc()).limit(PAGE_SIZE + 1)
    if after and after.isascii() and after.isdigit() and int(after) <= _LARGEST_KEY:
        statement = statement.where(Round.key < int(after))
    found = session.scalars(statement).all()
    keys = [one.key for one in found]
    posts = _seats(session, keys)
    applicants = _applicants(session, keys)
    cancelled = _cancelled(session, keys)
    rows = [
        RoundRow(
            one,
            Channel(one.channel).label,
            _CANCELLED if one.key in cancelled else ROUND_WORDS[RoundState(one.state)],
            posts.get(one.key, ()),
            applicants.get(one.key, 0),
        )
        for one in found[:PAGE_SIZE]
    ]
    return RoundList(rows, str(keys[PAGE_SIZE - 1]) if len(keys) > PAGE_SIZE else None)


def round_of(session: Session, actor: Actor, key: int, today: date) -> RoundView:
    """Return one round. Raises RoundNotFound, for strangers too."""
    require_reader(session, actor)
    round_ = session.get(Round, key) if 0 <= key <= _LARGEST_KEY else None
    if round_ is None:
        raise RoundNotFound
    candidates = of_round(session, key)
    posts = posts_of(session, key)
    plan = plan_of(session, round_, today) if round_.announced_at else None
    acts = acts_of(session, key)
    clerk = may(session, actor, Action.ACT)
    kept = any(post.seat_code for post in posts)
    over = key in _cancelled(session, [key])
    hidden = _hidden(session, actor, candidates)
    marked = {} if over or not clerk else score_days.being_marked(session, [p.code for p in posts])
    movable = marked.keys() - hidden
    shown = [one for one in candidates if one.post_code not in hidden]
    done = {(one.act, said_in(one).get("candidacy", "")) for one in acts}

    def waiting(state: CandidacyState, act: str) -> list[Candidacy]:
        return [one for one in shown if one.state == state and (act, str(one.key)) not in done]

    return RoundView(
        round=round_,
        channel=Channel(round_.channel).label,
        state=_CANCELLED if over else ROUND_WORDS[RoundState(round_.state)],
        unit=names_of(session, (), [round_.unit_id]).get(round_.unit_id, round_.unit_id),
        posts=[
            _post_view(session, round_, plan, post, shown, hidden, over, post.code in movable)
            for post in posts
        ],
        scheme=[] if plan is None else told(plan),
        acts=_acts(acts, candidates, {str(one.key) for one in candidates if one not in shown}),
        whole=is_whole(acts, round_),
        may_act=clerk and not over,
        cancelled=over,
        ending=_ending(session, round_) if clerk and not hidden else "",
        awaits_approval=round_.state == RoundState.PLANNED
        and not kept
        and (ESTABLISHMENT_ACT, "") not in done,
        awaits_filing=waiting(CandidacyState.FILING, FILING_ACT),
        awaits_transfer=waiting(CandidacyState.TRANSFERRING, TRANSFER_ACT),
        on_trial=waiting(CandidacyState.ON_TRIAL, TRIAL_END_ACT),
        organs=set_values.values_on(session, today).items(ORGANS),
        filing_organs=set_values.values_on(session, today).items(FILING_ORGANS),
        case_is_open=_has(session, actor, ObjectKind.CASE, round_.process_id),
        reads_matrix=_has(session, actor, ObjectKind.REGISTER, SEATS_REGISTER),
    )


def acts_of_rounds(session: Session, actor: Actor) -> Iterator[tuple[Round, Sequence[ActRow]]]:
    """Give each round with its acts, the oldest first, as its page shows them to this reader.

    Raises RoundNotFound for strangers, Forbidden for who may not export.
    """
    require_reader(session, actor)
    if not may(session, actor, Action.EXPORT):
        raise Forbidden
    return _acts_of_rounds(session, actor)


def _acts_of_rounds(session: Session, actor: Actor) -> Iterator[tuple[Round, Sequence[ActRow]]]:
    for key in session.scalars(select(Round.key).order_by(Round.key)).all():
        round_, candidates = session.get_one(Round, key), of_round(session, key)
        posts = _hidden(session, actor, candidates)
        hidden = {str(one.key) for one in candidates if one.post_code in posts}
        yield round_, _acts(acts_of(session, key), candidates, hidden)[::-1]


def _ending(session: Session, round_: Round) -> str:
    found = endings.endable(session, round_)
    return "" if found is None else found.stage.value


def _has(session: Session, actor: Actor, kind: ObjectKind, on: str) -> bool:
    return bool(session.scalar(select(granted(actor, kind, Action.READ, literal(on)))))


def _cancelled(session: Session, keys: Sequence[int]) -> set[int]:
    """Return which of these rounds are over with their cases before the register says so."""
    over = case_ended(Round.instance_key)
    found = select(Round.key).where(Round.key.in_(keys), Round.state != RoundState.ENDED, over)
    return set(session.scalars(found))


def _hidden(session: Session, actor: Actor, candidates: Sequence[Candidacy]) -> set[str]:
    """Return the posts whose candidates this reader must not see (人社部规〔2019〕1号)."""
    people: dict[str, list[str]] = {}
    for one in candidates:
        people.setdefault(one.post_code, []).append(one.username)
    if actor.username not in barred_by(session, [one.username for one in candidates]):
        return set()
    return {code for code, names in people.items() if actor.username in barred_by(session, names)}


def _post_view(
    session: Session,
    round_: Round,
    plan: Plan | None,
    post: RoundPost,
    candidates: Sequence[Candidacy],
    hidden: Collection[str],
    over: bool,
    may_extend: bool,
) -> PostView:
    """`plan` is what was announced, None before; `hidden` are the posts not shown to the reader."""
    ranks = {row.candidacy_key: row for row in scoring.ranks_of(session, post.code)}
    rows = [
        CandidateRow(one, CANDIDACY_WORDS[CandidacyState(one.state)], ranks.get(one.key))
        for one in candidates
        if one.post_code == post.code
    ]
    rows.sort(key=lambda row: (row.rank.place or _LARGEST_KEY) if row.rank else _LARGEST_KEY)
    until = None if plan is None else changes.in_force(session, round_, post.code, plan)
    return PostView(
        post,
        _CANCELLED if over and post.state == PostState.OPEN else POST_WORDS[PostState(post.state)],
        None if over or until is None else until.scores_until,
        may_extend,
        rows,
        post.code in hidden,
    )


def _acts(
    acts: Sequence[RegisterChange], candidates: Sequence[Candidacy], hidden: Collection[str]
) -> list[ActRow]:
    names = {str(one.key): one.name for one in candidates}
    rows = []
    for one in acts:
        kept_out = said_in(one).get("candidacy") in hidden
        reason, about = (KEPT_OUT, "") if kept_out else (one.reason, _about(one, names))
        rows.append(ActRow(one.at, one.by_name, reason, about, one.rules, one.by, one.digest))
    return rows


def _about(change: RegisterChange, names: Mapping[str, str]) -> str:
    """What an act is about, in words: names, posts, papers; other figures are not for people."""
    said = said_in(change)
    keys = ("candidacy", "post", "seat", "organ", "number", "answer", "basis")
    return "，".join(names.get(said[key], said[key]) for key in keys if key in said)


def _seats(session: Session, keys: Sequence[int]) -> dict[int, Sequence[str]]:
    rows = session.execute(
        select(RoundPost.round_key, RoundPost.seat)
        .where(RoundPost.round_key.in_(keys))
        .order_by(RoundPost.round_key, RoundPost.code)
    )
    found: dict[int, list[str]] = {}
    for key, seat in rows:
        found.setdefault(key, []).append(seat)
    return {key: tuple(seats) for key, seats in found.items()}


def _applicants(session: Session, keys: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Candidacy.round_key, func.count())
        .where(Candidacy.round_key.in_(keys))
        .group_by(Candidacy.round_key)
    )
    return {row[0]: row[1] for row in rows}
