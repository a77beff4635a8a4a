"""Notices, disclosures and objections, codes, and how often something was done."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision: str = "s0011"
down_revision: str | None = "s0010"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

Column: TypeAlias = sa.Column[Any]


def upgrade() -> None:
    _create_notices()
    _create_disclosures()
    _create_limits()


def _numbers(*names: str, nullable: bool = False) -> list[Column]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return [sa.Column(name, kind, autoincrement=False, nullable=nullable) for name in names]


def _words(*names: str, nullable: bool = False) -> list[Column]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _moments(*names: str, nullable: bool = False) -> list[Column]:
    kind = sa.DateTime(timezone=True)
    return [sa.Column(name, kind, nullable=nullable) for name in names]


def _create_notices() -> None:
    op.create_table(
        "notice",
        *_numbers("key"),
        *_words("slug", "process_id", "title", "body"),
        *_moments("opens_at"),
        *_moments("closes_at", nullable=True),
        *_words("published_by"),
        *_moments("published_at"),
        *_words("withdrawn_by", nullable=True),
        *_moments("withdrawn_at", nullable=True),
        *_numbers("instance_key", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_notice"),
        sa.UniqueConstraint("slug", name="uq_notice_slug"),
    )
    op.create_table(
        "notice_procedure",
        *_numbers("notice_key"),
        *_words("process_id"),
        sa.PrimaryKeyConstraint("notice_key", "process_id", name="pk_notice_procedure"),
        sa.ForeignKeyConstraint(
            ["notice_key"], ["notice.key"], name="fk_notice_procedure_notice_key"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notice_procedure_process_id", "notice_procedure", ["process_id"])
    op.create_table(
        "public_document",
        *_numbers("document_key"),
        *_words("owner_kind"),
        *_numbers("owner_key"),
        sa.PrimaryKeyConstraint("document_key", name="pk_public_document"),
        sa.ForeignKeyConstraint(
            ["document_key"], ["document.key"], name="fk_public_document_document_key"
        ),
    )
    op.create_index("ix_public_document_owner", "public_document", ["owner_kind", "owner_key"])


def _create_disclosures() -> None:
    op.create_table(
        "disclosure",
        *_numbers("key"),
        *_words("slug", "process_id"),
        *_numbers("instance_key"),
        *_words("title", "content", "items"),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        *_words("message_name"),
        *_moments("opened_at"),
        *_moments("closed_at", nullable=True),
        *_words("conclusion", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_disclosure"),
        sa.UniqueConstraint("slug", name="uq_disclosure_slug"),
    )
    op.create_index("ix_disclosure_process_id", "disclosure", ["process_id", "key"])
    op.create_table(
        "objection",
        *_numbers("key", "disclosure_key"),
        *_words("form_hash", "secret_hash", "text"),
        *_words("sealed_sender", nullable=True),
        *_words("state"),
        *_moments("submitted_at"),
        sa.PrimaryKeyConstraint("key", name="pk_objection"),
        sa.UniqueConstraint("form_hash", name="uq_objection_form_hash"),
        sa.ForeignKeyConstraint(
            ["disclosure_key"], ["disclosure.key"], name="fk_objection_disclosure_key"
        ),
    )
    op.create_index("ix_objection_disclosure_key", "objection", ["disclosure_key", "state", "key"])
    op.create_table(
        "objection_answer",
        *_numbers("key", "objection_key"),
        *_words("state", "text", "answered_by"),
        *_moments("answered_at"),
        sa.PrimaryKeyConstraint("key", name="pk_objection_answer"),
        sa.ForeignKeyConstraint(
            ["objection_key"], ["objection.key"], name="fk_objection_answer_objection_key"
        ),
    )
    op.create_index(
        "ix_objection_answer_objection_key", "objection_answer", ["objection_key", "key"]
    )


def _create_limits() -> None:
    op.create_table(
        "verification_code",
        *_words("contact_hash", "code_hash"),
        *_numbers("tries"),
        *_moments("created_at", "expires_at"),
        sa.PrimaryKeyConstraint("contact_hash", name="pk_verification_code"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rate_count",
        *_words("bucket"),
        *_numbers("count"),
        *_moments("resets_at"),
        sa.PrimaryKeyConstraint("bucket", name="pk_rate_count"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rate_count_resets_at", "rate_count", ["resets_at"])
