"""Users and groups: search and get; who the caller is."""

from http import HTTPStatus
from typing import Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from service.queries import people_search
from service.queries.people_search import GroupRow, PersonRow
from service.web.api.answers import TENANT
from service.web.api.operations import Call, Operations
from service.web.api.search_body import (
    FILTER,
    STRICT,
    Alternatives,
    Direction,
    SearchQueryPageResponse,
    SearchQueryRequest,
    Sorts,
    TextFilter,
    page_of,
    search_of,
)

operations = Operations("人员")


class UserResult(TypedDict):
    """一个账号。"""

    username: str
    name: str | None
    email: str | None


class UserSearchResult(TypedDict):
    """一页账号。"""

    items: list[UserResult]
    page: SearchQueryPageResponse


class GroupResult(TypedDict):
    """一个组。"""

    groupId: str
    name: str
    description: str | None


class GroupSearchQueryResult(TypedDict):
    """一页组。"""

    items: list[GroupResult]
    page: SearchQueryPageResponse


class GroupUserResult(TypedDict):
    """组里的一个人。"""

    username: str


class GroupUserSearchResult(TypedDict):
    """组里的一页人。"""

    items: list[GroupUserResult]
    page: SearchQueryPageResponse


class TenantResult(TypedDict):
    """租户；只有一个。"""

    tenantId: str
    name: str
    description: str | None


class CamundaUserResult(TypedDict):
    """调用者自己。"""

    username: str
    displayName: str | None
    email: str | None
    authorizedComponents: list[str]
    tenants: list[TenantResult]
    groups: list[str]
    roles: list[str]
    salesPlanType: str | None
    c8Links: dict[str, str]
    canLogout: bool


@with_config(FILTER)
class UserFilterFields(TypedDict, total=False):
    """账号的筛选条件，全部成立才算符合。"""

    username: TextFilter
    name: TextFilter
    email: TextFilter


@with_config(FILTER)
class UserFilter(UserFilterFields, total=False):
    """账号的筛选条件；`$or` 里的各组至少一组成立。"""

    or_: Alternatives[UserFilterFields]


@with_config(STRICT)
class UserSort(TypedDict):
    """按一个字段排序；name 按拼音。"""

    field: Literal["username", "name"]
    order: NotRequired[Direction]


class UserSearchQueryRequest(SearchQueryRequest):
    """查询账号。"""

    filter: UserFilter = Field(default_factory=UserFilter)
    sort: Sorts[UserSort] = Field(default_factory=list)


@with_config(FILTER)
class GroupFilterFields(TypedDict, total=False):
    """组的筛选条件，全部成立才算符合。"""

    groupId: TextFilter
    name: TextFilter


@with_config(FILTER)
class GroupFilter(GroupFilterFields, total=False):
    """组的筛选条件；`$or` 里的各组至少一组成立。"""

    or_: Alternatives[GroupFilterFields]


@with_config(STRICT)
class GroupSort(TypedDict):
    """按一个字段排序。"""

    field: Literal["groupId", "name"]
    order: NotRequired[Direction]


class GroupSearchQueryRequest(SearchQueryRequest):
    """查询组。"""

    filter: GroupFilter = Field(default_factory=GroupFilter)
    sort: Sorts[GroupSort] = Field(default_factory=list)


@with_config(STRICT)
class GroupUserSort(TypedDict):
    """按一个字段排序。"""

    field: Literal["username"]
    order: NotRequired[Direction]


class GroupUserSearchQueryRequest(SearchQueryRequest):
    """查询组里的人。"""

    sort: Sorts[GroupUserSort] = Field(default_factory=list)


@operations.get("/v2/authentication/me", "我是谁")
def get_authentication(call: Call) -> CamundaUserResult:
    """Return the caller."""
    return {
        "username": call.actor.username,
        "displayName": call.actor.display_name or None,
        "email": None,
        "authorizedComponents": [],
        "tenants": [{"tenantId": TENANT, "name": "默认", "description": None}],
        "groups": sorted(call.actor.groups),
        "roles": [],
        "salesPlanType": None,
        "c8Links": {},
        "canLogout": True,
    }


@operations.post("/v2/users/search", "查询账号")
def search_users(call: Call, body: UserSearchQueryRequest) -> UserSearchResult:
    """Search the accounts that the caller may see."""
    search = search_of(body.page, body.filter, body.sort)
    with call.rooms.read() as session:
        found = people_search.search(session, actor=call.actor, search=search)
    return {"items": [_user(row) for row in found.items], "page": page_of(found)}


@operations.get("/v2/users/<username>", "取一个账号", HTTPStatus.NOT_FOUND)
def get_user(call: Call, username: str) -> UserResult:
    """Return one account."""
    with call.rooms.read() as session:
        return _user(people_search.get(session, actor=call.actor, username=username))


@operations.post("/v2/groups/search", "查询组")
def search_groups(call: Call, body: GroupSearchQueryRequest) -> GroupSearchQueryResult:
    """Search the groups that the caller may see."""
    search = search_of(body.page, body.filter, body.sort)
    with call.rooms.read() as session:
        found = people_search.search_groups(session, actor=call.actor, search=search)
    return {"items": [_group(row) for row in found.items], "page": page_of(found)}


@operations.get("/v2/groups/<group_id>", "取一个组", HTTPStatus.NOT_FOUND)
def get_group(call: Call, group_id: str) -> GroupResult:
    """Return one group."""
    with call.rooms.read() as session:
        return _group(people_search.get_group(session, actor=call.actor, group_id=group_id))


@operations.post("/v2/groups/<group_id>/users/search", "查询组里的人", HTTPStatus.NOT_FOUND)
def search_users_for_group(
    call: Call, group_id: str, body: GroupUserSearchQueryRequest
) -> GroupUserSearchResult:
    """Search the people in a group that the caller may see."""
    search = search_of(body.page, None, body.sort)
    with call.rooms.read() as session:
        found = people_search.search_members(
            session, actor=call.actor, group_id=group_id, search=search
        )
    return {
        "items": [{"username": row.username} for row in found.items],
        "page": page_of(found),
    }


def _user(row: PersonRow) -> UserResult:
    return {"username": row.username, "name": row.display_name or None, "email": None}


def _group(row: GroupRow) -> GroupResult:
    return {"groupId": row.id, "name": row.name, "description": None}
