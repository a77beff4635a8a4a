"""What a case made public, and the objections to it: they go with the case's content.

What was published by hand belongs to no case: it is the bureau's record of what it made public, and
stays.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from service.commands.public_files import Owner
from service.commands.upserts import rows_changed, table
from service.domain.actors import Actor
from service.domain.retention import ERASED
from service.store.tables import (
    Disclosure,
    DisclosureParty,
    Document,
    Notice,
    Objection,
    ObjectionAnswer,
    PublicDocument,
)


def erase(session: Session, instance_key: int, *, actor: Actor, now: datetime) -> int:
    """Erase the words, names and files of a case's notices, disclosures and objections.

    A notice that is still open is withdrawn. What remains is that there was one, when, and how an
    objection ended. Returns how many files went.
    """
    notices, disclosures = table(Notice), table(Disclosure)
    of_case = notices.c.instance_key == instance_key
    withdrawn = {"withdrawn_at": now, "withdrawn_by": actor.username}
    session.execute(
        update(notices).where(of_case, notices.c.withdrawn_at.is_(None)).values(withdrawn)
    )
    session.execute(update(notices).where(of_case).values(title=ERASED, body=""))
    session.execute(
        update(disclosures)
        .where(disclosures.c.instance_key == instance_key)
        .values(title=ERASED, content="", items=[], conclusion=None)
    )
    disclosed = select(Disclosure.key).where(Disclosure.instance_key == instance_key)
    session.execute(
        delete(table(DisclosureParty)).where(DisclosureParty.disclosure_key.in_(disclosed))
    )
    objected = select(Objection.key).where(Objection.disclosure_key.in_(disclosed))
    session.execute(
        update(table(Objection))
        .where(Objection.key.in_(objected))
        .values(text=ERASED, sealed_sender=None)
    )
    session.execute(
        update(table(ObjectionAnswer))
        .where(ObjectionAnswer.objection_key.in_(objected))
        .values(text=ERASED)
    )
    published = select(Notice.key).where(Notice.instance_key == instance_key)
    return _erase_files(
        session,
        or_(
            and_(
                PublicDocument.owner_kind == Owner.NOTICE, PublicDocument.owner_key.in_(published)
            ),
            and_(
                PublicDocument.owner_kind == Owner.OBJECTION,
                PublicDocument.owner_key.in_(objected),
            ),
        ),
    )


def _erase_files(session: Session, belongs: ColumnElement[bool]) -> int:
    keys = session.scalars(select(PublicDocument.document_key).where(belongs)).all()
    if keys:
        session.execute(delete(table(PublicDocument)).where(belongs))
    return rows_changed(session, delete(table(Document)).where(Document.key.in_(keys)))
