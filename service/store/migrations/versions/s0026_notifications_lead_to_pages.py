"""Notifications that are about an entry of a register lead to its page."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0026"
down_revision: str | None = "s0025"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    page = sa.Column("page", sa.Text(), nullable=False, server_default=sa.text("''"))
    op.add_column("notification", page)
