"""准入资格 from before the register, by document; terms that were told; who decided."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "p0014"
down_revision: str | None = "p0012"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    for name in ("stock_document", "stock_organ"):
        op.add_column("qualification_record", _text(name))
    op.add_column("qualification_record", sa.Column("stock_document_on", sa.Date(), nullable=True))
    entered = sa.text("revision = 1 AND stock_document <> ''")
    op.create_index(
        "ix_qualification_record_stock",
        "qualification_record",
        ["holder", "seat", "granted_on"],
        unique=True,
        sqlite_where=entered,
        postgresql_where=entered,
    )

    op.add_column("researcher", _text("appointment_basis"))
    op.create_table(
        "term_notice",
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("entry_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("register", "entry_key", "last_day", "over", name="pk_term_notice"),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))
