"""The sequence flows that a case has taken, as the API lists them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.queries import process_instance_search
from service.queries.process_instance_search import InstanceRow
from service.store.tables import ElementInstance


@dataclass(frozen=True, slots=True)
class TakenFlows:
    """An instance and the ids of the flows on which tokens of it went, each once, sorted."""

    instance: InstanceRow
    flow_ids: tuple[str, ...]


def get(session: Session, *, actor: Actor, instance_key: int) -> TakenFlows:
    """Return the flows of an instance that the actor may see; two statements. Raises NotFound.

    The answer is as long as the diagram has ways out of elements, however long a loop ran.
    """
    instance = process_instance_search.get(session, actor=actor, key=instance_key)
    taken = session.scalars(
        select(ElementInstance.flows_taken)
        .where(
            ElementInstance.instance_key == instance_key, ElementInstance.flows_taken.is_not(None)
        )
        .distinct()
    )
    flow_ids = {flow_id for written in taken for flow_id in (written or "").split()}
    return TakenFlows(instance, tuple(sorted(flow_ids)))
