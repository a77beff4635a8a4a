"""Items: put up by cases or by the office, placed on an agenda, taken off, withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee import consent, decisions
from processes.committee.access import require_secretary
from processes.committee.again import beside, blocking, pending
from processes.committee.desk import Sitting, said
from processes.committee.keeping_out import require_untied, require_untied_to
from processes.committee.proposals import (
    LONGEST_TITLE,
    Proposal,
    Subject,
    of_its_class,
    require_jurisdiction,
    require_new,
    require_words,
    told_apart,
    with_matter,
)
from processes.committee.refusals import (
    AlreadyUp,
    CaseOver,
    ItemNotFound,
    ReconsiderationStands,
    Unfit,
    WrongState,
)
from processes.committee.rules import DECIDING, Outcome
from processes.committee.tables import Item, ItemState, Meeting, MeetingState
from processes.registers.days import bureau_day
from service.domain.actors import Actor
from service.domain.values import Json
from service.procedure import Toolbox, case_ended, send_message, take_turn

DECIDED = "committee.decided"
"""Message that a case waits for, with its item's key as correlation key."""
RECONSIDERED = "committee.reconsidered"
"""Message that 复议 was agreed to, and that it is over, with the first item's key as correlation
key: whoever carries the decision out looks up what holds."""
OVERTURNED = "committee.overturned"
"""Message that what was carried is carried no longer, with the first item's key as correlation
key and as `committee_item`: it starts the case of those who were appointed by it."""

ESCALATED = "committee.escalated"
"""Message that the group can never decide an item for which no case waits, or a 复议, with its key
as `committee_item`: it starts the case that reports it to the organ above."""

UNDECIDED: Mapping[str, Any] = {
    "chair": "", "method": "", "round": 0, "readiness": "", "counts": {}, "outcome": "",
    "words": "", "reason": "", "escalate": False, "rules_version": "", "decided_at": None,
}  # fmt: skip
"""The columns of an item on which nobody has sat."""

_SAME = (
    "item_class", "title", "text", "materials", "subject", "subject_name", "unit", "matter",
    "root_key", "process_id", "instance_key",
)  # fmt: skip

ITEM_ENDED = "提出它的事项已经办结或者终止，没有决定要等"
"""Why an item of an ended case is withdrawn."""

_MOST_MATERIALS = 50
_TURN = "committee-items"
"""Of who puts an item up: of one matter there is one at a time (C-AGAIN)."""


def put_up(session: Session, key: int, proposal: Proposal, *, actor: Actor, now: datetime) -> Item:
    """Put an item up for one of the next meetings; the same key again is the same item.

    Raises OnePersonOneItem, AnotherClass, MattersJoined, OutOfJurisdiction, AlreadyUp, Blocked,
    NothingNew, NotToldApart, Unfit.
    """
    known = session.get(Item, key)
    if known is not None:
        return known
    proposal = of_its_class(proposal)
    require_jurisdiction(session, proposal)
    require_words(proposal)
    ground = said(proposal.ground, "新的证据", required=False)
    take_turn(session, _TURN)
    up = pending(session, proposal)
    if up is not None:
        state = f"现在{ItemState(up.state).label}"
        raise AlreadyUp(who=up.subject_name or f"“{up.title}”", state=state)
    before = blocking(session, proposal)
    if before is not None:
        require_new(before, proposal, ground)
    elif (other := beside(session, proposal)) is not None:
        raise told_apart(other)
    subject = proposal.subjects[0] if proposal.subjects else Subject("")
    item = Item(
        key=key,
        meeting_key=None,
        position=0,
        state=ItemState.WAITING,
        item_class=proposal.item_class,
        title=said(proposal.title, "议题名称", longest=LONGEST_TITLE),
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
    """Put up an item of no case; return its key.

    Raises DeskForbidden, ItemTied and what `put_up` does.
    """
    require_secretary(tools.session, actor)
    for subject in proposal.subjects:
        require_untied_to(tools.session, subject.username, subject.name, actor)
    proposal = with_matter(tools.session, of_its_class(proposal))
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
    consent.let_fall(sitting)
    sitting.note(f"列入议程：{item.title}", item)


def take_off(sitting: Sitting, item_key: int) -> None:
    """Take an item off the agenda: it waits for another meeting."""
    sitting.require(MeetingState.PREPARING, MeetingState.NOTICED, act="改动议程")
    item = sitting.item(item_key)
    let_wait(item)
    sitting.meeting.state = MeetingState.PREPARING
    consent.let_fall(sitting)
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
    sitting.meeting.state = MeetingState.PREPARING
    consent.let_fall(sitting)
    sitting.note(f"调整议程顺序：{item.title}", item)


def withdraw(tools: Toolbox, item_key: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Withdraw an item that waits; a case behind it is told RETURNED with the reason.

    Raises ReconsiderationStands for a 复议, which more than half of the members have agreed to.
    """
    session = tools.session
    require_secretary(session, actor)
    item, why = _waiting(session, item_key), said(reason, "撤回的原因")
    require_untied(session, item, actor)
    if item.root_key != item.key:
        raise ReconsiderationStands(title=item.title)
    return_item(tools, item, why, now=now, words=f"没有上会，由会议秘书退回：{why}")


def return_item(tools: Toolbox, item: Item, reason: str, *, now: datetime, words: str = "") -> None:
    """Withdraw an item on which nothing was decided; a case behind it is told RETURNED.

    A 复议 stays agreed to, and waits for another meeting.
    """
    item.state, item.outcome = ItemState.WITHDRAWN, Outcome.RETURNED
    item.reason, item.words, item.decided_at = reason, words or reason, now
    tools.session.flush()
    tell_case(tools, item, meeting=None, now=now)


def take_back(session: Session, item_key: int, reason: str, *, now: datetime) -> bool:
    """Withdraw an item that its own case puts up no more; nobody is told: the case knows.

    False, and nothing happens, where the group has come to it: then it decides. A 复议 is not of
    the case.
    """
    wanted = select(Item).where(Item.key == item_key).with_for_update()
    item = session.scalar(wanted)
    if item is None or item.root_key != item.key:
        return False
    if item.state not in (ItemState.WAITING, ItemState.AGENDA):
        return False
    item.state, item.outcome = ItemState.WITHDRAWN, Outcome.RETURNED
    item.reason, item.words, item.decided_at = reason, f"由提出的事项撤回：{reason}", now
    session.flush()
    return True


def require_case(session: Session, item: Item) -> None:
    """Raise CaseOver where the case that waits for this item has ended; 复议 outlives its case."""
    over = select(Item.key).where(Item.key == item.key, case_ended(Item.instance_key))
    if item.root_key == item.key and session.scalar(over) is not None:
        raise CaseOver(title=item.title)


def tell_case(tools: Toolbox, item: Item, *, meeting: Meeting | None, now: datetime) -> None:
    """Tell the case that waits for this item what became of it.

    Of a 复议 whoever carries the decision out hears by another message, and those who are appointed
    by it by a third where it takes the decision away. One that came to no vote is not over: it
    waits for another meeting, and what rests on the decision waits with it. What the group can
    never decide is the organ above's.
    """
    again = item.root_key != item.key
    if again and item.outcome not in DECIDING and not item.escalate:
        _stay_agreed(tools, item, now)
        return
    if item.escalate and (item.instance_key is None or again):
        asked: dict[str, Json] = {"committee_item": str(item.key), "about": item.title}
        _send(tools, ESCALATED, item, asked, now)
    if item.instance_key is None and not again:
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
    if not again:
        _send(tools, DECIDED, item, variables, now)
        return
    tell_reconsidered(tools, item, now=now)
    if item.outcome == Outcome.NOT_CARRIED and decisions.changes(tools.session, item):
        variables |= {"committee_item": str(item.root_key), "committee_subject": item.subject_name}
        _send(tools, OVERTURNED, item, variables, now)


def _stay_agreed(tools: Toolbox, item: Item, now: datetime) -> None:
    """Let the 复议 that came to no vote wait anew; that it did stays with its meeting."""
    again = item_again(item, tools.keys.next(), item.ground, actor=item.proposed_by, now=now)
    tools.session.add(again)
    tools.session.flush()


def item_again(item: Item, key: int, ground: str, *, actor: str, now: datetime) -> Item:
    """Return the same matter as a new item of its decision that waits; `actor` is a user name."""
    return Item(
        **{name: getattr(item, name) for name in _SAME},
        key=key,
        meeting_key=None,
        position=0,
        state=ItemState.WAITING,
        proposed_by=actor,
        proposed_at=now,
        previous_key=item.key,
        ground=ground,
        **UNDECIDED,
    )


def tell_reconsidered(tools: Toolbox, item: Item, *, now: datetime) -> None:
    """Tell whoever carries a decision out to look up what holds: 复议 has begun, or is over."""
    _send(tools, RECONSIDERED, item, {}, now)


def _send(tools: Toolbox, name: str, item: Item, variables: dict[str, Json], now: datetime) -> None:
    key = str(item.root_key)
    send_message(tools, name, correlation_key=key, variables=variables, now=now)


def let_undecided_wait(sitting: Sitting) -> list[Item]:
    """Give back what the meeting did not come to; return it."""
    left = [item for item in sitting.items() if item.state == ItemState.AGENDA]
    for item in left:
        let_wait(item)
    return left


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
    kept = [said(name, "材料名称", longest=LONGEST_TITLE) for name in names if name.strip()]
    if len(kept) > _MOST_MATERIALS:
        raise Unfit(reason=f"材料最多{_MOST_MATERIALS}份")
    return list(kept)
