"""Indexes by which the filtered lists of the inbox are read in their order."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0022"
down_revision: str | None = "s0021"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_OPEN, _STARTED, _SUSPENDED = "state = 'open'", "parent_key IS NULL", "suspended_at IS NOT NULL"
_ENTRY, _OWN = "ix_inbox_entry_", "ix_process_instance_own_"
_INDEXES = (
    (_ENTRY, "due", _OPEN, ("holder", "holder_kind", "due_at", "task_key")),
    (_ENTRY, "process_due", _OPEN, ("holder", "holder_kind", "process_id", "due_at", "task_key")),
    (_OWN, "process", _STARTED, ("started_by", "process_id", "key")),
    (_OWN, "state", _STARTED, ("started_by", "state", "key")),
    (_OWN, "suspended", _SUSPENDED, ("started_by", "key", "parent_key")),
)


def upgrade() -> None:
    op.drop_index("ix_inbox_entry_due", "inbox_entry")
    op.drop_index("ix_process_instance_started_by", "process_instance")
    op.create_index(
        "ix_process_instance_started_by", "process_instance", ["started_by", "key", "parent_key"]
    )
    for prefix, name, condition, columns in _INDEXES:
        table = "inbox_entry" if prefix == _ENTRY else "process_instance"
        where = sa.text(condition)
        op.create_index(
            prefix + name, table, list(columns), sqlite_where=where, postgresql_where=where
        )
