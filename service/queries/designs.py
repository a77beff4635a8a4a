"""What a designer may work on: processes, decisions and forms with versions and working copies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    CTE,
    ColumnElement,
    Text,
    and_,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain.actors import SYSTEM, Actor
from service.domain.designs import DesignKind, DesignNotFound
from service.queries.selects import AnyRow, AnySelect
from service.store.authorization import designable, designs_something
from service.store.base import BIG_INTEGER, UtcDateTime
from service.store.tables import (
    DecisionDefinition,
    Deployment,
    FormDefinition,
    Person,
    ProcessDefinition,
    Resource,
    WorkingCopy,
)

MOST = 200
"""Designs listed at once; more are found by searching."""


@dataclass(frozen=True, slots=True)
class WorkingFact:
    """A working copy without its content; `edited_by` as people are called."""

    name: str
    base_version: int | None
    revision: int
    edited_at: datetime
    edited_by: str


@dataclass(frozen=True, slots=True)
class DesignRow:
    """One design of the list: its newest version, its working copy, or both.

    A file that defines several things is one design, led by the first of them.
    """

    kind: DesignKind
    resource_id: str
    name: str
    version: int | None
    deployed_at: datetime | None
    deployed_by: str | None
    working_copy: WorkingFact | None


@dataclass(frozen=True, slots=True)
class DesignList:
    """The designs last touched first; `more`: there are others."""

    rows: tuple[DesignRow, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Design:
    """One design as it is opened: the working copy's content, or the newest version's."""

    kind: DesignKind
    resource_id: str
    name: str
    newest: int | None
    content: str
    working_copy: WorkingFact | None


@dataclass(frozen=True, slots=True)
class Definitions:
    """Where the versions of one kind of design are."""

    entity: type[ProcessDefinition] | type[DecisionDefinition] | type[FormDefinition]
    id: InstrumentedAttribute[str]
    name: ColumnElement[str]


KINDS: Mapping[DesignKind, Definitions] = {
    DesignKind.PROCESS: Definitions(
        ProcessDefinition, ProcessDefinition.process_id, ProcessDefinition.name.expression
    ),
    DesignKind.DECISION: Definitions(
        DecisionDefinition, DecisionDefinition.decision_id, DecisionDefinition.name.expression
    ),
    DesignKind.FORM: Definitions(
        FormDefinition,
        FormDefinition.form_id,
        func.coalesce(FormDefinition.name, FormDefinition.form_id),
    ),
}


def may_design(session: Session, *, actor: Actor) -> bool:
    """Tell whether there is anything the actor may design, for the menu; one statement."""
    return designs_something(session, actor)


def listed(
    session: Session, *, actor: Actor, q: str = "", kind: DesignKind | None = None
) -> DesignList:
    """Return what the actor may design, by name or id where `q` is given; two statements.

    Raises DesignNotFound for who may design nothing.
    """
    rows = session.execute(_statement(actor, q, kind)).all()
    if not rows and not may_design(session, actor=actor):
        raise DesignNotFound
    shown = rows[:MOST]
    names = display_names(session, (name for row in shown for name in row[5:7]))
    return DesignList(tuple(_row(row, names) for row in shown), more=len(rows) > MOST)


def get(session: Session, *, actor: Actor, kind: DesignKind, resource_id: str) -> Design:
    """Return a design with what is to be opened; three statements. Raises DesignNotFound."""
    copy = session.scalars(
        select(WorkingCopy).where(
            WorkingCopy.kind == kind.value,
            WorkingCopy.resource_id == resource_id,
            designable(actor, WorkingCopy.resource_id),
        )
    ).one_or_none()
    where = KINDS[kind]
    newest = session.execute(
        select(where.entity.version, where.name, Resource.content)
        .join(Resource, Resource.key == where.entity.resource_key)
        .where(where.id == resource_id, Resource.deleted_at.is_(None), designable(actor, where.id))
        .order_by(where.entity.version.desc())
        .limit(1)
    ).one_or_none()
    version = None if newest is None else newest[0]
    if copy is not None:
        names = display_names(session, [copy.edited_by])
        fact = WorkingFact(
            copy.name, copy.base_version, copy.revision, copy.edited_at, names[copy.edited_by]
        )
        return Design(kind, resource_id, copy.name, version, copy.content, fact)
    if newest is None:
        raise DesignNotFound
    return Design(kind, resource_id, newest[1], version, newest[2], None)


def display_names(session: Session, usernames: Iterable[str | None]) -> dict[str | None, str]:
    """Return what to call these people; who is unknown is called by the user name."""
    wanted = {name for name in usernames if name is not None}
    found = session.execute(
        select(Person.username, Person.display_name).where(Person.username.in_(wanted))
    )
    known: dict[str | None, str] = {name: name for name in wanted}
    return known | {SYSTEM.username: SYSTEM.display_name} | {row[0]: row[1] for row in found}


def _statement(actor: Actor, q: str, kind: DesignKind | None) -> AnySelect:
    newest = union_all(*(_leading(one) for one in KINDS if kind in {None, one})).cte("newest")
    known = _known(newest).where(designable(actor, newest.c.resource_id))
    new = _new(newest).where(designable(actor, WorkingCopy.resource_id))
    if kind is not None:
        new = new.where(WorkingCopy.kind == kind.value)
    both = union_all(known, new).subquery()
    statement = select(both).order_by(both.c.touched.desc(), both.c.resource_id).limit(MOST + 1)
    if not q:
        return statement
    texts = (both.c.name, both.c.resource_id, both.c.copy_name)
    return statement.where(or_(*(text.icontains(q, autoescape=True) for text in texts)))


def _leading(kind: DesignKind) -> AnySelect:
    """The newest versions in use of one kind; of those of one file the first."""
    entity, id = KINDS[kind].entity, KINDS[kind].id
    rank = func.row_number().over(partition_by=id, order_by=entity.version.desc())
    ranked = (
        select(
            id.label("resource_id"),
            KINDS[kind].name.label("name"),
            entity.key,
            entity.version,
            entity.resource_key,
            entity.deployed_at,
            Deployment.deployed_by,
            rank.label("rank"),
        )
        .join(Resource, Resource.key == entity.resource_key)
        .join(Deployment, Deployment.key == Resource.deployment_key)
        .where(Resource.deleted_at.is_(None))
        .subquery()
    )
    first = func.min(ranked.c.key).over(partition_by=ranked.c.resource_key)
    newest = select(ranked, first.label("first")).where(ranked.c.rank == 1).subquery()
    return select(
        literal(kind.value, Text).label("kind"),
        newest.c.resource_id,
        newest.c.name,
        newest.c.version,
        newest.c.deployed_at,
        newest.c.deployed_by,
    ).where(newest.c.key == newest.c.first)


def _known(newest: CTE) -> AnySelect:
    """What has a version, with its working copy if there is one."""
    touched = func.coalesce(WorkingCopy.edited_at, newest.c.deployed_at)
    same = and_(WorkingCopy.kind == newest.c.kind, WorkingCopy.resource_id == newest.c.resource_id)
    return select(
        newest.c.kind,
        newest.c.resource_id,
        newest.c.name,
        newest.c.version,
        newest.c.deployed_at,
        newest.c.deployed_by,
        *_COPY,
        type_coerce(touched, UtcDateTime).label("touched"),
    ).outerjoin_from(newest, WorkingCopy, same)


def _new(newest: CTE) -> AnySelect:
    """What has a working copy and no version in use."""
    same = exists().where(
        newest.c.kind == WorkingCopy.kind, newest.c.resource_id == WorkingCopy.resource_id
    )
    return select(
        WorkingCopy.kind,
        WorkingCopy.resource_id,
        WorkingCopy.name,
        null().cast(BIG_INTEGER).label("version"),
        type_coerce(null(), UtcDateTime).label("deployed_at"),
        null().cast(Text).label("deployed_by"),
        *_COPY,
        WorkingCopy.edited_at.label("touched"),
    ).where(~same)


_COPY = (
    WorkingCopy.edited_by.label("edited_by"),
    WorkingCopy.name.label("copy_name"),
    WorkingCopy.base_version.label("base_version"),
    WorkingCopy.revision.label("revision"),
    WorkingCopy.edited_at.label("edited_at"),
)


def _row(row: AnyRow, names: Mapping[str | None, str]) -> DesignRow:
    fact = None
    if row.revision is not None:
        fact = WorkingFact(
            row.copy_name, row.base_version, row.revision, row.edited_at, names[row.edited_by]
        )
    return DesignRow(
        kind=DesignKind(row.kind),
        resource_id=row.resource_id,
        name=row.name if fact is None else fact.name,
        version=row.version,
        deployed_at=row.deployed_at,
        deployed_by=names.get(row.deployed_by),
        working_copy=fact,
    )
