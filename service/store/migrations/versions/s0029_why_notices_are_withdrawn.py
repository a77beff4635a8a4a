"""A notice that is taken down says why."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0029"
down_revision: str | None = "s0027"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("withdrawn_for", sa.Text(), nullable=True))
