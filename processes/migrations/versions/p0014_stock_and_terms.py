"""准入资格 from before the register: the document that granted them."""

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


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))
