"""Deputies, and on whose behalf a task is held or was done."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0009"
down_revision: str | None = "s0008"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "deputy",
        sa.Column("key", key, autoincrement=False, nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("deputy", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("process_ids", sa.Text(), nullable=False),
        sa.Column("covers_open", sa.Boolean(), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointed_by", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_deputy"),
        sa.ForeignKeyConstraint(["principal"], ["person.username"], name="fk_deputy_principal"),
        sa.ForeignKeyConstraint(["deputy"], ["person.username"], name="fk_deputy_deputy"),
    )
    op.create_index("ix_deputy_deputy", "deputy", ["deputy", "ends_at"])
    op.create_index("ix_deputy_principal", "deputy", ["principal", "ends_at"])
    op.add_column(
        "user_task",
        sa.Column("no_deputy", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("user_task", sa.Column("on_behalf_of", sa.Text(), nullable=True))
