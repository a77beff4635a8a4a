"""Which specification runs a flow node: its kind, and what its settings make of it."""

from collections.abc import Sequence

from service.engine.calls import CallActivitySpec
from service.engine.containers import AdHocSpec, SubProcessSpec, TransactionSpec
from service.engine.dialect import Extensions
from service.engine.events import (
    BoundaryEventSpec,
    CatchEventSpec,
    EndEventSpec,
    EventGatewaySpec,
    JobEndSpec,
    JobThrowSpec,
    StartEventSpec,
    ThrowEventSpec,
)
from service.engine.gateways import (
    ExclusiveGatewaySpec,
    InclusiveGatewaySpec,
    ParallelGatewaySpec,
)
from service.engine.kernel import KernelSpec
from service.engine.task_specs import (
    BusinessRuleTaskSpec,
    JobSpec,
    PassSpec,
    ScriptTaskSpec,
    UserTaskSpec,
)
from service.engine.triggers import Trigger, TriggerKind
from service.engine.xml_source import XmlNode, local_name

_PLAIN: dict[str, type[KernelSpec]] = {
    "startEvent": StartEventSpec,
    "boundaryEvent": BoundaryEventSpec,
    "intermediateCatchEvent": CatchEventSpec,
    "receiveTask": CatchEventSpec,
    "task": PassSpec,
    "manualTask": PassSpec,
    "userTask": UserTaskSpec,
    "serviceTask": JobSpec,
    "subProcess": SubProcessSpec,
    "transaction": TransactionSpec,
    "adHocSubProcess": AdHocSpec,
    "callActivity": CallActivitySpec,
    "exclusiveGateway": ExclusiveGatewaySpec,
    "parallelGateway": ParallelGatewaySpec,
    "inclusiveGateway": InclusiveGatewaySpec,
    "eventBasedGateway": EventGatewaySpec,
}


def choose_spec(
    node: XmlNode, extensions: Extensions, triggers: Sequence[Trigger]
) -> type[KernelSpec]:
    """The class of a flow node's specification."""
    tag = local_name(node)
    by_job = bool(extensions.job.task_type)
    match tag:
        case "businessRuleTask":
            return JobSpec if by_job and not extensions.decision else BusinessRuleTaskSpec
        case "scriptTask":
            return JobSpec if by_job and not extensions.script else ScriptTaskSpec
        case "sendTask":
            return JobSpec if by_job or not triggers else ThrowEventSpec
        case "intermediateThrowEvent":
            return JobThrowSpec if by_job and _sends(triggers) else ThrowEventSpec
        case "endEvent":
            return JobEndSpec if by_job and _sends(triggers) else EndEventSpec
    return _PLAIN[tag]


def _sends(triggers: Sequence[Trigger]) -> bool:
    return any(trigger.kind is TriggerKind.MESSAGE for trigger in triggers)
