"""What happened in a case, oldest first: who, what, the opinion, when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.deputies import acting_name
from service.domain.irreversible import PAGE_ACT_FOR_GOOD
from service.domain.recusal import Bar, bars
from service.domain.values import Json
from service.queries.names import display_name
from service.queries.quiet_calls import quiet_calls
from service.queries.selects import AnyRow
from service.store.authorization import granted_by_name, visible_instances
from service.store.recusal import ties_of
from service.store.tables import (
    ElementInstance,
    HistoryEntry,
    HistoryValue,
    Person,
    ProcessInstance,
)

EVENTS = (
    "message.received",
    "message.sent",
    "signal.received",
    "signal.sent",
    "timer.fired",
    "event.caught",
    "escalation.uncaught",
    "condition.unclear",
    "date.moved",
    "date.kept",
    "deadline.moved",
    "deadline.reminded",
    "deadline.escalated",
    "deadline.doubtful",
    "deadline.failed",
)
"""Acts of an event of the diagram, whose name they hold themselves."""

_DETAILS = ("text", "message", "signal", "code", "process", "names", "elements", "to")
"""What such an act is about, as far as it says so."""

_CALLS = ("call.started", "call.ended")

_SHOWN = (
    "instance.started",
    "user-task.completed",
    "user-task.claimed",
    "user-task.released",
    "user-task.assigned",
    "user-task.recused",
    "user-task.urged",
    "user-task.canceled",
    "instance.completed",
    "instance.cancelled",
    "instance.suspended",
    "instance.resumed",
    "instance.called",
    "instance.triggered",
    "history.values-erased",
    "variables.set",
    "ad-hoc.activated",
    "page.acted",
    PAGE_ACT_FOR_GOOD,
    *_CALLS,
    *EVENTS,
)
"""What people did, what came from outside, and how the case ended; what else the machinery notes is
for the operator's pages."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One act. `actor` is a display name, of a deputy 乙（代甲）; texts may be empty."""

    number: int
    at: datetime
    actor: str
    act: str
    step: str
    """Name of the element, empty for what concerns the whole case."""
    outcome: str
    """Word of the button that was pressed."""
    comment: str
    reason: str
    other: str
    """Name of the person an assignment, or a recusal, names."""
    detail: str = ""
    """Message, signal, code, called process, or variables that it is about."""
    kind: str = ""
    """Of acts on deadlines what they were about: see docs/commands.md."""
    linked_key: int | None = None
    """The called or calling instance, for who may see it."""
    is_quiet: bool = False
    """Of a call that asked nobody, waited for nothing and is over: nothing a reader looks for."""


def of_instance(
    session: Session,
    *,
    instance_key: int,
    with_values: bool,
    limit: int = 500,
    links_for: Actor | None = None,
    reader: Actor | None = None,
) -> tuple[TimelineEntry, ...]:
    """Return the newest acts of a visible case in their order.

    `with_values` False (who oversees the running only) leaves out opinions, reasons and names of
    messages. `links_for`: who is shown which other instances take part, where they may see them.
    `reader`: who reads acts of closed registers, where they have a right to; nobody does unnamed.
    """
    statement = (
        select(
            HistoryEntry.number,
            HistoryEntry.at,
            display_name(HistoryEntry.actor).label("actor"),
            HistoryEntry.act,
            ElementInstance.element_name,
            HistoryValue.value,
        )
        .outerjoin(Person, Person.username == HistoryEntry.actor)
        .outerjoin(ElementInstance, ElementInstance.key == HistoryEntry.element_instance_key)
        .outerjoin(
            HistoryValue,
            (HistoryValue.instance_key == HistoryEntry.instance_key)
            & (HistoryValue.number == HistoryEntry.number),
        )
        .where(HistoryEntry.instance_key == instance_key, HistoryEntry.act.in_(_SHOWN))
        .order_by(HistoryEntry.number.desc())
        .limit(limit)
    )
    rows = _open_to(session, reader, session.execute(statement).all())
    values = [_object(row.value) for row in rows]
    people = [name for value in values for name in (_person(value), _text(value, "principal"))]
    people += [name for value in values for name in _listed(value)]
    names = _names(session, people)
    links = _visible(session, links_for, {_linked(_object(row.value)) for row in rows})
    quiet = _quiet(session, rows)
    entries = []
    for row in rows:
        value = _object(row.value) if with_values else {}
        other = _person(_object(row.value))
        listed = _listed(_object(row.value))
        principal = _text(_object(row.value), "principal")
        entries.append(
            TimelineEntry(
                number=row.number,
                at=row.at,
                actor=acting_name(row.actor, names.get(principal, principal)),
                act=row.act,
                step=_step(row),
                outcome=_text(value, "outcome_label"),
                comment=_text(value, "comment"),
                reason=_text(value, "reason"),
                other="、".join(names.get(one, one) for one in listed or [other]),
                detail=_detail(row.act, value),
                kind=_kind(_object(row.value)),
                linked_key=links.get(_linked(_object(row.value))),
                is_quiet=row.number in quiet,
            )
        )
    return tuple(reversed(entries))


def _quiet(session: Session, rows: Sequence[AnyRow]) -> frozenset[int]:
    """Return the numbers of the acts of quiet calls that begin and end among these."""
    calls: dict[int, list[AnyRow]] = {}
    for row in rows:
        if row.act in _CALLS and (key := _linked(_object(row.value))).isdecimal():
            calls.setdefault(int(key), []).append(row)
    whole = {key: acts for key, acts in calls.items() if len(acts) == len(_CALLS)}
    quiet = quiet_calls(session, whole.keys())
    return frozenset(row.number for key in quiet for row in whole[key])


def _open_to(session: Session, reader: Actor | None, rows: Sequence[AnyRow]) -> list[AnyRow]:
    """Leave out acts of closed registers that this person does not read, or must keep out of."""
    values = [_object(row.value) for row in rows]
    registers = {name for value in values if (name := _text(value, "register"))}
    if not registers:
        return list(rows)
    read = {name for name in registers if _reads(session, reader, name)}
    tied = (
        {}
        if reader is None or not read
        else bars([reader.username], ties_of(session, [reader.username]))
    )
    matters = _out_of(values, reader)
    return [
        row
        for row, value in zip(rows, values, strict=True)
        if not (name := _text(value, "register"))
        or (name in read and not _kept_from(value, matters, tied))
    ]


def _reads(session: Session, reader: Actor | None, register: str) -> bool:
    if reader is None:
        return False
    right = granted_by_name(reader, ObjectKind.REGISTER, Action.READ, register)
    return bool(session.scalar(select(right)))


def _out_of(values: Sequence[dict[str, Json]], reader: Actor | None) -> set[str]:
    """Return the matters that an act of theirs keeps from this person."""
    if reader is None:
        return set()
    kept = (one for one in values if reader.username in _people(one, "kept_from"))
    return {_text(one, "matter") for one in kept}


def _kept_from(value: dict[str, Json], matters: set[str], tied: Mapping[str, Bar]) -> bool:
    named = _text(value, "matter") in matters
    return named or not tied.keys().isdisjoint(_people(value, "about"))


def _people(value: dict[str, Json], name: str) -> list[str]:
    people = value.get(name)
    return [str(one) for one in people] if isinstance(people, list) else []


def _step(row: AnyRow) -> str:
    """The element's name; who waited for an event is another element than the event."""
    if row.act in EVENTS:
        return _text(_object(row.value), "name")
    return row.element_name or ""


def _detail(act: str, value: dict[str, Json]) -> str:
    if act.startswith("deadline."):
        return _text(value, "message")
    if act == "instance.triggered":
        return _text(value, "event")
    for name in _DETAILS:
        said = value.get(name)
        if isinstance(said, str) and said:
            return said
        if isinstance(said, list) and said:
            return "、".join(str(one) for one in said)
    return ""


def _kind(value: dict[str, Json]) -> str:
    """What an act on a deadline was about; of an escalation who was told instead, if anybody."""
    return _text(value, "kind") or _text(value, "why") or _text(value, "instead")


def _listed(value: dict[str, Json]) -> list[str]:
    """User names of those who were told that a task is late."""
    people = value.get("people")
    return [str(one) for one in people] if isinstance(people, list) else []


def _linked(value: dict[str, Json]) -> str:
    return _text(value, "instance_key") or _text(value, "parent")


def _visible(session: Session, actor: Actor | None, keys: set[str]) -> dict[str, int]:
    """Return which of these instances the actor may see; no statement where there are none."""
    wanted = [int(key) for key in keys if key.isdecimal()]
    if actor is None or not wanted:
        return {}
    statement = select(ProcessInstance.key).where(
        ProcessInstance.key.in_(wanted), visible_instances(actor)
    )
    return {str(key): key for key in session.scalars(statement)}


def submission(
    session: Session, *, instance_key: int, element_instance_key: int | None
) -> dict[str, Json] | None:
    """Return what was submitted with a finished task (None: with the start form), if it is kept.

    The caller has made sure that the actor may read it.
    """
    act = "instance.started" if element_instance_key is None else "user-task.completed"
    statement = (
        select(HistoryValue.value)
        .join(
            HistoryEntry,
            (HistoryValue.instance_key == HistoryEntry.instance_key)
            & (HistoryValue.number == HistoryEntry.number),
        )
        .where(HistoryEntry.instance_key == instance_key, HistoryEntry.act == act)
        .order_by(HistoryEntry.number)
        .limit(1)
    )
    if element_instance_key is not None:
        statement = statement.where(HistoryEntry.element_instance_key == element_instance_key)
    value = session.execute(statement).scalar_one_or_none()
    kept = value.get("values") if isinstance(value, dict) else None
    return kept if isinstance(kept, dict) else None


def _names(session: Session, usernames: list[str]) -> dict[str, str]:
    """Return display names; no statement where there is nobody to name."""
    wanted = {one for one in usernames if one}
    if not wanted:
        return {}
    rows = session.execute(
        select(Person.username, Person.display_name).where(Person.username.in_(wanted))
    )
    return {row.username: row.display_name for row in rows}


def _person(value: dict[str, Json]) -> str:
    return _text(value, "assignee") or _text(value, "person")


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _text(value: dict[str, Json], name: str) -> str:
    said = value.get(name)
    return said if isinstance(said, str) else ""
