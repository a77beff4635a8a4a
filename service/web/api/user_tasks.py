"""User tasks: search, get, form, variables, assignment, completion."""

from http import HTTPStatus
from typing import Annotated, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from service.commands import user_tasks
from service.queries import form_search, user_task_search, variable_search
from service.queries.user_task_search import TaskRow
from service.web.api.answers import (
    TENANT,
    FormResult,
    VariableMap,
    form_result,
    optional_key,
    optional_moment,
)
from service.web.api.bodies import Body
from service.web.api.operations import Call, Operations
from service.web.api.problems import moment
from service.web.api.search_body import (
    FILTER,
    STRICT,
    Alternatives,
    Direction,
    Key,
    KeyFilter,
    MomentFilter,
    SearchQueryPageResponse,
    SearchQueryRequest,
    Sorts,
    TaskStateFilter,
    Text,
    TextFilter,
    VariableFilters,
    WholeFilter,
    page_of,
    search_of,
)
from service.web.api.submissions import complete_and_keep
from service.web.api.variables import (
    TruncateQuery,
    UserTaskVariableSearchQuery,
    VariableSearchQueryResult,
    read_variables,
)

operations = Operations("用户任务")

_TASK = "/v2/user-tasks/<user_task_key>"


class UserTaskResult(TypedDict):
    """一项用户任务；`revision` 是本系统的修订号，每次改动加一。"""

    name: str | None
    state: str
    assignee: str | None
    elementId: str
    candidateGroups: list[str]
    candidateUsers: list[str]
    processDefinitionId: str
    creationDate: str
    completionDate: str | None
    followUpDate: str | None
    dueDate: str | None
    tenantId: str
    externalFormReference: str | None
    processDefinitionVersion: int
    customHeaders: dict[str, str]
    priority: int
    userTaskKey: str
    elementInstanceKey: str
    processName: str | None
    processDefinitionKey: str
    processInstanceKey: str
    rootProcessInstanceKey: str
    businessId: str | None
    formKey: str | None
    tags: list[str]
    revision: int


class UserTaskSearchQueryResult(TypedDict):
    """一页用户任务。"""

    items: list[UserTaskResult]
    page: SearchQueryPageResponse


@with_config(FILTER)
class UserTaskFilterFields(TypedDict, total=False):
    """用户任务的筛选条件，全部成立才算符合。"""

    state: TaskStateFilter
    assignee: TextFilter
    priority: WholeFilter
    elementId: Text
    name: TextFilter
    candidateGroup: TextFilter
    candidateUser: TextFilter
    tenantId: TextFilter
    processDefinitionId: TextFilter
    creationDate: MomentFilter
    completionDate: MomentFilter
    followUpDate: MomentFilter
    dueDate: MomentFilter
    processInstanceVariables: VariableFilters
    localVariables: VariableFilters
    userTaskKey: Key
    processDefinitionKey: KeyFilter
    processInstanceKey: KeyFilter
    elementInstanceKey: Key


@with_config(FILTER)
class UserTaskFilter(UserTaskFilterFields, total=False):
    """用户任务的筛选条件；`$or` 里的各组至少一组成立。"""

    or_: Alternatives[UserTaskFilterFields]


@with_config(STRICT)
class UserTaskSort(TypedDict):
    """按一个字段排序。"""

    field: Literal["creationDate", "completionDate", "followUpDate", "dueDate", "priority", "name"]
    order: NotRequired[Direction]


class UserTaskSearchQuery(SearchQueryRequest):
    """查询用户任务。"""

    filter: UserTaskFilter = Field(default_factory=UserTaskFilter)
    sort: Sorts[UserTaskSort] = Field(default_factory=list)


class UserTaskCompletionRequest(Body):
    """办理任务：`variables` 是表单填的内容，`action` 是结论，例如 approve。"""

    variables: VariableMap | None = None
    action: Annotated[str, Field(max_length=200)] | None = None


class UserTaskAssignmentRequest(Body):
    """指派任务；`allowOverride` 为 false 时，已经有人办理的任务不改派。"""

    assignee: Annotated[str, Field(min_length=1, max_length=256)]
    allow_override: bool | None = None
    action: Annotated[str, Field(max_length=200)] | None = None


@operations.post("/v2/user-tasks/search", "查询用户任务")
def search_user_tasks(call: Call, body: UserTaskSearchQuery) -> UserTaskSearchQueryResult:
    """Search the tasks that the caller may open."""
    search = search_of(body.page, body.filter, body.sort)
    with call.rooms.read() as session:
        found = user_task_search.search(session, actor=call.actor, search=search)
    return {"items": [_result(task) for task in found.items], "page": page_of(found)}


@operations.get(_TASK, "取一项用户任务", HTTPStatus.NOT_FOUND)
def get_user_task(call: Call, user_task_key: int) -> UserTaskResult:
    """Return one task."""
    with call.rooms.read() as session:
        return _result(user_task_search.get(session, actor=call.actor, key=user_task_key))


@operations.get(f"{_TASK}/form", "取用户任务的表单；没有表单时回答 204", HTTPStatus.NOT_FOUND)
def get_user_task_form(call: Call, user_task_key: int) -> FormResult | None:
    """Return the version of the form that the task is bound to."""
    with call.rooms.read() as session:
        form = form_search.task_form(session, actor=call.actor, key=user_task_key)
    return None if form is None else form_result(form)


@operations.post(f"{_TASK}/variables/search", "查询用户任务看得到的变量", HTTPStatus.NOT_FOUND)
def search_user_task_variables(
    call: Call, user_task_key: int, body: UserTaskVariableSearchQuery, query: TruncateQuery
) -> VariableSearchQueryResult:
    """Search the variables of the task's own scope and of its instance."""
    return _variables(call, user_task_key, body, query, effective=False)


@operations.post(
    f"{_TASK}/effective-variables/search",
    "查询对用户任务起作用的变量，同名的只取最里层",
    HTTPStatus.NOT_FOUND,
)
def search_user_task_effective_variables(
    call: Call, user_task_key: int, body: UserTaskVariableSearchQuery, query: TruncateQuery
) -> VariableSearchQueryResult:
    """Search the variables as the task sees them, each name once."""
    return _variables(call, user_task_key, body, query, effective=True)


@operations.post(
    f"{_TASK}/completion",
    "办理（完成）用户任务",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    description="有表单时，表单没有的变量会被拒绝。结论写在变量“步骤编号_outcome”里。",
)
def complete_user_task(call: Call, user_task_key: int, body: UserTaskCompletionRequest) -> None:
    """Complete a task; a candidate claims it in passing."""
    # "complete" is the API's default action, not an outcome.
    outcome = None if body.action in (None, "", "complete") else body.action
    complete_and_keep(
        call, user_task_key, variables=body.variables or {}, outcome=outcome, strict=True
    )


@operations.post(
    f"{_TASK}/assignment",
    "把用户任务指派给一个人",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
)
def assign_user_task(call: Call, user_task_key: int, body: UserTaskAssignmentRequest) -> None:
    """Assign a task: by who may assign, or to oneself by a candidate."""
    with call.rooms.write() as tools:
        user_tasks.assign(
            tools,
            user_task_key,
            assignee=body.assignee,
            allow_override=body.allow_override is not False,
            actor=call.actor,
            now=call.now,
        )


@operations.delete(
    f"{_TASK}/assignee",
    "取消用户任务的指派，退回候选人",
    HTTPStatus.NOT_FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
)
def unassign_user_task(call: Call, user_task_key: int) -> None:
    """Give a task back to its candidates."""
    with call.rooms.write() as tools:
        user_tasks.release(tools, user_task_key, actor=call.actor, now=call.now)


def _variables(
    call: Call,
    task_key: int,
    body: UserTaskVariableSearchQuery,
    query: TruncateQuery,
    *,
    effective: bool,
) -> VariableSearchQueryResult:
    with call.rooms.read() as session:
        found = variable_search.search_of_task(
            session,
            actor=call.actor,
            task_key=task_key,
            search=search_of(body.page, body.filter, body.sort),
            truncate=query.truncate,
            effective=effective,
        )
    return read_variables(call, found)


def _result(task: TaskRow) -> UserTaskResult:
    return {
        "name": task.name or None,
        "state": task.state,
        "assignee": task.assignee,
        "elementId": task.element_id,
        "candidateGroups": list(task.candidate_groups),
        "candidateUsers": list(task.candidate_users),
        "processDefinitionId": task.process_id,
        "creationDate": moment(task.created_at),
        "completionDate": optional_moment(task.ended_at),
        "followUpDate": optional_moment(task.follow_up_at),
        "dueDate": optional_moment(task.due_at),
        "tenantId": TENANT,
        "externalFormReference": None,
        "processDefinitionVersion": task.version,
        "customHeaders": {},
        "priority": task.priority,
        "userTaskKey": str(task.key),
        "elementInstanceKey": str(task.key),
        "processName": task.process_name or None,
        "processDefinitionKey": str(task.definition_key),
        "processInstanceKey": str(task.instance_key),
        "rootProcessInstanceKey": str(task.instance_key),
        "businessId": None,
        "formKey": optional_key(task.form_key),
        "tags": [],
        "revision": task.revision,
    }
