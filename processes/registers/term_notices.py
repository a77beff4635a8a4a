"""Telling those who keep a register what ended and what ends soon, each once (S-TERM)."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers import terms
from processes.registers.days import bureau_day, said_day
from processes.registers.set_values import values_on
from processes.registers.staffing.norms import TERM_NOTICE_DAYS
from processes.registers.tables import TermNotice
from processes.registers.terms import Span, Term
from service.domain.actors import SYSTEM
from service.procedure import Concerned, Happening, NotificationKind, Toolbox, notify

MOST = 500
"""So many are told in one transaction; the others the day after."""
_MOST_LOOKED_AT = 10_000


def tell_keepers(tools: Toolbox, now: datetime) -> None:
    """Tell of each term once before its last day and once behind it, with a way to the entry."""
    session, today = tools.session, bureau_day(now)
    days = values_on(session, today).number(TERM_NOTICE_DAYS)
    spans = ((True, terms.just_over(today)), (False, terms.near(today, days)))
    untold = (
        (term, over)
        for over, span in spans
        for term in _ending(session, span, _told(session, span, over=over))
    )
    for term, over in islice(untold, MOST):
        _tell(tools, term, over, now)
    session.flush()


def _ending(session: Session, span: Span, told: set[tuple[str, int, date]]) -> Iterator[Term]:
    for source in (terms.of_rosters, terms.of_qualifications, terms.of_members):
        for term in source(session, span, actor=SYSTEM, most=_MOST_LOOKED_AT):
            if (term.register, term.key, term.last_day) not in told:
                yield term


def _told(session: Session, span: Span, *, over: bool) -> set[tuple[str, int, date]]:
    notice = TermNotice
    rows = session.execute(
        select(notice.register, notice.entry_key, notice.last_day).where(
            notice.over.is_(over), notice.last_day.between(span.first, span.last)
        )
    )
    return {(row.register, row.entry_key, row.last_day) for row in rows}


def _tell(tools: Toolbox, term: Term, over: bool, now: datetime) -> None:
    tools.session.add(
        TermNotice(
            register=term.register, entry_key=term.key, last_day=term.last_day, over=over,
            told_at=now,
        )
    )  # fmt: skip
    happening = Happening(
        NotificationKind.TERM_ENDED if over else NotificationKind.TERM_ENDS,
        Concerned(keepers_of=term.keepers, by_name=term.closed),
        facts={"register": term.title, "what": term.what, "until": said_day(term.last_day)},
        page=term.page,
    )
    notify(tools, happening, now=now)
