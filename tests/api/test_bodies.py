"""What a JSON body may be, and how a wrong one is named."""

import re
from datetime import date, datetime
from typing import Annotated, Any

import pytest
from flask import Flask, request
from pydantic import AfterValidator, BaseModel, ConfigDict, HttpUrl
from werkzeug.exceptions import RequestEntityTooLarge

from service.domain.values import Json
from service.web.api.bodies import (
    JSON_LIMIT,
    BodyInvalid,
    BodyNotJson,
    BodyTypeUnknown,
    check_body,
    parse_json,
    read_json,
)
from service.web.api.deployments import DeleteResourceRequest
from service.web.api.process_instances import ProcessInstanceCreationInstruction
from service.web.api.user_tasks import UserTaskAssignmentRequest, UserTaskSearchQuery


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": 1e999}', "1e999"),
        (b'{"a": ' + b"9" * 5000 + b"}", "位数太多"),
        (b'{"a": 1', "第 1 行"),
        (b'\xff\xfe{"a": 1}', "UTF-8"),
        (b"[" * 100_000, "嵌套"),
        (b"[" * 200 + b"]" * 200, "嵌套"),
        (b'{"a": "\\ud83d"}', "无法保存"),
        (b'{"a\\u0000b": 1}', "无法保存"),
    ],
)
def test_what_is_no_storable_json_is_refused_with_the_reason(raw: bytes, said: str) -> None:
    with pytest.raises(BodyNotJson, match=said):
        parse_json(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a": 1, "a": 2}', {"a": 2}),
        ('{"typename": "😀", "__builtins__": []}'.encode(), {"typename": "😀", "__builtins__": []}),
        (b'"\\\\u0000 \\ud83d\\ude00"', "\\u0000 😀"),
        (b"[" + b"{}," * 200 + b"1]", [*[{}] * 200, 1]),
    ],
)
def test_what_merely_looks_odd_is_read(raw: bytes, value: Json) -> None:
    assert parse_json(raw) == value


def test_an_empty_body_is_an_empty_object() -> None:
    with Flask("api").test_request_context("/", method="POST", data=b" \n"):
        assert read_json(request) == {}


def test_a_body_of_another_type_is_refused() -> None:
    with (
        Flask("api").test_request_context("/", method="POST", data=b"a=1", content_type="text/csv"),
        pytest.raises(BodyTypeUnknown, match="text/csv"),
    ):
        read_json(request)


def test_a_body_that_is_too_large_is_not_even_read() -> None:
    huge = b'"' + b"x" * JSON_LIMIT + b'"'
    with (
        Flask("api").test_request_context("/", method="POST", data=huge, content_type="text/json"),
        pytest.raises(RequestEntityTooLarge),
    ):
        read_json(request)


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ([], "（整个内容）", "应为对象"),
        ({"filter": []}, "filter", "应为对象"),
        ({"filter": {"nonsense": 1}}, "filter.nonsense", "没有这个字段"),
        ({"filter": {"name": 1}}, "filter.name", "应为文字"),
        ({"filter": {"name": {"$like": 1}}}, "filter.name.$like", "应为文字"),
        ({"filter": {"name": {"$regex": "x"}}}, "filter.name.$regex", "没有这个字段"),
        ({"filter": {"state": "OPEN"}}, "filter.state", "只能是"),
        ({"filter": {"priority": "50"}}, "filter.priority", "应为整数"),
        ({"filter": {"priority": {"$gt": 1.5}}}, "filter.priority.$gt", "应为整数"),
        ({"filter": {"dueDate": "昨天"}}, "filter.dueDate", "时区"),
        ({"filter": {"dueDate": "0001-01-01T00:00:00+08:00"}}, "filter.dueDate", "1 到 9999"),
        ({"filter": {"dueDate": {"$in": ["9999-12-31T23:59:59-08:00"]}}},
         "filter.dueDate.$in[0]", "1 到 9999"),
        ({"filter": {"dueDate": "10000-01-01T00:00:00Z"}}, "filter.dueDate", "时区"),
        ({"filter": {"dueDate": {"$lt": "2026-03-01"}}}, "filter.dueDate.$lt", "时区"),
        ({"filter": {"userTaskKey": 17}}, "filter.userTaskKey", "十进制"),
        ({"filter": {"userTaskKey": "../7"}}, "filter.userTaskKey", "十进制"),
        ({"filter": {"$or": [{}, {"name": 2}]}}, "filter.$or[1].name", "应为文字"),
        ({"filter": {"localVariables": [{"name": "a"}]}}, "filter.localVariables[0].value", "缺少"),
        ({"sort": [{"field": "title"}]}, "sort[0].field", "只能是"),
        ({"sort": [{"field": "name", "order": "UP"}]}, "sort[0].order", "只能是"),
        ({"page": {"limit": 0}}, "page.limit", "不能小于 1"),
        ({"page": {"limit": 10_001}}, "page.limit", "不能大于 10000"),
        ({"page": {"limit": True}}, "page.limit", "应为整数"),
        ({"page": {"from": -1}}, "page.from", "不能小于 0"),
        ({"pages": {}}, "pages", "没有这个字段"),
    ],
)  # fmt: skip
def test_a_wrong_search_names_the_field(body: Any, field: str, message: str) -> None:
    with pytest.raises(BodyInvalid) as refused:
        check_body(body, UserTaskSearchQuery)
    assert message in refused.value.errors[field][0]


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2026-03-01T08:00:00+08:00"]
)
def test_the_first_and_the_last_moment_can_be_asked_for(moment: str) -> None:
    read = check_body({"filter": {"dueDate": moment}}, UserTaskSearchQuery)
    assert read.filter["dueDate"] == datetime.fromisoformat(moment)


def test_choices_are_listed_in_chinese() -> None:
    with pytest.raises(BodyInvalid) as refused:
        check_body({"sort": [{"field": "name", "order": "UP"}]}, UserTaskSearchQuery)
    assert refused.value.errors == {"sort[0].order": ["只能是 ASC、DESC"]}
    with pytest.raises(BodyInvalid) as refused:
        check_body({"deleteHistory": True}, DeleteResourceRequest)
    assert refused.value.errors == {"deleteHistory": ["只能是 false"]}


class Odd(BaseModel):
    """Fields of kinds that no body has so far."""

    model_config = ConfigDict(strict=True)

    number: float = 1.0
    day: date = date(2026, 1, 1)
    address: HttpUrl | None = None
    code: Annotated[str, AfterValidator(lambda text: str(int(text)))] = "1"


@pytest.mark.parametrize("body", [{"number": "x"}, {"day": "x"}, {"address": "x"}, {"code": "x"}])
def test_what_the_library_says_of_a_field_stays_away_from_people(body: Json) -> None:
    with pytest.raises(BodyInvalid) as refused:
        check_body(body, Odd)
    [[message]] = refused.value.errors.values()
    assert not re.search("[A-Za-z]{2,}", message)


@pytest.mark.parametrize("value", [None, 1, "", ["a"], {"a": 1}, "x" * 300])
def test_an_assignee_is_a_name(value: Json) -> None:
    with pytest.raises(BodyInvalid) as refused:
        check_body({"assignee": value}, UserTaskAssignmentRequest)
    assert list(refused.value.errors) == ["assignee"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, "（整个内容）"),
        ({"processDefinitionId": "a", "processDefinitionKey": "1"}, "（整个内容）"),
        ({"processDefinitionId": "a", "awaitCompletion": True}, "awaitCompletion"),
        ({"processDefinitionId": "a", "tags": ["x"]}, "tags"),
        ({"processDefinitionId": "a", "tenantId": "other"}, "tenantId"),
        ({"processDefinitionId": "a", "variables": [1]}, "variables"),
        ({"processDefinitionId": "a", "processDefinitionVersion": "1"}, "processDefinitionVersion"),
    ],
)
def test_a_start_that_asks_for_what_is_not_there_is_refused(
    more: dict[str, Json], field: str
) -> None:
    with pytest.raises(BodyInvalid) as refused:
        check_body(more, ProcessInstanceCreationInstruction)
    assert list(refused.value.errors) == [field]
