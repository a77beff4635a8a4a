"""By which document a researcher from before the register came in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "p0009"
down_revision: str | None = "p0008"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "researcher",
        sa.Column("stock_basis", sa.Text(), nullable=False, server_default=sa.text("''")),
    )
