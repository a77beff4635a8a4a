"""What goes over the pipe: requests as JSON lines, answers as values or errors."""

import json
import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeAlias

from service.domain.values import Json, Variables
from service.feel.calendar import CalendarUse
from service.feel.decisions import (
    Decided,
    DecidedDecision,
    DecidedRule,
    DecidedValue,
    DecisionFault,
)
from service.feel.errors import (
    FeelError,
    FeelEvaluationFailed,
    FeelFormInvalid,
    FeelNameMissing,
    FeelNumberInexact,
    FeelResultTooLarge,
    FeelSyntaxInvalid,
    FeelTooDeep,
    FeelTooLong,
)

REQUEST_LIMIT = 2_000_000
"""Bytes of one request."""

Fields: TypeAlias = "dict[str, Any]"
"""What a request or an answer says, as JSON; it does not leave this room."""

_DEEPEST = 64
_EXACT = 2**53 - 1
_LONG_NUMBER = re.compile(r"\d{16}")


def encoded(call: str, fields: Fields, values: Variables) -> bytes:
    """Return the line of a request; `values` are those of its fields that hold people's data.

    Raises FeelTooLong, FeelTooDeep, and FeelNumberInexact with the path of a number in `values`
    that JavaScript cannot hold.
    """
    try:
        text = json.dumps({"call": call, **fields}, allow_nan=False)
    except RecursionError as error:
        raise FeelTooDeep(_DEEPEST) from error
    except ValueError as error:
        raise FeelNumberInexact(_inexact_number(values) or "") from error
    if len(text) > REQUEST_LIMIT:
        raise FeelTooLong("提交的内容（字节）", len(text), REQUEST_LIMIT)
    if _LONG_NUMBER.search(text) and (path := _inexact_number(values)):
        raise FeelNumberInexact(path)
    return text.encode() + b"\n"


def schema_text(schema: Json) -> str:
    """Return a form's schema as the text the helper imports; raises FeelFormInvalid."""
    try:
        return json.dumps(schema, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise FeelFormInvalid("里面有不是有限数的数字") from error
    except RecursionError as error:
        raise FeelFormInvalid(f"嵌套超过 {_DEEPEST} 层") from error


def decoded(
    line: bytes, expression_at: Callable[[int], str], used: CalendarUse | None = None
) -> Any:
    """Return the answer in a line, or raise its failure as a FeelError; adds to `used`."""
    answer: Fields = json.loads(line)
    if "failure" in answer:
        raise _error(answer["failure"], expression_at)
    if used is not None and "calendar" in answer:
        used.note(answer["calendar"])
    return answer["answer"]


def decided(answer: Fields) -> Decided:
    """Return what a call of `decide` answered."""
    return Decided(
        tuple(
            DecidedDecision(
                found["id"],
                found["output"],
                _values(found["inputs"]),
                tuple(
                    DecidedRule(rule["id"], rule["index"], _values(rule["outputs"]))
                    for rule in found["rules"]
                ),
            )
            for found in answer["decisions"]
        ),
        None if answer["failure"] is None else _fault(answer["failure"]),
    )


def milliseconds(now: datetime) -> int:
    """Return an aware datetime as milliseconds since 1970."""
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    return round(now.timestamp() * 1_000)


def without_inexact_numbers(values: Variables) -> dict[str, Json]:
    """Return a copy in which an empty context, of no field's type, stands for such numbers."""
    try:
        return {name: _exact(value) for name, value in values.items()}
    except RecursionError as error:
        raise FeelTooDeep(_DEEPEST) from error


def _exact(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _exact(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_exact(inner) for inner in value]
    return {} if _is_inexact(value) else value


def _error(failure: Fields, expression_at: Callable[[int], str]) -> FeelError:
    text = failure.get("text") or expression_at(failure.get("index", 0))
    match failure["kind"]:
        case "syntax":
            return FeelSyntaxInvalid(text, failure["position"], failure["detail"])
        case "name-missing":
            return FeelNameMissing(text, failure["name"])
        case "too-deep":
            return FeelTooDeep(failure["limit"])
        case "result-too-large":
            return FeelResultTooLarge(failure["limit"])
        case "form-invalid":
            return FeelFormInvalid(failure["detail"])
        case _:
            return FeelEvaluationFailed(text, failure["detail"])


def _values(found: list[Fields]) -> tuple[DecidedValue, ...]:
    return tuple(DecidedValue(one["id"], one["name"], one["value"]) for one in found)


def _fault(failure: Fields) -> DecisionFault:
    decision_id = failure["decision"]
    if failure["kind"] == "decision":
        return DecisionFault(decision_id, None, failure["problem"], failure["detail"])
    return DecisionFault(decision_id, _error(failure, lambda _: decision_id))


def _inexact_number(values: Variables) -> str | None:
    return next((path for path, value in _scalars(values) if _is_inexact(value)), None)


def _is_inexact(value: Json) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, int) and abs(value) > _EXACT


def _scalars(values: Variables) -> Iterator[tuple[str, Json]]:
    stack: list[tuple[str, Json]] = [(name, value) for name, value in values.items()]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            stack.extend((f"{path}.{name}", inner) for name, inner in value.items())
        elif isinstance(value, list):
            stack.extend((f"{path}[{index}]", inner) for index, inner in enumerate(value))
        else:
            yield path, value
