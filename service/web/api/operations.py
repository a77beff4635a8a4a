"""Operations: how a typed function becomes a route and a paragraph of the OpenAPI document.

A function declared on `Operations` takes the `Call` and, by the names and types of its
parameters, the keys of the path (`int`), other parts of the path (`str`), the checked JSON body
(`body`), the checked query string (`query`) or the files sent (`uploads`). Its name is that of the
operation in the Camunda 8 API, its return type the answer: a typed dictionary, `Xml`, or None for
204. The same types make the document, so neither can be wrong without the other.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar, NewType, TypeVar

from flask import Response, request
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.errors import Invalid, NotFound
from service.domain.values import Json
from service.web.api.bodies import check_body, read_body
from service.web.api.search_body import parse_key
from service.web.api.uploads import read_uploads

Xml = NewType("Xml", str)
"""An answer of type text/xml."""

FunctionT = TypeVar("FunctionT", bound=Callable[..., object])

_RULE_PART = re.compile(r"<(\w+)>")


class KeyInvalid(Invalid):
    """地址里的 {name} 应为十进制数字，现在是“{given}”。"""

    code: ClassVar[str] = "key-invalid"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation: by whom, when, and the parts that do the work."""

    rooms: Rooms
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `rule` is Flask's, with path parts in snake case."""

    function: Callable[..., object]
    method: str
    rule: str
    summary: str
    tag: str
    refusals: tuple[HTTPStatus, ...]
    """Statuses besides those that every operation may answer."""
    description: str = ""

    @property
    def id(self) -> str:
        """The operation's id: that of the Camunda 8 API where it has the operation."""
        return to_camel(self.function.__name__)

    @property
    def path(self) -> str:
        """The path as the document writes it, as in /v2/user-tasks/{userTaskKey}."""
        return _RULE_PART.sub(lambda part: f"{{{to_camel(part[1])}}}", self.rule)

    @property
    def path_parts(self) -> tuple[str, ...]:
        """Names of the parts of the path, in its order."""
        return tuple(_RULE_PART.findall(self.rule))

    @property
    def types(self) -> Mapping[str, Any]:
        """The types of the function's parameters and, as `return`, of its answer."""
        return inspect.get_annotations(self.function, eval_str=True)


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations of one subject; inert until they are mounted."""

    tag: str
    declared: list[Operation] = field(default_factory=list)

    def get(
        self, rule: str, summary: str, *refusals: HTTPStatus, description: str = ""
    ) -> Callable[[FunctionT], FunctionT]:
        """Declare a reading operation."""
        return self._declare("GET", rule, summary, refusals, description)

    def post(
        self, rule: str, summary: str, *refusals: HTTPStatus, description: str = ""
    ) -> Callable[[FunctionT], FunctionT]:
        """Declare a search or a command."""
        return self._declare("POST", rule, summary, refusals, description)

    def put(
        self, rule: str, summary: str, *refusals: HTTPStatus, description: str = ""
    ) -> Callable[[FunctionT], FunctionT]:
        """Declare a command that may be repeated."""
        return self._declare("PUT", rule, summary, refusals, description)

    def patch(
        self, rule: str, summary: str, *refusals: HTTPStatus, description: str = ""
    ) -> Callable[[FunctionT], FunctionT]:
        """Declare a command that changes parts of a thing."""
        return self._declare("PATCH", rule, summary, refusals, description)

    def delete(
        self, rule: str, summary: str, *refusals: HTTPStatus, description: str = ""
    ) -> Callable[[FunctionT], FunctionT]:
        """Declare a command that takes something away."""
        return self._declare("DELETE", rule, summary, refusals, description)

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.declared)

    def _declare(
        self, method: str, rule: str, summary: str, refusals: tuple[HTTPStatus, ...], more: str
    ) -> Callable[[FunctionT], FunctionT]:
        def declare(function: FunctionT) -> FunctionT:
            self.declared.append(
                Operation(function, method, rule, summary, self.tag, refusals, more)
            )
            return function

        return declare


def view_of(operation: Operation, begin: Callable[[], Call]) -> Callable[..., Response]:
    """Make the Flask view; `begin` tells who calls, or raises."""
    types = operation.types
    body: type[BaseModel] | None = types.get("body")
    query: type[BaseModel] | None = types.get("query")
    keys = tuple(name for name in operation.path_parts if types[name] is int)

    def view(**parts: Any) -> Response:
        call = begin()
        for name in keys:
            parts[name] = _key(name, parts[name])
        if query is not None:
            parts["query"] = check_body(_query_string(), query)
        if body is not None:
            parts["body"] = read_body(request, body)
        elif "uploads" in types:
            parts["uploads"] = read_uploads(request)
        return answer_of(operation.function(call, **parts))

    return view


def answer_of(result: object) -> Response:
    """Make the response: None is 204, a text is XML, the rest is JSON."""
    if result is None:
        return Response(status=HTTPStatus.NO_CONTENT)
    if isinstance(result, str):
        return Response(result, mimetype="text/xml")
    text = json.dumps(result, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text, mimetype="application/json")


def _key(name: str, text: str) -> int:
    key = parse_key(text)
    if key is None:
        raise KeyInvalid(name=to_camel(name), given=text[:40])
    if key < 0:
        raise NotFound
    return key


def _query_string() -> Json:
    # Of a name given twice the last counts, as in a JSON body.
    return {name: values[-1] for name, values in request.args.lists()}
