"""What is deployed. A row here is never changed: a new version is a new row."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import KEYED_BY_ITSELF, Base


class Deployment(Base):
    """One act of deploying one or more resources together."""

    __tablename__ = "deployment"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str]
    note: Mapped[str | None]
    """What changed, in the words of who published it on the pages."""


class Resource(Base):
    """One deployed file, as it was sent."""

    __tablename__ = "resource"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    deployment_key: Mapped[int] = mapped_column(ForeignKey("deployment.key"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    """bpmn, dmn or form."""
    content: Mapped[str]
    checksum: Mapped[str]
    """SHA-256 of the content, hexadecimal."""
    deleted_at: Mapped[datetime | None]


class ProcessDefinition(Base):
    """One version of one process."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("process_id", "version"),)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    resource_key: Mapped[int] = mapped_column(ForeignKey("resource.key"), index=True)
    process_id: Mapped[str]
    name: Mapped[str]
    version: Mapped[int]
    version_tag: Mapped[str | None]
    start_form_id: Mapped[str | None]
    sealed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Bears the mark that nothing is written into its cases from outside: see `store.sealed`."""
    called_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nothing but a call activity starts it: what the newest version says holds for all."""
    deployed_at: Mapped[datetime]


class ClosedProcedure(Base):
    """A procedure that is closed to all but those whom a right names for it.

    Begun by the first version that is marked; no other version ends it.
    """

    __tablename__ = "closed_procedure"
    __table_args__ = KEYED_BY_ITSELF

    process_id: Mapped[str] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
    closed_by: Mapped[str]


class DecisionDefinition(Base):
    """One version of one decision."""

    __tablename__ = "decision_definition"
    __table_args__ = (UniqueConstraint("decision_id", "version"),)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    resource_key: Mapped[int] = mapped_column(ForeignKey("resource.key"), index=True)
    decision_id: Mapped[str]
    name: Mapped[str]
    version: Mapped[int]
    requirements_id: Mapped[str]
    requirements_name: Mapped[str]
    deployed_at: Mapped[datetime]


class FormDefinition(Base):
    """One version of one form."""

    __tablename__ = "form_definition"
    __table_args__ = (
        UniqueConstraint("form_id", "version"),
        Index("ix_form_definition_resource_key", "resource_key"),
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    resource_key: Mapped[int] = mapped_column(ForeignKey("resource.key"))
    form_id: Mapped[str]
    name: Mapped[str | None]
    """What people call it; None where the form says nothing."""
    version: Mapped[int]
    deployed_at: Mapped[datetime]
