"""Who acts for somebody who is away."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base


class Deputy(Base):
    """One agreement: the deputy acts for the principal in [starts_at, ends_at)."""

    __tablename__ = "deputy"
    __table_args__ = (
        Index("ix_deputy_deputy", "deputy", "ends_at"),
        Index("ix_deputy_principal", "principal", "ends_at"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    principal: Mapped[str] = mapped_column(ForeignKey("person.username"))
    deputy: Mapped[str] = mapped_column(ForeignKey("person.username"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Moved to the moment at which it was ended early."""
    process_ids: Mapped[list[str]]
    """Ids of procedures; empty: all."""
    covers_open: Mapped[bool]
    """Tasks that came before it begins are meant too."""
    appointed_at: Mapped[datetime]
    appointed_by: Mapped[str]
    ended_by: Mapped[str | None]
    """Who ended it early."""
