"""Personal data, links to set a password, and why an account is locked."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0007"
down_revision: str | None = "s0006"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    for name, kind in (
        ("locked_at", sa.DateTime(timezone=True)),
        ("locked_by", sa.Text()),
        ("lock_reason", sa.Text()),
    ):
        op.add_column("person", sa.Column(name, kind, nullable=True))
    op.create_table(
        "personal_datum",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("lookup", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("username", "kind", name="pk_personal_datum"),
        sa.ForeignKeyConstraint(
            ["username"], ["person.username"], name="fk_personal_datum_username"
        ),
        sa.UniqueConstraint("lookup", name="uq_personal_datum_lookup"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "password_link",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("username", name="pk_password_link"),
        sa.ForeignKeyConstraint(
            ["username"], ["person.username"], name="fk_password_link_username"
        ),
        sa.UniqueConstraint("token_hash", name="uq_password_link_token_hash"),
        sqlite_with_rowid=False,
    )
