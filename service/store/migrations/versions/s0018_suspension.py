"""Instances that stand still for a while."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0018"
down_revision: str | None = "s0017"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "process_instance", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True)
    )
    for name in ("suspended_by", "suspension_reason"):
        op.add_column("process_instance", sa.Column(name, sa.Text(), nullable=True))
