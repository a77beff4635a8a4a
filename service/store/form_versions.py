"""Which version of a form counts: the one rule of commands and queries."""

from datetime import UTC, datetime

from sqlalchemy import BindParameter, ScalarSelect, Select, or_, select

from service.store.tables import FormDefinition, ProcessDefinition, Resource

ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)
"""As a deadline: whatever was deployed last."""

Moment = datetime | BindParameter[datetime] | ScalarSelect[datetime]


def newest_form(
    form_id: str | BindParameter[str], until: Moment, *, in_use_at: datetime | None = None
) -> Select[int]:
    """Return a query for the key of the newest version deployed until then.

    A version whose file is deleted does not count; with `in_use_at` one whose file was deleted by
    that moment.
    """
    there = Resource.deleted_at.is_(None)
    kept = there if in_use_at is None else or_(there, Resource.deleted_at > in_use_at)
    return (
        select(FormDefinition.key)
        .join(Resource, Resource.key == FormDefinition.resource_key)
        .where(FormDefinition.form_id == form_id, FormDefinition.deployed_at <= until, kept)
        .order_by(FormDefinition.version.desc())
        .limit(1)
    )


def deployment_of(definition_key: int) -> Select[datetime]:
    """Return a query for the deadline of what is bound to a process version's own deployment.

    Unchanged files make no new version, so the version of a deployment is the newest at its time.
    """
    return select(ProcessDefinition.deployed_at).where(ProcessDefinition.key == definition_key)
