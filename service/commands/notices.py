"""Notices to the public: published by who has NOTICE act, or by a step of a process; withdrawn.

Which procedures may be applied for from outside is asked in `offers`.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.commands import public_files
from service.commands.public_files import Owner, Sent
from service.commands.rooms import Rooms
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.accounts import OUTSIDER
from service.domain.actors import Actor
from service.domain.authorization import ALL, Action, ObjectKind
from service.domain.disclosures import holds_identity_number, holds_mobile
from service.domain.errors import FieldsInvalid
from service.domain.notices import (
    ATTACHMENT_LIMIT,
    REASON_LIMIT,
    Choice,
    NoticeNotFound,
    NoticeOfCase,
    NoticesForbidden,
    NoticeText,
    NoticeWithdrawn,
    checked_notice,
)
from service.domain.plain_text import one_line
from service.store.authorization import granted, holds, may_start
from service.store.tables import Notice, NoticeProcedure, Person, ProcessDefinition, Resource


def publish(
    rooms: Rooms,
    text: NoticeText,
    *,
    process_id: str = ALL,
    files: Sequence[Sent] = (),
    actor: Actor,
    now: datetime,
) -> str:
    """Publish a notice, committed when this returns; returns the slug of its public address.

    `process_id` is the procedure it is about (`ALL`: none in particular); the actor needs NOTICE
    act on it and on each procedure that the notice offers. Raises NoticesForbidden, FieldsInvalid,
    and what `documents.upload` raises for a file.
    """
    with rooms.read() as session:
        _require_right(session, actor, process_id, text.procedures)
        text = checked_notice(text, startable=startable_from_outside(session))
    if len(files) > ATTACHMENT_LIMIT:
        raise FieldsInvalid({"files": [f"附件最多 {ATTACHMENT_LIMIT} 个。"]})
    with public_files.received(rooms, files) as received, rooms.write() as tools:
        _require_right(tools.session, actor, process_id, text.procedures)
        key, slug = tools.keys.next(), new_slug()
        insert_notice(
            tools.session, key, slug, text, process_id=process_id, by=actor.username, now=now
        )
        public_files.bind(tools, received, Owner.NOTICE, key, uploaded_by=actor.username, now=now)
    return slug


def withdraw(tools: Toolbox, notice_key: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a notice down at once; what it offered can no longer be applied for by it.

    Its page says so from then on, with the reason. What a case has published is put right by the
    case alone. Raises NoticeNotFound, NoticeOfCase, NoticeWithdrawn, FieldsInvalid.
    """
    if not is_key(notice_key):
        raise NoticeNotFound
    row = tools.session.execute(
        select(
            Notice.withdrawn_by,
            Notice.instance_key,
            Person.display_name,
            granted(actor, ObjectKind.NOTICE, Action.ACT, Notice.process_id).label("allowed"),
        )
        .outerjoin(Person, Person.username == Notice.withdrawn_by)
        .where(Notice.key == notice_key)
        .with_for_update(of=Notice)
    ).one_or_none()
    if row is None or not row.allowed:
        raise NoticeNotFound
    if row.withdrawn_by is not None:
        raise NoticeWithdrawn(who=row.display_name or row.withdrawn_by)
    if row.instance_key is not None:
        raise NoticeOfCase
    why = _checked_reason(reason)
    tools.session.execute(
        update(table(Notice))
        .where(Notice.key == notice_key)
        .values(withdrawn_by=actor.username, withdrawn_at=now, withdrawn_for=why)
    )


def _checked_reason(reason: str) -> str:
    """Return why a notice is withdrawn as its page tells the public. Raises FieldsInvalid."""
    kept = one_line(reason)
    if not kept:
        raise FieldsInvalid({"reason": ["请写明撤下的理由，公众会看到。"]})
    if len(kept) > REASON_LIMIT:
        raise FieldsInvalid({"reason": [f"理由最多 {REASON_LIMIT} 个字，现在有 {len(kept)} 个。"]})
    if holds_identity_number(kept) or holds_mobile(kept):
        raise FieldsInvalid({"reason": ["理由会公开，不能写身份证号和手机号。"]})
    return kept


def any_published(session: Session) -> bool:
    """Tell whether there ever was a notice."""
    return session.execute(select(Notice.key).limit(1)).first() is not None


def startable_from_outside(session: Session) -> frozenset[str]:
    """Return the ids of the deployed processes that the group of the public may start."""
    statement = (
        select(ProcessDefinition.process_id)
        .join(Resource, Resource.key == ProcessDefinition.resource_key)
        .where(Resource.deleted_at.is_(None), may_start(OUTSIDER))
        .distinct()
    )
    return frozenset(session.scalars(statement))


def insert_notice(
    session: Session,
    key: int,
    slug: str,
    text: NoticeText,
    *,
    process_id: str,
    by: str,
    now: datetime,
    instance_key: int | None = None,
) -> None:
    """Insert the rows of a checked notice."""
    row = {
        "key": key,
        "slug": slug,
        "process_id": process_id,
        "title": text.title,
        "body": text.body,
        "opens_at": text.opens_at,
        "closes_at": text.closes_at,
        "published_by": by,
        "published_at": now,
        "withdrawn_by": None,
        "withdrawn_at": None,
        "withdrawn_for": None,
        "instance_key": instance_key,
    }
    session.execute(insert(table(Notice)), [row])
    if text.procedures:
        offered = [
            {
                "notice_key": key,
                "process_id": process,
                "choices": [_as_json(one) for one in text.choices if one.process_id == process],
            }
            for process in text.procedures
        ]
        session.execute(insert(table(NoticeProcedure)), offered)


def new_slug() -> str:
    """Return 72 random bits for an address, letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(9)


def _as_json(choice: Choice) -> dict[str, str]:
    return {"field": choice.field, "value": choice.value, "label": choice.label}


def _require_right(
    session: Session, actor: Actor, process_id: str, procedures: Sequence[str]
) -> None:
    for wanted in dict.fromkeys((process_id, *procedures)):
        if not holds(session, actor, ObjectKind.NOTICE, Action.ACT, wanted):
            raise NoticesForbidden
