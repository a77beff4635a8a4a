"""Who signs the minutes and who checks them, as recorded acts have changed it since the close.

Who chaired and who took the minutes stay what they were; a record of 变更签发人 or 变更记录人 says
who does it in their place.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.committee.record_tables import ProceduralRecord, RecordKind
from processes.committee.tables import Meeting

BEFORE, AFTER, NAME = "before", "after", "name"
"""Names of the figures of such a record: user names, and the display name of who does it now."""

Change = tuple[str, str]


def changes(session: Session, meeting_key: int) -> Sequence[Change]:
    """Return who signs in whose place, as pairs of user names, in the order of the records."""
    return [(one[BEFORE], one[AFTER]) for one in _figures(session, meeting_key, RecordKind.SIGNER)]


def now_for(username: str, changed: Sequence[Change]) -> str:
    """Return who signs in the place of this person today; themselves where nobody does."""
    for before, after in changed:
        if username == before:
            username = after
    return username


def signer_of(session: Session, meeting: Meeting) -> str:
    """Return the user name of who signs the minutes: who chaired, or who does it for them."""
    return now_for(meeting.chair, changes(session, meeting.key))


def checker_of(session: Session, meeting: Meeting) -> tuple[str, str]:
    """Return user name and name of who checks the minutes: who took them, or does it for them."""
    taken = _figures(session, meeting.key, RecordKind.CHECKER)
    return (taken[-1][AFTER], taken[-1][NAME]) if taken else (
        meeting.recorder, meeting.recorder_name,
    )  # fmt: skip


def _figures(session: Session, meeting_key: int, kind: RecordKind) -> Sequence[dict[str, str]]:
    rows = session.scalars(
        select(ProceduralRecord.figures)
        .where(ProceduralRecord.meeting_key == meeting_key, ProceduralRecord.kind == kind)
        .order_by(ProceduralRecord.number)
    )
    return [
        {name: str(said) for name, said in row.items()} for row in rows if isinstance(row, dict)
    ]
