"""Meetings of the sample bureau's Party group at each stage; entered as at the real desk."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from processes.committee import agenda, consent, discussion, meetings, voting
from processes.committee.desk import Sitting, sit_down, take_seat
from processes.committee.proposals import Proposal, Subject
from processes.committee.rules import Choice, ItemClass, Method
from processes.committee.tables import Item, ItemState, Meeting, Presence
from processes.registers.days import bureau_day
from processes.registers.party_group import members
from service.procedure import SampleScript, SampleStage

MEETING = "committee_meeting"
_SECRETARY = "general-1"

_PLAN = Proposal(ItemClass.PLAN, "年度教研工作计划（示例）", "审定本年度市教研工作计划。")
_BUDGET = Proposal(ItemClass.BUDGET, "教研专项经费预算（示例）", "审定教研员培训经费安排。")
_WORKSHOPS = Proposal(ItemClass.WORKSHOP, "名师工作坊名单（示例）", "审定新一周期名师工作坊名单。")
_TESTS = Proposal(ItemClass.EXAM_PROGRAMME, "质量监测计划（示例）", "审定本学年抽样监测计划。")
_RULES = Proposal(ItemClass.OTHER, "教研员岗位职责（示例）", "审定教研员岗位职责。")
_SUMMARY = Proposal(ItemClass.OTHER, "视导工作小结（示例）", "听取本学期教学视导情况。")


def _about(name: str, username: str) -> Proposal:
    return Proposal(
        ItemClass.RECRUITMENT,
        f"确定{name}为拟任教研员（示例）",
        "经资格审查、考察，拟同意任市教研机构专职教研员。",
        subjects=(Subject(name, username, "市教研机构"),),
        materials=("考察报告（示例）",),
    )


def play(stage: SampleStage) -> Sequence[SampleScript]:
    """Archived, minutes to sign, in session, notice given, agenda being made.

    What cases have put up by then is decided at the meetings that are over.
    """
    return [
        _archived(stage, 107),
        _archived(stage, 89),
        _archived(stage, 20, _PLAN, _about("教师101", "teacher101"), one_absent=True),
        _to_be_signed(stage),
        _in_session(stage),
        _noticed(stage),
        _prepared(stage),
    ]


def _archived(
    stage: SampleStage, days: int, *proposals: Proposal, one_absent: bool = False
) -> SampleScript:
    """So many working days ago; without an item there is no meeting."""
    yield stage.moment(days + 1, 15)
    at, said_at = stage.moment(days, 9), stage.moment(days + 1, 15)
    voters = _voters(stage)
    waiting = _waiting(stage)
    if not proposals and not waiting:
        return
    key = _convene(stage, at, said_at=said_at)
    items = _agenda(stage, key, proposals, waiting, at=said_at)
    yield at
    absent = {voters[2]: "外出开会"} if one_absent else {}
    _hold(stage, key, absent=absent, at=at)
    _decide_all(stage, key, items, [one for one in voters if one not in absent], at=at)
    yield stage.moment(days - 1, 15)
    stage.complete(key, "check_minutes", _SECRETARY, "ready", at=stage.moment(days - 1, 15))
    stage.complete(key, "sign_minutes", voters[-1], "sign", at=stage.moment(days - 2, 9))


def _to_be_signed(stage: SampleStage) -> SampleScript:
    yield stage.moment(4, 17)
    at, said_at = stage.moment(3, 15), stage.moment(4, 17)
    key = _convene(stage, at, said_at=said_at)
    items = _agenda(stage, key, (_BUDGET,), _waiting(stage), at=said_at)
    yield at
    _hold(stage, key, absent={}, at=at)
    _decide_all(stage, key, items, _voters(stage), at=at)
    stage.complete(key, "check_minutes", _SECRETARY, "ready", at=stage.moment(2, 9))


def _in_session(stage: SampleStage) -> SampleScript:
    """Today: one item is decided, of the second two have voted, on their telephones."""
    yield stage.moment(2, 10)
    at = stage.now
    key = _convene(stage, at, said_at=stage.moment(2, 10))
    first, second = _agenda(stage, key, (_WORKSHOPS, _TESTS), at=stage.moment(2, 11))
    yield at
    _hold(stage, key, absent={}, at=at)
    _decide(stage, key, first, _voters(stage), at=at)
    with _desk(stage, key, at) as sitting:
        discussion.discuss(sitting, second)
        discussion.nobody_speaks(sitting, second)
        voting.begin_vote(sitting, second, Method.NAMED)
        round_ = sitting.item(second).round
    for username in _voters(stage)[:2]:
        with stage.act(username) as (tools, member):
            seat = take_seat(tools, key, actor=member, now=at)
            voting.cast(seat, second, username, Choice.YES, round_=round_)


def _noticed(stage: SampleStage) -> SampleScript:
    yield stage.moment(1, 10)
    said_at = stage.moment(1, 10)
    key = _convene(stage, stage.moment(-3, 9), said_at=said_at)
    _agenda(stage, key, (_RULES,), at=said_at)
    _give_notice(stage, key, at=said_at)
    for username in _voters(stage)[:2]:
        stage.complete(key, "read_notice", username, "read", at=stage.moment(1, 16))


def _prepared(stage: SampleStage) -> SampleScript:
    """One item is on the agenda, which is before the 书记; another one waits for one."""
    yield stage.moment(0, 8, 30)
    at = stage.moment(0, 8, 30)
    key = _convene(stage, stage.moment(-8, 15), said_at=at)
    _agenda(stage, key, (_SUMMARY,), at=at)
    with stage.act(_SECRETARY) as (tools, actor):
        waiting = _about("教师102", "teacher102")
        agenda.put_up_by_office(tools, waiting, actor=actor, now=at)
    with _desk(stage, key, at) as sitting:
        consent.ask(sitting)
    stage.run_jobs(at=at)


def _voters(stage: SampleStage) -> tuple[str, ...]:
    """The members in office by the register; who chairs is the last."""
    with stage.act(_SECRETARY) as (tools, _actor):
        group = members.in_office(tools.session, bureau_day(stage.now))
        chair, *others = (one.username for one in group)
    return (*others, chair)


def _convene(stage: SampleStage, planned_at: datetime, *, said_at: datetime) -> int:
    values = {"planned_at": planned_at.isoformat(), "place": "三楼会议室（示例）"}
    return stage.start(MEETING, _SECRETARY, values, at=said_at)


def _waiting(stage: SampleStage) -> list[int]:
    """The items that cases have put up and no meeting has taken up yet."""
    mine = Item.instance_key.is_not(None) & (Item.state == ItemState.WAITING)
    with stage.act(_SECRETARY) as (tools, _actor):
        return list(tools.session.scalars(select(Item.key).where(mine).order_by(Item.key)))


def _agenda(
    stage: SampleStage,
    key: int,
    proposals: Sequence[Proposal],
    waiting: Sequence[int] = (),
    *,
    at: datetime,
) -> list[int]:
    """Put the items up and on the agenda, and those that wait; return their keys."""
    with stage.act(_SECRETARY) as (tools, actor):
        keys = [agenda.put_up_by_office(tools, each, actor=actor, now=at) for each in proposals]
    keys += waiting
    with _desk(stage, key, at) as sitting:
        for item in keys:
            agenda.place(sitting, item)
    return keys


def _give_notice(stage: SampleStage, key: int, *, at: datetime) -> None:
    """Put the agenda before the 书记, who agrees; then notice goes out."""
    with _desk(stage, key, at) as sitting:
        consent.ask(sitting)
    stage.run_jobs(at=at)
    stage.complete(key, "agree_agenda", _voters(stage)[-1], "agree", at=at)
    stage.run_jobs(at=at)
    with _desk(stage, key, at) as sitting:
        meetings.send_notice(sitting)
    stage.run_jobs(at=at)


def _hold(stage: SampleStage, key: int, *, absent: dict[str, str], at: datetime) -> None:
    """Give notice, call the roll, open the meeting."""
    _give_notice(stage, key, at=at)
    voters = _voters(stage)
    with _desk(stage, key, at) as sitting:
        for username in voters:
            why = absent.get(username, "")
            meetings.mark(sitting, username, Presence.ABSENT if why else Presence.PRESENT, why)
        meetings.open_meeting(sitting)
    stage.run_jobs(at=at)


def _decide_all(
    stage: SampleStage, key: int, items: Sequence[int], voters: Sequence[str], *, at: datetime
) -> None:
    """Carry the items, close the meeting, and let the cases hear of it."""
    for item in items:
        _decide(stage, key, item, voters, at=at)
    with _desk(stage, key, at) as sitting:
        meetings.close_meeting(sitting)
    stage.run_jobs(at=at)


def _decide(
    stage: SampleStage, key: int, item: int, voters: Sequence[str], *, at: datetime
) -> None:
    """Discuss an item and carry it, by name where it is about a person."""
    with _desk(stage, key, at) as sitting:
        discussion.discuss(sitting, item)
        discussion.state(sitting, item, voters[0], "同意提交的意见。", written=False)
        person = ItemClass(sitting.item(item).item_class).about_a_person
        method = Method.NAMED if person else Method.HANDS
        voting.begin_vote(sitting, item, method)
        round_ = sitting.item(item).round
        for username in voters:
            voting.cast(sitting, item, username, Choice.YES, round_=round_)
        voting.close_vote(sitting, item)


@contextmanager
def _desk(stage: SampleStage, key: int, at: datetime) -> Iterator[Sitting]:
    """The secretary at the desk, who has seen the newest revision."""
    with stage.act(_SECRETARY) as (tools, actor):
        revision = tools.session.get_one(Meeting, key).revision
        yield sit_down(tools, key, revision=revision, actor=actor, now=at)
