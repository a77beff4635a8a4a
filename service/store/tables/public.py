"""What the public sees and does without an account of the bureau's: see `docs/public.md`."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.values import Json
from service.store.base import KEYED_BY_ITSELF, Base, JsonText


class Notice(Base):
    """A notice to the public; never changed, withdrawn at most."""

    __tablename__ = "notice"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(unique=True)
    """Names it in its public address; says nothing of how many there are."""
    process_id: Mapped[str]
    """The procedure it is about, or `*`: who may publish for that may withdraw it."""
    title: Mapped[str]
    body: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    """The window is half-open; None: until it is withdrawn."""
    published_by: Mapped[str]
    published_at: Mapped[datetime]
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_for: Mapped[str | None]
    """Why, as its page tells the public; None for what was withdrawn before reasons were asked."""
    instance_key: Mapped[int | None]
    """The instance whose step published it."""


class NoticeProcedure(Base):
    """A process that may be applied for while the notice's window is open."""

    __tablename__ = "notice_procedure"
    __table_args__ = (Index("ix_notice_procedure_process_id", "process_id"), KEYED_BY_ITSELF)

    notice_key: Mapped[int] = mapped_column(
        ForeignKey("notice.key"), primary_key=True, autoincrement=False
    )
    process_id: Mapped[str] = mapped_column(primary_key=True)
    choices: Mapped[list[dict[str, str]]] = mapped_column(JsonText, server_default=text("'[]'"))
    """Objects with `field`, `value`, `label`; empty: there is nothing to choose."""


class Disclosure(Base):
    """A public disclosure with a period for objections."""

    __tablename__ = "disclosure"
    __table_args__ = (Index("ix_disclosure_process_id", "process_id", "key"),)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(unique=True)
    process_id: Mapped[str]
    instance_key: Mapped[int]
    title: Mapped[str]
    content: Mapped[str]
    items: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """A list of objects with `name`, `post`, `unit`."""
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    """Both inclusive, days in Beijing."""
    message_name: Mapped[str]
    """The message that brings an objection to its process; empty: none is sent."""
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    conclusion: Mapped[str | None]
    """What the public reads when it is over."""


class DisclosureParty(Base):
    """Somebody whom a disclosure is about: who is tied to them keeps out of its objections."""

    __tablename__ = "disclosure_party"
    __table_args__ = KEYED_BY_ITSELF

    disclosure_key: Mapped[int] = mapped_column(
        ForeignKey("disclosure.key"), primary_key=True, autoincrement=False
    )
    username: Mapped[str] = mapped_column(primary_key=True)


class Objection(Base):
    """An objection to a disclosure, by whoever."""

    __tablename__ = "objection"
    __table_args__ = (Index("ix_objection_disclosure_key", "disclosure_key", "state", "key"),)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    disclosure_key: Mapped[int] = mapped_column(ForeignKey("disclosure.key"))
    form_hash: Mapped[str] = mapped_column(unique=True)
    """Keyed hash of the form it was written in: one form makes one objection."""
    secret_hash: Mapped[str]
    """Keyed hash of the word that opens the answer."""
    text: Mapped[str]
    sealed_sender: Mapped[str | None]
    """Name and contact, encrypted; None where neither was given."""
    state: Mapped[str]
    """As the newest answer says, open without one."""
    submitted_at: Mapped[datetime]
    received_on: Mapped[date | None]
    """The day in Beijing on which it was handed in on paper; None: it was sent by its page."""
    registered_by: Mapped[str | None]
    """Who entered one that was handed in on paper."""


class ObjectionAnswer(Base):
    """One answer to an objection; never changed: a later one is a row of its own."""

    __tablename__ = "objection_answer"
    __table_args__ = (Index("ix_objection_answer_objection_key", "objection_key", "key"),)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    objection_key: Mapped[int] = mapped_column(ForeignKey("objection.key"))
    state: Mapped[str]
    """How the check ended, or that it goes on."""
    text: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[datetime]


class PublicDocument(Base):
    """A file of a notice or an objection: part of no case, kept as long as what it belongs to."""

    __tablename__ = "public_document"
    __table_args__ = (Index("ix_public_document_owner", "owner_kind", "owner_key"),)

    document_key: Mapped[int] = mapped_column(
        ForeignKey("document.key"), primary_key=True, autoincrement=False
    )
    owner_kind: Mapped[str]
    """notice or objection."""
    owner_key: Mapped[int]


class VerificationCode(Base):
    """The newest code sent to somebody who says that a number or address is theirs."""

    __tablename__ = "verification_code"
    __table_args__ = KEYED_BY_ITSELF

    contact_hash: Mapped[str] = mapped_column(primary_key=True)
    """Keyed hash: the table names nobody."""
    code_hash: Mapped[str]
    tries: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class RateCount(Base):
    """How often something was done in the window that runs now: see `commands.rate_limits`."""

    __tablename__ = "rate_count"
    __table_args__ = (Index("ix_rate_count_resets_at", "resets_at"), KEYED_BY_ITSELF)

    bucket: Mapped[str] = mapped_column(primary_key=True)
    """Name of the limit, and a keyed hash of whom it is about."""
    count: Mapped[int]
    resets_at: Mapped[datetime]
