"""The access log as auditors read it: newest first, filtered and paged in SQL.

It tells who did what, when and from where, and never a value of a case. Whoever may not read it is
answered as if it did not exist. Of a closed register it tells nobody whom an event is about, not in
rows from before that was left out either, nor what somebody wrote as a reason, nor does a search
for somebody find one: who is named for the register opens the entry that the reference names.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from service.domain.access_events import BUREAU_TIME, AccessKind
from service.domain.actors import Actor
from service.domain.authorization import ALL, Action, ObjectKind
from service.domain.errors import NotFound
from service.domain.values import Json
from service.queries import cursor
from service.queries.inbox import Page
from service.queries.selects import AnyRow, AnySelect
from service.store.authorization import granted, holds
from service.store.tables import AccessEvent, CandidateGroup, Person

_ORDER = "access-log-newest"
_LONGEST_TEXT = 500
_OF_CLOSED = frozenset({"change", "changed", "rows", "rules", "digest", "sha256"})
"""Details that name nobody; all others of a closed register are words that somebody has written."""
_OF_NO_ENTRY = frozenset({AccessKind.RIGHT_GRANTED, AccessKind.RIGHT_REVOKED, AccessKind.EXPORT})
"""Who may what, and who took a list out, is about no entry."""
_EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty means all. Days are the bureau's, both included."""

    person: str = ""
    """Who acted: a user name."""
    subject: str = ""
    """Whom or what it concerns: a user name, or an id."""
    kinds: frozenset[AccessKind] = field(default=frozenset())
    since: date | None = None
    until: date | None = None
    address: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event; names are empty where no account (and no group) has that user name or id."""

    key: int
    at: datetime
    person: str
    person_name: str
    kind: str
    subject: str
    subject_name: str
    withheld: bool
    """Whether the subject is left out, as the event is about an entry of a closed register."""
    reference: str
    reference_name: str
    address: str
    details: dict[str, Json]
    kept_back: tuple[str, ...]
    """Names of the details that are left out, for the same reason."""
    day: str
    number: int
    """Within the chain of that person, day and class."""
    retention: str

    @property
    def kind_label(self) -> str:
        """What people read; what a newer program has recorded is shown by its name."""
        known = set(AccessKind)
        return AccessKind(self.kind).label if self.kind in known else self.kind


def may_read(session: Session, actor: Actor) -> bool:
    """Tell whether the actor reads the access log; one statement."""
    return holds(session, actor, ObjectKind.AUDIT, Action.READ)


def may_export(session: Session, actor: Actor) -> bool:
    """Tell whether the actor may take it out as a file; one statement."""
    return holds(session, actor, ObjectKind.AUDIT, Action.EXPORT)


def page(
    session: Session,
    *,
    actor: Actor,
    filters: Filters,
    closed: Collection[str],
    after: str | None = None,
    limit: int = 50,
) -> Page[EventRow]:
    """Return one page, newest first; `closed` are the ids of closed registers.

    Raises NotFound, BadCursor.
    """
    if not may_read(session, actor):
        raise NotFound
    statement = _statement(actor, filters, closed).limit(limit + 1)
    if after:
        statement = statement.where(_behind(cursor.read(after, _ORDER, (datetime, int))))
    rows = [_row(row, closed) for row in session.execute(statement)]
    last = rows[limit - 1] if len(rows) > limit else None
    following = None if last is None else cursor.write(_ORDER, [last.at, last.key])
    return Page(tuple(rows[:limit]), following)


def every(
    session: Session, *, actor: Actor, filters: Filters, closed: Collection[str], at_most: int
) -> Iterator[EventRow]:
    """Give the newest events that match, for a file. Raises NotFound."""
    if not may_export(session, actor):
        raise NotFound
    statement = _statement(actor, filters, closed, Action.EXPORT)
    for row in session.execute(statement.limit(at_most)):
        yield _row(row, closed)


def get(session: Session, *, actor: Actor, key: int, closed: Collection[str]) -> EventRow:
    """Return one event. Raises NotFound."""
    statement = _statement(actor, Filters(), closed).where(AccessEvent.key == key)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return _row(row, closed)


def newest(session: Session, *, actor: Actor, kind: AccessKind, limit: int = 10) -> list[EventRow]:
    """Return the newest events of one kind that is about nobody; nothing for who may not read."""
    filters = Filters(kinds=frozenset({kind}))
    return [_row(row, ()) for row in session.execute(_statement(actor, filters, ()).limit(limit))]


_SUBJECT = aliased(Person)
_GROUP, _REFERENCE = aliased(CandidateGroup), aliased(CandidateGroup)


def _statement(
    actor: Actor, filters: Filters, closed: Collection[str], action: Action = Action.READ
) -> AnySelect:
    event = AccessEvent
    withheld = and_(_of_closed(closed), event.subject != "")
    of_it: list[ColumnElement[bool]] = [~withheld] if filters.subject else []
    return (
        select(
            event.key,
            event.at,
            event.person,
            Person.display_name.label("person_name"),
            event.kind,
            case((withheld, ""), else_=event.subject).label("subject"),
            case((withheld, ""), else_=func.coalesce(_SUBJECT.display_name, _GROUP.name)).label(
                "subject_name"
            ),
            withheld.label("withheld"),
            event.reference,
            _REFERENCE.name.label("reference_name"),
            event.address,
            event.details,
            event.day,
            event.number,
            event.retention,
        )
        .outerjoin(Person, Person.username == event.person)
        .outerjoin(_SUBJECT, _SUBJECT.username == event.subject)
        .outerjoin(_GROUP, _GROUP.id == event.subject)
        .outerjoin(_REFERENCE, _REFERENCE.id == event.reference)
        .where(granted(actor, ObjectKind.AUDIT, action, literal(ALL)), *_narrowed(filters), *of_it)
        .order_by(event.at.desc(), event.key.desc())
    )


def _of_closed(closed: Collection[str]) -> ColumnElement[bool]:
    """Condition: the event is about an entry of one of these registers, as its reference says."""
    reference = AccessEvent.reference
    return or_(
        false(), *(reference.startswith(f"{one}/", autoescape=True) for one in sorted(closed))
    )


def _narrowed(filters: Filters) -> Iterator[ColumnElement[bool]]:
    event = AccessEvent
    for column, wanted in (
        (event.person, filters.person),
        (event.subject, filters.subject),
        (event.address, filters.address),
        (event.reference, filters.reference),
    ):
        if text := wanted.replace("\0", "").strip()[:_LONGEST_TEXT]:
            yield column == text
    if filters.kinds:
        yield event.kind.in_(sorted(filters.kinds))
    if filters.since is not None:
        yield event.at >= _midnight(filters.since)
    if filters.until is not None and filters.until < date.max:
        yield event.at < _midnight(filters.until + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(max(day, _EARLIEST), time(), BUREAU_TIME)


def _behind(position: list[cursor.Value]) -> ColumnElement[bool]:
    at, key = position
    if not isinstance(at, datetime):
        raise cursor.BadCursor
    event = AccessEvent
    return tuple_(event.at, event.key) < tuple_(literal(at, event.at.type), literal(key))


def _row(row: AnyRow, closed: Collection[str]) -> EventRow:
    values = dict(row._mapping)
    told = values["details"]
    details = told if isinstance(told, dict) else {}
    kept = details
    if values["reference"].partition("/")[0] in closed and values["kind"] not in _OF_NO_ENTRY:
        kept = {name: said for name, said in details.items() if name in _OF_CLOSED}
    return EventRow(
        **{
            **values,
            "person_name": values["person_name"] or "",
            "subject_name": values["subject_name"] or "",
            "reference_name": values["reference_name"] or "",
            "withheld": bool(values["withheld"]),
            "details": kept,
            "kept_back": tuple(details.keys() - kept.keys()),
        }
    )
