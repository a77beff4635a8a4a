"""Recruitment: rounds, posts, candidacies, scores, ranks."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "p0008"
down_revision: str | None = "p0007"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None


def upgrade() -> None:
    _create_rounds()
    _create_candidacies()
    _create_scores()


def _create_rounds() -> None:
    op.create_table(
        "recruitment_round",
        _column("key", sa.BigInteger()),
        _column("revision", sa.Integer()),
        *_words("number", "channel", "title", "unit_id", "process_id"),
        _column("instance_key", sa.BigInteger()),
        *_words("state", "scheme"),
        _moment("announced_at", nullable=True),
        *_words("notice_key"),
        _column("registration_opens_on", sa.Date(), nullable=True),
        _column("registration_closes_on", sa.Date(), nullable=True),
        _column("substitution_until", sa.Date(), nullable=True),
        *_words("rules_version"),
        _moment("opened_at"),
        *_words("opened_by", "opened_by_name"),
        sa.PrimaryKeyConstraint("key", name="pk_recruitment_round"),
        sa.UniqueConstraint("number", name="uq_recruitment_round_number"),
    )
    op.create_index("ix_recruitment_round_instance_key", "recruitment_round", ["instance_key"])
    op.create_table(
        "recruitment_post",
        *_words("code"),
        _column("round_key", sa.BigInteger()),
        *_words("seat", "seat_code", "state", "reason"),
        sa.PrimaryKeyConstraint("code", name="pk_recruitment_post"),
    )
    op.create_index("ix_recruitment_post_round_key", "recruitment_post", ["round_key"])


def _create_candidacies() -> None:
    op.create_table(
        "recruitment_candidacy",
        _column("key", sa.BigInteger()),
        *(_column(name, sa.BigInteger()) for name in ("round_key", "instance_key")),
        *_words("post_code", "username", "name", "unit", "title"),
        _column("honoured", sa.Boolean()),
        _column("qualification_key", sa.BigInteger(), nullable=True),
        *_words("state", "reason"),
        _moment("applied_at"),
        sa.PrimaryKeyConstraint("key", name="pk_recruitment_candidacy"),
    )
    op.create_index(
        "ix_recruitment_candidacy_round_key", "recruitment_candidacy", ["round_key", "username"]
    )
    op.create_index("ix_recruitment_candidacy_post_code", "recruitment_candidacy", ["post_code"])


def _create_scores() -> None:
    op.create_table(
        "recruitment_score",
        _column("candidacy_key", sa.BigInteger()),
        _column("part", sa.Text()),
        _column("run", sa.Integer()),
        *_words("rater", "rater_name", "points", "note", "void_reason"),
        _moment("entered_at"),
        _column("cause_key", sa.BigInteger()),
        sa.PrimaryKeyConstraint(
            "candidacy_key", "part", "run", "rater", name="pk_recruitment_score"
        ),
    )
    op.create_table(
        "recruitment_rank",
        *_words("post_code"),
        _column("run", sa.Integer()),
        _column("candidacy_key", sa.BigInteger()),
        _column("place", sa.Integer()),
        *_words("written", "interview", "total", "note", "rules_version"),
        _moment("ranked_at"),
        _column("cause_key", sa.BigInteger()),
        sa.PrimaryKeyConstraint("post_code", "run", "candidacy_key", name="pk_recruitment_rank"),
    )


def _words(*names: str) -> list[sa.Column[Any]]:
    return [_column(name, sa.Text()) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return _column(name, sa.DateTime(timezone=True), nullable=nullable)


def _column(name: str, kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, autoincrement=False, nullable=nullable)
