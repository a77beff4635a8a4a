"""Processes that nothing but a call activity starts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0031"
down_revision: str | None = "s0030"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "process_definition",
        sa.Column("called_only", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
