"""Which version of a form an element means."""

from datetime import UTC, datetime

from sqlalchemy import BindParameter, ScalarSelect, select
from sqlalchemy.orm import Session

from service.engine import Binding
from service.store.tables import FormDefinition, ProcessDefinition, Resource

ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)
"""As a deadline: whatever was deployed last."""


def bound_form(
    form_id: str | BindParameter[str], until: datetime | BindParameter[datetime]
) -> ScalarSelect[int]:
    """Return a query for the newest version deployed until then, of forms not deleted."""
    return (
        select(FormDefinition.key)
        .join(Resource, Resource.key == FormDefinition.resource_key)
        .where(
            FormDefinition.form_id == form_id,
            FormDefinition.deployed_at <= until,
            Resource.deleted_at.is_(None),
        )
        .order_by(FormDefinition.version.desc())
        .limit(1)
        .scalar_subquery()
    )


def deadline(session: Session, binding: Binding, definition_key: int) -> datetime:
    """Return until when a version counts: for the deployment's own, the process's deployment.

    Unchanged files make no new version, so the version of a deployment is the newest at its time.
    """
    if binding is Binding.LATEST:
        return ALWAYS
    statement = select(ProcessDefinition.deployed_at).where(ProcessDefinition.key == definition_key)
    return session.execute(statement).scalar_one()
