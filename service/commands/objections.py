"""Objections to public disclosures: submitted by whoever, looked up by who has the receipt.

Nobody has to say who they are. What a person says of themselves is encrypted; the address of the
network is used for the limits alone and kept nowhere beside the objection.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select

from service.commands import messages, public_files, rate_limits
from service.commands.peppers import Purpose, hashed
from service.commands.public_files import NOBODY, Owner, Received, Sent
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.access_events import bureau_day
from service.domain.actors import SYSTEM
from service.domain.dates import said_day
from service.domain.disclosures import (
    ATTACHMENT_LIMIT,
    LOOKUPS_PER_ADDRESS,
    LOOKUPS_PER_RECEIPT,
    OBJECTION_PREFIX,
    OBJECTIONS_OVERALL,
    OBJECTIONS_PER_ADDRESS,
    DisclosureNotFound,
    DisclosureOver,
    ObjectionState,
    ObjectionText,
    ReceiptRefused,
    checked_objection,
    takes_objections,
)
from service.domain.errors import FieldsInvalid
from service.domain.receipts import key_of, plain_secret, receipt_number, secret_word
from service.store.objection_turns import KEY_VARIABLE, NUMBER_VARIABLE
from service.store.tables import Disclosure, Objection, ObjectionAnswer

KEPT_FOR_PROCESS = timedelta(days=366)
"""How long the message about an objection waits for a process that does not wait for it yet."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What opens the answer: both are shown once, to who submitted."""

    number: str
    secret: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of an objection, for who has its receipt."""

    number: str
    disclosure_title: str
    disclosure_slug: str
    text: str
    state: ObjectionState
    submitted_at: datetime
    answers: tuple["Answer", ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, without who wrote it."""

    state: ObjectionState
    text: str
    at: datetime


def submit(
    rooms: Rooms,
    slug: str,
    text: ObjectionText,
    *,
    form: str,
    files: Sequence[Sent] = (),
    address: str,
    now: datetime,
) -> Receipt:
    """Take an objection, committed when this returns; tell its process where it listens.

    `form` names the page it was written in: sent twice, it makes one objection and gives the same
    receipt. `address` is where the request came from. Raises DisclosureNotFound, DisclosureOver,
    FieldsInvalid, TooOften, and what `documents.upload` raises for a file.
    """
    text = checked_objection(text)
    if len(files) > ATTACHMENT_LIMIT:
        raise FieldsInvalid({"files": [f"附件最多 {ATTACHMENT_LIMIT} 个。"]})
    with public_files.received(rooms, files) as received, rooms.write() as tools:
        # The disclosure's row is locked: it is not closed while an objection comes in.
        place = _open_disclosure(tools, slug, now)
        if (before := entered_before(tools, form)) is not None:
            public_files.discard(rooms, received)
            return before
        rate_limits.take(tools, OBJECTIONS_PER_ADDRESS, address, now)
        rate_limits.take(tools, OBJECTIONS_OVERALL, slug, now)
        return enter(tools, place, text, form=form, files=received, now=now)


def enter(
    tools: Toolbox,
    place: "Place",
    text: ObjectionText,
    *,
    form: str,
    files: Sequence[Received],
    paper: "Paper | None" = None,
    now: datetime,
) -> Receipt:
    """Write a checked objection to a locked disclosure, and tell the process that listens."""
    key = tools.keys.next()
    receipt = _receipt(tools, key, form)
    row = {
        "key": key,
        "disclosure_key": place.key,
        "form_hash": hashed(tools, Purpose.OBJECTION, "form", form),
        "secret_hash": _secret_hash(tools, key, receipt.secret),
        "text": text.text,
        "sealed_sender": _sealed(tools, key, text),
        "state": ObjectionState.OPEN,
        "submitted_at": now,
        "received_on": None if paper is None else paper.received_on,
        "registered_by": None if paper is None else paper.registered_by,
    }
    tools.session.execute(insert(table(Objection)), [row])
    by = NOBODY if paper is None else paper.registered_by
    public_files.bind(tools, files, Owner.OBJECTION, key, uploaded_by=by, now=now)
    if place.message_name:
        _tell_process(tools, place, key, receipt.number, now)
    return receipt


def entered_before(tools: Toolbox, form: str) -> Receipt | None:
    """Return the receipt of the objection that this form made, where it made one."""
    key = tools.session.scalar(
        select(Objection.key).where(
            Objection.form_hash == hashed(tools, Purpose.OBJECTION, "form", form)
        )
    )
    return None if key is None else _receipt(tools, key, form)


def look_up(rooms: Rooms, number: str, secret: str, *, address: str, now: datetime) -> Progress:
    """Return what became of an objection. Raises ReceiptRefused, TooOften.

    A wrong try is counted although it is refused; it tells nothing of whether the number exists.
    """
    with rooms.write() as tools:
        found = _looked_up(tools, number, secret, address, now)
    if found is None:
        raise ReceiptRefused
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """A locked disclosure that takes an objection."""

    key: int
    message_name: str


@dataclass(frozen=True, slots=True)
class Paper:
    """When an objection was handed in on paper (a day in Beijing), and who entered it."""

    received_on: date
    registered_by: str


def _open_disclosure(tools: Toolbox, slug: str, now: datetime) -> Place:
    row = tools.session.execute(
        select(
            Disclosure.key,
            Disclosure.begins_on,
            Disclosure.ends_on,
            Disclosure.closed_at,
            Disclosure.message_name,
        )
        .where(Disclosure.slug == slug)
        .with_for_update()
    ).one_or_none()
    today = bureau_day(now)
    if row is None or row.begins_on > today:
        raise DisclosureNotFound
    closed = row.closed_at is not None
    if not takes_objections(row.begins_on, row.ends_on, closed=closed, today=today):
        raise DisclosureOver(
            reason="已经结束" if closed else f"的期限到{said_day(row.ends_on)}为止"
        )
    return Place(row.key, row.message_name)


def _receipt(tools: Toolbox, key: int, form: str) -> Receipt:
    """The secret follows from the form: who sends it again is shown the same one."""
    word = hashed(tools, Purpose.OBJECTION, "secret", str(key), form)
    return Receipt(receipt_number(OBJECTION_PREFIX, key), secret_word(bytes.fromhex(word)))


def _secret_hash(tools: Toolbox, key: int, secret: str) -> str:
    return hashed(tools, Purpose.OBJECTION, "kept", str(key), plain_secret(secret))


def _sealed(tools: Toolbox, key: int, text: ObjectionText) -> str | None:
    if not (text.name or text.contact):
        return None
    content = json.dumps({"name": text.name, "contact": text.contact})
    return tools.data_keys.seal(content, sender_place(key))


def sender_place(key: int) -> str:
    """Return what the sender of an objection is bound to when it is sealed."""
    return f"objection:{key}"


def _tell_process(tools: Toolbox, place: Place, key: int, number: str, now: datetime) -> None:
    messages.publish(
        tools,
        place.message_name,
        correlation_key=str(place.key),
        time_to_live=KEPT_FOR_PROCESS,
        variables={KEY_VARIABLE: str(key), NUMBER_VARIABLE: number},
        actor=SYSTEM,
        now=now,
    )


def _looked_up(
    tools: Toolbox, number: str, secret: str, address: str, now: datetime
) -> Progress | None:
    key = key_of(OBJECTION_PREFIX, number[:100])
    rate_limits.require_room(tools, LOOKUPS_PER_ADDRESS, address, now)
    rate_limits.require_room(tools, LOOKUPS_PER_RECEIPT, str(key), now)
    row = tools.session.execute(
        select(Objection, Disclosure.title, Disclosure.slug)
        .join(Disclosure, Disclosure.key == Objection.disclosure_key)
        .where(Objection.key == (key or 0))
    ).one_or_none()
    kept = "" if row is None else row[0].secret_hash
    right = hmac.compare_digest(kept, _secret_hash(tools, key or 0, secret[:100]))
    if row is None or not right:
        rate_limits.take(tools, LOOKUPS_PER_ADDRESS, address, now)
        rate_limits.take(tools, LOOKUPS_PER_RECEIPT, str(key), now)
        return None
    objection: Objection = row[0]
    return Progress(
        number=receipt_number(OBJECTION_PREFIX, objection.key),
        disclosure_title=row.title,
        disclosure_slug=row.slug,
        text=objection.text,
        state=ObjectionState(objection.state),
        submitted_at=objection.submitted_at,
        answers=_answers(tools, objection.key),
    )


def _answers(tools: Toolbox, key: int) -> tuple[Answer, ...]:
    rows = tools.session.execute(
        select(ObjectionAnswer.state, ObjectionAnswer.text, ObjectionAnswer.answered_at)
        .where(ObjectionAnswer.objection_key == key)
        .order_by(ObjectionAnswer.answered_at, ObjectionAnswer.key)
    )
    return tuple(Answer(ObjectionState(state), text, at) for state, text, at in rows)
