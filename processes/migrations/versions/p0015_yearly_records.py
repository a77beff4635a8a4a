"""The yearly query of records: asked for once a year and researcher, its day in the register."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "p0015"
down_revision: str | None = "p0014"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("researcher", sa.Column("records_on", sa.Date(), nullable=True))
    op.create_table(
        "records_query",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("researcher_key", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=True),
        sa.Column("looked_up_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_records_query")),
    )
    op.create_index(
        "ix_records_query_researcher_key", "records_query", ["researcher_key", "due_on"],
        unique=True,
    )  # fmt: skip
