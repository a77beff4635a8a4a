"""Public disclosures as everybody reads them, and the objections as who answers them does."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.disclosures import (
    UNRESOLVED,
    DisclosureItem,
    DisclosureNotFound,
    ObjectionNotFound,
    ObjectionState,
    takes_objections,
)
from service.domain.retention import ERASED
from service.domain.values import Json
from service.queries.documents import DocumentFact
from service.queries.names import display_name
from service.queries.notices import files_of
from service.queries.selects import AnyRow
from service.store import objection_turns
from service.store.authorization import granted, visible_instances, visible_tasks
from service.store.tables import (
    Disclosure,
    Objection,
    ObjectionAnswer,
    Person,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)

PAGE = 20


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """A disclosure in a list; both days are inclusive, in Beijing time."""

    key: int
    slug: str
    title: str
    begins_on: date
    ends_on: date
    closed_at: datetime | None

    def takes_objections(self, today: date) -> bool:
        """Whether objections are taken on this day."""
        closed = self.closed_at is not None
        return takes_objections(self.begins_on, self.ends_on, closed=closed, today=today)


@dataclass(frozen=True, slots=True)
class DisclosurePage:
    """A disclosure as its page shows it. One that is over shows no names any more."""

    row: DisclosureRow
    content: str
    items: tuple[DisclosureItem, ...]
    conclusion: str


@dataclass(frozen=True, slots=True)
class DisclosureList:
    """One page of disclosures, newest first; `older_than` asks for the next."""

    rows: tuple[DisclosureRow, ...]
    older_than: int | None


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """An objection in the list of who answers it."""

    key: int
    disclosure_title: str
    state: ObjectionState
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer to an objection; `by` is a display name."""

    state: ObjectionState
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ObjectionPage:
    """An objection with all that its answerer needs."""

    row: ObjectionRow
    disclosure_slug: str
    text: str
    received_on: date | None
    """The day it was handed in on paper; None: it was sent by its page."""
    registered_by: str
    """Name of who entered one that came on paper."""
    has_sender: bool
    """Whether who wrote it said who they are; reading that is recorded."""
    answers: tuple[AnswerRow, ...]
    files: tuple[DocumentFact, ...]
    may_answer: bool
    """Here and now: no step of the case checks it, and the reader has the task that asks for it."""
    checking_task: int | None
    """The task in which the case checks it, for who may open that."""
    waits: bool
    """It is to be answered, though not here by the reader now."""
    instance_key: int | None
    """The case of the disclosure, for who may see it."""


_ROW = (
    Disclosure.key,
    Disclosure.slug,
    Disclosure.title,
    Disclosure.begins_on,
    Disclosure.ends_on,
    Disclosure.closed_at,
)


def shown(session: Session, *, today: date, older_than: int | None = None) -> DisclosureList:
    """Return the disclosures that have begun, newest first; one statement."""
    statement = (
        select(*_ROW)
        .where(Disclosure.begins_on <= today, Disclosure.title != ERASED)
        .order_by(Disclosure.key.desc())
        .limit(PAGE + 1)
    )
    if older_than is not None:
        statement = statement.where(Disclosure.key < older_than)
    rows = [_row(row) for row in session.execute(statement)]
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return DisclosureList(tuple(rows), rows[-1].key if more else None)


def get(session: Session, *, slug: str, today: date) -> DisclosurePage:
    """Return a disclosure by its public name; one statement. Raises DisclosureNotFound."""
    found = session.execute(
        select(*_ROW, Disclosure.content, Disclosure.items, Disclosure.conclusion).where(
            Disclosure.slug == slug, Disclosure.begins_on <= today, Disclosure.title != ERASED
        )
    ).one_or_none()
    if found is None:
        raise DisclosureNotFound
    row, over = _row(found), found.closed_at is not None
    return DisclosurePage(
        row=row,
        content="" if over else found.content,
        items=() if over else _items(found.items),
        conclusion=found.conclusion or "",
    )


def objections(session: Session, *, actor: Actor, unresolved: bool) -> tuple[ObjectionRow, ...]:
    """Return the newest 200 objections that the actor may read; those to answer oldest first."""
    waiting = Objection.state.in_(UNRESOLVED)
    order = Objection.key if unresolved else Objection.key.desc()
    rows = session.execute(
        select(
            Objection.key,
            Disclosure.title,
            Objection.state,
            Objection.submitted_at,
        )
        .join(Disclosure, Disclosure.key == Objection.disclosure_key)
        .where(
            granted(actor, ObjectKind.OBJECTION, Action.READ, Disclosure.process_id),
            objection_turns.unconcerned(session, actor),
            waiting if unresolved else ~waiting,
        )
        .order_by(order)
        .limit(200)
    )
    return tuple(
        ObjectionRow(r.key, r.title, ObjectionState(r.state), r.submitted_at) for r in rows
    )


def objection(session: Session, *, actor: Actor, key: int) -> ObjectionPage:
    """Return an objection to what is about nobody whom the actor is tied to.

    Eight statements at most. Raises ObjectionNotFound.
    """
    row = session.execute(
        select(
            Objection.key,
            Disclosure.title,
            Objection.state,
            Objection.submitted_at,
            Disclosure.slug,
            Disclosure.message_name,
            Disclosure.instance_key.label("of_case"),
            Objection.text,
            Objection.received_on,
            display_name(Objection.registered_by).label("registered_by"),
            Objection.sealed_sender.is_not(None).label("has_sender"),
            granted(actor, ObjectKind.OBJECTION, Action.ACT, Disclosure.process_id).label("act"),
            select(ProcessInstance.key)
            .where(ProcessInstance.key == Disclosure.instance_key, visible_instances(actor))
            .correlate(Disclosure)
            .scalar_subquery()
            .label("case_key"),
        )
        .join(Disclosure, Disclosure.key == Objection.disclosure_key)
        .outerjoin(Person, Person.username == Objection.registered_by)
        .where(
            Objection.key == key,
            granted(actor, ObjectKind.OBJECTION, Action.READ, Disclosure.process_id),
            objection_turns.unconcerned(session, actor),
        )
    ).one_or_none()
    if row is None:
        raise ObjectionNotFound
    return _objection(session, row, actor)


def registrable(session: Session, *, actor: Actor, today: date) -> tuple[DisclosureRow, ...]:
    """Return the open disclosures to which the actor may enter what comes on paper, newest first.

    Three statements.
    """
    rows = session.execute(
        select(*_ROW)
        .where(
            Disclosure.begins_on <= today,
            Disclosure.closed_at.is_(None),
            granted(actor, ObjectKind.OBJECTION, Action.ACT, Disclosure.process_id),
            objection_turns.unconcerned(session, actor),
        )
        .order_by(Disclosure.key.desc())
        .limit(200)
    )
    return tuple(_row(row) for row in rows)


def answers_objections(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor may answer the objections to anything; one statement."""
    return _has_right(session, actor, Action.ACT)


def reads_objections(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor may read the objections to anything; one statement."""
    return _has_right(session, actor, Action.READ)


def _has_right(session: Session, actor: Actor, action: Action) -> bool:
    some = select(ProcessDefinition.key).where(
        granted(actor, ObjectKind.OBJECTION, action, ProcessDefinition.process_id)
    )
    return session.execute(some.limit(1)).first() is not None


def _objection(session: Session, row: AnyRow, actor: Actor) -> ObjectionPage:
    state = ObjectionState(row.state)
    to_answer = bool(row.act) and state in UNRESOLVED
    here = to_answer and _answered_here(session, row, actor)
    return ObjectionPage(
        row=ObjectionRow(row.key, row.title, state, row.submitted_at),
        disclosure_slug=row.slug,
        text=row.text,
        received_on=row.received_on,
        registered_by=row.registered_by or "",
        has_sender=bool(row.has_sender),
        answers=_answers(session, row.key),
        files=files_of(session, "objection", row.key),
        may_answer=here,
        checking_task=_checking_task(session, row, actor) if to_answer and not here else None,
        waits=to_answer and not here,
        instance_key=row.case_key,
    )


def _answered_here(session: Session, row: AnyRow, actor: Actor) -> bool:
    if not row.message_name:
        return True
    if objection_turns.is_checked(session, row.of_case, row.key):
        return False
    return objection_turns.answering_task(session, row.of_case, actor.username) is not None


def _checking_task(session: Session, row: AnyRow, actor: Actor) -> int | None:
    task = objection_turns.checking_task(session, row.of_case, row.key)
    seen = select(UserTask.key).where(UserTask.key == task, visible_tasks(actor))
    return None if task is None else session.scalar(seen)


def _answers(session: Session, key: int) -> tuple[AnswerRow, ...]:
    rows = session.execute(
        select(
            ObjectionAnswer.state,
            ObjectionAnswer.text,
            display_name(ObjectionAnswer.answered_by),
            ObjectionAnswer.answered_at,
        )
        .outerjoin(Person, Person.username == ObjectionAnswer.answered_by)
        .where(ObjectionAnswer.objection_key == key)
        .order_by(ObjectionAnswer.answered_at, ObjectionAnswer.key)
    )
    return tuple(AnswerRow(ObjectionState(state), text, by, at) for state, text, by, at in rows)


def _items(items: Json) -> tuple[DisclosureItem, ...]:
    rows = items if isinstance(items, list) else []
    return tuple(
        DisclosureItem(str(one.get("name", "")), str(one.get("post", "")), str(one.get("unit", "")))
        for one in rows
        if isinstance(one, dict)
    )


def _row(row: AnyRow) -> DisclosureRow:
    return DisclosureRow(row.key, row.slug, row.title, row.begins_on, row.ends_on, row.closed_at)
