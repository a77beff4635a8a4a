"""What ended and what ends soon in the registers that somebody may read: 到期提醒."""

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from processes.registers import terms
from processes.registers.days import bureau_day
from processes.registers.entries import EntryNotFound
from processes.registers.set_values import values_on
from processes.registers.staffing.norms import TERM_NOTICE_DAYS
from processes.registers.terms import Span, Term
from processes.rosters.frame import page
from service.domain.actors import Actor
from service.procedure import PageDesk

MOST_SHOWN = 200
"""Of each section."""


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add the page of terms."""

    @pages.get("/terms")
    def term_list() -> AnyResponse:
        actor, today = desk.actor(), bureau_day(desk.now())
        with desk.read() as session:
            if not terms.reads_any(session, actor):
                raise EntryNotFound
            days = values_on(session, today).number(TERM_NOTICE_DAYS)
            soon, just = terms.near(today, days), terms.just_over(today)
            over = _ending(session, actor, terms.standing_over(today), just)
            ending = _ending(session, actor, soon, soon)
            return page(
                session,
                actor,
                "rosters/terms.html",
                sections=(
                    ("over", sorted(over, key=_by_day, reverse=True)),
                    ("soon", sorted(ending, key=_by_day)),
                ),
                most=MOST_SHOWN,
                days=days,
                look_back=terms.LOOK_BACK,
                today=today,
            )


def _ending(session: Session, actor: Actor, of_rosters: Span, of_others: Span) -> list[Term]:
    most = MOST_SHOWN + 1
    return [
        *terms.of_rosters(session, of_rosters, actor=actor, most=most),
        *terms.of_qualifications(session, of_others, actor=actor, most=most),
        *terms.of_members(session, of_others, actor=actor, most=most),
    ]


def _by_day(term: Term) -> tuple[object, str, int]:
    return term.last_day, term.register, term.key
