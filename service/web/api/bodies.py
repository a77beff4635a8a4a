"""Request bodies: JSON read strictly, and models that name the field that is wrong."""

import json
import re
from collections.abc import Iterator
from typing import TypeVar

from flask import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails
from werkzeug.exceptions import RequestEntityTooLarge

from service.domain.errors import Invalid
from service.domain.values import Json

JSON_LIMIT = 4 * 1024 * 1024
"""Bytes of one JSON body: what the Camunda 8 API takes by default."""

DEPTH_LIMIT = 100
"""Levels of lists and objects in a body; no form comes near, and no reader runs out of stack."""

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
        value: Json = json.loads(
            raw.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite
        )
    except UnicodeDecodeError:
        raise BodyNotJson(reason="不是 UTF-8 编码") from None
    except RecursionError:
        raise BodyNotJson(reason=f"嵌套超过 {DEPTH_LIMIT} 层") from None
    except json.JSONDecodeError as error:
        where = f"第 {error.lineno} 行第 {error.colno} 个字符处读不下去"
        raise BodyNotJson(reason=where) from None
    except ValueError:
        raise BodyNotJson(reason="有一个数的位数太多") from None
    _refuse_awkward(raw, value)
    return value


def field_errors(details: list[ErrorDetails]) -> dict[str, list[str]]:
    """Turn pydantic's findings into Chinese messages by field path, as in `filter.state`."""
    found: dict[str, list[str]] = {}
    for detail in details:
        found.setdefault(_path(detail["loc"]), []).append(_message(detail))
    return found


def _refuse_constant(name: str) -> float:
    raise BodyNotJson(reason=f"{name} 不是 JSON 里的数")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise BodyNotJson(reason=f"数 {text[:30]} 太大")
    return number


_ESCAPED_TROUBLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def _refuse_awkward(raw: bytes, value: Json) -> None:
    # Both walks are rare: the bytes tell cheaply that most bodies cannot hold such a value.
    if raw.count(b"[") + raw.count(b"{") > DEPTH_LIMIT and _depth(value) > DEPTH_LIMIT:
        raise BodyNotJson(reason=f"嵌套超过 {DEPTH_LIMIT} 层")
    if _ESCAPED_TROUBLE.search(raw):
        for text in _texts(value):
            if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
                raise BodyNotJson(reason="文字里有无法保存的字符")


def _depth(value: Json) -> int:
    depth, level = 0, [value]
    while level := [inner for outer in level for inner in _inner(outer)]:
        depth += 1
    return depth


def _inner(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values()) or [None]
    if isinstance(value, list):
        return value or [None]
    return []


def _texts(value: Json) -> Iterator[str]:
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, dict):
            yield from value
            stack.extend(value.values())


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
    if detail["type"] == "value_error":
        return str(context.get("error", "格式不对"))
    return _MESSAGES.get(detail["type"], "格式不对").format(**context)
