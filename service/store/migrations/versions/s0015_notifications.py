"""What people are told, and by which channels."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0015"
down_revision: str | None = "s0014"
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
    op.create_table(
        "notification_choice",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("username", "kind", "channel", name="pk_notification_choice"),
        sa.ForeignKeyConstraint(
            ["username"], ["person.username"], name="fk_notification_choice_username"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notification_digest",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_notification_digest"),
        sa.ForeignKeyConstraint(
            ["username"], ["person.username"], name="fk_notification_digest_username"
        ),
        sqlite_with_rowid=False,
    )
