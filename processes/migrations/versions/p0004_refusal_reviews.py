"""What re-checks decided on refusals of an admission."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "p0004"
down_revision: str | None = "p0003"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "refusal_review_record",
        _column("review_key", sa.BigInteger()),
        _column("refusal_key", sa.BigInteger()),
        _column("overturned", sa.Boolean()),
        _column("recorded_at", sa.DateTime(timezone=True)),
        _column("recorded_by", sa.Text()),
        _column("recorded_by_name", sa.Text()),
        sa.PrimaryKeyConstraint("review_key", name="pk_refusal_review_record"),
    )
    op.create_index(
        "ix_refusal_review_record_refusal_key", "refusal_review_record", ["refusal_key"]
    )


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, autoincrement=False, nullable=False)
