"""Procedures that are closed to all but those whom a right names for them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0025"
down_revision: str | None = "s0024"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "closed_procedure",
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_closed_procedure")),
        sqlite_with_rowid=False,
    )
