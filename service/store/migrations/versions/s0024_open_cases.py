"""Indexes by which the open cases of a procedure are read: by step, and what is late."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0024"
down_revision: str | None = "s0022"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_OPEN = sa.text("state = 'CREATED'")
_INDEXES = {
    "step": ["process_id", "element_id", "instance_key"],
    "process_due": ["process_id", "due_at", "key"],
}


def upgrade() -> None:
    for name, columns in _INDEXES.items():
        op.create_index(
            f"ix_user_task_{name}",
            "user_task",
            columns,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )
