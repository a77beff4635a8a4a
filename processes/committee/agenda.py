"""Items: put up by cases or by the office, placed on an agenda, taken off, withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee import decisions
from processes.committee.access import require_secretary
from processes.committee.desk import Sitting, said
from processes.committee.keeping_out import require_untied
from processes.committee.matters import joined, people_in, said_class
from processes.committee.refusals import (
    AnotherClass,
    Blocked,
    CaseOver,
    ItemNotFound,
    MattersJoined,
    NothingNew,
    OnePersonOneItem,
    OutOfJurisdiction,
    Unfit,
    WrongState,
)
from processes.committee.rules import (
    DECIDING,
    OF_THE_EMPLOYER,
    ItemClass,
    Outcome,
    may_come_with_evidence,
    one_person_each,
)
from processes.committee.tables import Item, ItemState, Meeting, MeetingState
from processes.registers.days import bureau_day
from processes.registers.staffing.employers import employer_of, institution
from processes.registers.staffing.facts import Level
from service.domain.actors import Actor
from service.domain.values import Json
from service.procedure import Toolbox, case_ended, send_message

DECIDED = "committee.decided"
"""Message that a case waits for, with its item's key as correlation key."""
RECONSIDERED = "committee.reconsidered"
"""Message that a decision was changed by 复议, with the first item's key as correlation key."""

UNDECIDED: Mapping[str, Any] = {
    "chair": "", "method": "", "round": 0, "readiness": "", "counts": {}, "outcome": "",
    "words": "", "reason": "", "escalate": False, "rules_version": "", "decided_at": None,
}  # fmt: skip
"""The columns of an item on which nobody has sat."""

ITEM_ENDED = "提出它的事项已经办结或者终止，没有决定要等"
"""Why an item of an ended case is withdrawn."""

_ADVICE = "建议"
"""How an item begins by which the city only recommends, to whose it is to decide (C-LEVEL)."""

_LONGEST_TITLE = 120
_MOST_MATERIALS = 50


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an item is about; `username` is empty for somebody without an account."""

    name: str
    username: str = ""
    unit: str = ""
    """Institution that employs them, or is to: its key, else its name."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item as it is put up.

    `ground` is what allows a matter to come back (C-AGAIN); `matter` what beside the person tells
    it from another of the same class: number of the case, round and seat.
    """

    item_class: ItemClass
    title: str
    text: str
    subjects: Sequence[Subject] = ()
    materials: Sequence[str] = ()
    ground: str = ""
    matter: str = ""
    process_id: str = ""
    instance_key: int | None = None


def put_up(session: Session, key: int, proposal: Proposal, *, actor: Actor, now: datetime) -> Item:
    """Put an item up for one of the next meetings; the same key again is the same item.

    Raises OnePersonOneItem, AnotherClass, MattersJoined, OutOfJurisdiction, Blocked, NothingNew,
    Unfit.
    """
    known = session.get(Item, key)
    if known is not None:
        return known
    proposal = _of_its_class(proposal)
    _require_jurisdiction(session, proposal)
    _require_words(proposal)
    ground = said(proposal.ground, "新的证据", required=False)
    before = _blocking(session, proposal)
    if before is not None:
        _require_new(before, proposal, ground)
    subject = proposal.subjects[0] if proposal.subjects else Subject("")
    item = Item(
        key=key,
        meeting_key=None,
        position=0,
        state=ItemState.WAITING,
        item_class=proposal.item_class,
        title=said(proposal.title, "议题名称", longest=_LONGEST_TITLE),
        text=said(proposal.text, "议题内容"),
        materials=_materials(proposal.materials),
        subject=subject.username,
        subject_name=said(subject.name, "姓名", required=False, longest=60),
        unit=said(subject.unit, "单位", required=False, longest=60),
        matter=said(proposal.matter, "案号或者轮次、岗位", required=False, longest=120),
        process_id=proposal.process_id,
        instance_key=proposal.instance_key,
        proposed_by=actor.username,
        proposed_at=now,
        previous_key=None if before is None else before.key,
        ground=ground,
        root_key=key,
        **UNDECIDED,
    )
    session.add(item)
    session.flush()
    return item


def put_up_by_office(tools: Toolbox, proposal: Proposal, *, actor: Actor, now: datetime) -> int:
    """Put up an item of no case; return its key. Raises DeskForbidden and what `put_up` does."""
    require_secretary(tools.session, actor)
    return put_up(tools.session, tools.keys.next(), proposal, actor=actor, now=now).key


def place(sitting: Sitting, item_key: int) -> None:
    """Place a waiting item on the agenda; a notice that went out has to go out anew.

    Raises CaseOver where the case that put it up has ended.
    """
    sitting.require(MeetingState.PREPARING, MeetingState.NOTICED, act="改动议程")
    item = _waiting(sitting.tools.session, item_key)
    sitting.require_untied(item)
    require_case(sitting.tools.session, item)
    item.meeting_key = sitting.meeting.key
    item.position = 1 + max((each.position for each in sitting.items()), default=0)
    item.state = ItemState.AGENDA
    sitting.meeting.state = MeetingState.PREPARING
    sitting.note(f"列入议程：{item.title}", item)


def take_off(sitting: Sitting, item_key: int) -> None:
    """Take an item off the agenda: it waits for another meeting."""
    sitting.require(MeetingState.PREPARING, MeetingState.NOTICED, act="改动议程")
    item = sitting.item(item_key)
    let_wait(item)
    sitting.meeting.state = MeetingState.PREPARING
    sitting.note(f"移出议程：{item.title}", item)


def move_up(sitting: Sitting, item_key: int) -> None:
    """Let an item come before the one that stands before it."""
    sitting.require(MeetingState.PREPARING, MeetingState.NOTICED, act="改动议程")
    items = list(sitting.items())
    item = sitting.item(item_key)
    place_now = items.index(item)
    if place_now == 0:
        raise WrongState(act="上移", state="它已经是第1项")
    items.insert(place_now - 1, items.pop(place_now))
    for position, each in enumerate(items, start=1):
        each.position = position
    sitting.note(f"调整议程顺序：{item.title}", item)


def withdraw(tools: Toolbox, item_key: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Withdraw an item that waits; a case behind it is told RETURNED with the reason."""
    session = tools.session
    require_secretary(session, actor)
    item, why = _waiting(session, item_key), said(reason, "撤回的原因")
    require_untied(session, item, actor)
    return_item(tools, item, why, now=now, words=f"没有上会，由会议秘书退回：{why}")


def return_item(tools: Toolbox, item: Item, reason: str, *, now: datetime, words: str = "") -> None:
    """Withdraw an item on which nothing was decided; a case behind it is told RETURNED."""
    item.state, item.outcome = ItemState.WITHDRAWN, Outcome.RETURNED
    item.reason, item.words, item.decided_at = reason, words or reason, now
    tools.session.flush()
    tell_case(tools, item, meeting=None, now=now)


def require_case(session: Session, item: Item) -> None:
    """Raise CaseOver where the case that waits for this item has ended; 复议 outlives its case."""
    over = select(Item.key).where(Item.key == item.key, case_ended(Item.instance_key))
    if item.root_key == item.key and session.scalar(over) is not None:
        raise CaseOver(title=item.title)


def tell_case(tools: Toolbox, item: Item, *, meeting: Meeting | None, now: datetime) -> None:
    """Tell the case that waits for this item what became of it.

    Of a 复议 it hears by another message, and only where the decision is another one now.
    """
    again = item.root_key != item.key
    if item.instance_key is None or (again and not decisions.changes(tools.session, item)):
        return
    variables: dict[str, Json] = {
        "committee_result": str(item.outcome),
        "committee_words": item.words,
        "committee_reason": item.reason,
        "committee_escalate": item.escalate,
        "committee_meeting": "" if meeting is None else meeting.number,
        "committee_decided_on": bureau_day(now).isoformat(),
        "committee_rules_version": item.rules_version,
    }
    send_message(
        tools,
        RECONSIDERED if again else DECIDED,
        correlation_key=str(item.root_key),
        variables=variables,
        now=now,
    )


def let_undecided_wait(sitting: Sitting) -> int:
    """Give back what the meeting did not come to; return how many items."""
    left = [item for item in sitting.items() if item.state == ItemState.AGENDA]
    for item in left:
        let_wait(item)
    return len(left)


def let_wait(item: Item) -> None:
    """Let an item wait for another agenda."""
    item.meeting_key = None
    item.position = 0
    item.state = ItemState.WAITING


def _waiting(session: Session, item_key: int) -> Item:
    wanted = select(Item).where(Item.key == item_key).with_for_update()
    item = session.scalar(wanted) if 0 <= item_key < 2**63 else None
    if item is None:
        raise ItemNotFound
    if item.state != ItemState.WAITING:
        raise WrongState(act="这样办理", state=f"这项议题{ItemState(item.state).label}")
    return item


def _materials(names: Sequence[str]) -> Json:
    kept = [said(name, "材料名称", longest=_LONGEST_TITLE) for name in names if name.strip()]
    if len(kept) > _MOST_MATERIALS:
        raise Unfit(reason=f"材料最多{_MOST_MATERIALS}份")
    return list(kept)


def _of_its_class(proposal: Proposal) -> Proposal:
    """Return the proposal with the class that naming somebody gives it (C-ONE)."""
    people = sum(people_in(one.name) for one in proposal.subjects)
    if people > 1:
        raise OnePersonOneItem(count=people)
    if people and proposal.item_class is ItemClass.OTHER:
        proposal = replace(proposal, item_class=ItemClass.PERSONAL)
    if not one_person_each(proposal.item_class, people):
        what = f"“{proposal.item_class.label}”的议题"
        raise Unfit(
            reason=f"{what}不写所涉及的人；涉及个人的，请选择相应的类别（规则 C-ONE）"
            if people
            else f"{what}须写明所涉及的一个人"
        )
    return proposal


def _require_words(proposal: Proposal) -> None:
    """Refuse a title that asks for another class, or for two at once: 退出, 处分, 撤销聘任."""
    chosen, title = proposal.item_class, proposal.title.strip()[:_LONGEST_TITLE]
    if chosen.about_a_person and len(both := joined(title)) > 1:
        raise MattersJoined(title=title, said="、".join(each.label for each in both))
    asked = said_class(title, about_a_person=chosen.about_a_person)
    free = chosen.about_a_person and chosen is not ItemClass.PERSONAL
    if asked is not None and not free and not title.startswith(_ADVICE):
        raise AnotherClass(title=title, said=asked.label, chosen=chosen.label)


def _require_jurisdiction(session: Session, proposal: Proposal) -> None:
    """This is the city's desk: what is the district's to decide is none of its items (C-LEVEL).

    By the institution that takes somebody on; else by the employer of the rosters, and by the
    institution that the item names, which it must where no roster says.
    """
    chosen = proposal.item_class
    if chosen not in OF_THE_EMPLOYER | {ItemClass.RECRUITMENT}:
        return
    for one in proposal.subjects:
        named = institution(session, one.unit.strip()) if one.unit.strip() else None
        by_roster = (
            employer_of(session, one.username)
            if one.username and chosen in OF_THE_EMPLOYER
            else None
        )
        for employer in (named, by_roster):
            if employer is not None and employer.level is Level.DISTRICT:
                raise OutOfJurisdiction(who=one.name, unit=employer.unit, what=chosen.label)
        if by_roster is None and not one.unit.strip():
            raise Unfit(
                reason=f"请写明{one.name}所在（或者拟聘）的教研机构：市级的由市教育局党组决定，"
                "区级的由区教育局党组（党委）决定（规则 C-LEVEL，《方案》三（四）和人事管理权限）"
            )


def _blocking(session: Session, proposal: Proposal) -> Item | None:
    """Return the newest decision on the same matter that it may not simply come back behind.

    A matter is a class, a person, and what else tells it apart (`matter`), never a name alone:
    somebody without an account is told apart by the unit, too. What names nobody is the same in
    its case, else by its title where it was not carried: plans come every year.
    """
    wanted = select(Item).where(
        Item.state == ItemState.DECIDED,
        Item.item_class == proposal.item_class,
        Item.matter == proposal.matter.strip(),
        Item.outcome.in_(DECIDING),
    )
    if proposal.subjects:
        subject = proposal.subjects[0]
        wanted = (
            wanted.where(Item.subject == subject.username)
            if subject.username
            else wanted.where(
                Item.subject == "",
                Item.subject_name == subject.name.strip(),
                Item.unit == subject.unit.strip(),
            )
        )
    elif proposal.instance_key is not None:
        wanted = wanted.where(Item.instance_key == proposal.instance_key)
    else:
        wanted = wanted.where(
            Item.title == proposal.title.strip(), Item.outcome == Outcome.NOT_CARRIED
        )
    return session.scalar(wanted.order_by(Item.decided_at.desc(), Item.key.desc()).limit(1))


def _require_new(before: Item, proposal: Proposal, ground: str) -> None:
    """Let a matter that was not carried come with new evidence, and nothing else (C-AGAIN)."""
    outcome = Outcome(before.outcome)
    told = {
        "who": before.subject_name or before.title,
        "when": "此前" if before.decided_at is None else bureau_day(before.decided_at).isoformat(),
        "outcome": outcome.label,
    }
    if not ground or not may_come_with_evidence(outcome):
        raise Blocked(**told)
    known = before.materials if isinstance(before.materials, list) else []
    new = {one.strip() for one in proposal.materials if one.strip()} - set(map(str, known))
    if proposal.item_class.about_a_person and not new:
        raise NothingNew(**told)
