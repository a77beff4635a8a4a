"""The calendar: years, office hours, periods, and the dates that rest on estimated years."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0016"
down_revision: str | None = "s0015"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "calendar_year",
        sa.Column("year", key, autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("revision", key, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "calendar_state",
        sa.Column("key", key, autoincrement=False, nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("half_day_closing", sa.Text(), nullable=False),
        sa.Column("half_days_count", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_calendar_state")),
    )
    op.create_table(
        "calendar_period",
        sa.Column("key", key, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_calendar_period")),
    )
    op.create_index("ix_calendar_period_begins_on", "calendar_period", ["begins_on"])
    op.create_table(
        "provisional_date",
        sa.Column("key", key, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_key", key, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("number", key, nullable=False),
        sa.Column("instance_key", key, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("days", key, nullable=True),
        sa.Column("day_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("years", sa.Text(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_provisional_date")),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_provisional_date_instance_key_process_instance"),
        ),
    )
    op.create_index("ix_provisional_date_state", "provisional_date", ["state", "key"])
    op.create_index("ix_provisional_date_subject", "provisional_date", ["subject_key"])
    op.add_column(
        "user_task",
        sa.Column("due_provisional", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
