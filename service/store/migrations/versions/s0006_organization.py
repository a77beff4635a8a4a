"""Units of the organisation, posts, and groups resolved over posts."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision: str = "s0006"
down_revision: str | None = "s0005"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

Column: TypeAlias = sa.Column[Any]

_IN_FORCE = sa.text("ended_at IS NULL")
_HEADING = sa.text("heads_unit AND ended_at IS NULL")


def upgrade() -> None:
    _create_units()
    _create_posts()
    _create_post_groups()


def _number(name: str) -> Column:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def _words(*names: str, nullable: bool = False) -> list[Column]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _moment(name: str, *, nullable: bool = False) -> Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{table}_{column}")


def _create_units() -> None:
    op.create_table(
        "organization_unit",
        *_words("id", "name", "sort_name", "kind"),
        _number("position"),
        *_words("parent_id", nullable=True),
        _moment("created_at"),
        _moment("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_organization_unit"),
        _refers("organization_unit", "parent_id", "organization_unit.id"),
    )
    op.create_index("ix_organization_unit_name", "organization_unit", ["name"])
    op.create_index("ix_organization_unit_parent_id", "organization_unit", ["parent_id"])


def _create_posts() -> None:
    op.create_table(
        "post",
        _number("key"),
        *_words("username", "unit_id", "title", "scope"),
        sa.Column("heads_unit", sa.Boolean(), nullable=False),
        _moment("begun_at"),
        *_words("begun_by"),
        _moment("ended_at", nullable=True),
        *_words("ended_by", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_post"),
        _refers("post", "username", "person.username"),
        _refers("post", "unit_id", "organization_unit.id"),
    )
    op.create_index(
        "ix_post_head",
        "post",
        ["unit_id"],
        unique=True,
        sqlite_where=_HEADING,
        postgresql_where=_HEADING,
    )
    op.create_index(
        "ix_post_in_force",
        "post",
        ["username", "unit_id", "title", "scope"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
    op.create_index(
        "ix_post_unit_id",
        "post",
        ["unit_id", "title"],
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
    op.create_table(
        "post_label",
        _number("post_key"),
        *_words("label"),
        sa.PrimaryKeyConstraint("post_key", "label", name="pk_post_label"),
        _refers("post_label", "post_key", "post.key"),
        sqlite_with_rowid=False,
    )


def _create_post_groups() -> None:
    op.create_table(
        "post_group",
        *_words("id", "title"),
        *_words("unit_id", nullable=True),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_post_group"),
        _refers("post_group", "unit_id", "organization_unit.id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_post_group_unit_id", "post_group", ["unit_id", "title"])
    op.create_table(
        "post_group_label",
        *_words("group_id", "label"),
        sa.PrimaryKeyConstraint("group_id", "label", name="pk_post_group_label"),
        _refers("post_group_label", "group_id", "post_group.id"),
        sqlite_with_rowid=False,
    )
