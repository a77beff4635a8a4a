"""Request bodies: JSON read strictly, and models that name the field that is wrong."""

import re
from typing import TypeVar

from flask import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails
from werkzeug.exceptions import RequestEntityTooLarge

from service.domain import strict_json
from service.domain.errors import Invalid
from service.domain.strict_json import JsonUnreadable
from service.domain.values import Json

JSON_LIMIT = 4 * 1024 * 1024
"""Bytes of one JSON body: what the Camunda 8 API takes by default."""

UNION_TAG = "="
"""Parts of a pydantic location that begin so are names of alternatives, not of fields."""


class BodyNotJson(Invalid):
    """请求内容不是有效的 JSON：{reason}。没有做任何改动，请改正后再提交。"""

    code = "body-not-json"


class BodyTypeUnknown(Invalid):
    """请求内容的类型应为 {expected}，现在是“{given}”。没有做任何改动。"""

    code = "body-type-unknown"


class BodyInvalid(Invalid):
    """请求内容有 {count} 处不对：{list}。没有做任何改动，请改正后再提交。"""

    code = "body-invalid"

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        shown = "；".join(f"{path}：{message}" for path, message in _first(errors))
        super().__init__(count=sum(map(len, errors.values())), list=shown)


class FieldWrong(ValueError):
    """What a validator of ours says of a value, in words for people; of others' only that it is."""


class Body(BaseModel):
    """A JSON body: fields in camel case, none unknown, no type converted."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        defer_build=True,
    )


BodyT = TypeVar("BodyT", bound=BaseModel)


def read_body(request: Request, model: type[BodyT]) -> BodyT:
    """Read the body as this model; a missing body is an empty object.

    Raises BodyNotJson, BodyTypeUnknown, BodyInvalid or werkzeug's RequestEntityTooLarge (413).
    """
    return check_body(read_json(request), model)


def check_body(value: Json, model: type[BodyT]) -> BodyT:
    """Check what JSON said against the model. Raises BodyInvalid, naming each field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise BodyInvalid(field_errors(error.errors(include_url=False))) from None


def read_json(request: Request) -> Json:
    """Read the body as JSON of RFC 8259 in UTF-8: no NaN, no lone surrogate, no NUL, not too deep.

    A key given twice counts as its last; an empty body and `null` are an empty object.
    """
    request.max_content_length = JSON_LIMIT
    if (request.content_length or 0) > JSON_LIMIT:
        raise RequestEntityTooLarge
    raw = request.get_data(cache=False)
    if not raw.strip():
        return {}
    if not request.is_json:
        raise BodyTypeUnknown(expected="application/json", given=request.mimetype[:100])
    value = parse_json(raw)
    return {} if value is None else value


def parse_json(raw: bytes) -> Json:
    """Parse strict JSON. Raises BodyNotJson."""
    try:
        return strict_json.read(raw)
    except JsonUnreadable as error:
        raise BodyNotJson(reason=error.reasons) from None


def field_errors(details: list[ErrorDetails]) -> dict[str, list[str]]:
    """Turn pydantic's findings into Chinese messages by field path, as in `filter.state`."""
    found: dict[str, list[str]] = {}
    for detail in details:
        found.setdefault(_path(detail["loc"]), []).append(_message(detail))
    return found


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif not part.startswith(UNION_TAG):
            path += f".{part}" if path else part
    return path[:200] or "（整个内容）"


def _first(errors: dict[str, list[str]], most: int = 5) -> list[tuple[str, str]]:
    return [(path, message) for path, messages in errors.items() for message in messages][:most]


_NOT_RIGHT = "格式不对"
"""Of what the table does not know: the validating library's own words are English."""

_MESSAGES = {
    "missing": "缺少这个字段",
    "extra_forbidden": "没有这个字段",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "dict_type": "应为对象",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "datetime_type": "应为日期时间",
    "union_tag_not_found": "类型不对",
    "literal_error": "只能是 {expected}",
    "enum": "只能是 {expected}",
    "string_too_long": "最多 {max_length} 个字",
    "string_too_short": "至少 {min_length} 个字",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "string_pattern_mismatch": "格式不对",
}


def _message(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if isinstance(said := context.get("error"), FieldWrong):
        return str(said)
    if "expected" in context:
        context = {"expected": _choices(context["expected"])}
    return _MESSAGES.get(detail["type"], _NOT_RIGHT).format(**context)


def _choices(expected: str) -> str:
    # The library writes Python literals: 'a', 'b' or False.
    return "、".join(
        choice.strip("'").replace("False", "false").replace("True", "true")
        for choice in re.split(", | or ", expected)
    )
