"""Indexes of what operators ask for: open, late and completed tasks, suspensions, escalations."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0020"
down_revision: str | None = "s0019"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_INDEXES = (
    ("ix_user_task_open", "user_task", ("due_at", "key"), "state = 'CREATED'"),
    ("ix_user_task_completed", "user_task", ("ended_at",), "state = 'COMPLETED'"),
    ("ix_process_instance_suspended", "process_instance", ("key",), "suspended_at IS NOT NULL"),
    (
        "ix_history_entry_escalated",
        "history_entry",
        ("at", "instance_key", "number"),
        "act LIKE '%.escalated'",
    ),
)


def upgrade() -> None:
    for name, table, columns, condition in _INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)
