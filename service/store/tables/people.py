"""Accounts, groups, rights, and the traces of signing in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.accounts import PersonKind
from service.store.base import KEYED_BY_ITSELF, Base

RIGHT_ONCE = "uq_authorization_grant_right"
"""Named here: by the convention it would be longer than PostgreSQL allows."""


class Person(Base):
    """An account."""

    __tablename__ = "person"

    username: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    sort_name: Mapped[str]
    """Sorts Chinese by pinyin: see `service.domain.accounts.sort_name`."""
    password_hash: Mapped[str | None]
    active: Mapped[bool]
    """Whether anything may be done with the account: neither locked nor of somebody who left."""
    failed_sign_ins: Mapped[int]
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(server_default=PersonKind.STAFF)
    """staff or public: see `service.domain.accounts.PersonKind`."""
    must_change_password: Mapped[bool] = mapped_column(server_default=false())
    """Somebody else knows the password: nothing may be done with it but give another one."""
    left_at: Mapped[datetime | None]
    """When the person left the house; None while they are in it."""
    locked_at: Mapped[datetime | None]
    """Since when an administrator keeps the account locked; None while nobody does."""
    locked_by: Mapped[str | None]
    lock_reason: Mapped[str | None]


class CandidateGroup(Base):
    """A group of people: an office, a role."""

    __tablename__ = "candidate_group"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Membership(Base):
    """A person in a group."""

    __tablename__ = "membership"
    __table_args__ = KEYED_BY_ITSELF

    group_id: Mapped[str] = mapped_column(ForeignKey("candidate_group.id"), primary_key=True)
    username: Mapped[str] = mapped_column(
        ForeignKey("person.username"), primary_key=True, index=True
    )


class AuthorizationGrant(Base):
    """One right: who may do what to which kind of object of which procedure."""

    __tablename__ = "authorization_grant"
    __table_args__ = (
        UniqueConstraint(
            "grantee_kind", "grantee", "process_id", "object", "action", name=RIGHT_ONCE
        ),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    grantee_kind: Mapped[str]
    """person, group or everyone."""
    grantee: Mapped[str]
    """A user name, a group's id, or * for everyone."""
    process_id: Mapped[str]
    """A process id, a register's id, or * for all."""
    object: Mapped[str]
    action: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    """Why it was given, in the words of who gave it; empty where nobody asked."""


class ApiToken(Base):
    """A bearer token; only its SHA-256 is kept."""

    __tablename__ = "api_token"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(unique=True)
    username: Mapped[str] = mapped_column(ForeignKey("person.username"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class WebSession(Base):
    """A signed-in browser; the cookie holds the token, this row its SHA-256."""

    __tablename__ = "web_session"
    __table_args__ = KEYED_BY_ITSELF

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("person.username"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """Written at most once a minute."""


class SignInAttempt(Base):
    """One try to sign in, for the limits and for the auditor."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_address", "address", "at"),
        Index("ix_sign_in_attempt_username", "username", "at"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    username: Mapped[str]
    address: Mapped[str]
    outcome: Mapped[str]
    """ok, wrong or locked."""
