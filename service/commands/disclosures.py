"""Public disclosures: opened and closed by the steps of a process, in the step's transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.commands.upserts import table
from service.domain.access_events import bureau_day
from service.domain.disclosures import (
    CONTENT_LIMIT,
    OBJECTION_PREFIX,
    UNRESOLVED,
    DisclosureNotFound,
    DisclosureText,
    ObjectionsOpen,
    ObjectionState,
)
from service.domain.errors import FieldsInvalid
from service.domain.plain_text import many_lines
from service.domain.receipts import receipt_number
from service.store.tables import Disclosure, DisclosureParty, Objection

_ENDED = "本次公示已终止，不作结论。"


def insert_disclosure(
    session: Session,
    key: int,
    slug: str,
    text: DisclosureText,
    *,
    process_id: str,
    instance_key: int,
    message_name: str,
    concerns: Collection[str] = (),
    now: datetime,
) -> None:
    """Insert the rows of a checked disclosure; `concerns` are user names."""
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
    about = [{"disclosure_key": key, "username": one} for one in sorted({*concerns})]
    if about:
        session.execute(insert(table(DisclosureParty)), about)


def close(
    session: Session,
    key: int,
    *,
    instance_key: int,
    conclusion: str,
    now: datetime,
    postponed: bool = False,
    replaces: str | None = None,
) -> None:
    """End a disclosure of this instance: it takes no objection any more and shows no names.

    Closing it again changes nothing, but where its conclusion is the provisional one that
    `replaces` gives: then the new one takes its place. Raises DisclosureNotFound,
    FieldsInvalid, and ObjectionsOpen while an objection is not settled: no timer passes over one.
    `postponed`: what is disclosed is put off, so objections that have been answered 一时难以查实
    do not hold it; open ones do.
    """
    said = many_lines(conclusion)
    if len(said) > CONTENT_LIMIT:
        raise FieldsInvalid({"conclusion": [f"结论最多 {CONTENT_LIMIT} 个字。"]})
    # Who objects at this moment locks the same row first.
    row = session.execute(
        select(Disclosure.closed_at, Disclosure.conclusion)
        .where(Disclosure.key == key, Disclosure.instance_key == instance_key)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise DisclosureNotFound
    if row.closed_at is not None and (replaces is None or row.conclusion != replaces):
        return
    holding = (ObjectionState.OPEN,) if postponed else UNRESOLVED
    if count := sum(one.state in holding for one in objections_to(session, key)):
        raise ObjectionsOpen(count=count)
    session.execute(
        update(table(Disclosure))
        .where(Disclosure.key == key)
        .values(closed_at=row.closed_at or now, conclusion=said)
    )


def close_ended(session: Session, instance_keys: Collection[int], *, now: datetime) -> None:
    """End what these instances disclose, which are ended from outside: nobody would answer.

    Raises ObjectionsOpen while an objection is not settled.
    """
    rows = session.execute(
        select(Disclosure.key, Disclosure.instance_key)
        .where(Disclosure.instance_key.in_(instance_keys), Disclosure.closed_at.is_(None))
        .order_by(Disclosure.key)
    ).all()
    for row in rows:
        close(session, row.key, instance_key=row.instance_key, conclusion=_ENDED, now=now)


@dataclass(frozen=True, slots=True)
class ObjectionStanding:
    """How far one objection is; its text and who wrote it are read elsewhere."""

    key: int
    state: ObjectionState
    submitted_at: datetime
    received_on: date
    """The day in Beijing that its terms count from: that of the paper, where it came on paper."""

    @property
    def number(self) -> str:
        """What is on the receipt."""
        return receipt_number(OBJECTION_PREFIX, self.key)


def objections_to(session: Session, key: int) -> list[ObjectionStanding]:
    """Return the objections to a disclosure, the oldest first."""
    rows = session.execute(
        select(Objection.key, Objection.state, Objection.submitted_at, Objection.received_on)
        .where(Objection.disclosure_key == key)
        .order_by(Objection.key)
    )
    return [
        ObjectionStanding(
            row.key,
            ObjectionState(row.state),
            row.submitted_at,
            row.received_on or bureau_day(row.submitted_at),
        )
        for row in rows
    ]
