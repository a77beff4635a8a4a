"""What an office has set of the deadlines of a procedure and its steps, without its diagram."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.store.base import Base, JsonText


class DeadlineSetting(Base):
    """One version of what was set; the newest counts, older ones stay as they were."""

    __tablename__ = "deadline_setting"
    __table_args__ = (
        Index("ix_deadline_setting_version", "process_id", "element_id", "version", unique=True),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    process_id: Mapped[str]
    element_id: Mapped[str]
    """Empty: of all steps of the procedure."""
    version: Mapped[int]
    texts: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """Texts by `service.domain.deadline_settings.Field`; none at all: as the diagram has it."""
    reason: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
