"""Archiving the minutes: written once, hashed, locked. What is wrong is put right by a 更正."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from processes.committee.minutes import minutes_of
from processes.committee.minutes_files import as_docx, as_pdf
from processes.committee.refusals import WrongState
from processes.committee.signers import signer_of
from processes.committee.tables import Meeting, MeetingState, MinutesFile
from processes.registers.days import BUREAU_TIME


@dataclass(frozen=True, slots=True)
class Archived:
    """Where the minutes are kept, and the SHA-256 of their PDF."""

    archive_number: str
    pdf_sha256: str


def archive(session: Session, meeting_key: int, *, signed_by: str, now: datetime) -> Archived:
    """Archive the minutes of a closed meeting that their signer has signed; once for a meeting.

    Raises WrongState unless the meeting is closed and it was the signer who signed.
    """
    meeting = session.get_one(Meeting, meeting_key)
    kept = session.get(MinutesFile, meeting_key)
    if kept is not None:
        return Archived(meeting.archive_number, kept.pdf_sha256)
    if meeting.state != MeetingState.CLOSED:
        raise WrongState(act="归档", state=f"会议{MeetingState(meeting.state).label}")
    if signed_by != signer_of(session, meeting):
        raise WrongState(act="归档", state="纪要应由主持会议的成员（或者变更后的签发人）签发")
    meeting.archive_number = f"党组纪要〔{now.astimezone(BUREAU_TIME).year}〕{meeting.number}"
    minutes = minutes_of(session, meeting)
    docx, pdf = as_docx(minutes, now=now), as_pdf(minutes, now=now)
    row = MinutesFile(
        meeting_key=meeting_key,
        content=minutes.as_json(),
        docx=docx,
        docx_sha256=hashlib.sha256(docx).hexdigest(),
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        signed_by=signed_by,
        archived_at=now,
    )
    session.add(row)
    meeting.state, meeting.archived_at = MeetingState.ARCHIVED, now
    meeting.revision += 1
    session.flush()
    return Archived(meeting.archive_number, row.pdf_sha256)


def is_whole(row: MinutesFile) -> bool:
    """Tell whether the files are still what was archived."""
    return (
        hashlib.sha256(row.docx).hexdigest() == row.docx_sha256
        and hashlib.sha256(row.pdf).hexdigest() == row.pdf_sha256
    )
