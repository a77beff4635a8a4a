"""Objections that are handed in on paper: entered by who answers objections, with day and scan.

They hold the disclosure like any other. Who hands one in gets the same receipt, printed.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from service.commands import case_acts, objections, public_files
from service.commands.objections import Paper, Place, Receipt
from service.commands.public_files import Sent
from service.commands.rooms import Rooms
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
from service.domain.access_events import bureau_day
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.dates import said_day
from service.domain.disclosures import (
    ATTACHMENT_LIMIT,
    DisclosureNotFound,
    ObjectionText,
    PaperTooLate,
    checked_objection,
    checked_receipt_day,
)
from service.domain.errors import FieldsInvalid
from service.store import objection_turns
from service.store.authorization import granted
from service.store.tables import Disclosure


def register(
    rooms: Rooms,
    disclosure_key: int,
    text: ObjectionText,
    *,
    received_on: date | None,
    form: str,
    files: Sequence[Sent],
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Enter an objection that came on paper on a day of the disclosure, committed when it returns.

    By who has OBJECTION act on its process and is tied to nobody it is about. `form` names the page
    it was typed in: sent twice by one person, it makes one objection. At least one file, the scan.
    Raises DisclosureNotFound, PaperTooLate where the disclosure is closed, FieldsInvalid, and what
    `documents.upload` raises for a file.
    """
    with rooms.write() as tools:
        _place(tools, disclosure_key, actor)
    written = checked_objection(text)
    if not 1 <= len(files) <= ATTACHMENT_LIMIT:
        told = f"请上传书面异议的扫描件或者照片，最多 {ATTACHMENT_LIMIT} 个。"
        raise FieldsInvalid({"files": [told]})
    own = f"{actor.username}:{form}"
    with public_files.received(rooms, files) as received, rooms.write() as tools:
        place, instance_key, days = _place(tools, disclosure_key, actor)
        if (before := objections.entered_before(tools, own)) is not None:
            public_files.discard(rooms, received)
            return before
        day = checked_receipt_day(received_on, *days, today=bureau_day(now))
        receipt = objections.enter(
            tools,
            place,
            written,
            form=own,
            files=received,
            paper=Paper(day, actor.username),
            now=now,
        )
        case_acts.note_act(
            tools,
            instance_key,
            f"登记书面异议 {receipt.number}，{said_day(day)}收到",
            actor=actor,
            now=now,
        )
    return receipt


def _place(tools: Toolbox, key: int, actor: Actor) -> tuple[Place, int, tuple[date, date]]:
    """Lock the disclosure behind its case; say what it is, whose, and its days."""
    statement = select(
        Disclosure.instance_key,
        Disclosure.message_name,
        Disclosure.begins_on,
        Disclosure.ends_on,
        Disclosure.closed_at,
    ).where(
        Disclosure.key == key,
        granted(actor, ObjectKind.OBJECTION, Action.ACT, Disclosure.process_id),
        objection_turns.unconcerned(tools.session, actor),
    )
    row = tools.session.execute(statement).one_or_none() if is_key(key) else None
    if row is None:
        raise DisclosureNotFound
    case_acts.lock_case(tools, row.instance_key)
    row = tools.session.execute(statement.with_for_update(of=Disclosure)).one()
    if row.closed_at is not None:
        raise PaperTooLate
    return Place(key, row.message_name), row.instance_key, (row.begins_on, row.ends_on)
