"""The day's work: a case for each researcher whose yearly query is to be made.

A query is asked for once a year and researcher, whoever does the day's work and however often:
the register's rows are locked, and `records_query` has one row for an anniversary.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from processes.registers import set_values
from processes.registers.changes import ENTERED
from processes.registers.days import bureau_day
from processes.registers.names import names_of
from processes.registers.roster import RegisterChange
from processes.registers.staffing.engaged import engaged
from processes.registers.staffing.facts import PersonKind
from processes.registers.staffing.norms import RECORDS_LEAD, RECORDS_YEARLY
from processes.registers.staffing.query_offices import district_offices
from processes.registers.staffing.tables import RESEARCHERS, RecordsQuery, Researcher
from processes.registers.staffing.yearly_records import due_of
from service.domain.values import Variables
from service.procedure import Toolbox, case_ended, send_message, step_open

DUE, DUE_DISTRICT, LEFT = "records.due", "records.due_district", "records.left"
"""Messages: a query is to be made, in the city or in a district; the researcher has left.

A district's queries are a procedure of their own, so that no right to the city's reaches them.
"""
DISMISS = "dismiss"
"""The step that waits, behind a finding, for somebody to leave."""
MOST = 200
"""So many are newly asked for in one transaction; the others the day after."""


def ask(tools: Toolbox, now: datetime) -> None:
    """Ask for every query that is due, and end those of researchers who have left."""
    _let_go(tools, now)
    asked, offices = 0, district_offices(tools.session)
    for one, due_on in _due(tools.session, bureau_day(now)):
        office = offices.get(one.unit_id, "")
        if office is None:
            continue
        asked += _ask_for(tools, one, due_on, office, now)
        if asked == MOST:
            break


def _let_go(tools: Toolbox, now: datetime) -> None:
    """An unanswered query is needed no more, nor a dismissal that is still to be booked."""
    session = tools.session
    gone = select(RecordsQuery).where(
        RecordsQuery.closed_at.is_(None)
        | (RecordsQuery.instance_key.is_not(None) & ~case_ended(RecordsQuery.instance_key)),
        exists().where(
            Researcher.key == RecordsQuery.researcher_key, Researcher.ended_on.is_not(None)
        ),
    )
    for query in session.scalars(gone.order_by(RecordsQuery.key).with_for_update()).all():
        if query.closed_at is not None and not step_open(session, query.instance_key or 0, DISMISS):
            continue
        query.closed_at = query.closed_at or now
        send_message(tools, LEFT, correlation_key=str(query.key), variables={}, now=now)


def _due(session: Session, today: date) -> Iterator[tuple[Researcher, date]]:
    """Those in post whose query is to be asked for by now; the rows stay locked."""
    settings = set_values.values_on(session, today)
    if not settings.truth(RECORDS_YEARLY):
        return
    lead = settings.number(RECORDS_LEAD)
    there = (
        select(Researcher)
        .where(Researcher.ended_on.is_(None), ~_looked_after())
        .order_by(Researcher.key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for one in session.scalars(there).all():
        following = due_of(one, today, lead)
        if engaged(one, today) and following.is_asked_for(today):
            yield one, following.on


def _looked_after() -> ColumnElement[bool]:
    """Whether the case of an engagement asks for the query of its own part-timer."""
    entered = select(RegisterChange.entry_key).where(
        RegisterChange.register == RESEARCHERS,
        RegisterChange.entry_key == Researcher.key,
        RegisterChange.act == ENTERED,
        RegisterChange.instance_key.is_not(None),
        ~case_ended(RegisterChange.instance_key),
    )
    return and_(Researcher.kind != PersonKind.FULL_TIME, entered.exists())


def _ask_for(tools: Toolbox, one: Researcher, due_on: date, office: str, now: datetime) -> bool:
    """Begin a case, unless one is open or was answered; once more where one was cancelled.

    `office` is the candidate group of a district's personnel office, empty for the city's. Tells
    whether one was begun.
    """
    session = tools.session
    asked = session.scalars(
        select(RecordsQuery).where(
            RecordsQuery.researcher_key == one.key,
            RecordsQuery.closed_at.is_(None) | (RecordsQuery.due_on == due_on),
        )
    ).all()
    query = next((each for each in asked if each.closed_at is None), None)
    if query is None and asked:
        return False
    if query is None:
        query = RecordsQuery(
            key=tools.keys.next(), researcher_key=one.key, due_on=due_on, asked_at=now,
            instance_key=None, looked_up_on=None, closed_at=None,
        )  # fmt: skip
        session.add(query)
    elif query.instance_key is not None and _is_over(session, query):
        query.instance_key, query.asked_at = None, now
    else:
        return False
    session.flush()
    name = names_of(session, [one.username]).get(one.username, one.username)
    variables: Variables = {"query_key": str(query.key), "person_name": name, "office": office}
    due = DUE_DISTRICT if office else DUE
    send_message(tools, due, correlation_key=str(query.key), variables=variables, now=now)
    return True


def _is_over(session: Session, query: RecordsQuery) -> bool:
    over = select(RecordsQuery.key).where(
        RecordsQuery.key == query.key, case_ended(RecordsQuery.instance_key)
    )
    return session.scalar(over) is not None
