"""When a researcher's records are to be queried (S-RECORDS), and what the register says of it.

Each anniversary of the first day in post is the last day of a year's query. It is covered by a
query not earlier than `RECORDS_EARLIEST` days before it; the one before somebody was engaged
covers the time up to the first anniversary.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.registers import changes, set_values
from processes.registers.days import add_months, said_day
from processes.registers.entries import current
from processes.registers.fields import Values
from processes.registers.names import names_of
from processes.registers.roster import AnyEntry
from processes.registers.scope import reaching
from processes.registers.staffing.engaged import engaged
from processes.registers.staffing.norms import RECORDS_EARLIEST, RECORDS_LEAD, RECORDS_YEARLY
from processes.registers.staffing.query_offices import district_offices
from processes.registers.staffing.rosters import RESEARCHER_ROSTER
from processes.registers.staffing.seats import Step
from processes.registers.staffing.tables import Researcher
from service.domain.actors import Actor
from service.domain.authorization import Action

BY_DISTRICT = "（由区教育局查询）"
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Due:
    """Until when the next query is to be made, that day included, and from when it is asked for."""

    on: date
    asked_from: date

    def is_asked_for(self, today: date) -> bool:
        """Tell whether the query is asked for by now."""
        return self.asked_from <= today

    def is_overdue(self, today: date) -> bool:
        """Tell whether its last day is over."""
        return self.on < today


def due(began_on: date, looked_up_on: date | None, today: date, lead_days: int) -> Due:
    """Return when the next query is due: on the first anniversary that none covers.

    Of whom no query is known, however long they have been there, it is the newest anniversary that
    has come, or the first. Who began on 29 February has it on the 28th in common years.
    """
    on = next(
        day
        for day in (add_months(began_on, _YEAR * number) for number in count(1))
        if not _is_settled(day, began_on, looked_up_on, today)
    )
    return Due(on, on - timedelta(days=lead_days))


def _is_settled(day: date, began_on: date, looked_up_on: date | None, today: date) -> bool:
    if looked_up_on is not None:
        return earliest(day) <= looked_up_on
    following = (day.year - began_on.year + 1) * _YEAR
    return add_months(began_on, following) <= today


def earliest(due_on: date) -> date:
    """Return the first day on which a query may be made that counts for this anniversary."""
    return due_on - timedelta(days=RECORDS_EARLIEST)


def due_of(one: Researcher, today: date, lead_days: int) -> Due:
    """Return when the next query of somebody in the register is due."""
    return due(one.began_on, one.records_on, today, lead_days)


def note(session: Session, step: Step, key: int, values: Values) -> None:
    """Write into the register what a query comes to, once for a step; of who has left nothing.

    `values` are fields of the roster that the rules of entering have no say in.
    """
    entry = session.scalar(
        select(Researcher)
        .where(Researcher.key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if entry is None or entry.ended_on is not None:
        return
    if changes.caused(session, RESEARCHER_ROSTER, step.key) is not None:
        return
    before = current(RESEARCHER_ROSTER, entry)
    if all(before[name] == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(entry, name, value)
    entry.revision += 1
    session.flush()
    cause = step.cause(session, RESEARCHER_ROSTER)
    changes.write(session, RESEARCHER_ROSTER, entry, changes.CHANGED, before, cause)


def looked_up(
    session: Session, _actor: Actor, rows: Sequence[AnyEntry], *, today: date
) -> Mapping[int, str]:
    """Return by key of a researcher when their records were and are to be queried."""
    settings = set_values.values_on(session, today)
    yearly, lead = settings.truth(RECORDS_YEARLY), settings.number(RECORDS_LEAD)
    offices = district_offices(session)

    def said(one: Researcher) -> str:
        last = f"{said_day(one.records_on)}已查" if one.records_on else ""
        if not yearly or one.ended_on is not None or not engaged(one, today):
            return last
        following = due_of(one, today, lead)
        if following.is_overdue(today):
            by = BY_DISTRICT if offices.get(one.unit_id, "") is None else ""
            return f"逾期，应于{said_day(following.on)}前查询{by}"
        return "，".join(filter(None, (last, f"{said_day(following.on)}前再查")))

    return {one.key: said(one) for one in rows if isinstance(one, Researcher)}


def overdue(session: Session, actor: Actor, today: date) -> list[str]:
    """Return the names of those in post whose query is overdue, of whom the actor may read.

    Behind the name of who is queried outside this system stands by whom.
    """
    settings = set_values.values_on(session, today)
    if not settings.truth(RECORDS_YEARLY):
        return []
    lead = settings.number(RECORDS_LEAD)
    there = session.scalars(
        select(Researcher).where(
            Researcher.ended_on.is_(None), reaching(actor, RESEARCHER_ROSTER, Action.READ)
        )
    )
    late = [
        (due_of(one, today, lead).on, one.username, one.unit_id)
        for one in there
        if engaged(one, today) and due_of(one, today, lead).is_overdue(today)
    ]
    names = names_of(session, [username for _, username, _ in late])
    offices = district_offices(session)
    return [
        names.get(username, username) + (BY_DISTRICT if offices.get(unit, "") is None else "")
        for _, username, unit in sorted(late)
    ]
