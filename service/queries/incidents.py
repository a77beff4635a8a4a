"""What waits for an operator: open incidents, without any value of a variable."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.queries import cursor
from service.queries.inbox import Page
from service.store.authorization import granted, visible_incidents
from service.store.tables import ElementInstance, Incident, ProcessDefinition, Variable
from service.store.tables.work import IncidentState

_ORDER = "incidents-newest"

MOST_CLASSED = 10_000
"""Of so many of the newest incidents it is told which are alike."""

_CLASSES_SHOWN = 20

NAMES_SHOWN = 30
"""Names of variables that are told of one incident."""


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One open incident; `message` names variables, never their values.

    `instance_key` is 0 for the timer of a start event: it has no instance.
    """

    key: int
    instance_key: int
    process_id: str
    process_name: str
    version: int
    element_id: str
    element_name: str
    type: str
    message: str
    created_at: datetime
    may_retry: bool
    variables: tuple[str, ...] = ()
    """Names of the instance's variables, the first `NAMES_SHOWN`: what may have been at fault."""


@dataclass(frozen=True, slots=True)
class ClassRow:
    """Open incidents that are alike: of one process and element, with the same kind of error."""

    process_id: str
    process_name: str
    element_id: str
    element_name: str
    type: str
    count: int
    oldest: datetime
    may_retry: bool


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """What to show; an empty text leaves it open."""

    process_id: str = ""
    element_id: str = ""
    type: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions on Incident."""
        wanted = (
            (Incident.process_id, self.process_id),
            (Incident.element_id, self.element_id),
            (Incident.type, self.type),
        )
        return [column == value for column, value in wanted if value]


_EVERYTHING = IncidentFilter()


def classes(session: Session, *, actor: Actor) -> tuple[ClassRow, ...]:
    """Return what the open incidents have in common, the most frequent first: twenty at most.

    Of the newest `MOST_CLASSED` that the actor may see; one statement.
    """
    seen = (
        select(
            Incident.key,
            Incident.process_id,
            Incident.element_id,
            Incident.type,
            Incident.created_at,
            Incident.definition_key,
            Incident.element_instance_key,
        )
        .where(Incident.state == IncidentState.ACTIVE, visible_incidents(actor))
        .order_by(Incident.key.desc())
        .limit(MOST_CLASSED)
        .subquery()
    )
    rows = session.execute(
        select(
            seen.c.process_id,
            func.max(ProcessDefinition.name).label("process_name"),
            seen.c.element_id,
            func.max(func.coalesce(ElementInstance.element_name, seen.c.element_id)).label(
                "element_name"
            ),
            seen.c.type,
            func.count().label("count"),
            func.min(seen.c.created_at).label("oldest"),
            granted(actor, ObjectKind.RUNNING, Action.ACT, seen.c.process_id).label("may_retry"),
        )
        .join(ProcessDefinition, ProcessDefinition.key == seen.c.definition_key)
        .outerjoin(ElementInstance, ElementInstance.key == seen.c.element_instance_key)
        .group_by(seen.c.process_id, seen.c.element_id, seen.c.type)
        .order_by(func.count().desc(), seen.c.process_id, seen.c.element_id, seen.c.type)
        .limit(_CLASSES_SHOWN)
    )
    return tuple(ClassRow(**{**row._mapping, "may_retry": bool(row.may_retry)}) for row in rows)


def open_page(
    session: Session,
    *,
    actor: Actor,
    wanted: IncidentFilter = _EVERYTHING,
    after: str | None = None,
    limit: int = 20,
) -> Page[IncidentRow]:
    """Return a page of the open incidents the actor oversees, newest first. Raises BadCursor."""
    statement = (
        select(
            Incident.key,
            Incident.instance_key,
            Incident.process_id,
            ProcessDefinition.name.label("process_name"),
            ProcessDefinition.version,
            Incident.element_id,
            func.coalesce(ElementInstance.element_name, Incident.element_id).label("element_name"),
            Incident.type,
            Incident.message,
            Incident.created_at,
            granted(actor, ObjectKind.RUNNING, Action.ACT, Incident.process_id).label("may_retry"),
        )
        .join(ProcessDefinition, ProcessDefinition.key == Incident.definition_key)
        .outerjoin(ElementInstance, ElementInstance.key == Incident.element_instance_key)
        .where(
            Incident.state == IncidentState.ACTIVE, visible_incidents(actor), *wanted.conditions()
        )
        .order_by(Incident.key.desc())
        .limit(limit + 1)
    )
    if after:
        (last,) = cursor.read(after, _ORDER, (int,))
        statement = statement.where(Incident.key < last)
    rows = session.execute(statement).all()
    names = _variable_names(session, {row.instance_key for row in rows[:limit]})
    found = [
        IncidentRow(
            **{**row._mapping, "may_retry": bool(row.may_retry)},
            variables=names.get(row.instance_key, ()),
        )
        for row in rows
    ]
    following = cursor.write(_ORDER, [found[limit - 1].key]) if len(found) > limit else None
    return Page(tuple(found[:limit]), following)


def _variable_names(session: Session, instances: set[int]) -> dict[int, tuple[str, ...]]:
    """The names alone; no value is read."""
    rows = session.execute(
        select(Variable.instance_key, Variable.name)
        .where(Variable.instance_key.in_(sorted(instances)))
        .distinct()
        .order_by(Variable.instance_key, Variable.name)
    )
    names: dict[int, list[str]] = {}
    for instance_key, name in rows:
        names.setdefault(instance_key, []).append(name)
    return {key: tuple(found[:NAMES_SHOWN]) for key, found in names.items()}
