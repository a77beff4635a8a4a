"""Which sequence flows a token left an element by."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0013"
down_revision: str | None = "s0012"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("element_instance", sa.Column("flows_taken", sa.Text(), nullable=True))
