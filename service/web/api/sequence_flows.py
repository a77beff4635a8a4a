"""The sequence flows that an instance has taken."""

from http import HTTPStatus

from typing_extensions import TypedDict

from service.queries import taken_flows
from service.web.api.answers import TENANT
from service.web.api.operations import Call, Operations

operations = Operations("流程实例")


class ProcessInstanceSequenceFlowResult(TypedDict):
    """流程实例走过的一条顺序流。"""

    sequenceFlowId: str
    processInstanceKey: str
    rootProcessInstanceKey: str
    processDefinitionKey: str
    processDefinitionId: str
    elementId: str
    tenantId: str


class ProcessInstanceSequenceFlowsQueryResult(TypedDict):
    """流程实例走过的顺序流，每条一次。"""

    items: list[ProcessInstanceSequenceFlowResult]


@operations.get(
    "/v2/process-instances/<process_instance_key>/sequence-flows",
    "一个流程实例走过的顺序流",
    HTTPStatus.NOT_FOUND,
    description="`elementId` 是流程图里顺序流的编号；走过多次的只列一次。",
)
def get_process_instance_sequence_flows(
    call: Call, process_instance_key: int
) -> ProcessInstanceSequenceFlowsQueryResult:
    """List the flows on which tokens of one instance went."""
    with call.rooms.read() as session:
        taken = taken_flows.get(session, actor=call.actor, instance_key=process_instance_key)
    instance = taken.instance
    return {
        "items": [
            {
                "sequenceFlowId": f"{instance.key}_{flow_id}",
                "processInstanceKey": str(instance.key),
                "rootProcessInstanceKey": str(instance.root_key),
                "processDefinitionKey": str(instance.definition_key),
                "processDefinitionId": instance.process_id,
                "elementId": flow_id,
                "tenantId": TENANT,
            }
            for flow_id in taken.flow_ids
        ]
    }
