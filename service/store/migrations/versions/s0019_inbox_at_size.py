"""Indexes by which the lists of the inbox are read in their order, whatever their length."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0019"
down_revision: str | None = "s0018"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_INDEXES = (
    ("process", "open", ("process_id", "task_key")),
    ("done", "done", ("ended_at", "task_key")),
    ("done_process", "done", ("process_id", "ended_at", "task_key")),
)


def upgrade() -> None:
    for name, state, columns in _INDEXES:
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"ix_inbox_entry_{name}",
            "inbox_entry",
            ["holder", "holder_kind", *columns],
            sqlite_where=where,
            postgresql_where=where,
        )
    op.drop_index("ix_process_instance_started_by", "process_instance")
    op.create_index(
        "ix_process_instance_started_by",
        "process_instance",
        ["started_by", "key", "process_id", "state"],
    )
