"""The qualification register: qualifications with their corrections, and refusals."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "p0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = ("processes",)
depends_on: str | None = None


def upgrade() -> None:
    _create_qualifications()
    _create_refusals()


def _create_qualifications() -> None:
    op.create_table(
        "qualification_record",
        _column("qualification_key", sa.BigInteger()),
        _column("revision", sa.Integer()),
        *_words("state", "holder", "holder_name", "unit", "seat", "stage", "subject"),
        _column("granted_on", sa.Date()),
        _column("valid_until", sa.Date()),
        _column("preferred", sa.Boolean()),
        *_words("facts", "documents", "reason"),
        *_provenance(),
        sa.PrimaryKeyConstraint("qualification_key", "revision", name="pk_qualification_record"),
    )
    op.create_index(
        "ix_qualification_record_granted_on",
        "qualification_record",
        ["granted_on", "qualification_key"],
    )
    op.create_index("ix_qualification_record_holder", "qualification_record", ["holder"])


def _create_refusals() -> None:
    op.create_table(
        "refusal_record",
        _column("refusal_key", sa.BigInteger()),
        *_words("holder", "holder_name", "unit", "seat"),
        _column("refused_on", sa.Date()),
        *_words("reasons", "facts"),
        *_provenance(),
        sa.PrimaryKeyConstraint("refusal_key", name="pk_refusal_record"),
    )
    op.create_index("ix_refusal_record_refused_on", "refusal_record", ["refused_on", "refusal_key"])
    op.create_index("ix_refusal_record_holder", "refusal_record", ["holder"])


def _provenance() -> list[sa.Column[Any]]:
    return [
        *_words("rules_version", "process_id"),
        _column("instance_key", sa.BigInteger()),
        _column("recorded_at", sa.DateTime(timezone=True)),
        *_words("recorded_by", "recorded_by_name"),
    ]


def _words(*names: str) -> list[sa.Column[Any]]:
    return [_column(name, sa.Text()) for name in names]


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, autoincrement=False, nullable=False)
