"""Deployed files: which one a key of the API means."""

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from service.domain.deployments import ResourceNotFound
from service.store.tables import DecisionDefinition, FormDefinition, ProcessDefinition, Resource


def resource_of(session: Session, *, key: int) -> int:
    """Return the key of the file that a process, decision, form or file key stands for.

    The API deletes by any of them. It says nothing of the file itself: the caller's command asks
    whether the actor may know of it. Raises ResourceNotFound, as that command
    does.
    """
    found = session.execute(
        union_all(
            select(Resource.key).where(Resource.key == key),
            *(
                select(definition.resource_key).where(definition.key == key)
                for definition in (ProcessDefinition, DecisionDefinition, FormDefinition)
            ),
        )
    ).scalar()
    if found is None:
        raise ResourceNotFound
    return int(found)
