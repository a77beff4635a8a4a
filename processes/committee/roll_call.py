"""Calling the roll of a meeting at one press, beside `meetings.mark` for each alone."""

from processes.committee.desk import Sitting
from processes.committee.meetings import mark
from processes.committee.tables import MeetingState, Presence


def mark_rest_present(sitting: Sitting) -> int:
    """Mark as there whoever should be and has not been called yet; returns how many.

    Who is marked already keeps what was said, so each press of the desk stays as it is.
    """
    sitting.require(MeetingState.NOTICED, MeetingState.OPEN, act="登记到会")
    rest = [one for one in sitting.attendees(due=True) if one.presence == Presence.EXPECTED]
    for one in rest:
        mark(sitting, one.username, Presence.PRESENT, "")
    return len(rest)
