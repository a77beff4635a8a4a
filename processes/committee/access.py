"""Who sees and does what: the secretary by rights on the registers, members by their seat.

The registers are closed: a right to all registers does not reach them, and administrators,
operators and auditors have no way in.
"""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from processes.committee.refusals import DeskForbidden, MeetingNotFound, RulesForbidden
from processes.committee.tables import Attendee, Meeting, MeetingState
from processes.registers.party_group.tables import MEETINGS, RULES
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.procedure import granted_by_name


def may(session: Session, actor: Actor, action: Action, register: str = MEETINGS) -> bool:
    """Tell whether the actor has this right on a register of the Party group."""
    right = granted_by_name(actor, ObjectKind.REGISTER, action, register)
    return bool(session.scalar(select(right)))


def is_secretary(session: Session, actor: Actor) -> bool:
    """Tell whether the actor runs the meeting desk."""
    return may(session, actor, Action.READ) and may(session, actor, Action.ACT)


def require_secretary(session: Session, actor: Actor) -> None:
    """Raise MeetingNotFound for strangers, DeskForbidden for who only reads."""
    if not may(session, actor, Action.READ):
        raise MeetingNotFound
    if not may(session, actor, Action.ACT):
        raise DeskForbidden


def sets_rules(session: Session, actor: Actor) -> bool:
    """Tell whether the actor sets the rules of procedure: a right of its own, no secretary's."""
    return may(session, actor, Action.ACT, RULES)


def require_rule_setter(session: Session, actor: Actor) -> None:
    """Raise RulesForbidden for whoever may not, MeetingNotFound for strangers."""
    if sets_rules(session, actor):
        return
    if not may(session, actor, Action.READ):
        raise MeetingNotFound
    raise RulesForbidden


def visible_meetings(actor: Actor) -> ColumnElement[bool]:
    """Condition on Meeting: the actor reads them all, or is a member due at one they know of.

    One that is being prepared is known to the member before whom its agenda is, and to whoever had
    notice of it before.
    """
    known = or_(
        Meeting.state.not_in([MeetingState.PREPARING]),
        Meeting.agenda_before == actor.username,
        Attendee.told_at.is_not(None),
    )
    seat = exists().where(
        Attendee.meeting_key == Meeting.key,
        Attendee.username == actor.username,
        Attendee.due,
        known,
    )
    reads = granted_by_name(actor, ObjectKind.REGISTER, Action.READ, MEETINGS)
    return or_(reads, seat)


def page_of_case(session: Session, actor: Actor, key: int) -> str | None:
    """Return the page of a case's meeting: the secretary's desk, a member's seat, else none."""
    meeting = select(Meeting.key).where(Meeting.key == key, visible_meetings(actor))
    if session.scalar(meeting) is None:
        return None
    return f"/committee/meetings/{key}" + ("" if may(session, actor, Action.READ) else "/seat")


def find_meeting(session: Session, key: int, actor: Actor) -> Meeting:
    """Return a meeting that the actor may see. Raises MeetingNotFound."""
    if not 0 <= key < 2**63:
        raise MeetingNotFound
    found = session.scalar(select(Meeting).where(Meeting.key == key, visible_meetings(actor)))
    if found is None:
        raise MeetingNotFound
    return found
