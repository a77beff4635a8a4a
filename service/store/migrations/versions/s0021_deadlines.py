"""Deadlines of steps: what an office has set, and how far each task's plan is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0021"
down_revision: str | None = "s0020"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "deadline_setting",
        sa.Column("key", key, autoincrement=False, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("version", key, nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deadline_setting")),
    )
    op.create_index(
        "ix_deadline_setting_version",
        "deadline_setting",
        ["process_id", "element_id", "version"],
        unique=True,
    )
    op.add_column("user_task", sa.Column("deadline", sa.Text(), nullable=True))
    for name in ("escalated_at", "urged_at"):
        op.add_column("user_task", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
