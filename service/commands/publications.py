"""What handlers of service tasks tell the public: notices and disclosures (see `procedure.py`).

Each function writes in the step's transaction and at most once for an activation of its element,
so a handler that runs again publishes nothing twice.
"""

from dataclasses import dataclass

from sqlalchemy import select

from service.commands import disclosures
from service.commands.handlers import BpmnError, TaskContext
from service.commands.notices import insert_notice, new_slug, startable_from_outside
from service.domain.disclosures import DisclosureText, ObjectionsOpen, checked_disclosure
from service.domain.notices import NoticeText, checked_notice
from service.store.tables import Disclosure, Notice

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


def open_disclosure(
    context: TaskContext, text: DisclosureText, *, message_name: str = ""
) -> Published:
    """Open a public disclosure of this case.

    With a `message_name`, each objection sends that message with the disclosure's key as its
    correlation key and the variables `objection_key` and `objection_number`; the text is read by
    who has OBJECTION read on the process. Raises FieldsInvalid, for an identity number too.
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
        now=context.now,
    )
    return Published(str(key), slug)


def close_disclosure(context: TaskContext, key: str, *, conclusion: str = "") -> None:
    """End a public disclosure of this case; `key` is that of `open_disclosure`.

    While an objection to it is not settled, it raises a BpmnError of the code `OBJECTIONS_OPEN`: a
    timer never closes over one. An error event may lead it to whoever checks the objections; where
    none catches it, an incident holds the step. Raises DisclosureNotFound.
    """
    try:
        disclosures.close(
            context.session,
            int(key) if key.isascii() and key.isdigit() and len(key) < 20 else 0,
            instance_key=context.instance_key,
            conclusion=conclusion,
            now=context.now,
        )
    except ObjectionsOpen as refusal:
        raise BpmnError(OBJECTIONS_OPEN, refusal.message) from refusal
