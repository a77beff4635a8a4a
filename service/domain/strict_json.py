"""JSON of RFC 8259 in UTF-8, read so that both databases, Python and JavaScript can keep it.

What others are lenient with is a fault here: NaN and infinities, numbers that JavaScript cannot
hold, halves of characters, zero bytes, and nesting that a reader after this one would follow down.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TypeAlias

from service.domain.errors import Invalid
from service.domain.values import Json

DEPTH_LIMIT = 100
"""Levels of lists and objects; no form comes near, and no reader runs out of stack."""

DIGIT_LIMIT = 300
"""Digits of a number: JavaScript holds none of more than 308."""

_SHOWN_FAULTS = 20
_SHOWN_TEXT = 30
_SHOWN_PATH = 200
_ESCAPED_TROUBLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class FaultKind(StrEnum):
    """What is wrong with a JSON text."""

    ENCODING = "encoding"
    SYNTAX = "syntax"
    DEPTH = "depth"
    NUMBER = "number"
    TEXT = "text"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class JsonFault:
    """One thing that is wrong; `reason` in Chinese, without a full stop."""

    kind: FaultKind
    reason: str


class JsonUnreadable(Invalid):
    """内容不是有效的 JSON：{reasons}。请改正后再试。"""

    code = "json-unreadable"

    def __init__(self, *faults: JsonFault) -> None:
        self.faults = faults
        super().__init__(reasons=self.reasons)

    @property
    def reasons(self) -> str:
        """All faults in one sentence."""
        return "；".join(fault.reason for fault in self.faults)


def read(raw: bytes, *, unique_names: bool = False) -> Json:
    """Read a JSON text. Of a name given twice the last counts, unless names must be unique.

    Raises JsonUnreadable with each fault, at most 20 of them.
    """
    seen = _Reading()
    value = _parsed(raw, seen, unique_names=unique_names)
    # Both walks are rare: the bytes tell cheaply that most texts cannot hold such a value.
    if raw.count(b"[") + raw.count(b"{") > DEPTH_LIMIT and _is_deep(value):
        seen.faults[_TOO_DEEP] = None
    elif _ESCAPED_TROUBLE.search(raw):
        for path in islice(_unreadable_texts(value), _SHOWN_FAULTS):
            where = f"“{path}”" if path else ""
            seen.faults[JsonFault(FaultKind.TEXT, f"{where}的文字里有无法保存的字符")] = None
    if seen.faults:
        raise JsonUnreadable(*islice(seen.faults, _SHOWN_FAULTS))
    return value


class _Reading:
    """The faults so far, each once. What a hook refuses is noted, and the rest is read on."""

    def __init__(self) -> None:
        self.faults: dict[JsonFault, None] = {}

    def constant(self, name: str) -> int:
        self._note(FaultKind.NUMBER, f"{name} 不是 JSON 里的数")
        return 0

    def whole(self, text: str) -> int:
        return int(text) if self._is_short(text) else 0

    def fraction(self, text: str) -> float:
        number = float(text) if self._is_short(text) else 0.0
        if math.isfinite(number):
            return number
        self._note(FaultKind.NUMBER, f"数 {_shown(text)} 太大")
        return 0.0

    def members(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        value = dict(pairs)
        if len(value) < len(pairs):
            for name, times in Counter(name for name, _ in pairs).items():
                if times > 1:
                    self._note(FaultKind.NAME, f"同一个对象里“{_shown(name)}”写了 {times} 次")
        return value

    def _is_short(self, text: str) -> bool:
        if len(text) <= DIGIT_LIMIT:
            return True
        self._note(FaultKind.NUMBER, f"数 {_shown(text)} 的位数太多，最多 {DIGIT_LIMIT} 位")
        return False

    def _note(self, kind: FaultKind, reason: str) -> None:
        if len(self.faults) < _SHOWN_FAULTS:
            self.faults[JsonFault(kind, reason)] = None


def _parsed(raw: bytes, seen: _Reading, *, unique_names: bool) -> Json:
    try:
        value: Json = json.loads(
            _decoded(raw),
            parse_constant=seen.constant,
            parse_int=seen.whole,
            parse_float=seen.fraction,
            object_pairs_hook=seen.members if unique_names else None,
        )
    except RecursionError:
        raise JsonUnreadable(_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise JsonUnreadable(_syntax_fault(error)) from None
    return value


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise JsonUnreadable(JsonFault(FaultKind.ENCODING, "不是 UTF-8 编码")) from None
    if text.startswith("\ufeff"):
        raise JsonUnreadable(JsonFault(FaultKind.ENCODING, "开头有字节顺序标记（BOM）"))
    return text


def _syntax_fault(error: json.JSONDecodeError) -> JsonFault:
    where = f"第 {error.lineno} 行第 {error.colno} 个字符处读不下去"
    return JsonFault(FaultKind.SYNTAX, where)


_TOO_DEEP = JsonFault(FaultKind.DEPTH, f"嵌套超过 {DEPTH_LIMIT} 层")


def _is_deep(value: Json) -> bool:
    depth, level = 0, [value]
    while level := [inner for outer in level for inner in _inner(outer)]:
        depth += 1
        if depth > DEPTH_LIMIT:
            return True
    return False


def _inner(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values()) or [None]
    if isinstance(value, list):
        return value or [None]
    return []


_Place: TypeAlias = "tuple[_Place, str] | None"
"""A way down, the last step first: whole paths of every value could take all memory."""


def _unreadable_texts(value: Json) -> Iterator[str]:
    """Yield the path of each text or name that no database could keep, as in `a.b[0]`."""
    stack: list[tuple[Json, _Place]] = [(value, None)]
    while stack:
        value, place = stack.pop()
        if isinstance(value, str):
            if not is_readable(value):
                yield _path(place)
        elif isinstance(value, list):
            stack.extend((inner, (place, f"[{at}]")) for at, inner in enumerate(value))
        elif isinstance(value, dict):
            if not all(map(is_readable, value)):
                yield _path(place)
            stack.extend((inner, (place, f".{name}")) for name, inner in value.items())


def is_readable(text: str) -> bool:
    """Tell whether both databases can hold this text.

    Half a character (a lone surrogate) has no form in UTF-8, a zero byte none in PostgreSQL.
    """
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _path(place: _Place) -> str:
    steps: list[str] = []
    while place is not None:
        place, step = place
        steps.append(step)
    return _shown("".join(reversed(steps)).removeprefix("."), _SHOWN_PATH)


def _shown(text: str, most: int = _SHOWN_TEXT) -> str:
    kept = "".join(letter if is_readable(letter) else "�" for letter in text[:most])
    return kept if len(text) <= most else kept + "…"
