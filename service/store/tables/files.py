"""Files that people attach to forms."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base


class Document(Base):
    """One uploaded file; the bytes lie outside the web root under `storage_name`."""

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_instance_key", "instance_key"),
        Index("ix_document_subject_key", "subject_key", "uploaded_by"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    storage_name: Mapped[str] = mapped_column(unique=True)
    file_name: Mapped[str]
    """As the person named it, for showing; no path is ever made of it."""
    media_type: Mapped[str]
    """Told from the content."""
    size: Mapped[int]
    """Bytes."""
    sha256: Mapped[str]
    field: Mapped[str]
    """Key of the form field it was chosen for."""
    subject_key: Mapped[int]
    """The user task, or the process definition of a start form, it was uploaded for."""
    instance_key: Mapped[int | None]
    """Set when the form was submitted; until then only who uploaded it sees it."""
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]
