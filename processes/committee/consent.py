"""Consent to the agenda: what a meeting is about is the 书记's to settle, before notice is given.

The secretary puts the agenda before whoever has the post that the rules of procedure name; they
agree or send it back, as a task of the meeting's own case. Items that are kept from them go to the
next member by themselves once they have agreed. A changed agenda is another one: what was agreed
to, or asked, falls with it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee import records
from processes.committee.desk import Sitting, said
from processes.committee.keeping_out import kept_from
from processes.committee.norms import settings_of
from processes.committee.record_tables import RecordKind
from processes.committee.refusals import (
    AgendaNotAgreed,
    NotAMember,
    Outdated,
    Unfit,
    WrongState,
)
from processes.committee.tables import Attendee, Item, Meeting, MeetingState
from service.domain.values import Variables
from service.procedure import missing_steps, send_message

ASKED = "committee.agenda"
CHANGED = "committee.agenda-changed"
"""Messages to the meeting's own case: put it before them; the question falls. The latter's
correlation key is the question."""
AGREEING = "agree_agenda"
"""Element of the step by which the agenda is agreed to."""
_ASKED, _AGREED = "asked", "agreed"
_DEPUTY = "副书记"


WITHHELD_WORDS = "意见可能涉及你应当回避的议题，不向你显示，请由其他会议秘书按意见修改。"


@dataclass(frozen=True, slots=True)
class Question:
    """An agenda that is put before somebody: in words, and as the meeting's case gets it."""

    words: str
    variables: Variables


@dataclass(frozen=True, slots=True)
class Part:
    """Items of an agenda that are put before one member."""

    by: Attendee
    items: tuple[Item, ...]
    places: str
    """Which of the agenda they are, as 第1、3项; empty for all of it."""


def approver(sitting: Sitting) -> Attendee:
    """Return before whom the agenda is put: who was delegated, else who has the post of the rules,
    else who is to chair.
    """
    return _approver(sitting.meeting, sitting.attendees(due=True))


def _approver(meeting: Meeting, due: Sequence[Attendee]) -> Attendee:
    delegated = meeting.agenda_delegate
    return next((one for one in due if one.username == delegated), None) or _holder(meeting, due)


def _holder(meeting: Meeting, due: Sequence[Attendee]) -> Attendee:
    post = settings_of(meeting.settings).agenda_post
    return next(
        (one for one in due if one.position == post),
        next((one for one in due if one.username == meeting.chair), due[0]),
    )


def next_part(session: Session, meeting: Meeting) -> Part | None:
    """Return what has to be agreed to next, and by whom; None where nothing is left.

    An item that is kept from who settles the agenda is put before the next member from whom it is
    not: a 副书记 first, then by their order (C-RECUSE). What is kept from all of them is put before
    nobody: the meeting finds that it can never decide it (C-NEVER).
    """
    listed, agreed = _listed(session, meeting), _keys(meeting, _AGREED)
    left = [item for item in listed if item.key not in agreed]
    if not left:
        return None
    due = _due(session, meeting)
    first = _approver(meeting, due)
    deputies_first = sorted(
        due, key=lambda one: (one.username != first.username, one.position != _DEPUTY)
    )
    for one in deputies_first:
        hidden = kept_from(session, left, one.username)
        open_to = tuple(item for item in left if item.key not in hidden)
        if open_to:
            whole = len(open_to) == len(listed)
            return Part(one, open_to, "" if whole else _places(listed, {i.key for i in open_to}))
    return None


def delegate(sitting: Sitting, username: str, reason: str) -> None:
    """Let another member agree to the agenda in the place of who cannot; themselves: as before.

    Consent, or the question, falls. Raises WrongState, NotAMember, Unfit.
    """
    sitting.require(MeetingState.PREPARING, MeetingState.NOTICED, act="委托审定议程")
    member = sitting.member(username)
    if member is None:
        raise NotAMember(who=username[:60])
    due = sitting.attendees(due=True)
    before, holder = approver(sitting), _holder(sitting.meeting, due)
    if member.username == before.username:
        raise WrongState(act="委托审定议程", state=f"议程已经由{member.name}审定")
    why = said(reason, "委托的理由", longest=200)
    sitting.meeting.agenda_delegate = "" if member.username == holder.username else username
    sitting.meeting.state = MeetingState.PREPARING
    let_fall(sitting)
    records.enter(
        sitting,
        RecordKind.AGENDA_BY,
        f"会议议程由{before.name}审定，改为由{member.name}审定",
        reason=why,
    )


def ask(sitting: Sitting) -> None:
    """Put the agenda before who settles it; asked again, the question before falls.

    Items that are kept from them are a question of their own, before another member.
    """
    sitting.require(MeetingState.PREPARING, act="送审议程")
    meeting = sitting.meeting
    if not sitting.items():
        raise Unfit(reason="议程里还没有议题")
    if meeting.agenda_agreed_at is not None:
        raise WrongState(act="送审议程", state="议程已经同意，没有改动，可以发出通知")
    if missing_steps(sitting.tools.session, meeting.key, (AGREEING,)):
        raise Outdated
    _take_back(sitting)
    part = next_part(sitting.tools.session, meeting)
    if part is None:
        meeting.agenda_agreed_at = sitting.now
        records.enter(
            sitting, RecordKind.AGENDA, "每一位应到成员都应当回避，没有可以审定议程的成员"
        )
        return
    asked = _put_before(meeting, part)
    sitting.note(asked.words)
    send_message(
        sitting.tools,
        ASKED,
        correlation_key=str(meeting.key),
        variables=asked.variables,
        now=sitting.now,
    )


def ask_onward(session: Session, meeting: Meeting) -> Question | None:
    """Put what is left of an agenda before the next member, behind consent to the part before.

    None where nothing is left to ask for, or the part was sent back.
    """
    agreed = _keys(meeting, _AGREED)
    if meeting.agenda_agreed_at is not None or meeting.agenda_before or not agreed:
        return None
    part = next_part(session, meeting)
    return None if part is None else _put_before(meeting, part)


def _put_before(meeting: Meeting, part: Part) -> Question:
    meeting.agenda_question += 1
    meeting.agenda_before = part.by.username
    meeting.agenda_parts = {
        _ASKED: [str(item.key) for item in part.items],
        _AGREED: [str(key) for key in sorted(_keys(meeting, _AGREED))],
    }
    variables: Variables = {
        "agenda_by": part.by.username,
        "agenda_question": question_of(meeting),
        "agenda_asked": part.places,
    }
    return Question(f"议程{part.places}送{part.by.name}审定", variables)


def asked_items(meeting: Meeting) -> frozenset[int]:
    """Return the items that the open question is about; empty where there is none."""
    return frozenset(_keys(meeting, _ASKED)) if meeting.agenda_before else frozenset()


def asked_places(session: Session, meeting: Meeting) -> str:
    """Return which items the open question is about, as 第1、3项; empty for all, and for none."""
    listed, asked = _listed(session, meeting), asked_items(meeting)
    return _places(listed, asked) if 0 < len(asked) < len(listed) else ""


def let_fall(sitting: Sitting) -> None:
    """Let consent, or the question, fall: the agenda is another one now."""
    sitting.meeting.agenda_agreed_at = None
    _take_back(sitting)
    sitting.meeting.agenda_parts = {}


def _take_back(sitting: Sitting) -> None:
    meeting = sitting.meeting
    if not meeting.agenda_before:
        return
    meeting.agenda_before = ""
    send_message(
        sitting.tools, CHANGED, correlation_key=question_of(meeting), variables={}, now=sitting.now
    )


def require_agreed(sitting: Sitting) -> None:
    """Raise AgendaNotAgreed unless this agenda was agreed to."""
    if sitting.meeting.agenda_agreed_at is None:
        part = next_part(sitting.tools.session, sitting.meeting)
        raise AgendaNotAgreed(who=(approver(sitting) if part is None else part.by).name)


def question_of(meeting: Meeting) -> str:
    """Return what tells one question from the next."""
    return f"{meeting.key}-{meeting.agenda_question}"


def answer(
    session: Session,
    meeting: Meeting,
    *,
    question: str,
    agreed: bool,
    words: str,
    username: str,
    now: datetime,
) -> bool:
    """Keep what was answered by whom it was put before; of a question that has fallen nothing.

    Returns whether it was kept.
    """
    if meeting.agenda_before != username or question != question_of(meeting):
        return False
    name = session.scalar(
        select(Attendee.name).where(
            Attendee.meeting_key == meeting.key, Attendee.username == username
        )
    )
    listed = _listed(session, meeting)
    # A question that was put before this was asked of items was about them all.
    asked = _keys(meeting, _ASKED) or {item.key for item in listed}
    agreed_to = _keys(meeting, _AGREED) | (asked if agreed else set())
    which = "" if len(asked) == len(listed) else _places(listed, asked)
    told = f"{name or username}{'同意' if agreed else '退回'}会议议程{which}"
    text = f"{told}（{words}）" if words and agreed else told
    records.write(
        session,
        meeting,
        RecordKind.AGENDA,
        text,
        reason="" if agreed else words,
        figures=records.as_agenda(listed),
        by=(username, name or username),
        now=now,
    )
    meeting.agenda_before = ""
    meeting.agenda_parts = {_AGREED: [str(key) for key in sorted(agreed_to)]}
    left = [item for item in listed if item.key not in agreed_to]
    meeting.agenda_agreed_at = now if agreed and not _open_to_any(session, meeting, left) else None
    meeting.revision += 1
    meeting.changed_by, meeting.changed_by_name, meeting.changed_at = (
        username,
        name or username,
        now,
    )
    return True


def _open_to_any(session: Session, meeting: Meeting, items: Sequence[Item]) -> bool:
    """Tell whether there is a member due from whom not all of these items are kept."""
    due = _due(session, meeting)
    return any(len(kept_from(session, items, one.username)) < len(items) for one in due)


def _due(session: Session, meeting: Meeting) -> Sequence[Attendee]:
    wanted = select(Attendee).where(Attendee.meeting_key == meeting.key, Attendee.due)
    return session.scalars(wanted.order_by(Attendee.rank, Attendee.username)).all()


def _listed(session: Session, meeting: Meeting) -> Sequence[Item]:
    wanted = select(Item).where(Item.meeting_key == meeting.key)
    return session.scalars(wanted.order_by(Item.position, Item.key)).all()


def _places(listed: Sequence[Item], keys: Collection[int]) -> str:
    places = [str(place) for place, item in enumerate(listed, start=1) if item.key in keys]
    return f"第{'、'.join(places)}项"


def _keys(meeting: Meeting, name: str) -> set[int]:
    listed = meeting.agenda_parts.get(name) if isinstance(meeting.agenda_parts, dict) else None
    return {int(str(key)) for key in listed} if isinstance(listed, list) else set()


def last_words(listed: Sequence[records.Told], hidden: frozenset[int]) -> str:
    """Return why the agenda was sent back, where that is the last that was said of it.

    `hidden` are the items that are kept from who asks: the words may be about one of them.
    """
    last = next((one for one in reversed(listed) if one.record.kind == RecordKind.AGENDA), None)
    if last is None or not last.record.reason:
        return ""
    return WITHHELD_WORDS if last.is_kept(hidden) else last.record.reason
