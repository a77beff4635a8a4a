"""Procedural records of meetings; who was told of a meeting; consent to its agenda.

A 更正 of archived minutes becomes a record like the others.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "p0012"
down_revision: str | None = "p0011"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_KEPT = (
    "meeting_key",
    "number",
    "text",
    "reason",
    "recorded_at",
    "recorded_by",
    "recorded_by_name",
)


def upgrade() -> None:
    _create_records()
    _take_over_corrections()
    for name, kind, default in (
        ("agenda_question", sa.Integer(), "0"),
        ("agenda_before", sa.Text(), sa.text("''")),
    ):
        op.add_column(
            "committee_meeting", sa.Column(name, kind, nullable=False, server_default=default)
        )
    op.add_column("committee_meeting", sa.Column("agenda_agreed_at", sa.DateTime(timezone=True)))
    op.add_column("committee_attendee", sa.Column("told_at", sa.DateTime(timezone=True)))
    _take_over_notices()


def _create_records() -> None:
    op.create_table(
        "committee_record",
        sa.Column("meeting_key", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_key", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_by_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_key", "number", name="pk_committee_record"),
        *(
            sa.ForeignKeyConstraint([one], [f"{to}.key"], name=f"fk_committee_record_{one}")
            for one, to in (("meeting_key", "committee_meeting"), ("item_key", "committee_item"))
        ),
    )


def _take_over_corrections() -> None:
    old = sa.table("committee_correction", *map(sa.column, _KEPT))
    new = sa.table("committee_record", *map(sa.column, (*_KEPT, "kind", "figures")))
    op.execute(
        sa.insert(new).from_select(
            [*_KEPT, "kind", "figures"],
            sa.select(*old.c, sa.literal("correction"), sa.literal("{}")),
        )
    )
    op.drop_table("committee_correction")


def _take_over_notices() -> None:
    """Who is due at a meeting of which notice was given has been told; its agenda was agreed to."""
    meeting = sa.table(
        "committee_meeting", *map(sa.column, ("key", "noticed_at", "agenda_agreed_at"))
    )
    attendee = sa.table("committee_attendee", *map(sa.column, ("meeting_key", "due", "told_at")))
    noticed = (
        sa.select(meeting.c.noticed_at)
        .where(meeting.c.key == attendee.c.meeting_key)
        .scalar_subquery()
    )
    op.execute(sa.update(attendee).where(attendee.c.due == sa.true()).values(told_at=noticed))
    op.execute(sa.update(meeting).values(agenda_agreed_at=meeting.c.noticed_at))
