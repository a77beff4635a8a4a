"""What each revision of a qualification is, what a revocation rests on, who was told of the end."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "p0007"
down_revision: str | None = "p0004"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_TEXTS = ("act", "basis", "document", "heard")


def upgrade() -> None:
    for name in _TEXTS:
        op.add_column(
            "qualification_record",
            sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")),
        )
    op.execute(
        "UPDATE qualification_record SET act = CASE WHEN revision = 1 THEN 'granted' "
        "WHEN state = 'revoked' THEN 'revoked' ELSE 'corrected' END"
    )
    op.create_table(
        "qualification_notice",
        sa.Column("qualification_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("qualification_key", "valid_until", name="pk_qualification_notice"),
    )
