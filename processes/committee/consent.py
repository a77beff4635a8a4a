"""Consent to the agenda: what a meeting is about is the 书记's to settle, before notice is given.

The secretary puts the agenda before whoever has the post that the rules of procedure name; they
agree or send it back, as a task of the meeting's own case. A changed agenda is another one: what
was agreed to, or asked, falls with it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee import records
from processes.committee.desk import Sitting
from processes.committee.record_tables import RecordKind
from processes.committee.refusals import AgendaNotAgreed, Unfit, WrongState
from processes.committee.tables import Attendee, Item, Meeting, MeetingState
from service.procedure import send_message

ASKED = "committee.agenda"
CHANGED = "committee.agenda-changed"
"""Messages to the meeting's own case: put it before them; the question falls. The latter's
correlation key is the question."""


WITHHELD_WORDS = "意见可能涉及你应当回避的议题，不向你显示，请由其他会议秘书按意见修改。"


def approver(sitting: Sitting) -> Attendee:
    """Return before whom the agenda is put: who has the post of the rules, else who is to chair."""
    due = sitting.attendees(due=True)
    post = sitting.settings.agenda_post
    return next(
        (one for one in due if one.position == post),
        next((one for one in due if one.username == sitting.meeting.chair), due[0]),
    )


def ask(sitting: Sitting) -> None:
    """Put the agenda before who settles it; asked again, the question before falls."""
    sitting.require(MeetingState.PREPARING, act="送审议程")
    meeting = sitting.meeting
    if not sitting.items():
        raise Unfit(reason="议程里还没有议题")
    if meeting.agenda_agreed_at is not None:
        raise WrongState(act="送审议程", state="议程已经同意，没有改动，可以发出通知")
    let_fall(sitting)
    one = approver(sitting)
    meeting.agenda_question += 1
    meeting.agenda_before = one.username
    sitting.note(f"议程送{one.name}审定")
    send_message(
        sitting.tools,
        ASKED,
        correlation_key=str(meeting.key),
        variables={"agenda_by": one.username, "agenda_question": question_of(meeting)},
        now=sitting.now,
    )


def let_fall(sitting: Sitting) -> None:
    """Let consent, or the question, fall: the agenda is another one now."""
    meeting = sitting.meeting
    meeting.agenda_agreed_at = None
    if not meeting.agenda_before:
        return
    meeting.agenda_before = ""
    send_message(
        sitting.tools, CHANGED, correlation_key=question_of(meeting), variables={}, now=sitting.now
    )


def require_agreed(sitting: Sitting) -> None:
    """Raise AgendaNotAgreed unless this agenda was agreed to."""
    if sitting.meeting.agenda_agreed_at is None:
        raise AgendaNotAgreed(who=approver(sitting).name)


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
    """Keep what was answered; of a question that has fallen nothing. Return whether it was kept."""
    if not meeting.agenda_before or question != question_of(meeting):
        return False
    name = session.scalar(
        select(Attendee.name).where(
            Attendee.meeting_key == meeting.key, Attendee.username == username
        )
    )
    told = f"{name or username}{'同意' if agreed else '退回'}会议议程"
    text = f"{told}（{words}）" if words and agreed else told
    records.write(
        session,
        meeting,
        RecordKind.AGENDA,
        text,
        reason="" if agreed else words,
        figures=records.as_agenda(
            session.scalars(select(Item).where(Item.meeting_key == meeting.key)).all()
        ),
        by=(username, name or username),
        now=now,
    )
    meeting.agenda_before = ""
    meeting.agenda_agreed_at = now if agreed else None
    meeting.revision += 1
    meeting.changed_by, meeting.changed_by_name, meeting.changed_at = (
        username,
        name or username,
        now,
    )
    return True


def last_words(listed: Sequence[records.Told], hidden: frozenset[int]) -> str:
    """Return why the agenda was sent back, where that is the last that was said of it.

    `hidden` are the items that are kept from who asks: the words may be about one of them.
    """
    said = [one for one in listed if one.record.kind == RecordKind.AGENDA]
    if not said or not said[-1].record.reason:
        return ""
    return WITHHELD_WORDS if said[-1].is_kept(hidden) else said[-1].record.reason
