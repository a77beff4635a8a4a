"""Ties between people, whom tasks are about, who keeps out of them."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision: str = "s0012"
down_revision: str | None = "s0011"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

Column: TypeAlias = sa.Column[Any]


def upgrade() -> None:
    op.create_table(
        "personal_tie",
        _number("key"),
        *_words("username", "kind", "source", "note", "other_name"),
        *_words("other", "number_kind", "number_sealed", nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        *_words("declared_by"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_words("ended_by", "end_reason", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_personal_tie"),
        *(_to("personal_tie", name, "person.username") for name in ("username", "other")),
    )
    op.create_index("ix_personal_tie_username", "personal_tie", ["username"])
    op.create_index("ix_personal_tie_other", "personal_tie", ["other"])
    op.create_table(
        "tie_lookup",
        _number("tie_key"),
        *_words("lookup"),
        sa.PrimaryKeyConstraint("tie_key", "lookup", name="pk_tie_lookup"),
        _to("tie_lookup", "tie_key", "personal_tie.key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tie_lookup_lookup", "tie_lookup", ["lookup"])
    op.create_table(
        "task_party",
        _number("task_key"),
        *_words("username"),
        sa.PrimaryKeyConstraint("task_key", "username", name="pk_task_party"),
        _to("task_party", "task_key", "user_task.key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_task_party_username", "task_party", ["username", "task_key"])
    op.create_table(
        "task_bar",
        *_words("username"),
        _number("task_key"),
        *_words("party"),
        *_words("kind", nullable=True),
        _number("tie_key", nullable=True),
        sa.PrimaryKeyConstraint("username", "task_key", name="pk_task_bar"),
        _to("task_bar", "task_key", "user_task.key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_task_bar_task_key", "task_bar", ["task_key"])


def _number(name: str, *, nullable: bool = False) -> Column:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, autoincrement=False, nullable=nullable)


def _words(*names: str, nullable: bool = False) -> list[Column]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")
