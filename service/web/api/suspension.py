"""Process instances: suspension and resumption."""

from http import HTTPStatus

from service.commands import suspension
from service.web.api.answers import ChangeRequest
from service.web.api.operations import Call, Operations

operations = Operations("流程实例")

_SUSPENDED_HERE = "经接口挂起"
"""The Camunda 8 call carries no reason; the history is to have one."""

_INSTANCE = "/v2/process-instances/<process_instance_key>"


@operations.post(
    f"{_INSTANCE}/suspension",
    "挂起一个流程实例",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    description="挂起期间定时停走，消息等待，任务不能办理；它调用的下级流程照常进行。",
)
def suspend_process_instance(call: Call, process_instance_key: int, body: ChangeRequest) -> None:
    """Let an instance stand still until it is resumed."""
    with call.rooms.write() as tools:
        suspension.suspend(
            tools, process_instance_key, reason=_SUSPENDED_HERE, actor=call.actor, now=call.now
        )


@operations.post(
    f"{_INSTANCE}/resumption",
    "恢复一个挂起的流程实例",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    description="定时从剩下的时间继续；未办任务的期限按挂起的天数顺延。",
)
def resume_process_instance(call: Call, process_instance_key: int, body: ChangeRequest) -> None:
    """Let a suspended instance go on."""
    with call.rooms.write() as tools:
        suspension.resume(tools, process_instance_key, actor=call.actor, now=call.now)
