"""The tables of the first release."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision: str = "s0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = ("service",)
depends_on: str | None = None

Column: TypeAlias = sa.Column[Any]


def upgrade() -> None:
    _create_people()
    _create_resources()
    _create_instances()
    _create_tasks()
    _create_work()
    _create_files()
    _create_history()


def _columns(
    kind: sa.types.TypeEngine[Any], names: tuple[str, ...], *, nullable: bool
) -> list[Column]:
    return [sa.Column(name, kind, autoincrement=False, nullable=nullable) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[Column]:
    return _columns(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), names, nullable=nullable)


def _words(*names: str, nullable: bool = False) -> list[Column]:
    return _columns(sa.Text(), names, nullable=nullable)


def _moments(*names: str, nullable: bool = False) -> list[Column]:
    return _columns(sa.DateTime(timezone=True), names, nullable=nullable)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def _create_people() -> None:
    op.create_table(
        "person",
        *_words("username", "display_name", "sort_name"),
        *_words("password_hash", nullable=True),
        *_columns(sa.Boolean(), ("active",), nullable=False),
        *_numbers("failed_sign_ins"),
        *_moments("locked_until", nullable=True),
        *_moments("created_at"),
        sa.PrimaryKeyConstraint("username", name="pk_person"),
    )
    op.create_table(
        "candidate_group",
        *_words("id", "name"),
        sa.PrimaryKeyConstraint("id", name="pk_candidate_group"),
    )
    op.create_table(
        "membership",
        *_words("group_id", "username"),
        sa.PrimaryKeyConstraint("group_id", "username", name="pk_membership"),
        _refers("membership", "group_id", "candidate_group.id"),
        _refers("membership", "username", "person.username"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_membership_username", "membership", ["username"])
    op.create_table(
        "authorization_grant",
        *_numbers("key"),
        *_words("grantee_kind", "grantee", "process_id", "object", "action"),
        *_moments("granted_at"),
        *_words("granted_by"),
        sa.PrimaryKeyConstraint("key", name="pk_authorization_grant"),
        sa.UniqueConstraint(
            "grantee_kind",
            "grantee",
            "process_id",
            "object",
            "action",
            name="uq_authorization_grant_right",
        ),
    )
    op.create_table(
        "api_token",
        *_numbers("key"),
        *_words("token_hash", "username", "name"),
        *_moments("created_at"),
        *_moments("expires_at", "revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_api_token"),
        _refers("api_token", "username", "person.username"),
        sa.UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
    )
    op.create_index("ix_api_token_username", "api_token", ["username"])
    op.create_table(
        "web_session",
        *_words("token_hash", "username"),
        *_moments("created_at", "seen_at"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_web_session"),
        _refers("web_session", "username", "person.username"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_web_session_username", "web_session", ["username"])
    op.create_table(
        "sign_in_attempt",
        *_numbers("key"),
        *_moments("at"),
        *_words("username", "address", "outcome"),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_address", "sign_in_attempt", ["address", "at"])
    op.create_index("ix_sign_in_attempt_username", "sign_in_attempt", ["username", "at"])


def _create_resources() -> None:
    op.create_table(
        "deployment",
        *_numbers("key"),
        *_moments("deployed_at"),
        *_words("deployed_by"),
        sa.PrimaryKeyConstraint("key", name="pk_deployment"),
    )
    op.create_table(
        "resource",
        *_numbers("key", "deployment_key"),
        *_words("name", "kind", "content", "checksum"),
        *_moments("deleted_at", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_resource"),
        _refers("resource", "deployment_key", "deployment.key"),
    )
    op.create_index("ix_resource_deployment_key", "resource", ["deployment_key"])
    op.create_table(
        "process_definition",
        *_numbers("key", "resource_key"),
        *_words("process_id", "name"),
        *_numbers("version"),
        *_words("version_tag", "start_form_id", nullable=True),
        *_moments("deployed_at"),
        sa.PrimaryKeyConstraint("key", name="pk_process_definition"),
        _refers("process_definition", "resource_key", "resource.key"),
        sa.UniqueConstraint(
            "process_id", "version", name="uq_process_definition_process_id_version"
        ),
    )
    op.create_index("ix_process_definition_resource_key", "process_definition", ["resource_key"])
    op.create_table(
        "decision_definition",
        *_numbers("key", "resource_key"),
        *_words("decision_id", "name"),
        *_numbers("version"),
        *_words("requirements_id", "requirements_name"),
        *_moments("deployed_at"),
        sa.PrimaryKeyConstraint("key", name="pk_decision_definition"),
        _refers("decision_definition", "resource_key", "resource.key"),
        sa.UniqueConstraint(
            "decision_id", "version", name="uq_decision_definition_decision_id_version"
        ),
    )
    op.create_index("ix_decision_definition_resource_key", "decision_definition", ["resource_key"])
    op.create_table(
        "form_definition",
        *_numbers("key", "resource_key"),
        *_words("form_id"),
        *_numbers("version"),
        *_moments("deployed_at"),
        sa.PrimaryKeyConstraint("key", name="pk_form_definition"),
        _refers("form_definition", "resource_key", "resource.key"),
        sa.UniqueConstraint("form_id", "version", name="uq_form_definition_form_id_version"),
    )
    op.create_index("ix_form_definition_resource_key", "form_definition", ["resource_key"])


def _create_instances() -> None:
    op.create_table(
        "process_instance",
        *_numbers("key", "definition_key"),
        *_words("process_id", "title", "state"),
        *_numbers("revision"),
        *_words("engine_state", "started_by"),
        *_moments("started_at"),
        *_moments("ended_at", nullable=True),
        *_words("end_event", "request_id", nullable=True),
        *_numbers("open_incidents", "history_length"),
        *_words("history_head"),
        sa.PrimaryKeyConstraint("key", name="pk_process_instance"),
        _refers("process_instance", "definition_key", "process_definition.key"),
        sa.UniqueConstraint("request_id", name="uq_process_instance_request_id"),
    )
    op.create_index("ix_process_instance_definition_key", "process_instance", ["definition_key"])
    op.create_index(
        "ix_process_instance_process_id", "process_instance", ["process_id", "state", "key"]
    )
    op.create_index("ix_process_instance_started_by", "process_instance", ["started_by", "key"])
    op.create_table(
        "element_instance",
        *_numbers("key", "instance_key", "scope_key"),
        *_words("element_id", "element_name", "type", "state"),
        *_moments("started_at"),
        *_moments("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_element_instance"),
        _refers("element_instance", "instance_key", "process_instance.key"),
    )
    op.create_index("ix_element_instance_instance_key", "element_instance", ["instance_key", "key"])
    op.create_table(
        "variable",
        *_numbers("key", "instance_key", "scope_key"),
        *_words("name", "value"),
        sa.PrimaryKeyConstraint("key", name="pk_variable"),
        _refers("variable", "instance_key", "process_instance.key"),
        sa.UniqueConstraint("scope_key", "name", name="uq_variable_scope_key_name"),
    )
    op.create_index("ix_variable_instance_key", "variable", ["instance_key"])


def _create_tasks() -> None:
    op.create_table(
        "user_task",
        *_numbers("key", "instance_key", "definition_key"),
        *_words("process_id", "element_id", "name", "state"),
        *_numbers("revision"),
        *_words("assignee", nullable=True),
        *_words("candidate_users", "candidate_groups"),
        *_numbers("form_key", nullable=True),
        *_numbers("priority"),
        *_moments("due_at", "follow_up_at", nullable=True),
        *_moments("created_at"),
        *_moments("ended_at", nullable=True),
        *_words("ended_by", "outcome", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_user_task"),
        _refers("user_task", "instance_key", "process_instance.key"),
    )
    op.create_index("ix_user_task_instance_key", "user_task", ["instance_key", "key"])
    op.create_table(
        "inbox_entry",
        *_numbers("task_key"),
        *_words("holder_kind", "holder", "state"),
        *_numbers("instance_key"),
        *_words("process_id"),
        *_moments("due_at", nullable=True),
        *_moments("created_at"),
        *_moments("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("task_key", "holder_kind", "holder", name="pk_inbox_entry"),
        _refers("inbox_entry", "task_key", "user_task.key"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_inbox_entry_due",
        "inbox_entry",
        ["holder", "holder_kind", "state", "due_at", "task_key"],
    )
    op.create_index("ix_inbox_entry_instance_key", "inbox_entry", ["instance_key"])
    op.create_index(
        "ix_inbox_entry_list", "inbox_entry", ["holder", "holder_kind", "state", "task_key"]
    )
    op.create_table(
        "draft",
        *_numbers("subject_key"),
        *_words("username", "data", "comment"),
        *_moments("saved_at"),
        sa.PrimaryKeyConstraint("subject_key", "username", name="pk_draft"),
    )


def _create_work() -> None:
    op.create_table(
        "job",
        *_numbers("key"),
        *_words("kind", "type", "state"),
        *_numbers("instance_key", "element_instance_key"),
        *_words("element_id"),
        *_moments("due_at"),
        *_numbers("attempts", "retries"),
        *_words("backoff", "headers"),
        *_words("lock_owner", nullable=True),
        *_moments("lock_expires_at", nullable=True),
        *_numbers("fencing"),
        *_words("last_error", nullable=True),
        *_moments("created_at"),
        *_moments("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_job"),
    )
    op.create_index("ix_job_due", "job", ["kind", "state", "due_at", "key"])
    op.create_index("ix_job_element_instance_key", "job", ["element_instance_key"])
    op.create_index("ix_job_instance_key", "job", ["instance_key"])
    op.create_table(
        "incident",
        *_numbers("key", "instance_key", "definition_key"),
        *_words("process_id", "element_id"),
        *_numbers("element_instance_key"),
        *_numbers("job_key", nullable=True),
        *_words("type", "message", "state"),
        *_moments("created_at"),
        *_moments("resolved_at", nullable=True),
        *_words("resolved_by", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_incident"),
    )
    op.create_index("ix_incident_instance_key", "incident", ["instance_key", "key"])
    op.create_index("ix_incident_state", "incident", ["state", "key"])


def _create_files() -> None:
    op.create_table(
        "document",
        *_numbers("key"),
        *_words("storage_name", "file_name", "media_type"),
        *_numbers("size"),
        *_words("sha256", "field"),
        *_numbers("subject_key"),
        *_numbers("instance_key", nullable=True),
        *_words("uploaded_by"),
        *_moments("uploaded_at"),
        sa.PrimaryKeyConstraint("key", name="pk_document"),
        sa.UniqueConstraint("storage_name", name="uq_document_storage_name"),
    )
    op.create_index("ix_document_instance_key", "document", ["instance_key"])
    op.create_index("ix_document_subject_key", "document", ["subject_key", "uploaded_by"])


def _create_history() -> None:
    op.create_table(
        "history_entry",
        *_numbers("instance_key", "number"),
        *_moments("at"),
        *_words("actor", "act"),
        *_words("element_id", nullable=True),
        *_numbers("element_instance_key", nullable=True),
        *_words("digest", "mac"),
        sa.PrimaryKeyConstraint("instance_key", "number", name="pk_history_entry"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "history_value",
        *_numbers("instance_key", "number"),
        *_words("salt", "value"),
        sa.PrimaryKeyConstraint("instance_key", "number", name="pk_history_value"),
        sa.ForeignKeyConstraint(
            ["instance_key", "number"],
            ["history_entry.instance_key", "history_entry.number"],
            name="fk_history_value_instance_key_number",
        ),
        sqlite_with_rowid=False,
    )
