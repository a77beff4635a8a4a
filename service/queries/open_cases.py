"""The open cases of a procedure, for who reads its cases: where each waits, and whose turn it is.

Every list is walked by an index as far as its page needs: by the keys of the cases, by the step
they wait at, or by the due dates of what is late.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.instances import ProcessNotFound
from service.queries import called_steps, cursor
from service.queries.awaited import Awaited, Names, of_families
from service.queries.called_cases import called_under
from service.queries.case_state import STATE, SUSPENDED
from service.queries.inbox import Page
from service.queries.names import display_name
from service.queries.selects import AnySelect, count_of, written
from service.queries.turns import Turn, turns_of
from service.store.authorization import ProcessIdColumn, granted
from service.store.tables import Person, ProcessDefinition, ProcessInstance, UserTask
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import TaskState

_NEWEST, _LATEST = "open-cases", "open-cases-overdue"


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure whose cases the actor may read; `open` stops at 1,000."""

    id: str
    name: str
    open: int


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which open cases: those that wait at this step (an element's id), those that are late.

    `called`: the process in which the step lies, of what the procedure calls; empty: its own.
    """

    step: str = ""
    overdue: bool = False
    called: str = ""


@dataclass(frozen=True, slots=True)
class CalledStep:
    """A step of a procedure that another calls."""

    process_id: str
    process_name: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that is not over. `more` tasks wait beside `turns`, here and in what it has called."""

    key: int
    title: str
    suspended: bool
    stopped: bool
    """Something failed in it that an operator has to look after."""
    started_by: str
    started_at: datetime
    turns: tuple[Turn, ...]
    more: int
    awaited: tuple[Awaited, ...]
    """What it waits for where that is no person, here and in what it has called."""


def procedures(session: Session, *, actor: Actor) -> tuple[Procedure, ...]:
    """Return the procedures whose cases the actor may read, by their ids; two statements."""
    found = session.execute(_newest(actor).order_by(ProcessDefinition.process_id)).all()
    if not found:
        return ()
    counts = session.execute(select(*(count_of(_open(row.process_id)) for row in found))).one()
    return tuple(
        Procedure(row.process_id, row.name, count) for row, count in zip(found, counts, strict=True)
    )


def procedure(session: Session, *, actor: Actor, process_id: str) -> Procedure:
    """Return one of them. Raises ProcessNotFound, of what is hidden as of what is not there."""
    one = _newest(actor).where(ProcessDefinition.process_id == process_id)
    row = session.execute(one.add_columns(count_of(_open(process_id)))).one_or_none()
    if row is None:
        raise ProcessNotFound(process=process_id)
    return Procedure(*row)


def reads(session: Session, *, actor: Actor) -> bool:
    """Tell whether there is a procedure whose cases the actor may read; one statement."""
    return session.execute(_newest(actor).limit(1)).first() is not None


def readable(session: Session, *, actor: Actor) -> frozenset[str]:
    """Return the ids of the procedures whose cases the actor may read; one statement."""
    return frozenset(row.process_id for row in session.execute(_newest(actor)))


def steps(session: Session, *, actor: Actor, process_id: str) -> tuple[tuple[str, str], ...]:
    """Return id and name of the steps that open cases of this procedure wait at.

    One statement, which leaps from step to step in the index however many tasks wait at each.
    """
    task = aliased(UserTask)
    first = select(func.min(task.element_id).label("id")).where(*_waiting(process_id, task))
    found = first.where(_readable(actor, literal(process_id))).cte("steps", recursive=True)
    behind = select(func.min(task.element_id)).where(
        *_waiting(process_id, task), task.element_id > found.c.id
    )
    found = found.union_all(
        select(behind.correlate(found).scalar_subquery()).where(found.c.id.is_not(None))
    )
    name = (
        select(task.name)
        .where(*_waiting(process_id, task), task.element_id == found.c.id)
        .limit(1)
        .correlate(found)
        .scalar_subquery()
    )
    rows = session.execute(select(found.c.id, name).where(found.c.id.is_not(None)))
    return tuple((row[0], row[1]) for row in rows)


def steps_of_called(
    session: Session, *, actor: Actor, below: Collection[str]
) -> tuple[CalledStep, ...]:
    """Return the steps that something waits at in processes whose cases the actor may read.

    `below` as `called_steps.processes_below` gives it. One statement a process, and one more.
    """
    rows = session.execute(
        select(ProcessDefinition.process_id, ProcessDefinition.name)
        .where(ProcessDefinition.process_id.in_(sorted(below)))
        .order_by(ProcessDefinition.version)
    )
    names = {row.process_id: row.name for row in rows}
    return tuple(
        CalledStep(one, names[one], id, name)
        for one in sorted(names)
        for id, name in steps(session, actor=actor, process_id=one)
    )


def page(
    session: Session,
    *,
    actor: Actor,
    process_id: str,
    wanted: CaseFilter,
    now: datetime,
    names: Names,
    below: Collection[str] = (),
    after: str | None = None,
    limit: int = 30,
) -> Page[OpenCase]:
    """Return a page of the open cases of a procedure; four statements, five with groups.

    Some more where cases have called others (`called_cases.called_under`) or wait for no person:
    see `awaited.of_families`, of which `names` are, too.

    The newest first; of those that are late the longest late first. A case that stands still is
    not late. What is late at one step is looked for among what is late in the procedure.
    `below`, the processes that this one calls and the actor reads: what is late in these counts,
    and a step of theirs may be asked for. Raises BadCursor; what is none of the actor's gives no
    row.
    """
    if wanted.called or (wanted.overdue and not wanted.step and below):
        asked = called_steps.Wanted(
            process_id,
            [wanted.called] if wanted.called else [process_id, *below],
            wanted.step,
            now if wanted.overdue else None,
        )
        edges = called_steps.edges(session, asked, actor=actor, after=after, most=limit + 1)
        order = asked.order
    else:
        found = _late(process_id, wanted, now, after) if wanted.overdue else None
        if found is None:
            found = _by_key(process_id, wanted, after)
        found = found.where(_readable(actor, literal(process_id))).limit(limit + 1)
        edges = [tuple(row) for row in session.execute(found)]
        order = _LATEST if wanted.overdue else _NEWEST
    keys = [edge[0] for edge in edges[:limit]]
    cases = _cases(session, actor, keys, names)
    following = cursor.write(order, edges[limit - 1]) if len(edges) > limit else None
    return Page(tuple(cases[key] for key in keys if key in cases), following)


def _by_key(process_id: str, wanted: CaseFilter, after: str | None) -> AnySelect:
    """Keys of the newest."""
    if wanted.step:
        key = UserTask.instance_key
        found = select(key).where(*_waiting(process_id), UserTask.element_id == wanted.step)
        found = found.distinct()
    else:
        key = ProcessInstance.key
        found = _open(process_id)
    if after:
        (last,) = cursor.read(after, _NEWEST, (int,))
        found = found.where(key < last)
    return found.order_by(key.desc())


def _late(process_id: str, wanted: CaseFilter, now: datetime, after: str | None) -> AnySelect:
    """Key, due date and task of the longest late, each case by the first of its late tasks."""
    earlier = aliased(UserTask)
    place = tuple_(UserTask.due_at, UserTask.key)
    before = select(earlier.key).where(
        earlier.instance_key == UserTask.instance_key,
        *_of_step(wanted, earlier),
        earlier.state == TaskState.CREATED,
        tuple_(earlier.due_at, earlier.key) < place,
    )
    goes_on = select(ProcessInstance.key).where(
        ProcessInstance.key == UserTask.instance_key, ProcessInstance.suspended_at.is_(None)
    )
    found = select(UserTask.instance_key, UserTask.due_at, UserTask.key).where(
        *_waiting(process_id),
        *_of_step(wanted, UserTask),
        UserTask.due_at < now,
        ~before.correlate(UserTask).exists(),
        goes_on.correlate(UserTask).exists(),
    )
    if after:
        _key, due_at, key = cursor.read(after, _LATEST, (int, datetime, int))
        if due_at is None:
            raise cursor.BadCursor
        found = found.where(place > tuple_(due_at, key))
    return found.order_by(UserTask.due_at, UserTask.key)


def _cases(
    session: Session, actor: Actor, keys: Sequence[int], names: Names
) -> dict[int, OpenCase]:
    if not keys:
        return {}
    rows = session.execute(
        select(
            ProcessInstance.key,
            ProcessInstance.title,
            STATE.label("state"),
            ProcessInstance.open_incidents,
            ProcessInstance.started_at,
            display_name(ProcessInstance.started_by).label("started_by"),
        )
        .outerjoin(Person, Person.username == ProcessInstance.started_by)
        .where(ProcessInstance.key.in_(keys), _readable(actor, ProcessInstance.process_id))
    ).all()
    called = called_under(session, actor=actor, keys=keys)
    waiting = turns_of(session, keys=keys, called=called)
    left = [row.key for row in rows if not waiting[row.key][0]]
    awaited = of_families(session, actor=actor, keys=left, called=called, names=names)
    return {
        row.key: OpenCase(
            key=row.key,
            title=row.title,
            suspended=row.state == SUSPENDED,
            stopped=row.open_incidents > 0,
            started_by=row.started_by,
            started_at=row.started_at,
            turns=waiting[row.key][0],
            more=waiting[row.key][1],
            awaited=awaited.get(row.key, ()),
        )
        for row in rows
    }


def _readable(actor: Actor, process_id: ProcessIdColumn) -> ColumnElement[bool]:
    return granted(actor, ObjectKind.CASE, Action.READ, process_id)


def _newest(actor: Actor) -> AnySelect:
    """Id and newest name of each procedure whose cases the actor may read."""
    newest, process_id = aliased(ProcessDefinition), ProcessDefinition.process_id
    latest = select(func.max(newest.version)).where(newest.process_id == process_id)
    return select(process_id, ProcessDefinition.name).where(
        _readable(actor, process_id), ProcessDefinition.version == latest.scalar_subquery()
    )


def _open(process_id: str) -> Select[int]:
    instance = ProcessInstance
    return select(instance.key.label("instance_key")).where(
        instance.process_id == process_id, instance.state == InstanceState.ACTIVE
    )


def _waiting(
    process_id: str, task: type[UserTask] = UserTask
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions on UserTask, in the words of its indexes of open tasks."""
    return (task.state == written(TaskState.CREATED), task.process_id == process_id)


def _of_step(wanted: CaseFilter, task: type[UserTask]) -> list[ColumnElement[bool]]:
    return [task.element_id == wanted.step] if wanted.step else []
