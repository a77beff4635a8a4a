"""What is known of the files that forms name."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.store.authorization import visible_documents
from service.store.tables import Document


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """One file; `size` in bytes, `media_type` told from its content."""

    key: int
    file_name: str
    media_type: str
    size: int


def of_forms(
    session: Session, *, actor: Actor, subject_key: int, instance_key: int | None
) -> tuple[DocumentFact, ...]:
    """Return the visible files of a case and those the actor uploaded for this form; at most 500.

    `subject_key` is the user task's key, or a process definition's for a start form.
    """
    mine = (Document.subject_key == subject_key) & (Document.uploaded_by == actor.username)
    whose = mine if instance_key is None else or_(mine, Document.instance_key == instance_key)
    rows = session.execute(
        select(Document.key, Document.file_name, Document.media_type, Document.size)
        .where(whose, visible_documents(actor))
        .order_by(Document.key)
        .limit(500)
    )
    return tuple(DocumentFact(*row) for row in rows)
