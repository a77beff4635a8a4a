"""What the party organ above has decided where the group can never decide (C-NEVER)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "p0016"
down_revision: str | None = "p0015"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "committee_superior_decision",
        sa.Column("item_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("sent_number", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_key"],
            ["committee_item.key"],
            name="fk_committee_superior_decision_item_key",
        ),
        sa.PrimaryKeyConstraint("item_key", name="pk_committee_superior_decision"),
    )
