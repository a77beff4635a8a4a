"""Files of notices and objections: no form's, no case's, kept as long as what they belong to."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from sqlalchemy import ColumnElement, insert, select

from service.commands.documents import DocumentReceipt, open_published, open_recorded
from service.commands.file_room import StoredFile
from service.commands.file_types import ALLOWED, fitting_name
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.actors import Actor
from service.domain.files import cleaned_name
from service.store.tables import Document, PublicDocument

NOBODY = ""
"""Who uploads with an objection: no user name is empty."""


class Owner(StrEnum):
    """What a file belongs to."""

    NOTICE = "notice"
    OBJECTION = "objection"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent; `field` is where a refusal is shown."""

    file_name: str
    stream: BinaryIO
    field: str = "files"


@dataclass(frozen=True, slots=True)
class Received:
    """A file whose bytes are kept and whose row is not written yet."""

    name: str
    stored: StoredFile


@contextmanager
def received(rooms: Rooms, files: Sequence[Sent]) -> Iterator[list[Received]]:
    """Keep the bytes of files for a transaction in this block; see `FileRoom.rolled_back`.

    Raises FileEmpty, FileTooLarge, FileTypeRefused, FileEndingContradicts.
    """
    kept: list[Received] = []
    names: list[str] = []
    with rooms.files.rolled_back(names):
        for file in files:
            given = cleaned_name(file.file_name)
            stored = rooms.files.receive(file.stream, file_name=given, kinds=ALLOWED)
            names.append(stored.storage_name)
            kept.append(Received(fitting_name(given, stored.media_type, field=file.field), stored))
        yield kept


def discard(rooms: Rooms, files: Sequence[Received]) -> None:
    """Remove the bytes of received files that nothing needs after all."""
    for one in files:
        rooms.files.remove(one.stored.storage_name)


def bind(
    tools: Toolbox,
    files: Sequence[Received],
    owner: Owner,
    owner_key: int,
    *,
    uploaded_by: str,
    now: datetime,
) -> None:
    """Write the rows of received files."""
    if not files:
        return
    keys = [tools.keys.next() for _ in files]
    rows = [
        {
            "key": key,
            "storage_name": file.stored.storage_name,
            "file_name": file.name,
            "media_type": file.stored.media_type,
            "size": file.stored.size,
            "sha256": file.stored.sha256,
            "field": "",
            "subject_key": owner_key,
            "instance_key": None,
            "uploaded_by": uploaded_by,
            "uploaded_at": now,
        }
        for key, file in zip(keys, files, strict=True)
    ]
    tools.session.execute(insert(table(Document)), rows)
    belongs = [{"document_key": k, "owner_kind": owner, "owner_key": owner_key} for k in keys]
    tools.session.execute(insert(table(PublicDocument)), belongs)


def open_of_notice(
    rooms: Rooms, notice_key: int, document_key: int
) -> tuple[DocumentReceipt, BinaryIO]:
    """Open a file of a notice, which everybody may read. Raises DocumentNotFound."""
    return open_published(rooms, document_key, _belongs(Owner.NOTICE, notice_key))


def open_of_objection(
    rooms: Rooms, objection_key: int, document_key: int, *, actor: Actor, now: datetime
) -> tuple[DocumentReceipt, BinaryIO]:
    """Open a file of an objection that the actor may read, and record that.

    Raises DocumentNotFound.
    """
    belongs = _belongs(Owner.OBJECTION, objection_key)
    return open_recorded(rooms, document_key, belongs, actor=actor, now=now)


def _belongs(owner: Owner, owner_key: int) -> ColumnElement[bool]:
    keys = select(PublicDocument.document_key).where(
        PublicDocument.owner_kind == owner, PublicDocument.owner_key == owner_key
    )
    return Document.key.in_(keys)
