"""A meeting from its convening to its close: notice, roll call, who chairs; 流会."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.committee import consent, membership, records, roll, rule_settings, telling
from processes.committee.agenda import let_undecided_wait
from processes.committee.desk import Sitting, said
from processes.committee.item_room import counts_of, decide, names_of
from processes.committee.membership import attendee_of, first_of, in_office
from processes.committee.norms import settings_as_json
from processes.committee.record_tables import RecordKind
from processes.committee.refusals import NotAMember, Unfit, WrongState
from processes.committee.rules import Outcome, Room
from processes.committee.tables import (
    Attendee,
    ItemState,
    Meeting,
    MeetingState,
    Presence,
)
from processes.registers.days import bureau_day
from service.domain.actors import Actor
from service.domain.dates import shown
from service.domain.values import Json
from service.procedure import Toolbox, missing_steps, send_message

NOTICED = "committee.noticed"
BEGUN = "committee.begun"
CLOSED = "committee.closed"
"""Messages by which the desk moves the meeting's own case on; its key is the correlation key.

A meeting that is cancelled before it begins ends by NOTICED, wherever its case waits."""

_BEFORE = (MeetingState.PREPARING, MeetingState.NOTICED)


def convene(
    session: Session,
    key: int,
    *,
    planned_at: datetime,
    place: str,
    recorder: Actor,
    now: datetime,
) -> Meeting:
    """Make a meeting for its instance, with the members in office on its day; once for a key.

    The secretary of the group (书记) chairs, where there is none the first of the members, until
    another one is delegated. Raises Unfit where nobody is in office.
    """
    known = session.get(Meeting, key)
    if known is not None:
        return known
    day = bureau_day(planned_at)
    in_force = rule_settings.on(session, day)
    meeting = Meeting(
        key=key,
        number=_number(session, day.year),
        state=MeetingState.PREPARING,
        revision=1,
        changed_by=recorder.username,
        changed_by_name=recorder.display_name or recorder.username,
        changed_at=now,
        planned_at=planned_at,
        place=said(place, "地点", longest=100),
        chair="",
        recorder=recorder.username,
        recorder_name=recorder.display_name or recorder.username,
        settings=settings_as_json(in_force.settings),
        rules_version=in_force.version,
        noticed_at=None,
        opened_at=None,
        closed_at=None,
        archived_at=None,
        archive_number="",
    )
    group = in_office(session, meeting)
    meeting.chair = first_of(group)
    session.add(meeting)
    session.flush()
    for one in group:
        session.add(attendee_of(key, one.username, one.name, one.position, one.rank, due=True))
    session.flush()
    return meeting


def due_at(session: Session, key: int) -> tuple[Meeting, Sequence[Attendee]]:
    """Return a meeting, and the members due at it in their order."""
    due = select(Attendee).where(Attendee.meeting_key == key, Attendee.due)
    ordered = due.order_by(Attendee.rank, Attendee.username)
    return session.get_one(Meeting, key), session.scalars(ordered).all()


def send_notice(sitting: Sitting) -> None:
    """Give notice of time, place and agenda to the members.

    Raises WrongState, Unfit, AgendaNotAgreed.
    """
    sitting.require(MeetingState.PREPARING, act="发出通知")
    if not sitting.items():
        raise Unfit(reason="议程里还没有议题")
    consent.require_agreed(sitting)
    meeting, first = sitting.meeting, sitting.meeting.noticed_at is None
    changed = membership.renew(sitting)
    meeting.state = MeetingState.NOTICED
    told = f"；应到成员按名册更新：{changed.words}" if changed else ""
    sitting.note(("发出会议通知" if first else "有改动，重新发出会议通知") + told)
    _put_before_all(sitting)


def renew_members(sitting: Sitting) -> None:
    """Take over who is in office where the register has changed since the notice (C-CARRY: N)."""
    sitting.require(MeetingState.NOTICED, act="更新应到成员")
    changed = membership.renew(sitting)
    if not changed:
        raise WrongState(act="更新应到成员", state="应到成员与名册一致")
    sitting.note(f"应到成员按名册更新：{changed.words}；重新发出会议通知")
    _put_before_all(sitting)


def reschedule(sitting: Sitting, *, planned_at: datetime, place: str) -> None:
    """Change time and place; the notice has to go out anew, members are those of the new day.

    Whoever had notice is told so at once. A roll that was called before is void.
    """
    sitting.require(*_BEFORE, act="改动时间地点")
    meeting = sitting.meeting
    meeting.place = said(place, "地点", longest=100)
    meeting.planned_at = planned_at
    meeting.state = MeetingState.PREPARING
    membership.renew(sitting)
    roll.forget(sitting)
    told = f"改为{shown(planned_at)}，{meeting.place}"
    if meeting.noticed_at is None:
        sitting.note(f"改动时间地点：{told}")
        return
    records.enter(sitting, RecordKind.RESCHEDULED, told)
    telling.tell_those_told(sitting.tools, meeting, telling.RESCHEDULED, sitting.now)


def invite_observer(sitting: Sitting, name: str, note: str) -> None:
    """Let somebody sit in (列席): they have no vote and are no part of any quorum."""
    sitting.require(*_BEFORE, MeetingState.OPEN, act="增加列席人员")
    shown = said(name, "列席人员姓名", longest=60)
    key = f"列席:{shown}"
    if sitting.tools.session.get(Attendee, (sitting.meeting.key, key)) is not None:
        raise Unfit(reason=f"{shown}已经在列席名单中")
    position = said(note, "列席人员单位职务", required=False, longest=60) or "列席"
    row = attendee_of(sitting.meeting.key, key, shown, position, 100, due=False)
    row.presence = Presence.PRESENT
    sitting.tools.session.add(row)
    sitting.note(f"列席：{shown}")


def delegate_chair(sitting: Sitting, username: str) -> None:
    """Let another member chair the whole meeting, where the one named cannot (C-CHAIR)."""
    sitting.require(*_BEFORE, MeetingState.OPEN, act="委托主持")
    if sitting.open_item() is not None:
        raise WrongState(act="委托主持整个会议", state="有一项正在讨论或表决")
    member = sitting.member(username)
    if member is None:
        raise NotAMember(who=username[:60])
    before = names_of(sitting, [sitting.meeting.chair])
    for item in sitting.items():
        if item.state == ItemState.DECIDED and not item.chair:
            item.chair = sitting.meeting.chair
    sitting.meeting.chair = username
    records.enter(sitting, RecordKind.CHAIR, f"会议由{before}主持，改为委托{member.name}主持")


def take_record(sitting: Sitting) -> None:
    """Let who acts take the minutes from now on, and check them (C-RECORD)."""
    sitting.require(*_BEFORE, MeetingState.OPEN, act="接手记录")
    meeting, name = sitting.meeting, sitting.actor.display_name or sitting.actor.username
    meeting.recorder, meeting.recorder_name = sitting.actor.username, name
    sitting.note(f"会议记录由{name}接手")


def mark(sitting: Sitting, username: str, presence: Presence, note: str) -> None:
    """Call the roll: there, absent with the reason, gone early. Items count anew (C-ITEM).

    Who comes after all does not keep the reason that was entered for their absence.
    """
    sitting.require(MeetingState.NOTICED, MeetingState.OPEN, act="登记到会")
    attendee = sitting.tools.session.get(Attendee, (sitting.meeting.key, username))
    if attendee is None:
        raise NotAMember(who=username[:60])
    roll.require_day(sitting, presence)
    why = said(note, "说明", required=presence is Presence.ABSENT and attendee.due, longest=200)
    came = presence is not Presence.ABSENT and attendee.presence == Presence.ABSENT
    if came and why == attendee.note:
        why = ""
    attendee.presence, attendee.note, attendee.noted_at = presence, why, sitting.now
    if attendee.due:
        roll.follow(sitting, attendee)
    told = f"：{why}" if why else ""
    sitting.note(f"登记{attendee.name}{presence.label}{told}")


def mark_rest_present(sitting: Sitting) -> int:
    """Mark as there whoever should be and has not been called yet; returns how many.

    Who is marked already keeps what was said, so each press of the desk stays as it is.
    """
    sitting.require(MeetingState.NOTICED, MeetingState.OPEN, act="登记到会")
    rest = [one for one in sitting.attendees(due=True) if one.presence == Presence.EXPECTED]
    for one in rest:
        mark(sitting, one.username, Presence.PRESENT, "")
    return len(rest)


def open_meeting(sitting: Sitting) -> None:
    """Open the meeting: notice was given, the roll called, half of the members are there.

    The rules of the day are frozen.
    """
    sitting.require(MeetingState.NOTICED, act="宣布开会")
    meeting = sitting.meeting
    if bureau_day(sitting.now) != bureau_day(meeting.planned_at):
        raise WrongState(act="宣布开会", state="今天不是通知的会议日期，请先改动时间并重新通知")
    membership.require_unchanged(sitting)
    roll.require_called(sitting, act="宣布开会")
    _freeze_rules(sitting)
    there = sitting.there()
    if there.is_too_few:
        raise WrongState(
            act="宣布开会",
            state=f"{there.words}（规则 C-HALF）。人到齐以后再宣布；开不成的，请点“宣布流会”",
        )
    if meeting.chair not in {one.username for one in sitting.present()}:
        raise WrongState(
            act="宣布开会", state="主持人没有到会，请先委托其他成员主持（规则 C-CHAIR）"
        )
    meeting.state, meeting.opened_at = MeetingState.OPEN, sitting.now
    sitting.note(f"宣布开会：应到{there.due}人，实到{there.present}人")
    _tell(sitting.tools, meeting, BEGUN, sitting.now)


def declare_not_held(sitting: Sitting, reason: str) -> None:
    """Declare that too few came for the meeting to sit (流会): every item due gets NO_QUORUM.

    The cases that wait are told with the figures; the record is signed and archived as the minutes
    of a meeting that did not sit. Raises WrongState where enough are there, before the time given
    notice of, and while the roll has not been called.
    """
    sitting.require(MeetingState.NOTICED, act="宣布流会")
    if sitting.now < sitting.meeting.planned_at:
        raise WrongState(act="宣布流会", state="还没有到通知的开会时间")
    membership.require_unchanged(sitting)
    roll.require_called(sitting, act="宣布流会")
    _freeze_rules(sitting)
    there = sitting.there()
    if not there.is_too_few:
        raise WrongState(act="宣布流会", state=f"{there.words}，可以宣布开会（规则 C-HALF）")
    why = said(reason, "流会的情况", longest=200)
    room = Room(there.due, there.present)
    for item in sitting.items():
        if item.state != ItemState.AGENDA:
            continue
        words = f"{there.words}，会议没有开成，本项未议"
        decide(sitting, item, Outcome.NO_QUORUM, words, counts_of(room, None))
    meeting = sitting.meeting
    meeting.state, meeting.closed_at = MeetingState.CLOSED, sitting.now
    figures: dict[str, Json] = {
        "due": there.due, "present": there.present, "needed": there.needed,
    }  # fmt: skip
    records.enter(sitting, RecordKind.NOT_HELD, there.words, reason=why, figures=figures)
    _tell(sitting.tools, meeting, BEGUN, sitting.now)


def close_meeting(sitting: Sitting) -> None:
    """Close the meeting; what it did not come to waits for another one."""
    sitting.require(MeetingState.OPEN, act="宣布闭会")
    if sitting.open_item() is not None:
        raise WrongState(act="宣布闭会", state="有一项还没有议定")
    roll.require_called(sitting, act="宣布闭会")
    left = let_undecided_wait(sitting)
    for item in left:
        records.enter(sitting, RecordKind.NOT_REACHED, "会议没有议到，留待下次会议", item=item)
    sitting.meeting.state, sitting.meeting.closed_at = MeetingState.CLOSED, sitting.now
    sitting.note(f"宣布闭会；未及讨论、留待下次会议的{len(left)}项" if left else "宣布闭会")
    _tell(sitting.tools, sitting.meeting, CLOSED, sitting.now)


def cancel(sitting: Sitting, reason: str) -> None:
    """Cancel a meeting that has not begun; its items wait, and who had notice is told."""
    sitting.require(*_BEFORE, act="取消会议")
    why = said(reason, "取消的原因", longest=200)
    let_undecided_wait(sitting)
    consent.let_fall(sitting)
    meeting = sitting.meeting
    meeting.state = MeetingState.CANCELLED
    records.enter(sitting, RecordKind.CANCELLED, "会议没有召开，议题留待下次会议", reason=why)
    telling.tell_those_told(sitting.tools, meeting, telling.CANCELLED, sitting.now)
    _tell(sitting.tools, meeting, _ending(sitting), sitting.now)


def _ending(sitting: Sitting) -> str:
    """What ends a case before the meeting: older diagrams end by BEGUN once notice went out."""
    meeting = sitting.meeting
    older = missing_steps(sitting.tools.session, meeting.key, (consent.AGREEING,))
    return BEGUN if older and meeting.noticed_at is not None else NOTICED


def _put_before_all(sitting: Sitting) -> None:
    """Let the case put the notice before every member due, and remember who was told."""
    sitting.meeting.noticed_at = sitting.now
    for one in sitting.attendees(due=True):
        one.told_at = sitting.now
    sitting.tools.session.flush()
    _tell(sitting.tools, sitting.meeting, NOTICED, sitting.now)


def _freeze_rules(sitting: Sitting) -> None:
    """Let the meeting go by the rules of its day from now on."""
    in_force = rule_settings.on(sitting.tools.session, bureau_day(sitting.meeting.planned_at))
    sitting.meeting.settings = settings_as_json(in_force.settings)
    sitting.meeting.rules_version = in_force.version


def _number(session: Session, year: int) -> str:
    head = f"{year}年第"
    taken = session.scalar(
        select(func.count()).select_from(Meeting).where(Meeting.number.startswith(head))
    )
    return f"{head}{(taken or 0) + 1}次"


def _tell(tools: Toolbox, meeting: Meeting, name: str, now: datetime) -> None:
    send_message(
        tools,
        name,
        correlation_key=str(meeting.key),
        variables={"meeting_state": meeting.state},
        now=now,
    )
