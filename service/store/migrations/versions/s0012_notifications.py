"""What people are told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0012"
down_revision: str | None = "s0011"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "notification",
        sa.Column("key", key, autoincrement=False, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("task_key", key, nullable=True),
        sa.Column("instance_key", key, nullable=True),
        sa.Column("process_id", sa.Text(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("read_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_notification"),
        sa.ForeignKeyConstraint(["username"], ["person.username"], name="fk_notification_username"),
    )
    op.create_index("ix_notification_list", "notification", ["username", "key"])
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["username", "kind"],
        sqlite_where=_UNREAD,
        postgresql_where=_UNREAD,
    )
