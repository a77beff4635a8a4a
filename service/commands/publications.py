"""What handlers of service tasks tell the public: notices and disclosures (see `procedure.py`).

Each function writes in the step's transaction and at most once for an activation of its element,
so a handler that runs again publishes nothing twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.commands import disclosures, public_files
from service.commands.disclosures import ObjectionStanding as ObjectionStanding
from service.commands.handlers import BpmnError, TaskContext
from service.commands.notices import insert_notice, new_slug, startable_from_outside
from service.commands.objection_answers import write_answer
from service.commands.public_files import Owner, Received
from service.commands.toolbox import Toolbox
from service.domain.actors import Actor
from service.domain.disclosures import (
    UNRESOLVED,
    DisclosureNotFound,
    DisclosureText,
    ObjectionNotFound,
    ObjectionsOpen,
    ObjectionState,
    checked_answer,
    checked_disclosure,
)
from service.domain.notices import NoticeText, checked_notice
from service.store.tables import (
    Disclosure,
    Notice,
    Objection,
    ObjectionAnswer,
    ProcessInstance,
)

OBJECTIONS_OPEN = "disclosure-objections-open"
"""Code of the error event that catches what `close_disclosure` refuses."""


@dataclass(frozen=True, slots=True)
class Published:
    """Where a notice or disclosure stands: `/public/notices/<slug>`, `/public/disclosures/<slug>`.

    `key` names it to the process, as decimal text: it is what messages are correlated by, and a
    number of this size would lose digits as a variable.
    """

    key: str
    slug: str


def publish_notice(context: TaskContext, text: NoticeText) -> Published:
    """Publish a notice to the public.

    Raises FieldsInvalid, where it offers a procedure that the public may not start too.
    """
    key, session = context.element_instance_key, context.session
    known = session.scalar(select(Notice.slug).where(Notice.key == key))
    if known is not None:
        return Published(str(key), known)
    text = checked_notice(text, startable=startable_from_outside(session))
    slug = new_slug()
    insert_notice(
        session,
        key,
        slug,
        text,
        process_id=context.process_id,
        by=context.actor.username,
        now=context.now,
        instance_key=context.instance_key,
    )
    return Published(str(key), slug)


def publish_beside(
    tools: Toolbox,
    instance_key: int,
    text: NoticeText,
    *,
    files: Sequence[Received] = (),
    actor: Actor,
    now: datetime,
) -> Published:
    """Publish a notice of a case that no step of it publishes: an act on a page, or it has ended.

    `files` are public with it. The caller has locked the case, and sees to it that the notice is
    published once. Raises FieldsInvalid.
    """
    session = tools.session
    text = checked_notice(text, startable=startable_from_outside(session))
    process_id = session.scalars(
        select(ProcessInstance.process_id).where(ProcessInstance.key == instance_key)
    ).one()
    key, slug = tools.keys.next(), new_slug()
    insert_notice(
        session, key, slug, text, process_id=process_id, by=actor.username, now=now,
        instance_key=instance_key,
    )  # fmt: skip
    public_files.bind(tools, files, Owner.NOTICE, key, uploaded_by=actor.username, now=now)
    return Published(str(key), slug)


def open_disclosure(
    context: TaskContext,
    text: DisclosureText,
    *,
    message_name: str = "",
    concerns: Collection[str] = (),
) -> Published:
    """Open a public disclosure of this case.

    With a `message_name`, each objection sends that message with the disclosure's key as its
    correlation key and the variables `objection_key` and `objection_number`; the text is read by
    who has OBJECTION read on the process. The case checks it in a scope of its own that has
    `objection_key`; while it does, nobody answers it elsewhere. `concerns` are the user names of
    whom it is about: they, and who is tied to them, find no objection to it. Raises FieldsInvalid,
    for an identity number too.
    """
    key, session = context.element_instance_key, context.session
    known = session.scalar(select(Disclosure.slug).where(Disclosure.key == key))
    if known is not None:
        return Published(str(key), known)
    slug = new_slug()
    disclosures.insert_disclosure(
        session,
        key,
        slug,
        checked_disclosure(text),
        process_id=context.process_id,
        instance_key=context.instance_key,
        message_name=message_name,
        concerns=concerns,
        now=context.now,
    )
    return Published(str(key), slug)


def close_disclosure(
    context: TaskContext,
    key: str,
    *,
    conclusion: str = "",
    postponed: bool = False,
    replaces: str | None = None,
) -> None:
    """End a public disclosure of this case; `key` is that of `open_disclosure`.

    While an objection to it is not settled, it raises a BpmnError of the code `OBJECTIONS_OPEN`: a
    timer never closes over one. An error event may lead it to whoever checks the objections; where
    none catches it, an incident holds the step. `postponed` where what was disclosed is put off:
    objections answered 一时难以查实 do not hold it then. `replaces` is the provisional conclusion
    which this one takes the place of, where the page has it still. Raises DisclosureNotFound.
    """
    try:
        disclosures.close(
            context.session,
            _number(key),
            instance_key=context.instance_key,
            conclusion=conclusion,
            now=context.now,
            postponed=postponed,
            replaces=replaces,
        )
    except ObjectionsOpen as refusal:
        raise BpmnError(OBJECTIONS_OPEN, refusal.message) from refusal


def objections_of(context: TaskContext, key: str) -> list[ObjectionStanding]:
    """Return how far the objections to a disclosure of this case are, the oldest first.

    Their texts are read by who has OBJECTION read. Raises DisclosureNotFound.
    """
    _own(context, key)
    return disclosures.objections_to(context.session, _number(key))


def answer_objection(
    context: TaskContext, key: str, objection_key: str, state: ObjectionState, text: str
) -> ObjectionState:
    """Answer an objection to a disclosure of this case in the name of who completed the step.

    Returns how it stands then: one that was settled under 公示异议 before stays as it was. Raises
    DisclosureNotFound, ObjectionNotFound, FieldsInvalid.
    """
    _own(context, key)
    number, session = _number(objection_key), context.session
    standing = session.scalar(
        select(Objection.state)
        .where(Objection.key == number, Objection.disclosure_key == _number(key))
        .with_for_update()
    )
    if standing is None:
        raise ObjectionNotFound
    known = session.get(ObjectionAnswer, context.element_instance_key)
    if known is not None or ObjectionState(standing) not in UNRESOLVED:
        return ObjectionState(standing)
    write_answer(
        session,
        context.element_instance_key,
        number,
        state,
        checked_answer(text),
        context.actor,
        context.now,
    )
    return state


def lapse_objections(context: TaskContext, key: str, text: str) -> list[ObjectionStanding]:
    """End the objections to a disclosure of this case that is withdrawn, and say why to each.

    Those that are not settled are told `text` in the name of who acts, and nobody finds anything
    of them any more; returns them. Nobody objects behind it before the step is over. Raises
    DisclosureNotFound, FieldsInvalid.
    """
    _own(context, key, lock=True)
    session, said = context.session, checked_answer(text)
    open_ones = select(Objection.key).where(
        Objection.disclosure_key == _number(key), Objection.state.in_(UNRESOLVED)
    )
    keys = set(session.scalars(open_ones.order_by(Objection.key).with_for_update()))
    told = [one for one in disclosures.objections_to(session, _number(key)) if one.key in keys]
    for one in told:
        # It lapses once: its own key is free for the answer, and an answer twice is refused.
        write_answer(
            session, one.key, one.key, ObjectionState.LAPSED, said, context.actor, context.now
        )
    return told


def _own(context: TaskContext, key: str, *, lock: bool = False) -> None:
    wanted = select(Disclosure.key).where(
        Disclosure.key == _number(key), Disclosure.instance_key == context.instance_key
    )
    found = context.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise DisclosureNotFound


def _number(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and len(key) < 20 else 0
