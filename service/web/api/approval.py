"""`/api/v1`: what approval needs and the Camunda 8 API does not know, in the same style."""

from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from service.commands import drafts, urging, user_tasks
from service.domain.urging import LONGEST
from service.queries import inbox, instances, timeline, user_task_search
from service.queries.inbox import InboxRow
from service.queries.inbox_filter import CaseState, InboxFilter
from service.queries.inbox_order import Box, Sort
from service.queries.timeline import TimelineEntry
from service.web.api.answers import VariableMap, optional_key, optional_moment
from service.web.api.bodies import Body, FieldWrong
from service.web.api.operations import Call, Operations
from service.web.api.problems import moment
from service.web.api.submissions import complete_and_keep

operations = Operations("审批")

_TASK = "/api/v1/user-tasks/<user_task_key>"
_TASK_REFUSALS = (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)

Comment = Annotated[str, Field(max_length=4_000)]
"""An opinion."""


class CompleteRequest(Body):
    """办理：`outcome` 是结论（approve、reject 或这一步自己的），`comment` 是意见。

    `revision` 是看到任务时的修订号；给了它，任务在这之后有改动就回答 409。
    """

    outcome: Annotated[str, Field(max_length=200)] | None = None
    variables: VariableMap | None = None
    comment: Comment = ""
    revision: Annotated[int, Field(ge=0, le=2**31)] | None = None


class Completed(TypedDict):
    """办理的结果；`nextUserTaskKeys` 是随即轮到同一个人的任务。"""

    userTaskKey: str
    processInstanceKey: str
    nextUserTaskKeys: list[str]
    hasIncident: bool


class ChangeTaskRequest(Body):
    """`revision` 是看到任务时的修订号；给了它，任务在这之后有改动就回答 409。"""

    revision: Annotated[int, Field(ge=0, le=2**31)] | None = None


class UrgeRequest(Body):
    """`comment` 是想对办理人说的话，可以不填，记入办理过程。"""

    comment: Annotated[str, Field(max_length=LONGEST)] = ""


class Urged(TypedDict):
    """催办已发出；`againFromDate` 以后可以再催。"""

    userTaskKey: str
    urgedDate: str
    againFromDate: str


class DraftRequest(Body):
    """填了一半的内容。"""

    variables: VariableMap | None = None
    comment: Comment = ""


def _limit(value: object) -> object:
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 3):
        raise FieldWrong("应为 1 到 100 的整数")
    return int(value)


class InboxQuery(BaseModel):
    """哪个列表，找什么，怎么排。"""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, defer_build=True)

    box: Literal["todo", "claimable", "done", "started", "escalated"] = "todo"
    q: Annotated[str, Field(max_length=200)] = ""
    process_definition_id: Annotated[str, Field(max_length=255)] = ""
    state: Literal["ACTIVE", "SUSPENDED", "COMPLETED", "TERMINATED", "OVERDUE"] | None = None
    sort: Literal["newest", "oldest", "due"] = "newest"
    after: Annotated[str, Field(max_length=1_000)] | None = None
    limit: Annotated[
        int,
        Field(ge=1, le=100),
        BeforeValidator(_limit),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 100}),
    ] = 20


class InboxItem(TypedDict):
    """一项任务；在 started 里是一个流程实例，`userTaskKey` 为空，`steps` 是它停在的步骤。"""

    userTaskKey: str | None
    processInstanceKey: str
    processDefinitionId: str
    processName: str
    title: str
    steps: list[str]
    startedBy: str
    state: str
    arrivedDate: str
    dueDate: str | None
    escalatedDate: str | None
    endDate: str | None


class InboxResult(TypedDict):
    """一页；`endCursor` 为空说明没有下一页了。

    查找文字时一次最多查 10,000 项：不足一页而 `endCursor` 不为空，说明后面还有没查的。
    """

    items: list[InboxItem]
    endCursor: str | None


class HistoryItem(TypedDict):
    """一件发生过的事；`comment`、`reason` 只给看得到内容的人。"""

    number: int
    date: str
    actor: str
    act: str
    elementName: str | None
    outcome: str | None
    comment: str | None
    reason: str | None
    assignee: str | None
    detail: str | None
    linkedProcessInstanceKey: str | None


class HistoryResult(TypedDict):
    """一个流程实例的经过，从早到晚；最多给出最近的 500 件。"""

    items: list[HistoryItem]


@operations.post(
    f"{_TASK}/complete",
    "办理任务，带结论和意见",
    *_TASK_REFUSALS,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    description="填写有误时回答 422，`errors` 按字段列出；填的内容会留作草稿。",
)
def complete_task(call: Call, user_task_key: int, body: CompleteRequest) -> Completed:
    """Complete a task with an outcome and an opinion."""
    completed = complete_and_keep(
        call,
        user_task_key,
        variables=body.variables or {},
        outcome=body.outcome,
        strict=True,
        comment=body.comment,
        revision=body.revision,
    )
    return {
        "userTaskKey": str(completed.task_key),
        "processInstanceKey": str(completed.instance_key),
        "nextUserTaskKeys": [str(key) for key in completed.next_tasks_for_actor],
        "hasIncident": completed.incident,
    }


@operations.post(f"{_TASK}/claim", "签收任务", *_TASK_REFUSALS)
def claim_task(call: Call, user_task_key: int, body: ChangeTaskRequest) -> None:
    """Take a task that the caller is a candidate of."""
    with call.rooms.write() as tools:
        user_tasks.claim(
            tools, user_task_key, actor=call.actor, now=call.now, revision=body.revision
        )


@operations.post(f"{_TASK}/release", "退签：把任务退回候选人", *_TASK_REFUSALS)
def release_task(call: Call, user_task_key: int, body: ChangeTaskRequest) -> None:
    """Give a claimed task back to its candidates."""
    with call.rooms.write() as tools:
        user_tasks.release(
            tools, user_task_key, actor=call.actor, now=call.now, revision=body.revision
        )


@operations.post(
    f"{_TASK}/urge",
    "催办：提醒办理人尽快办理",
    *_TASK_REFUSALS,
    HTTPStatus.TOO_MANY_REQUESTS,
    description="发起人、上级和运维人员可用；间隔不到时回答 429，`Retry-After` 是还要等的秒数。",
)
def urge_task(call: Call, user_task_key: int, body: UrgeRequest) -> Urged:
    """Urge whoever holds the task, else all who may claim it."""
    with call.rooms.write() as tools:
        urged = urging.urge(
            tools, user_task_key, comment=body.comment, actor=call.actor, now=call.now
        )
    return {
        "userTaskKey": str(urged.task_key),
        "urgedDate": moment(urged.at),
        "againFromDate": moment(urged.again_from),
    }


@operations.put(f"{_TASK}/draft", "保存任务的草稿", *_TASK_REFUSALS)
def save_task_draft(call: Call, user_task_key: int, body: DraftRequest) -> None:
    """Keep what the caller has filled in and not submitted."""
    with call.rooms.write() as tools:
        # A draft's subject may be a start form as well; here it is a task.
        user_task_search.get(tools.session, actor=call.actor, key=user_task_key)
        drafts.save(
            tools,
            user_task_key,
            data=body.variables or {},
            comment=body.comment,
            actor=call.actor,
            now=call.now,
        )


@operations.get("/api/v1/inbox", "待办、待签收、已办、我发起的、逾期上报给我的")
def get_inbox(call: Call, query: InboxQuery) -> InboxResult:
    """Return a page of one of the caller's lists."""
    wanted = InboxFilter(
        q=query.q,
        process_id=query.process_definition_id,
        state=CaseState(query.state) if query.state else None,
        sort=Sort(query.sort),
    )
    with call.rooms.read() as session:
        page = inbox.page(
            session,
            actor=call.actor,
            box=Box(query.box),
            wanted=wanted,
            now=call.now,
            after=query.after or None,
            limit=query.limit,
        )
    return {"items": [_item(row) for row in page.rows], "endCursor": page.next}


@operations.get(
    "/api/v1/process-instances/<process_instance_key>/history",
    "一个流程实例的经过",
    HTTPStatus.NOT_FOUND,
)
def get_process_instance_history(call: Call, process_instance_key: int) -> HistoryResult:
    """Return what happened in an instance, oldest first."""
    with call.rooms.read() as session:
        instance = instances.get(session, actor=call.actor, key=process_instance_key)
        entries = timeline.of_instance(
            session,
            instance_key=instance.key,
            with_values=instance.may_read_values,
            links_for=call.actor,
            reader=call.actor,
        )
    return {"items": [_history_item(entry) for entry in entries]}


def _history_item(entry: TimelineEntry) -> HistoryItem:
    return {
        "number": entry.number,
        "date": moment(entry.at),
        "actor": entry.actor,
        "act": entry.act,
        "elementName": entry.step or None,
        "outcome": entry.outcome or None,
        "comment": entry.comment or None,
        "reason": entry.reason or None,
        "assignee": entry.other or None,
        "detail": entry.detail or None,
        "linkedProcessInstanceKey": optional_key(entry.linked_key),
    }


def _item(row: InboxRow) -> InboxItem:
    return {
        "userTaskKey": optional_key(row.task_key),
        "processInstanceKey": str(row.instance_key),
        "processDefinitionId": row.process_id,
        "processName": row.process_name,
        "title": row.title,
        "steps": list(row.steps),
        "startedBy": row.started_by,
        "state": row.state,
        "arrivedDate": moment(row.arrived_at),
        "dueDate": optional_moment(row.due_at),
        "escalatedDate": optional_moment(row.escalated_at),
        "endDate": optional_moment(row.ended_at),
    }
