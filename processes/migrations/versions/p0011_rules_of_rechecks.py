"""By which rules the re-check of a refusal was decided."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "p0011"
down_revision: str | None = "p0010"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "refusal_review_record",
        sa.Column("rules_version", sa.Text(), nullable=False, server_default=sa.text("''")),
    )
