"""Jobs that outside workers take."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0017"
down_revision: str | None = "s0016"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_WAITING_OUTSIDE = sa.text("kind = 'outside' AND state = 'waiting'")


def upgrade() -> None:
    op.add_column(
        "job", sa.Column("leased", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_job_outside",
        "job",
        ["type", "due_at", "key"],
        sqlite_where=_WAITING_OUTSIDE,
        postgresql_where=_WAITING_OUTSIDE,
    )
