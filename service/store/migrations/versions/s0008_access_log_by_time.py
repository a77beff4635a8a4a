"""The access log is read newest first, by time."""

from collections.abc import Sequence

from alembic import op

revision: str = "s0008"
down_revision: str | None = "s0007"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    for name in ("person", "subject", "kind"):
        op.drop_index(f"ix_access_event_{name}", "access_event")
        op.create_index(f"ix_access_event_{name}", "access_event", [name, "at", "key"])
    op.create_index("ix_access_event_at", "access_event", ["at", "key"])
