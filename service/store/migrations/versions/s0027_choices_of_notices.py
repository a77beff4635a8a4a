"""A notice says among what somebody chooses who applies by it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0027"
down_revision: str | None = "s0026"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    choices = sa.Column("choices", sa.Text(), nullable=False, server_default=sa.text("'[]'"))
    op.add_column("notice_procedure", choices)
