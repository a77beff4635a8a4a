"""The OpenAPI 3.1 document, made of the operations' types by pydantic, and the page that shows it.

The document is made when it is first asked for: serving needs none of it. The schemas of
OpenAPI 3.1 are JSON Schema 2020-12, which is what pydantic writes.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from types import NoneType, UnionType
from typing import Any, Literal, get_args

from flask import Blueprint, Response, render_template
from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from service.commands.deployments import Upload
from service.web.api.operations import Operation, Xml
from service.web.api.problems import MEDIA_TYPE, ProblemDetail
from service.web.api.uploads import FIELD

OPENAPI = "3.1.1"
VERSION = "1"
_REF = "#/components/schemas/{model}"

_ALWAYS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_DESCRIPTIONS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "请求的内容有误；/v2 的表单填写有误也在此列。",
    HTTPStatus.UNAUTHORIZED: "没有登录，或者凭据无效。",
    HTTPStatus.FORBIDDEN: "看得到，但没有办理的权限。",
    HTTPStatus.NOT_FOUND: "没有找到，或者没有查看的权限。",
    HTTPStatus.CONFLICT: "现在的状态下不能这样做；`who` 和 `when` 说明是谁、何时改动的。",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "内容太大。",
    HTTPStatus.UNPROCESSABLE_ENTITY: "填写有误；`errors` 按字段列出。",
    HTTPStatus.TOO_MANY_REQUESTS: "太频繁；`Retry-After` 是还要等的秒数。",
    HTTPStatus.INTERNAL_SERVER_ERROR: "系统出错，没有完成的操作不会生效。",
    HTTPStatus.SERVICE_UNAVAILABLE: "系统正忙、存储空间已满，或者不能确定是否已经完成：见 `code`。",
}

_INTRODUCTION = """\
`/v2` 是 Camunda 8 Orchestration Cluster API 的一个子集，现成的客户端可以直接使用；\
`/api/v1` 是审批需要而它没有的操作。键都是十进制数字组成的文字，时间都带时区。

用 HTTP Basic 发送用户名和密码，或者用 Bearer 发送 `jiaoyan token create` 生成的令牌；\
登录网页后也可以直接调用，这时要带请求头 `X-CSRFToken`。

出错时回答 `application/problem+json`：`detail` 给人看，`code` 给程序用。
"""


class _Schemas(GenerateJsonSchema):
    """Without the titles that pydantic makes of the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        return _untitled(super().model_schema(schema))

    def typed_dict_schema(self, schema: Any) -> JsonSchemaValue:
        return _untitled(super().typed_dict_schema(schema))


def _untitled(schema: JsonSchemaValue) -> JsonSchemaValue:
    schema.pop("title", None)
    return schema


def pages(operations: Callable[[], Iterable[Operation]], title: str) -> Blueprint:
    """Return the blueprint of `/openapi.json` and `/docs`; both are open to everybody."""
    blueprint = Blueprint("api_document", __name__, template_folder="templates")
    made: list[str] = []
    lock = threading.Lock()

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        with lock:
            if not made:
                made.append(json.dumps(document_of(operations(), title), ensure_ascii=False))
        return Response(made[0], mimetype="application/json")

    @blueprint.get("/docs")
    def docs() -> str:
        return render_template("api_docs.html", title=title)

    return blueprint


def document_of(operations: Iterable[Operation], title: str) -> dict[str, Any]:
    """Make the document of these operations."""
    declared = list(operations)
    references, definitions = _schemas(declared)
    paths: dict[str, dict[str, Any]] = {}
    for operation in declared:
        described = _described(operation, references)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": OPENAPI,
        "info": {"title": f"{title}接口", "version": VERSION, "description": _INTRODUCTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(one.tag for one in declared)],
        "security": [{"basic": []}, {"bearer": []}, {"session": [], "csrf": []}],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "responses": {_response_name(status): _refusal(status) for status in _DESCRIPTIONS},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic", "description": "用户名和密码"},
                "bearer": {"type": "http", "scheme": "bearer", "description": "令牌"},
                "session": {"type": "apiKey", "in": "cookie", "name": "jiaoyan_session"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
        },
    }


def _schemas(
    operations: Iterable[Operation],
) -> tuple[Mapping[tuple[str, str], JsonSchemaValue], JsonSchemaValue]:
    """Return the schema of each body and answer by (operation id, part), and all shared."""
    wanted: list[tuple[tuple[str, str], Literal["validation", "serialization"], Any]] = [
        (("", "problem"), "serialization", TypeAdapter(ProblemDetail))
    ]
    for operation in operations:
        types = operation.types
        if "body" in types:
            wanted.append(((operation.id, "body"), "validation", TypeAdapter(types["body"])))
        if (answer := _answer_type(operation)) not in (None, Xml):
            wanted.append(((operation.id, "answer"), "serialization", TypeAdapter(answer)))
    made, shared = TypeAdapter.json_schemas(wanted, ref_template=_REF, schema_generator=_Schemas)
    return {key: schema for (key, _mode), schema in made.items()}, shared.get("$defs", {})


def _described(
    operation: Operation, schemas: Mapping[tuple[str, str], JsonSchemaValue]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "tags": [operation.tag],
        "summary": operation.summary,
        "operationId": operation.id,
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": _responses(operation, schemas),
    }
    if operation.description:
        described["description"] = operation.description
    if body := _request_body(operation, schemas):
        described["requestBody"] = body
    return described


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    types = operation.types
    key = {"type": "string", "pattern": "^-?[0-9]{1,25}$"}
    return [
        {
            "name": to_camel(name),
            "in": "path",
            "required": True,
            "schema": key if types[name] is int else {"type": "string"},
        }
        for name in operation.path_parts
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    model = operation.types.get("query")
    if model is None:
        return []
    properties: dict[str, JsonSchemaValue] = model.model_json_schema(
        ref_template=_REF, schema_generator=_Schemas
    )["properties"]
    return [{"name": name, "in": "query", "schema": one} for name, one in properties.items()]


def _request_body(
    operation: Operation, schemas: Mapping[tuple[str, str], JsonSchemaValue]
) -> dict[str, Any] | None:
    if (schema := schemas.get((operation.id, "body"))) is not None:
        media = {"schema": schema}
        if operation.id.startswith("search"):
            # Made of all fields at once, an example would find nothing.
            media["example"] = {"filter": {}, "page": {"limit": 20}}
        return {"content": {"application/json": media}}
    if operation.types.get("uploads") != list[Upload]:
        return None
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    form = {"type": "object", "properties": {FIELD: files}, "required": [FIELD]}
    return {"required": True, "content": {"multipart/form-data": {"schema": form}}}


def _responses(
    operation: Operation, schemas: Mapping[tuple[str, str], JsonSchemaValue]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    answer = _answer_type(operation)
    if answer is Xml:
        content: dict[str, Any] = {"text/xml": {"schema": {"type": "string"}}}
        found["200"] = {"description": "成功", "content": content}
    elif answer is not None:
        content = {"application/json": {"schema": schemas[operation.id, "answer"]}}
        found["200"] = {"description": "成功", "content": content}
    if answer is None or operation.types["return"] != answer:
        found["204"] = {"description": "成功，没有内容"}
    refused = {*_ALWAYS, *operation.refusals}
    if {"body", "uploads"} & operation.types.keys():
        refused.add(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    for status in sorted(refused):
        found[str(int(status))] = {"$ref": f"#/components/responses/{_response_name(status)}"}
    return found


def _answer_type(operation: Operation) -> Any:
    """The type of a 200, without the None that stands for 204; None where there is no 200."""
    returned = operation.types["return"]
    if isinstance(returned, UnionType):
        return next(kind for kind in get_args(returned) if kind is not NoneType)
    return None if returned in (None, NoneType) else returned


def _response_name(status: HTTPStatus) -> str:
    return status.name.title().replace("_", "")


def _refusal(status: HTTPStatus) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model="ProblemDetail")}
    return {
        "description": _DESCRIPTIONS[status],
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
