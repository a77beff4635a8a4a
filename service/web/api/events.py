"""Messages, signals and start conditions: publication, correlation, broadcast, evaluation."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from service.commands import conditional_starts, messages, signals
from service.commands.retrying import again_after_conflict
from service.web.api.answers import TENANT, VariableMap
from service.web.api.bodies import Body
from service.web.api.operations import Call, Operations
from service.web.api.search_body import Key, Tenant

operations = Operations("消息和信号")

_Name = Annotated[str, Field(min_length=1, max_length=1_000)]


class MessageCorrelationRequest(Body):
    """一条消息：名称和关联键决定它给谁。业务编号还没有，只能不写或为空。"""

    name: _Name
    correlation_key: str = ""
    variables: VariableMap | None = None
    tenant_id: Tenant | None = None
    business_id: None = None


class MessagePublicationRequest(MessageCorrelationRequest):
    """一条保留一段时间的消息；`timeToLive` 是毫秒数，`messageId` 在保留期内不能重复。"""

    time_to_live: Annotated[int, Field(ge=0, le=2**53)] = 0
    message_id: str = ""


class SignalBroadcastRequest(Body):
    """一个信号：所有正在等待它的流程都会收到。"""

    signal_name: _Name
    variables: VariableMap | None = None
    tenant_id: Tenant | None = None


class MessagePublicationResult(TypedDict):
    """已经发送的消息。"""

    tenantId: str
    messageKey: str


class MessageCorrelationResult(TypedDict):
    """已经有流程接收的消息。"""

    tenantId: str
    messageKey: str
    processInstanceKey: str


class SignalBroadcastResult(TypedDict):
    """已经广播的信号。"""

    tenantId: str
    signalKey: str


class ConditionalEvaluationInstruction(Body):
    """判断开始条件所用的变量；写明 `processDefinitionKey` 时只问这一个流程。"""

    variables: VariableMap
    process_definition_key: Key | None = None
    tenant_id: Tenant | None = None


class ProcessInstanceReference(TypedDict):
    """由条件开始的流程。"""

    processDefinitionKey: str
    processInstanceKey: str


class EvaluateConditionalResult(TypedDict):
    """条件成立而开始的流程。"""

    conditionalEvaluationKey: str
    tenantId: str
    processInstances: list[ProcessInstanceReference]


@operations.post(
    "/v2/messages/publication", "发送一条消息", HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT
)
def publish_message(call: Call, body: MessagePublicationRequest) -> MessagePublicationResult:
    """Send a message that is kept for its time to live."""

    def publish() -> MessagePublicationResult:
        with call.rooms.write() as tools:
            published = messages.publish(
                tools,
                body.name,
                correlation_key=body.correlation_key,
                time_to_live=timedelta(milliseconds=body.time_to_live),
                message_id=body.message_id,
                variables=body.variables or {},
                actor=call.actor,
                now=call.now,
            )
        return {"tenantId": TENANT, "messageKey": str(published.key)}

    return again_after_conflict(publish)


@operations.post(
    "/v2/messages/correlation",
    "把一条消息交给正在等待它的流程",
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
)
def correlate_message(call: Call, body: MessageCorrelationRequest) -> MessageCorrelationResult:
    """Send a message to who waits for it now."""

    def correlate() -> MessageCorrelationResult:
        with call.rooms.write() as tools:
            published = messages.correlate(
                tools,
                body.name,
                correlation_key=body.correlation_key,
                variables=body.variables or {},
                actor=call.actor,
                now=call.now,
            )
        return {
            "tenantId": TENANT,
            "messageKey": str(published.key),
            "processInstanceKey": str(published.instance_keys[0]),
        }

    return again_after_conflict(correlate)


@operations.post("/v2/signals/broadcast", "广播一个信号", HTTPStatus.FORBIDDEN)
def broadcast_signal(call: Call, body: SignalBroadcastRequest) -> SignalBroadcastResult:
    """Send a signal to everybody who waits for it."""

    def broadcast() -> SignalBroadcastResult:
        with call.rooms.write() as tools:
            sent = signals.broadcast(
                tools,
                body.signal_name,
                variables=body.variables or {},
                actor=call.actor,
                now=call.now,
            )
        return {"tenantId": TENANT, "signalKey": str(sent.key)}

    return again_after_conflict(broadcast)


@operations.post("/v2/conditionals/evaluation", "按变量判断流程的开始条件", HTTPStatus.FORBIDDEN)
def evaluate_conditionals(
    call: Call, body: ConditionalEvaluationInstruction
) -> EvaluateConditionalResult:
    """Ask the conditions of start events; what is true begins instances."""

    def evaluate() -> EvaluateConditionalResult:
        with call.rooms.write() as tools:
            asked = conditional_starts.evaluate(
                tools,
                body.variables,
                definition_key=body.process_definition_key,
                actor=call.actor,
                now=call.now,
            )
        return {
            "conditionalEvaluationKey": str(asked.key),
            "tenantId": TENANT,
            "processInstances": [
                {
                    "processDefinitionKey": str(one.definition_key),
                    "processInstanceKey": str(one.instance_key),
                }
                for one in asked.begun
            ],
        }

    return again_after_conflict(evaluate)
