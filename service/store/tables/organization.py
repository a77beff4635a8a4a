"""Units of the organisation, posts of people in them, and the groups resolved over posts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import KEYED_BY_ITSELF, Base

_HEADING = text("heads_unit AND ended_at IS NULL")
_IN_FORCE = text("ended_at IS NULL")


class OrganizationUnit(Base):
    """A node of the tree: a bureau, an office, a school."""

    __tablename__ = "organization_unit"
    __table_args__ = (Index("ix_organization_unit_name", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    sort_name: Mapped[str]
    kind: Mapped[str]
    """What the bureau calls such a unit; opaque."""
    position: Mapped[int]
    """Its place among its siblings; those with the same one stand by name."""
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organization_unit.id"), index=True)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Post(Base):
    """A person in a unit with a title; in force until it is ended, never changed."""

    __tablename__ = "post"
    __table_args__ = (
        Index(
            "ix_post_head",
            "unit_id",
            unique=True,
            sqlite_where=_HEADING,
            postgresql_where=_HEADING,
        ),
        Index(
            "ix_post_in_force",
            "username",
            "unit_id",
            "title",
            "scope",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        Index(
            "ix_post_unit_id",
            "unit_id",
            "title",
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(ForeignKey("person.username"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("organization_unit.id"))
    title: Mapped[str]
    scope: Mapped[str]
    """Its labels sorted, as they are shown; the rows of `post_label` are what is asked."""
    heads_unit: Mapped[bool]
    begun_at: Mapped[datetime]
    begun_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class PostLabel(Base):
    """One label of what a post covers."""

    __tablename__ = "post_label"
    __table_args__ = KEYED_BY_ITSELF

    post_key: Mapped[int] = mapped_column(
        ForeignKey("post.key"), primary_key=True, autoincrement=False
    )
    label: Mapped[str] = mapped_column(primary_key=True)


class PostGroup(Base):
    """A candidate group that is whoever has such a post now; written when a task first names it."""

    __tablename__ = "post_group"
    __table_args__ = (Index("ix_post_group_unit_id", "unit_id", "title"), KEYED_BY_ITSELF)

    id: Mapped[str] = mapped_column(primary_key=True)
    """The canonical text: see `service.domain.organization.PostGroup`."""
    title: Mapped[str]
    """Empty: any."""
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("organization_unit.id"))
    created_at: Mapped[datetime]


class PostGroupLabel(Base):
    """A label that a post must have to be in the group."""

    __tablename__ = "post_group_label"
    __table_args__ = KEYED_BY_ITSELF

    group_id: Mapped[str] = mapped_column(ForeignKey("post_group.id"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
