"""Notices as the public reads them, and as who publishes them looks after them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.domain.accounts import OUTSIDER
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.disclosures import holds_identity_number, holds_mobile
from service.domain.notices import Choice, NoticeNotFound
from service.queries.documents import DocumentFact
from service.queries.names import display_name
from service.queries.selects import AnyRow
from service.store.authorization import granted, holds, may_start
from service.store.case_ends import cancelled_case
from service.store.tables import (
    Document,
    Notice,
    NoticeProcedure,
    Person,
    ProcessDefinition,
    ProcessInstance,
    PublicDocument,
    Resource,
)

PAGE = 20


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in a list. The window is half-open."""

    key: int
    slug: str
    title: str
    opens_at: datetime
    closes_at: datetime | None
    cancelled_at: datetime | None
    """When the case was cancelled in which it invited to apply; None where it goes on."""

    def is_open(self, now: datetime) -> bool:
        """Whether its window is open, and what it announced was not cancelled."""
        if self.cancelled_at is not None and self.cancelled_at <= now:
            return False
        return self.opens_at <= now and (self.closes_at is None or now < self.closes_at)


@dataclass(frozen=True, slots=True)
class Offered:
    """A procedure that may be applied for; with choices, by the notice that has them."""

    process_id: str
    name: str
    choices: tuple[Choice, ...] = ()
    slug: str = ""
    title: str = ""
    """Of the notice that has the choices; empty where there is nothing to choose."""


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A notice with what it offers now, and its files."""

    row: NoticeRow
    body: str
    cancelled_for: str
    """Why the case was cancelled, as far as it may be public; empty where it was not."""
    offered: tuple[Offered, ...]
    """Empty while its window is not open."""
    files: tuple[DocumentFact, ...]
    related: tuple[NoticeRow, ...]
    """What the same case has published beside it, the oldest first: changes, results."""


@dataclass(frozen=True, slots=True)
class ManagedNotice:
    """A notice as its publishers see it; people are display names."""

    row: NoticeRow
    process: str
    """Name of the procedure it is about, empty for none in particular."""
    published_by: str
    published_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawn_for: str | None
    of_case: bool
    """A case published it: it is put right there, by its lawful act."""


@dataclass(frozen=True, slots=True)
class NoticeList:
    """One page of notices, newest first; `older_than` asks for the next, None: there is none."""

    rows: tuple[NoticeRow, ...]
    older_than: int | None


_OFFERING = select(NoticeProcedure.process_id).where(NoticeProcedure.notice_key == Notice.key)
_CANCELLED = cancelled_case(Notice.instance_key).where(
    _OFFERING.correlate(Notice).exists().correlate(Notice)
)
_CANCELLED_AT = (
    _CANCELLED.with_only_columns(_CANCELLED.selected_columns.ended_at)
    .scalar_subquery()
    .label("cancelled_at")
)
_CANCELLED_FOR = (
    _CANCELLED.with_only_columns(_CANCELLED.selected_columns.end_event)
    .scalar_subquery()
    .label("cancelled_for")
)
_ROW = (
    Notice.key, Notice.slug, Notice.title, Notice.opens_at, Notice.closes_at, _CANCELLED_AT,
)  # fmt: skip


def shown(session: Session, *, now: datetime, older_than: int | None = None) -> NoticeList:
    """Return the notices that the public may read, newest first; one statement."""
    statement = select(*_ROW).where(_public(now)).order_by(Notice.key.desc()).limit(PAGE + 1)
    if older_than is not None:
        statement = statement.where(Notice.key < older_than)
    rows = [_row(row) for row in session.execute(statement)]
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return NoticeList(tuple(rows), rows[-1].key if more else None)


def get(session: Session, *, slug: str, now: datetime) -> NoticePage:
    """Return a notice by its public name; four statements. Raises NoticeNotFound."""
    found = session.execute(
        select(*_ROW, Notice.body, _CANCELLED_FOR).where(Notice.slug == slug, _public(now))
    ).one_or_none()
    if found is None:
        raise NoticeNotFound
    row = _row(found)
    offered = _offered(session, row.key) if row.is_open(now) else ()
    files = files_of(session, "notice", row.key)
    why = _fit_to_show(found.cancelled_for or "")
    return NoticePage(row, found.body, why, offered, files, _related(session, row.key, now))


@dataclass(frozen=True, slots=True)
class WithdrawnNotice:
    """What the public still reads of a notice that was taken down."""

    title: str
    withdrawn_at: datetime
    reason: str


def withdrawn(session: Session, *, slug: str, now: datetime) -> WithdrawnNotice | None:
    """Return what is left of a notice that was public and was withdrawn with a reason."""
    found = session.execute(
        select(Notice.title, Notice.withdrawn_at, Notice.withdrawn_for).where(
            Notice.slug == slug,
            Notice.opens_at <= Notice.withdrawn_at,
            Notice.withdrawn_at <= now,
        )
    ).one_or_none()
    if found is None or found.withdrawn_at is None or found.withdrawn_for is None:
        return None
    return WithdrawnNotice(found.title, found.withdrawn_at, found.withdrawn_for)


def offered(session: Session, *, now: datetime) -> tuple[Offered, ...]:
    """Return everything that may be applied for now, by name; two statements.

    What may be applied for by several notices comes once, and once more for each with choices.
    """
    open_now = [
        _public(now),
        or_(Notice.closes_at.is_(None), Notice.closes_at > now),
        ~_CANCELLED.exists(),
    ]
    return _named(session, *open_now)


def managed(session: Session, *, actor: Actor) -> tuple[ManagedNotice, ...]:
    """Return the newest 200 notices that the actor may withdraw, those withdrawn too."""
    withdrawer = aliased(Person)
    newest = aliased(ProcessDefinition)
    name = (
        select(newest.name)
        .where(newest.process_id == Notice.process_id)
        .order_by(newest.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(
            *_ROW,
            name.label("process"),
            display_name(Notice.published_by).label("publisher"),
            Notice.published_at,
            func.coalesce(withdrawer.display_name, Notice.withdrawn_by).label("withdrawer"),
            Notice.withdrawn_at,
            Notice.withdrawn_for,
            Notice.instance_key,
        )
        .outerjoin(Person, Person.username == Notice.published_by)
        .outerjoin(withdrawer, withdrawer.username == Notice.withdrawn_by)
        .where(granted(actor, ObjectKind.NOTICE, Action.ACT, Notice.process_id))
        .order_by(Notice.key.desc())
        .limit(200)
    )
    return tuple(_managed(row) for row in session.execute(statement))


def publishes(session: Session, *, actor: Actor) -> bool:
    """Tell whether there is anything the actor may publish notices about; one statement."""
    some = select(ProcessDefinition.key).where(
        granted(actor, ObjectKind.NOTICE, Action.ACT, ProcessDefinition.process_id)
    )
    return session.execute(some.limit(1)).first() is not None


def publishes_anything(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor may publish notices about no procedure in particular."""
    return holds(session, actor, ObjectKind.NOTICE, Action.ACT)


@dataclass(frozen=True, slots=True)
class Subject:
    """A procedure that notices may be about; `open`: the public may start it."""

    process_id: str
    name: str
    open: bool


def subjects(session: Session, *, actor: Actor) -> tuple[Subject, ...]:
    """Return the deployed procedures that the actor may publish notices about; one statement."""
    rows = session.execute(
        select(
            ProcessDefinition.process_id,
            ProcessDefinition.name,
            may_start(OUTSIDER).label("open"),
        )
        .join(Resource, Resource.key == ProcessDefinition.resource_key)
        .where(
            Resource.deleted_at.is_(None),
            granted(actor, ObjectKind.NOTICE, Action.ACT, ProcessDefinition.process_id),
        )
        .order_by(ProcessDefinition.process_id, ProcessDefinition.version)
    )
    newest = {row.process_id: Subject(row.process_id, row.name, bool(row.open)) for row in rows}
    return tuple(newest.values())


def files_of(session: Session, owner_kind: str, owner_key: int) -> tuple[DocumentFact, ...]:
    """Return the files of a notice or objection, in the order they were given."""
    rows = session.execute(
        select(Document.key, Document.file_name, Document.media_type, Document.size)
        .join(PublicDocument, PublicDocument.document_key == Document.key)
        .where(PublicDocument.owner_kind == owner_kind, PublicDocument.owner_key == owner_key)
        .order_by(Document.key)
    )
    return tuple(DocumentFact(*row) for row in rows)


def _public(now: datetime) -> ColumnElement[bool]:
    return Notice.withdrawn_at.is_(None) & (Notice.opens_at <= now)


def _related(session: Session, key: int, now: datetime) -> tuple[NoticeRow, ...]:
    """Return what the case of a notice, with all that it has called, has published beside it."""
    root = func.coalesce(ProcessInstance.root_key, ProcessInstance.key)
    of_case = select(Notice.key).join(ProcessInstance, ProcessInstance.key == Notice.instance_key)
    its = (
        select(root)
        .join(Notice, Notice.instance_key == ProcessInstance.key)
        .where(Notice.key == key)
        .scalar_subquery()
    )
    statement = (
        select(*_ROW)
        .where(Notice.key.in_(of_case.where(root == its)), Notice.key != key, _public(now))
        .order_by(Notice.key)
        .limit(PAGE)
    )
    return tuple(_row(row) for row in session.execute(statement))


def _offered(session: Session, notice_key: int) -> tuple[Offered, ...]:
    return _named(session, Notice.key == notice_key)


def _named(session: Session, *conditions: ColumnElement[bool]) -> tuple[Offered, ...]:
    """Return what notices offer; what the public may not start any more is left out."""
    offers = session.execute(
        select(NoticeProcedure.process_id, NoticeProcedure.choices, Notice.slug, Notice.title)
        .join(Notice, Notice.key == NoticeProcedure.notice_key)
        .where(*conditions)
        .order_by(NoticeProcedure.process_id, Notice.key.desc())
    ).all()
    names = _names(session, {one.process_id for one in offers})
    found = [_offer(one, names[one.process_id]) for one in offers if one.process_id in names]
    return tuple(dict.fromkeys(found))


def _offer(row: AnyRow, name: str) -> Offered:
    if not row.choices:
        return Offered(row.process_id, name)
    choices = tuple(Choice(row.process_id, **one) for one in row.choices)
    return Offered(row.process_id, name, choices, row.slug, row.title)


def _names(session: Session, process_ids: Collection[str]) -> dict[str, str]:
    if not process_ids:
        return {}
    rows = session.execute(
        select(ProcessDefinition.process_id, ProcessDefinition.name, ProcessDefinition.version)
        .join(Resource, Resource.key == ProcessDefinition.resource_key)
        .where(
            ProcessDefinition.process_id.in_(process_ids),
            Resource.deleted_at.is_(None),
            may_start(OUTSIDER),
        )
        .order_by(ProcessDefinition.process_id, ProcessDefinition.version)
    )
    return {row.process_id: row.name for row in rows}


def _managed(row: AnyRow) -> ManagedNotice:
    return ManagedNotice(
        row=_row(row),
        process=row.process or "",
        published_by=row.publisher,
        published_at=row.published_at,
        withdrawn_by=row.withdrawer,
        withdrawn_at=row.withdrawn_at,
        withdrawn_for=row.withdrawn_for,
        of_case=row.instance_key is not None,
    )


def _fit_to_show(reason: str) -> str:
    """Return a reason as the public may read it: nobody's numbers are in it."""
    return "" if holds_identity_number(reason) or holds_mobile(reason) else reason


def _row(row: AnyRow) -> NoticeRow:
    return NoticeRow(row.key, row.slug, row.title, row.opens_at, row.closes_at, row.cancelled_at)
