"""Kinds of people; passwords that must be changed; who has left."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0004"
down_revision: str | None = "s0003"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "person", sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("'staff'"))
    )
    op.add_column(
        "person",
        sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("person", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
