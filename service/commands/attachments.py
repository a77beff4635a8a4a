"""The files that a submission names: whose they are, and binding them to the case."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.commands.models import FormModel
from service.commands.submissions import is_key
from service.commands.upserts import rows_changed, table
from service.domain.actors import Actor
from service.domain.errors import FieldsInvalid
from service.domain.values import Json
from service.store.tables import Document

_UNKNOWN = "附件不存在，或者不是在这里上传的，请重新上传。"
_KEY = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a form stands: a user task, or a process definition (then without an instance)."""

    key: int
    instance_key: int | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a submission names: at `path` (`rows[0].scan`) of the field `field`
    (`rows[].scan`); `key` None where it names none of ours."""

    path: str
    field: str
    key: int | None


def named_in(form: FormModel | None, accepted: Mapping[str, Json]) -> list[Attachment]:
    """Return the files in the fields for files."""
    if form is None or not form.file_fields:
        return []
    return [
        Attachment(path, field, _key(name))
        for field in sorted(form.file_fields)
        for path, value in _values(dict(accepted), field.split("."), "")
        for name in (value if isinstance(value, list) else [value])
        if name is not None
    ]


def require(
    session: Session, attachments: Sequence[Attachment], subject: Subject, actor: Actor
) -> tuple[int, ...]:
    """Return the keys of those that are not bound to an instance yet.

    A file may be named by who uploaded it for this very field of this form, or once it is part of
    the same instance. Raises FieldsInvalid with the paths of all others.
    """
    keys = {attachment.key for attachment in attachments if attachment.key is not None}
    rows = session.execute(
        select(
            Document.key,
            Document.field,
            Document.subject_key,
            Document.instance_key,
            Document.uploaded_by,
        ).where(Document.key.in_(keys))
    )
    found = {row.key: row for row in rows}
    errors: dict[str, list[str]] = {}
    pending: dict[int, None] = {}
    for attachment in attachments:
        row = found.get(attachment.key)
        if row is None:
            errors[attachment.path] = [_UNKNOWN]
        elif row.instance_key is not None:
            # Somebody from outside does not see all files of their case, so they name their own.
            others = actor.public and row.uploaded_by != actor.username
            if row.instance_key != subject.instance_key or others:
                errors[attachment.path] = [_UNKNOWN]
        elif (row.subject_key, row.field, row.uploaded_by) == (
            subject.key,
            attachment.field,
            actor.username,
        ):
            pending[row.key] = None
        else:
            errors[attachment.path] = [_UNKNOWN]
    if errors:
        raise FieldsInvalid(errors)
    return tuple(pending)


def bind(
    session: Session, pending: Sequence[int], attachments: Sequence[Attachment], instance_key: int
) -> None:
    """Make pending files part of the instance. Raises FieldsInvalid when one is gone meanwhile."""
    if not pending:
        return
    binding = (
        update(table(Document))
        .where(Document.key.in_(pending), Document.instance_key.is_(None))
        .values(instance_key=instance_key)
    )
    if rows_changed(session, binding) != len(pending):
        raise FieldsInvalid({attachment.path: [_UNKNOWN] for attachment in attachments})


def _key(name: Json) -> int | None:
    if not isinstance(name, str) or not _KEY.fullmatch(name):
        return None
    return int(name) if is_key(int(name)) else None


def _values(value: Json, parts: list[str], path: str) -> Iterator[tuple[str, Json]]:
    """Walk a path such as `rows[].scan` through lists; yields where it led, and what is there."""
    if not parts:
        yield path, value
        return
    name, is_list = parts[0].removesuffix("[]"), parts[0].endswith("[]")
    inner = value.get(name) if isinstance(value, dict) else None
    inner_path = f"{path}.{name}" if path else name
    if not is_list:
        yield from _values(inner, parts[1:], inner_path)
        return
    for index, item in enumerate(inner if isinstance(inner, list) else []):
        yield from _values(item, parts[1:], f"{inner_path}[{index}]")
