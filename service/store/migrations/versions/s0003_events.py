"""Events that instances wait for, messages, and instances that call others."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision: str = "s0003"
down_revision: str | None = "s0002"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

Column: TypeAlias = sa.Column[Any]


def upgrade() -> None:
    _extend_instances()
    op.add_column("job", sa.Column("details", sa.Text(), nullable=True))
    _create_subscriptions()
    _create_messages()


def _columns(
    kind: sa.types.TypeEngine[Any], names: tuple[str, ...], *, nullable: bool
) -> list[Column]:
    return [sa.Column(name, kind, autoincrement=False, nullable=nullable) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[Column]:
    return _columns(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), names, nullable=nullable)


def _words(*names: str) -> list[Column]:
    return _columns(sa.Text(), names, nullable=False)


def _moments(*names: str, nullable: bool = False) -> list[Column]:
    return _columns(sa.DateTime(timezone=True), names, nullable=nullable)


def _extend_instances() -> None:
    names = ("parent_key", "parent_element_instance_key", "root_key", "call_depth")
    for column in _numbers(*names, nullable=True):
        op.add_column("process_instance", column)
    op.add_column("process_instance", sa.Column("start_key", sa.Text(), nullable=True))
    op.create_index(
        "ix_process_instance_parent", "process_instance", ["parent_element_instance_key"]
    )
    op.create_index(
        "ix_process_instance_start_key",
        "process_instance",
        ["process_id", "start_key"],
        unique=True,
        sqlite_where=sa.text("state = 'ACTIVE'"),
        postgresql_where=sa.text("state = 'ACTIVE'"),
    )


def _create_subscriptions() -> None:
    op.create_table(
        "event_subscription",
        *_numbers("key", "element_instance_key"),
        *_words("element_id"),
        *_numbers("number"),
        *_words("kind", "name", "correlation_key"),
        *_numbers("instance_key", "definition_key"),
        *_words("process_id"),
        *_numbers("message_key", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_event_subscription"),
        sa.UniqueConstraint(
            "element_instance_key",
            "element_id",
            "number",
            name="uq_event_subscription_element_instance_key_element_id_number",
        ),
    )
    op.create_index("ix_event_subscription_instance_key", "event_subscription", ["instance_key"])
    op.create_index(
        "ix_event_subscription_name",
        "event_subscription",
        ["kind", "name", "correlation_key", "key"],
    )
    op.create_table(
        "start_subscription",
        *_numbers("key", "definition_key"),
        *_words("process_id", "element_id"),
        *_numbers("number"),
        *_words("kind", "name"),
        sa.PrimaryKeyConstraint("key", name="pk_start_subscription"),
        sa.UniqueConstraint(
            "definition_key",
            "element_id",
            "number",
            name="uq_start_subscription_definition_key_element_id_number",
        ),
    )
    op.create_index("ix_start_subscription_name", "start_subscription", ["kind", "name"])
    op.create_index("ix_start_subscription_process_id", "start_subscription", ["process_id"])


def _create_messages() -> None:
    op.create_table(
        "message",
        *_numbers("key"),
        *_words("name", "correlation_key", "message_id", "variables", "published_by"),
        *_moments("published_at", "expires_at"),
        sa.PrimaryKeyConstraint("key", name="pk_message"),
    )
    op.create_index("ix_message_expires_at", "message", ["expires_at"])
    op.create_index("ix_message_name", "message", ["name", "correlation_key", "key"])
    op.create_table(
        "message_correlation",
        *_numbers("message_key"),
        *_words("process_id"),
        *_numbers("instance_key"),
        *_moments("correlated_at"),
        *_moments("delivered_at", nullable=True),
        sa.PrimaryKeyConstraint("message_key", "process_id", name="pk_message_correlation"),
        sa.ForeignKeyConstraint(
            ["message_key"], ["message.key"], name="fk_message_correlation_message_key"
        ),
        sqlite_with_rowid=False,
    )
