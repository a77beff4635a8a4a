"""What designers work on between two versions."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base


class WorkingCopy(Base):
    """A process, decision or form that is being changed: one a design, shared by its designers.

    Its content need not be a diagram, nor XML or JSON at all: what is saved is never refused for
    what it says.
    """

    __tablename__ = "working_copy"
    __table_args__ = (UniqueConstraint("kind", "resource_id"),)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    """process, decision or form."""
    resource_id: Mapped[str]
    """The id of the process, decision or form it was opened as."""
    name: Mapped[str]
    file_name: Mapped[str]
    content: Mapped[str]
    base_version: Mapped[int | None]
    """The version that was changed; None for what has none yet."""
    revision: Mapped[int]
    edited_at: Mapped[datetime]
    edited_by: Mapped[str]
