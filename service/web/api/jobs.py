"""Jobs for outside workers: activation, completion, failure, error, update."""

import threading
import time
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Literal, cast

from flask import current_app
from pydantic import Field
from typing_extensions import TypedDict

from service.commands import job_activation, outside_jobs
from service.commands.job_activation import TakenJob, Wish
from service.commands.retrying import again_after_conflict
from service.web.api.answers import TENANT, ChangeRequest, VariableMap
from service.web.api.bodies import Body
from service.web.api.operations import Call, Operations
from service.web.api.search_body import Tenant
from service.web.web_settings import web_settings

operations = Operations("作业")

LONGEST_WAIT = timedelta(seconds=25)
"""However long a worker would wait: the page processes stop within 30 s when told to."""

DEFAULT_WAIT = timedelta(seconds=10)
_LOOK_EVERY = 0.5  # s
_TURNS = "jiaoyan.long-polls"

_JOB = "/v2/jobs/<job_key>"
_Milliseconds = Annotated[int, Field(ge=0, le=2**53)]
_Retries = Annotated[int, Field(ge=0, le=2**31 - 1)]
_Text = Annotated[str, Field(max_length=100_000)]
_Lease = Annotated[str, Field(max_length=200)]


class JobActivationRequest(Body):
    """领取作业：`timeout` 是办理期限（毫秒），过期后别的程序可以领取。

    `requestTimeout` 是没有作业时等多久（毫秒）：0 或不写为 10 秒，最多 25 秒，小于 0 时不等。
    `withLease` 为 true 时每个作业带有租约令牌，答复时要一起交回，过期的令牌会被拒绝。
    """

    type: Annotated[str, Field(min_length=1, max_length=1_000)]
    timeout: Annotated[int, Field(ge=1, le=2**53)]
    max_jobs_to_activate: Annotated[int, Field(ge=1, le=2**31 - 1)]
    worker: Annotated[str, Field(max_length=1_000)] = ""
    fetch_variable: Annotated[list[str], Field(max_length=1_000)] | None = None
    request_timeout: Annotated[int, Field(ge=-(2**53), le=2**53)] = 0
    tenant_ids: list[Tenant] | None = None
    tenant_filter: Literal["PROVIDED", "ASSIGNED"] = "PROVIDED"
    with_lease: bool | None = None


class _JobAnswer(Body):
    """`jobLeaseToken` 是领取时得到的租约令牌，没有租约时不写。"""

    variables: VariableMap | None = None
    job_lease_token: _Lease | None = None


class JobCompletionRequest(_JobAnswer):
    """办完一个作业。`result` 和 `businessId` 还没有，只能不写或为空。"""

    result: None = None
    business_id: None = None


class JobFailRequest(_JobAnswer):
    """没有办成：`retries` 是还可以试几次，0 时成为异常；`retryBackOff` 是多少毫秒后再试。"""

    retries: _Retries = 0
    error_message: _Text = ""
    retry_back_off: _Milliseconds = 0


class JobErrorRequest(_JobAnswer):
    """业务错误：由流程图中的错误事件接住，没有接住时成为异常。"""

    error_code: Annotated[str, Field(min_length=1, max_length=1_000)]
    error_message: _Text | None = None


class JobChangeset(Body):
    """要改的内容：剩余次数，或从现在起的办理期限（毫秒）。优先级还没有，只能不写或为空。"""

    retries: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    timeout: Annotated[int, Field(ge=1, le=2**53)] | None = None
    priority: None = None


class JobUpdateRequest(ChangeRequest):
    """修改一个作业；不写令牌时不核对租约。"""

    changeset: JobChangeset
    job_lease_token: _Lease | None = None


class ActivatedJobResult(TypedDict):
    """领到的一个作业。`deadline` 是 1970 年以来的毫秒数。"""

    type: str
    processDefinitionId: str
    processDefinitionVersion: int
    elementId: str
    customHeaders: dict[str, str]
    worker: str
    retries: int
    deadline: int
    variables: dict[str, object]
    tenantId: str
    physicalTenantId: str
    jobKey: str
    processInstanceKey: str
    processDefinitionKey: str
    elementInstanceKey: str
    kind: str
    listenerEventType: str
    userTask: None
    tags: list[str]
    rootProcessInstanceKey: str
    businessId: str | None
    priority: int
    jobLeaseToken: str | None


class JobActivationResult(TypedDict):
    """领到的作业，没有时为空。"""

    jobs: list[ActivatedJobResult]


@operations.post("/v2/jobs/activation", "领取作业", HTTPStatus.FORBIDDEN)
def activate_jobs(call: Call, body: JobActivationRequest) -> JobActivationResult:
    """Take jobs of a type; where none waits, wait for one."""
    job_activation.require_worker(call.rooms, call.actor)
    wish = Wish(
        type=body.type,
        worker=body.worker,
        hold=_span(body.timeout),
        most=body.max_jobs_to_activate,
        names=tuple(body.fetch_variable or ()),
        leased=bool(body.with_lease),
    )
    taken = job_activation.take(call.rooms, wish, actor=call.actor, now=call.now)
    turns = _turns()
    if taken or body.request_timeout < 0 or not turns.acquire(blocking=False):
        return {"jobs": [_result(one) for one in taken]}
    try:
        wait = min(_span(body.request_timeout) or DEFAULT_WAIT, LONGEST_WAIT).total_seconds()
        until = time.monotonic() + wait
        while not taken and (left := until - time.monotonic()) > 0:
            time.sleep(min(_LOOK_EVERY, left))
            now = call.rooms.clock()
            taken = job_activation.take(call.rooms, wish, actor=call.actor, now=now)
    finally:
        turns.release()
    return {"jobs": [_result(one) for one in taken]}


@operations.post(f"{_JOB}/completion", "办完一个作业", HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
def complete_job(call: Call, job_key: int, body: JobCompletionRequest) -> None:
    """The task is done; the instance goes on."""

    def complete() -> None:
        with call.rooms.write() as tools:
            outside_jobs.complete(
                tools,
                job_key,
                variables=body.variables or {},
                lease=body.job_lease_token,
                actor=call.actor,
                now=call.now,
            )

    again_after_conflict(complete)


@operations.post(f"{_JOB}/failure", "作业没有办成", HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
def fail_job(call: Call, job_key: int, body: JobFailRequest) -> None:
    """The attempt failed: it is tried again later, or becomes an incident."""

    def fail() -> None:
        with call.rooms.write() as tools:
            outside_jobs.fail(
                tools,
                job_key,
                retries=body.retries,
                message=body.error_message,
                pause=_span(body.retry_back_off),
                variables=body.variables or {},
                lease=body.job_lease_token,
                actor=call.actor,
                now=call.now,
            )

    again_after_conflict(fail)


@operations.post(f"{_JOB}/error", "作业出现业务错误", HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
def throw_job_error(call: Call, job_key: int, body: JobErrorRequest) -> None:
    """Throw a BPMN error where the task stands."""

    def throw() -> None:
        with call.rooms.write() as tools:
            outside_jobs.throw_error(
                tools,
                job_key,
                code=body.error_code,
                message=body.error_message or "",
                variables=body.variables or {},
                lease=body.job_lease_token,
                actor=call.actor,
                now=call.now,
            )

    again_after_conflict(throw)


@operations.patch(_JOB, "修改一个作业", HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
def update_job(call: Call, job_key: int, body: JobUpdateRequest) -> None:
    """Give a job other retries, or its worker another deadline."""
    changes = body.changeset
    with call.rooms.write() as tools:
        outside_jobs.change(
            tools,
            job_key,
            retries=changes.retries,
            hold=None if changes.timeout is None else _span(changes.timeout),
            lease=body.job_lease_token,
            actor=call.actor,
            now=call.now,
        )


def _turns() -> threading.BoundedSemaphore:
    """So many calls may wait in this process; made at its first one."""
    made = threading.BoundedSemaphore(max(web_settings().long_polls, 1))
    return cast(threading.BoundedSemaphore, current_app.extensions.setdefault(_TURNS, made))


def _span(milliseconds: int) -> timedelta:
    """A span of a call, as long as one can be."""
    longest = job_activation.LONGEST_HOLD
    most = int(longest.total_seconds() * 1_000)
    return longest if milliseconds >= most else timedelta(milliseconds=max(milliseconds, 0))


def _result(job: TakenJob) -> ActivatedJobResult:
    return {
        "type": job.type,
        "processDefinitionId": job.process_id,
        "processDefinitionVersion": job.version,
        "elementId": job.element_id,
        "customHeaders": dict(job.headers),
        "worker": job.worker,
        "retries": job.retries,
        "deadline": int(job.deadline.timestamp() * 1_000),
        "variables": dict(job.variables),
        "tenantId": TENANT,
        "physicalTenantId": TENANT,
        "jobKey": str(job.key),
        "processInstanceKey": str(job.instance_key),
        "processDefinitionKey": str(job.definition_key),
        "elementInstanceKey": str(job.element_instance_key),
        "kind": "BPMN_ELEMENT",
        "listenerEventType": "UNSPECIFIED",
        "userTask": None,
        "tags": [],
        "rootProcessInstanceKey": str(job.root_key),
        "businessId": None,
        "priority": 0,
        "jobLeaseToken": job.lease,
    }
