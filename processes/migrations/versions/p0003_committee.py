"""The Party group: members, rules of procedure, meetings, items, votes, minutes."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "p0003"
down_revision: str | None = "p0002"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    _create_members()
    _create_meetings()
    _create_items()
    _create_votes()
    _create_minutes()


def _create_members() -> None:
    op.create_table(
        "committee_member",
        _column("member_key", sa.BigInteger()),
        _column("revision", sa.Integer()),
        *_words("username", "name", "position"),
        _column("rank", sa.Integer()),
        _column("begins_on", sa.Date()),
        _column("ends_on", sa.Date(), nullable=True),
        *_words("basis", "reason"),
        *_recorded(),
        sa.PrimaryKeyConstraint("member_key", "revision", name="pk_committee_member"),
    )
    op.create_index("ix_committee_member_username", "committee_member", ["username"])
    op.create_table(
        "committee_settings",
        _column("number", sa.Integer()),
        _column("effective_from", sa.Date()),
        *_words("values", "source"),
        *_recorded(),
        sa.PrimaryKeyConstraint("number", name="pk_committee_settings"),
    )


def _create_meetings() -> None:
    op.create_table(
        "committee_meeting",
        _column("key", sa.BigInteger()),
        *_words("number", "state"),
        _column("revision", sa.Integer()),
        *_words("changed_by", "changed_by_name"),
        _moment("changed_at"),
        _moment("planned_at"),
        *_words("place", "chair", "recorder", "recorder_name", "settings", "rules_version"),
        *(_moment(name, nullable=True) for name in ("noticed_at", "opened_at", "closed_at")),
        _moment("archived_at", nullable=True),
        *_words("archive_number"),
        sa.PrimaryKeyConstraint("key", name="pk_committee_meeting"),
        sa.UniqueConstraint("number", name="uq_committee_meeting_number"),
    )
    op.create_index("ix_committee_meeting_planned_at", "committee_meeting", ["planned_at", "key"])
    op.create_table(
        "committee_attendee",
        _column("meeting_key", sa.BigInteger()),
        *_words("username", "name", "position"),
        _column("rank", sa.Integer()),
        _column("due", sa.Boolean()),
        *_words("presence", "note"),
        _moment("noted_at", nullable=True),
        sa.PrimaryKeyConstraint("meeting_key", "username", name="pk_committee_attendee"),
        _refers("committee_attendee", "meeting_key", "committee_meeting"),
    )


def _create_items() -> None:
    op.create_table(
        "committee_item",
        _column("key", sa.BigInteger()),
        _column("meeting_key", sa.BigInteger(), nullable=True),
        _column("position", sa.Integer()),
        *_words("state", "item_class", "title", "text", "materials"),
        *_words("subject", "subject_name", "process_id"),
        _column("instance_key", sa.BigInteger(), nullable=True),
        *_words("proposed_by"),
        _moment("proposed_at"),
        _column("previous_key", sa.BigInteger(), nullable=True),
        *_words("ground", "chair", "method"),
        _column("round", sa.Integer()),
        *_words("readiness", "counts", "outcome", "words", "reason"),
        _column("escalate", sa.Boolean()),
        *_words("rules_version"),
        _moment("decided_at", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_committee_item"),
        _refers("committee_item", "meeting_key", "committee_meeting"),
    )
    op.create_index("ix_committee_item_meeting_key", "committee_item", ["meeting_key", "position"])
    op.create_index("ix_committee_item_state", "committee_item", ["state"])
    op.create_index("ix_committee_item_subject", "committee_item", ["subject", "item_class"])
    op.create_table(
        "committee_item_member",
        _column("item_key", sa.BigInteger()),
        *_words("username"),
        _column("present", sa.Boolean()),
        _column("recused", sa.Boolean()),
        *_words("reason"),
        sa.PrimaryKeyConstraint("item_key", "username", name="pk_committee_item_member"),
        _refers("committee_item_member", "item_key", "committee_item"),
    )
    op.create_table(
        "committee_statement",
        _column("item_key", sa.BigInteger()),
        _column("number", sa.Integer()),
        *_words("username", "text"),
        _column("written", sa.Boolean()),
        _moment("entered_at"),
        *_words("entered_by"),
        sa.PrimaryKeyConstraint("item_key", "number", name="pk_committee_statement"),
        _refers("committee_statement", "item_key", "committee_item"),
    )


def _create_votes() -> None:
    op.create_table(
        "committee_vote",
        _column("item_key", sa.BigInteger()),
        _column("round", sa.Integer()),
        *_words("username"),
        _column("number", sa.Integer()),
        *_words("choice"),
        _moment("entered_at"),
        *_words("entered_by"),
        sa.PrimaryKeyConstraint("item_key", "round", "username", name="pk_committee_vote"),
        _refers("committee_vote", "item_key", "committee_item"),
    )
    op.create_table(
        "committee_ballot",
        _column("item_key", sa.BigInteger()),
        _column("round", sa.Integer()),
        *_words("username"),
        sa.PrimaryKeyConstraint("item_key", "round", "username", name="pk_committee_ballot"),
        _refers("committee_ballot", "item_key", "committee_item"),
    )
    op.create_table(
        "committee_ballot_box",
        _column("item_key", sa.BigInteger()),
        _column("round", sa.Integer()),
        *_words("choice"),
        _column("votes", sa.Integer()),
        sa.PrimaryKeyConstraint("item_key", "round", "choice", name="pk_committee_ballot_box"),
        _refers("committee_ballot_box", "item_key", "committee_item"),
    )


def _create_minutes() -> None:
    op.create_table(
        "committee_minutes",
        _column("meeting_key", sa.BigInteger()),
        *_words("content"),
        _column("docx", sa.LargeBinary()),
        *_words("docx_sha256"),
        _column("pdf", sa.LargeBinary()),
        *_words("pdf_sha256", "signed_by"),
        _moment("archived_at"),
        sa.PrimaryKeyConstraint("meeting_key", name="pk_committee_minutes"),
        _refers("committee_minutes", "meeting_key", "committee_meeting"),
    )
    op.create_table(
        "committee_correction",
        _column("meeting_key", sa.BigInteger()),
        _column("number", sa.Integer()),
        *_words("text", "reason"),
        *_recorded(),
        sa.PrimaryKeyConstraint("meeting_key", "number", name="pk_committee_correction"),
        _refers("committee_correction", "meeting_key", "committee_meeting"),
    )


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.key"], name=f"fk_{table}_{column}")


def _recorded() -> list[sa.Column[Any]]:
    return [_moment("recorded_at"), *_words("recorded_by", "recorded_by_name")]


def _words(*names: str) -> list[sa.Column[Any]]:
    return [_column(name, sa.Text()) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return _column(name, sa.DateTime(timezone=True), nullable=nullable)


def _column(name: str, kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, autoincrement=False, nullable=nullable)
