"""Files that people attach to forms: uploaded for one field of one form, then bound to the case."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.orm import Session

from service.commands import form_subjects
from service.commands.access_log import record
from service.commands.file_room import StoredFile
from service.commands.file_types import accepted, fitting_name
from service.commands.rooms import Rooms
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.files import (
    DocumentInUse,
    DocumentNotFound,
    FileFieldUnknown,
    TooManyFiles,
    cleaned_name,
)
from service.store.authorization import visible_documents
from service.store.tables import Document, PublicDocument

PENDING_LIMIT = 50
"""Files a person may have uploaded for one form and not submitted."""

PENDING_DAYS = 30
"""How long a file that nobody submitted is kept; a draft may name it meanwhile."""

ORPHAN_HOURS = 24
"""How long bytes without a row are kept: an upload may be under way."""

_SWEEP = 500


@dataclass(frozen=True, slots=True)
class DocumentReceipt:
    """A file as its uploader sees it; `size` in bytes."""

    key: int
    file_name: str
    media_type: str
    size: int
    sha256: str


def upload(
    rooms: Rooms,
    subject_key: int,
    *,
    field: str,
    file_name: str,
    stream: BinaryIO,
    actor: Actor,
    now: datetime,
) -> DocumentReceipt:
    """Keep a file for a field of a task's form or of a start form, committed when this returns.

    `subject_key` is the user task's key, or the process definition's for a start form; `field` the
    path of a file field as `service.feel.file_fields` gives it. Until the form is submitted the
    uploader alone sees the file. Raises TaskNotFound, TaskNotYours, TaskAlreadyCompleted,
    TaskCanceled, TaskHeldByOther, StartForbidden, FileFieldUnknown, TooManyFiles,
    FileEmpty, FileTooLarge, FileTypeRefused, FileEndingContradicts.
    """
    given = cleaned_name(file_name)
    with rooms.reading() as tools:
        accept = _require_place(tools, subject_key, field, actor)
    stored = rooms.files.receive(stream, file_name=given, kinds=accepted(accept))
    with rooms.files.rolled_back([stored.storage_name]):
        name = fitting_name(given, stored.media_type, field=field)
        with rooms.write() as tools:
            _require_place(tools, subject_key, field, actor)
            key = _insert(tools, stored, subject_key, field, name, actor, now)
    return DocumentReceipt(key, name, stored.media_type, stored.size, stored.sha256)


def open_for(
    rooms: Rooms, document_key: int, *, actor: Actor, now: datetime
) -> tuple[DocumentReceipt, BinaryIO]:
    """Open a file for who may see it, and record that. Raises DocumentNotFound."""
    return open_recorded(rooms, document_key, visible_documents(actor), actor=actor, now=now)


def open_recorded(
    rooms: Rooms,
    document_key: int,
    condition: ColumnElement[bool],
    *,
    actor: Actor,
    now: datetime,
) -> tuple[DocumentReceipt, BinaryIO]:
    """Open a file if the condition on Document is true of it, and record who read it.

    Raises DocumentNotFound.
    """
    row, receipt, stream = _opened(rooms, document_key, condition)
    try:
        with rooms.write() as tools:
            record(
                tools,
                AccessKind.DOCUMENT_DOWNLOADED,
                actor=actor,
                subject=row.uploaded_by,
                reference=f"document/{row.key}",
                details={} if row.instance_key is None else {"instance": str(row.instance_key)},
                now=now,
            )
    except BaseException:
        stream.close()
        raise
    return receipt, stream


def open_own(
    rooms: Rooms, document_key: int, *, actor: Actor, now: datetime
) -> tuple[DocumentReceipt, BinaryIO]:
    """Open a file that the actor uploaded, and no other, and record that.

    Raises DocumentNotFound.
    """
    own = Document.uploaded_by == actor.username
    return open_recorded(rooms, document_key, own, actor=actor, now=now)


def open_published(
    rooms: Rooms, document_key: int, condition: ColumnElement[bool]
) -> tuple[DocumentReceipt, BinaryIO]:
    """Open a file that everybody may read, if the condition on Document is true of it.

    Raises DocumentNotFound.
    """
    _row, receipt, stream = _opened(rooms, document_key, condition)
    return receipt, stream


def _opened(
    rooms: Rooms, document_key: int, condition: ColumnElement[bool]
) -> tuple[Document, DocumentReceipt, BinaryIO]:
    if not is_key(document_key):
        raise DocumentNotFound
    with rooms.read() as session:
        row = session.scalar(select(Document).where(Document.key == document_key, condition))
    if row is None:
        raise DocumentNotFound
    receipt = DocumentReceipt(row.key, row.file_name, row.media_type, row.size, row.sha256)
    try:
        return row, receipt, rooms.files.open(row.storage_name)
    except FileNotFoundError as error:
        raise DocumentNotFound from error


def delete(tools: Toolbox, document_key: int, *, actor: Actor) -> None:
    """Take back a file that was not submitted yet: by its uploader alone.

    The bytes go with the next `clean_up`. Raises DocumentNotFound, DocumentInUse.
    """
    if not is_key(document_key):
        raise DocumentNotFound
    row = tools.session.execute(
        select(Document.file_name, Document.uploaded_by, Document.instance_key)
        .where(Document.key == document_key, visible_documents(actor))
        .with_for_update(of=Document)
    ).one_or_none()
    if row is None:
        raise DocumentNotFound
    if row.instance_key is not None or row.uploaded_by != actor.username:
        raise DocumentInUse(name=row.file_name)
    tools.session.execute(delete_rows(table(Document)).where(Document.key == document_key))


def clean_up(rooms: Rooms, *, now: datetime) -> int:
    """Remove pending files nobody submitted and bytes without a row; returns how many went.

    Raises FilesKept while a backup is taken, which may hold rows that are gone since.
    """
    with rooms.write() as tools:
        old = now - timedelta(days=PENDING_DAYS)
        tools.session.execute(
            delete_rows(table(Document)).where(
                Document.instance_key.is_(None),
                Document.uploaded_at < old,
                Document.key.not_in(select(PublicDocument.document_key)),
            )
        )
    removed = 0
    before = (now - timedelta(hours=ORPHAN_HOURS)).timestamp()
    for names in _batches(rooms.files.names(older_than=before)):
        with rooms.files.swept():
            with rooms.read() as session:
                known = set(
                    session.scalars(
                        select(Document.storage_name).where(Document.storage_name.in_(names))
                    )
                )
            for name in set(names) - known:
                rooms.files.remove(name)
                removed += 1
    return removed


def _require_place(tools: Toolbox, subject_key: int, field: str, actor: Actor) -> str:
    """Return what the field takes."""
    opened = form_subjects.require_open(tools, subject_key, actor)
    if opened.form is None or field not in opened.form.file_fields:
        raise FileFieldUnknown(field=field[:100])
    if _pending(tools.session, subject_key, actor) >= PENDING_LIMIT:
        raise TooManyFiles(limit=PENDING_LIMIT)
    return opened.form.file_fields[field]


def _pending(session: Session, subject_key: int, actor: Actor) -> int:
    statement = select(func.count()).where(
        Document.subject_key == subject_key,
        Document.uploaded_by == actor.username,
        Document.instance_key.is_(None),
    )
    return session.execute(statement).scalar_one()


def _insert(
    tools: Toolbox,
    stored: StoredFile,
    subject_key: int,
    field: str,
    name: str,
    actor: Actor,
    now: datetime,
) -> int:
    key = tools.keys.next()
    row = {
        "key": key,
        "storage_name": stored.storage_name,
        "file_name": name,
        "media_type": stored.media_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "field": field,
        "subject_key": subject_key,
        "instance_key": None,
        "uploaded_by": actor.username,
        "uploaded_at": now,
    }
    tools.session.execute(insert(table(Document)), row)
    return key


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == _SWEEP:
            yield batch
            batch = []
    if batch:
        yield batch
