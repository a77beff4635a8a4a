"""What a case waits for beside people: an answer, a moment, a case that it called, the system.

Said by the names of the diagram's elements, without any value: whoever sees the case may read it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.events import ElementType
from service.queries.called_cases import CalledCases, all_of
from service.queries.selects import AnyRow, AnySelect
from service.store.authorization import visible_instances
from service.store.tables import (
    ElementInstance,
    EventSubscription,
    Incident,
    Job,
    ProcessInstance,
)
from service.store.tables.instances import ElementState, InstanceState
from service.store.tables.work import IncidentState, JobKind, JobState

SHOWN = 4
"""So many of one case are told; the others are counted."""


class AwaitedKind(StrEnum):
    """What brings the case on."""

    ANSWER = "answer"
    """A message, a signal, or a condition that comes true."""
    MOMENT = "moment"
    CASE = "case"
    """A case that this one called is to end."""
    SYSTEM = "system"
    """A step that a program does."""


_KINDS: Mapping[ElementType, AwaitedKind] = {
    ElementType.INTERMEDIATE_CATCH_EVENT: AwaitedKind.ANSWER,
    ElementType.RECEIVE_TASK: AwaitedKind.ANSWER,
    ElementType.EVENT_BASED_GATEWAY: AwaitedKind.ANSWER,
    ElementType.CALL_ACTIVITY: AwaitedKind.CASE,
    ElementType.SERVICE_TASK: AwaitedKind.SYSTEM,
    ElementType.SEND_TASK: AwaitedKind.SYSTEM,
    ElementType.BUSINESS_RULE_TASK: AwaitedKind.SYSTEM,
    ElementType.SCRIPT_TASK: AwaitedKind.SYSTEM,
    ElementType.INTERMEDIATE_THROW_EVENT: AwaitedKind.SYSTEM,
    ElementType.END_EVENT: AwaitedKind.SYSTEM,
}


@dataclass(frozen=True, slots=True)
class Awaited:
    """One element at which a case stands; `name` is empty where the diagram gives it none.

    `until`: the moment it waits for, or that ends the wait at the latest. `count`: so many passes
    of the element. `case_key`: the case that it called, for who may see it. `stopped`: an incident
    holds it. `called_key` and `called_title`: the called case in which the element lies; None and
    empty of its own.
    """

    kind: AwaitedKind
    name: str
    type: ElementType
    since: datetime
    until: datetime | None = None
    count: int = 1
    case_key: int | None = None
    stopped: bool = False
    called_key: int | None = None
    called_title: str = ""


class Names(Protocol):
    """Names of elements by the version of the process: see `commands.models.ModelCache`."""

    def __call__(self, definition_key: int, element_id: str) -> str: ...


def of_cases(
    session: Session, *, actor: Actor, keys: Collection[int], names: Names
) -> dict[int, tuple[Awaited, ...]]:
    """Return what each of these visible cases waits for, in the order in which that began.

    At most `SHOWN` a case and one more, which says that there are more. One statement, one more
    where a case waits for another, one more where events exclude each other. `names` gives those of
    elements that no token has entered.
    """
    if not keys:
        return {}
    rows = session.execute(_statement(keys)).all()
    children = _children(session, actor, [row.key for row in rows if _is_call(row)])
    gateways = [row for row in rows if row.type == ElementType.EVENT_BASED_GATEWAY]
    events = _events(session, [row.key for row in gateways])
    found: dict[int, list[Awaited]] = {key: [] for key in keys}
    for row in rows:
        told = found[row.instance_key]
        if row.key in events:
            told += [
                _of_event(row, event, names(row.definition_key, event.element_id))
                for event in events[row.key]
            ]
        else:
            told.append(_of_element(row, children.get(row.key)))
    return {key: tuple(told[: SHOWN + 1]) for key, told in found.items()}


def of_families(
    session: Session, *, actor: Actor, keys: Collection[int], called: CalledCases, names: Names
) -> dict[int, tuple[Awaited, ...]]:
    """Return the same with what the cases wait for that are `called` under these.

    A call is told by what the called case waits for, where it is among them and waits for anything.
    The statements of `of_cases`, once again where something is called.
    """
    found = of_cases(session, actor=actor, keys=keys, names=names)
    under = {key: called[key] for key in keys if key in called}
    inner = of_cases(session, actor=actor, keys=[one.key for one in all_of(under)], names=names)
    for root, cases in under.items():
        told = [one for one in found[root] if not _is_followed(one)]
        for case_ in cases:
            told += [
                replace(one, called_key=case_.key, called_title=case_.title)
                for one in inner[case_.key]
                if not _is_followed(one)
            ]
        found[root] = tuple(told[: SHOWN + 1]) or found[root]
    return found


def _is_followed(one: Awaited) -> bool:
    """Whether this is a call whose cases the actor may see, or some of several."""
    return one.kind is AwaitedKind.CASE and (one.case_key is not None or one.count > 1)


def _is_call(row: AnyRow) -> bool:
    return bool(row.type == ElementType.CALL_ACTIVITY and row.passes == 1)


def _of_element(row: AnyRow, child: int | None) -> Awaited:
    kind = _KINDS[ElementType(row.type)]
    if kind is AwaitedKind.ANSWER and row.until is not None and not row.answers:
        kind = AwaitedKind.MOMENT
    return Awaited(
        kind=kind,
        name=row.element_name,
        type=ElementType(row.type),
        since=row.since,
        until=row.until,
        count=row.passes,
        case_key=child,
        stopped=bool(row.stopped),
    )


def _of_event(row: AnyRow, event: AnyRow, name: str) -> Awaited:
    return Awaited(
        kind=AwaitedKind.MOMENT if event.until is not None else AwaitedKind.ANSWER,
        name=name,
        type=ElementType.INTERMEDIATE_CATCH_EVENT,
        since=row.since,
        until=event.until,
    )


def _statement(keys: Collection[int]) -> AnySelect:
    """Elements where tokens stand, those of the same name and case in one row."""
    element, job, subscription = ElementInstance, Job, EventSubscription
    own = and_(job.element_instance_key == element.key, job.element_id == element.element_id)
    answers = exists().where(
        subscription.element_instance_key == element.key,
        subscription.element_id == element.element_id,
    )
    stopped = exists().where(
        Incident.element_instance_key == element.key, Incident.state == IncidentState.ACTIVE
    )
    return (
        select(
            element.instance_key,
            element.element_id,
            element.element_name,
            element.type,
            ProcessInstance.definition_key,
            func.min(element.key).label("key"),
            func.min(element.started_at).label("since"),
            func.min(job.due_at).label("until"),
            func.count(element.key.distinct()).label("passes"),
            func.max(case((answers, 1), else_=0)).label("answers"),
            func.max(case((stopped, 1), else_=0)).label("stopped"),
        )
        .join(ProcessInstance, ProcessInstance.key == element.instance_key)
        .outerjoin(job, and_(own, _waits()))
        .where(
            element.instance_key.in_(sorted(keys)),
            element.state == ElementState.ACTIVE,
            element.type.in_(sorted(_KINDS)),
        )
        .group_by(
            element.instance_key,
            element.element_id,
            element.element_name,
            element.type,
            ProcessInstance.definition_key,
        )
        .order_by(func.min(element.key))
    )


def _waits() -> ColumnElement[bool]:
    """Condition on Job: a timer that is to fire; that of a suspended case has no moment yet."""
    return and_(Job.kind == JobKind.TIMER, Job.state == JobState.WAITING)


def _events(session: Session, gateways: Sequence[int]) -> dict[int, list[AnyRow]]:
    """What may happen at each of these event based gateways, whichever comes first."""
    if not gateways:
        return {}
    job, subscription = Job, EventSubscription
    either = union_all(
        select(job.element_instance_key, job.element_id, job.due_at.label("until")).where(
            job.element_instance_key.in_(gateways), _waits()
        ),
        select(
            subscription.element_instance_key,
            subscription.element_id,
            literal(None, job.due_at.type).label("until"),
        ).where(subscription.element_instance_key.in_(gateways)),
    ).subquery()
    rows = session.execute(select(either).order_by(either.c.element_id))
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.element_instance_key, []).append(row)
    return found


def _children(session: Session, actor: Actor, calls: Sequence[int]) -> dict[int, int]:
    """The open cases that these call activities called, as far as the actor may see them."""
    if not calls:
        return {}
    child = ProcessInstance
    rows = session.execute(
        select(child.parent_element_instance_key.label("call"), child.key).where(
            child.parent_element_instance_key.in_(calls),
            child.state == InstanceState.ACTIVE,
            visible_instances(actor),
        )
    )
    return {row.call: row.key for row in rows}
