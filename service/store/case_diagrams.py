"""What the diagram has by which a case runs: an older version may lack a step of today's."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.store.tables import ProcessDefinition, ProcessInstance, Resource


def missing_steps(session: Session, instance_key: int, element_ids: Collection[str]) -> set[str]:
    """Return those of these element ids that the diagram of a case does not have; one statement.

    None of a case that is not there, or not any more: nobody waits for a step of it.
    """
    wanted = (
        select(Resource.content)
        .join(ProcessDefinition, ProcessDefinition.resource_key == Resource.key)
        .join(ProcessInstance, ProcessInstance.definition_key == ProcessDefinition.key)
        .where(ProcessInstance.key == instance_key)
    )
    content = session.scalar(wanted)
    if content is None:
        return set()
    return {one for one in element_ids if f'id="{one}"' not in content}
