"""Why a right was given."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0014"
down_revision: str | None = "s0013"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "authorization_grant",
        sa.Column("reason", sa.Text(), nullable=False, server_default=sa.text("''")),
    )
