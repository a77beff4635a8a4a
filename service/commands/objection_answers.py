"""Answering objections to public disclosures: by who has OBJECTION act on the process.

Where the disclosure's process hears of objections, the case checks them, and its own step answers.
What it cannot hear or settle in time is answered here by who has the task of the case that asks for
it, and the case's history keeps what was found and how. Who is tied to somebody whom the disclosure
is about finds no objection to it.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.commands import access_log, case_acts
from service.commands.objections import sender_place
from service.commands.rooms import Rooms
from service.commands.submissions import is_key
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.access_events import AccessKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.disclosures import (
    ANSWERS,
    OBJECTION_PREFIX,
    UNRESOLVED,
    ObjectionAnswered,
    ObjectionAwaitsTask,
    ObjectionInCheck,
    ObjectionNotFound,
    ObjectionsForbidden,
    ObjectionState,
    checked_answer,
    checked_record,
)
from service.domain.errors import FieldsInvalid
from service.domain.receipts import receipt_number
from service.store import objection_turns
from service.store.authorization import granted
from service.store.tables import Disclosure, Objection, ObjectionAnswer, Person

_BATCH = 200
"""Rows a transaction that are sealed with another key."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote an objection, as far as they said."""

    name: str
    contact: str


def answer(
    tools: Toolbox,
    objection_key: int,
    *,
    state: ObjectionState,
    record: str,
    text: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write how the check ended, and what who objected reads; UNSETTLED may be followed by more.

    `record` is how it was checked and what was found: the history of the case keeps it. Raises
    ObjectionNotFound, ObjectionsForbidden, ObjectionAnswered, ObjectionInCheck while a step of the
    case checks it, ObjectionAwaitsTask where the actor has no task of the case for it,
    FieldsInvalid.
    """
    found = checked_record(record)
    said = checked_answer(text)
    if state not in ANSWERS:
        raise FieldsInvalid({"state": ["请选择核查结论。"]})
    row = _objection(tools, objection_key, actor)
    if row.state not in UNRESOLVED:
        raise ObjectionAnswered(who=_last_answerer(tools, objection_key))
    if row.heard_by_process:
        _require_turn(tools, row.instance_key, objection_key, actor)
    write_answer(tools.session, tools.keys.next(), objection_key, state, said, actor, now)
    number = receipt_number(OBJECTION_PREFIX, objection_key)
    case_acts.note_act(
        tools,
        row.instance_key,
        f"答复公示异议 {number}：{state.label}。核查情况：{found}",
        actor=actor,
        now=now,
    )


def write_answer(
    session: Session,
    key: int,
    objection_key: int,
    state: ObjectionState,
    text: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write a checked answer to a locked objection that waits for one; `key` is the answer's."""
    session.execute(
        update(table(Objection)).where(Objection.key == objection_key).values(state=state)
    )
    written = {
        "key": key,
        "objection_key": objection_key,
        "state": state,
        "text": text,
        "answered_by": actor.username,
        "answered_at": now,
    }
    session.execute(insert(table(ObjectionAnswer)), [written])


def reveal_sender(
    tools: Toolbox, objection_key: int, *, reason: str, actor: Actor, now: datetime
) -> Sender:
    """Return who wrote an objection, and record who read that and why.

    Needs OBJECTION act. Raises ObjectionNotFound, ObjectionsForbidden, FieldsInvalid without a
    reason, DataKeyMissing, SealBroken.
    """
    said = " ".join(reason.split())[:200]
    if len(said) < 2:
        raise FieldsInvalid({"reason": ["请写明查看的理由（2 至 200 字），它会记入访问日志。"]})
    row = _objection(tools, objection_key, actor)
    if row.sealed_sender is None:
        return Sender("", "")
    content = json.loads(tools.data_keys.open(row.sealed_sender, sender_place(objection_key)))
    access_log.record(
        tools,
        AccessKind.PERSONAL_DATA_READ,
        actor=actor,
        reference=receipt_number(OBJECTION_PREFIX, objection_key),
        details={"field": "objection-sender", "reason": said},
        now=now,
    )
    return Sender(content["name"], content["contact"])


def rotate_key(rooms: Rooms) -> int:
    """Seal with the newest key who wrote objections, where an older one did; return how many.

    As `personal_data.rotate_key`: small transactions, to be started again where it stopped.
    """
    sealed, after = 0, 0
    while True:
        with rooms.write() as tools:
            rows = tools.session.execute(
                select(Objection.key, Objection.sealed_sender)
                .where(Objection.key > after, Objection.sealed_sender.is_not(None))
                .order_by(Objection.key)
                .limit(_BATCH)
                .with_for_update()
            ).all()
            for key, text in rows:
                sealed += _sealed_again(tools, key, text)
        if not rows:
            return sealed
        after = rows[-1].key


def _sealed_again(tools: Toolbox, key: int, sealed: str | None) -> bool:
    if sealed is None or tools.data_keys.is_newest(sealed):
        return False
    place = sender_place(key)
    anew = tools.data_keys.seal(tools.data_keys.open(sealed, place), place)
    tools.session.execute(
        update(table(Objection)).where(Objection.key == key).values(sealed_sender=anew)
    )
    return True


@dataclass(frozen=True, slots=True)
class _Found:
    state: ObjectionState
    sealed_sender: str | None
    instance_key: int
    heard_by_process: bool


def _objection(tools: Toolbox, key: int, actor: Actor) -> _Found:
    """Lock an objection that the actor may answer, behind the case of its disclosure."""
    if not is_key(key):
        raise ObjectionNotFound
    statement = (
        select(
            Objection.state,
            Objection.sealed_sender,
            Disclosure.instance_key,
            Disclosure.message_name,
            granted(actor, ObjectKind.OBJECTION, Action.READ, Disclosure.process_id).label("read"),
            granted(actor, ObjectKind.OBJECTION, Action.ACT, Disclosure.process_id).label("act"),
        )
        .join(Disclosure, Disclosure.key == Objection.disclosure_key)
        .where(Objection.key == key, objection_turns.unconcerned(tools.session, actor))
    )
    row = tools.session.execute(statement).one_or_none()
    if row is None or not (row.read or row.act):
        raise ObjectionNotFound
    if not row.act:
        raise ObjectionsForbidden
    # A step of the case has this lock first, too.
    case_acts.lock_case(tools, row.instance_key)
    row = tools.session.execute(statement.with_for_update(of=Objection)).one()
    state = ObjectionState(row.state)
    return _Found(state, row.sealed_sender, row.instance_key, bool(row.message_name))


def _require_turn(tools: Toolbox, instance_key: int, objection_key: int, actor: Actor) -> None:
    session = tools.session
    if objection_turns.is_checked(session, instance_key, objection_key):
        raise ObjectionInCheck
    if objection_turns.answering_task(session, instance_key, actor.username) is None:
        raise ObjectionAwaitsTask


def _last_answerer(tools: Toolbox, key: int) -> str:
    row = tools.session.execute(
        select(ObjectionAnswer.answered_by, Person.display_name)
        .outerjoin(Person, Person.username == ObjectionAnswer.answered_by)
        .where(ObjectionAnswer.objection_key == key)
        .order_by(ObjectionAnswer.answered_at.desc(), ObjectionAnswer.key.desc())
        .limit(1)
    ).one_or_none()
    return "" if row is None else row.display_name or row.answered_by
