"""Whom disclosures are about, objections handed in on paper, sealed processes."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0030"
down_revision: str | None = "s0029"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

_TASKS = """
SELECT DISTINCT d.key, p.username FROM disclosure d
JOIN user_task t ON t.instance_key = d.instance_key
JOIN task_party p ON p.task_key = t.key
"""
_KEPT = """
SELECT d.key, v.value FROM disclosure d
JOIN variable v ON v.scope_key = d.instance_key AND v.name = 'parties'
"""


def upgrade() -> None:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "disclosure_party",
        sa.Column("disclosure_key", kind, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("disclosure_key", "username", name=op.f("pk_disclosure_party")),
        sa.ForeignKeyConstraint(
            ["disclosure_key"],
            ["disclosure.key"],
            name=op.f("fk_disclosure_party_disclosure_key_disclosure"),
        ),
        sqlite_with_rowid=False,
    )
    op.add_column("objection", sa.Column("received_on", sa.Date(), nullable=True))
    op.add_column("objection", sa.Column("registered_by", sa.Text(), nullable=True))
    sealed: sa.Column[bool] = sa.Column(
        "sealed", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("process_definition", sealed)
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """Disclosures of before are about whom their case's tasks, and its `parties`, name."""
    found = {(key, username) for key, username in connection.execute(sa.text(_TASKS))}
    for key, value in connection.execute(sa.text(_KEPT)):
        names = json.loads(value) if isinstance(value, str) else value
        found |= {(key, one) for one in names or () if isinstance(one, str) and one}
    rows = [{"key": key, "username": username} for key, username in sorted(found)]
    if rows:
        connection.execute(sa.text("INSERT INTO disclosure_party VALUES (:key, :username)"), rows)
