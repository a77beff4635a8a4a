"""Public disclosures: opened and closed by the steps of a process, in the step's transaction."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from service.commands.upserts import table
from service.domain.disclosures import (
    CONTENT_LIMIT,
    UNRESOLVED,
    DisclosureNotFound,
    DisclosureText,
    ObjectionsOpen,
)
from service.domain.errors import FieldsInvalid
from service.domain.notices import many_lines
from service.store.tables import Disclosure, Objection


def insert_disclosure(
    session: Session,
    key: int,
    slug: str,
    text: DisclosureText,
    *,
    process_id: str,
    instance_key: int,
    message_name: str,
    now: datetime,
) -> None:
    """Insert the row of a checked disclosure."""
    row = {
        "key": key,
        "slug": slug,
        "process_id": process_id,
        "instance_key": instance_key,
        "title": text.title,
        "content": text.content,
        "items": [{"name": i.name, "post": i.post, "unit": i.unit} for i in text.items],
        "begins_on": text.begins_on,
        "ends_on": text.ends_on,
        "message_name": message_name,
        "opened_at": now,
        "closed_at": None,
        "conclusion": None,
    }
    session.execute(insert(table(Disclosure)), [row])


def close(session: Session, key: int, *, instance_key: int, conclusion: str, now: datetime) -> None:
    """End a disclosure of this instance: it takes no objection any more and shows no names.

    Closing it again changes nothing. Raises DisclosureNotFound, FieldsInvalid, and ObjectionsOpen
    while an objection is not settled: no timer passes over one.
    """
    said = many_lines(conclusion)
    if len(said) > CONTENT_LIMIT:
        raise FieldsInvalid({"conclusion": [f"结论最多 {CONTENT_LIMIT} 个字。"]})
    # Who objects at this moment locks the same row first.
    row = session.execute(
        select(Disclosure.closed_at)
        .where(Disclosure.key == key, Disclosure.instance_key == instance_key)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise DisclosureNotFound
    if row.closed_at is not None:
        return
    if count := unresolved(session, key):
        raise ObjectionsOpen(count=count)
    session.execute(
        update(table(Disclosure))
        .where(Disclosure.key == key)
        .values(closed_at=now, conclusion=said)
    )


def unresolved(session: Session, key: int) -> int:
    """Return how many objections to a disclosure wait for their answer."""
    counted = select(func.count()).where(
        Objection.disclosure_key == key, Objection.state.in_(UNRESOLVED)
    )
    return session.execute(counted).scalar_one()
