"""The minutes as files: DOCX to work with, PDF as it is signed and kept.

What writes them is loaded when the first file is asked for: its libraries take a sixth of a
program's start, and most programs write none.
"""

from datetime import datetime

from processes.committee.minutes import Minutes

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF_TYPE = "application/pdf"


def as_docx(minutes: Minutes, *, now: datetime) -> bytes:
    """Write the minutes as a DOCX; `now` is what the file says it was made at."""
    from processes.committee import minutes_writing

    return minutes_writing.docx_of(minutes, now)


def as_pdf(minutes: Minutes, *, now: datetime) -> bytes:
    """Write the minutes as a PDF of A4 pages, numbered; `now` as for the DOCX."""
    from processes.committee import minutes_writing

    return minutes_writing.pdf_of(minutes, now)
