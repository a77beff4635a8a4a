"""Establishments, seats, researchers, the two banks; their changes; settings of rules."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "p0002"
down_revision: str | None = "p0001"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_IN_FORCE = sa.text("ended_on IS NULL")
_SEATED = sa.text("ended_on IS NULL AND seat_code <> ''")


def upgrade() -> None:
    _create_changes()
    _create_establishments()
    _create_seats()
    _create_researchers()
    _create_banks()


def _create_changes() -> None:
    op.create_table(
        "register_change",
        *_words("register"),
        _column("entry_key", sa.BigInteger()),
        _column("revision", sa.Integer()),
        *_words("act"),
        _column("at", sa.DateTime(timezone=True)),
        *_words("by", "by_name", "reason", "changes", "rules"),
        _optional("instance_key", sa.BigInteger()),
        _optional("cause_key", sa.BigInteger()),
        *_words("digest"),
        sa.PrimaryKeyConstraint("register", "entry_key", "revision", name="pk_register_change"),
    )
    op.create_index("ix_register_change_cause_key", "register_change", ["cause_key"])
    op.create_table(
        "register_setting",
        _column("revision", sa.Integer()),
        *_words("setting", "value"),
        _column("effective_from", sa.Date()),
        *_words("reason"),
        _column("at", sa.DateTime(timezone=True)),
        *_words("by", "by_name"),
        sa.PrimaryKeyConstraint("revision", name="pk_register_setting"),
    )


def _create_establishments() -> None:
    _create_roster(
        "establishment",
        *_words("unit_id", "level"),
        _column("approved_seats", sa.Integer()),
        _column("approved_posts", sa.Integer()),
        *_words("organ", "approval_no"),
        _column("approved_on", sa.Date()),
        *_words("note"),
    )
    _one_in_force("establishment", "unit_id")


def _create_seats() -> None:
    _create_roster(
        "staff_seat",
        *_words("code", "unit_id", "seat", "stages", "source", "grade", "organ", "approval_no"),
        *_words("lender_id"),
        _column("begins_on", sa.Date()),
        _optional("ends_on", sa.Date()),
        *_words("return_rule", "note"),
        _optional("reserved_instance", sa.BigInteger()),
        *_words("reserved_for"),
    )
    _one_in_force("staff_seat", "code")
    op.create_index("ix_staff_seat_unit_id", "staff_seat", ["unit_id", "seat"])
    op.create_index("ix_staff_seat_lender_id", "staff_seat", ["lender_id"])


def _create_researchers() -> None:
    _create_roster(
        "researcher",
        *_words("username", "unit_id", "kind", "seat_code", "covers"),
        *_words("second_subject", "second_basis"),
        _column("began_on", sa.Date()),
        _optional("term_ends_on", sa.Date()),
        *_words("leaving"),
        _optional("leaves_on", sa.Date()),
        _optional("returns_on", sa.Date()),
        *_words("leaving_basis", "waiver", "note"),
    )
    _one_in_force("researcher", "username")
    op.create_index(
        "ix_researcher_seat_held",
        "researcher",
        ["seat_code"],
        unique=True,
        sqlite_where=_SEATED,
        postgresql_where=_SEATED,
    )
    op.create_index("ix_researcher_seat_code", "researcher", ["seat_code"])
    op.create_index("ix_researcher_unit_id", "researcher", ["unit_id"])


def _create_banks() -> None:
    _create_roster("bank_reviewer", *_expert(), *_words("interests"))
    _create_roster(
        "bank_setter",
        *_expert(),
        *_words("work", "teaches", "relative_sits"),
        _column("test_prep", sa.Boolean()),
        _column("tutoring", sa.Boolean()),
        *_words("agreement_no"),
    )
    _one_in_force("bank_reviewer", "username")
    _one_in_force("bank_setter", "username")


def _expert() -> list[sa.Column[Any]]:
    return [
        *_words("username", "seats", "title_rank", "expertise"),
        _column("begins_on", sa.Date()),
        _column("ends_on", sa.Date()),
        _optional("declared_on", sa.Date()),
        _optional("declared_year", sa.Integer()),
        *_words("note"),
    ]


def _create_roster(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        _column("key", sa.BigInteger()),
        _column("revision", sa.Integer()),
        *columns,
        _optional("ended_on", sa.Date()),
        *_words("ended_how"),
        sa.PrimaryKeyConstraint("key", name=f"pk_{table}"),
    )


def _one_in_force(table: str, column: str) -> None:
    op.create_index(
        f"ix_{table}_{column}",
        table,
        [column],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )


def _words(*names: str) -> list[sa.Column[Any]]:
    return [_column(name, sa.Text()) for name in names]


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def _optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)
