"""Personal data of accounts, encrypted; links by which somebody gives an account its password."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import KEYED_BY_ITSELF, Base


class PersonalDatum(Base):
    """One value of one person: an ID number, a mobile number, a mail address."""

    __tablename__ = "personal_datum"
    __table_args__ = KEYED_BY_ITSELF

    username: Mapped[str] = mapped_column(ForeignKey("person.username"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    """See `service.domain.personal_data.PersonalKind`."""
    sealed: Mapped[str]
    """See `service.store.sealing`."""
    lookup: Mapped[str] = mapped_column(unique=True)
    """Keyed hash of the value with its kind and the kind of person: one account has it at most."""
    changed_at: Mapped[datetime]


class PasswordLink(Base):
    """The one link by which a person may give themselves a password; the newest counts alone."""

    __tablename__ = "password_link"
    __table_args__ = KEYED_BY_ITSELF

    username: Mapped[str] = mapped_column(ForeignKey("person.username"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the token in the link."""
    purpose: Mapped[str]
    """invitation or reset."""
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
