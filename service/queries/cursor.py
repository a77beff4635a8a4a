"""Where the next page of a list begins: the sort values of the last row, as opaque text."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from service.domain.errors import Invalid
from service.domain.strict_json import is_readable


class BadCursor(Invalid):
    """翻页位置无效，请回到第一页重新查看。"""

    code = "bad-cursor"


Value = int | str | datetime | None


def write(order: str, values: Sequence[Value]) -> str:
    """Return the cursor behind a row with these sort values; `order` names list and sorting."""
    said = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    text = base64.urlsafe_b64encode(json.dumps([order, *said]).encode()).decode("ascii")
    return text.rstrip("=")


def read(
    cursor: str, order: str, types: Sequence[type[int] | type[str] | type[datetime]]
) -> list[Value]:
    """Return the sort values again; a moment may be absent.

    Raises BadCursor for a text that is none, or that belongs to another list or sorting.
    """
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(content, list) or content[:1] != [order]:
            raise BadCursor
        pairs = zip(content[1:], types, strict=True)
        return [_value(said, kind) for said, kind in pairs]
    except (binascii.Error, OverflowError, ValueError, RecursionError):
        raise BadCursor from None


def _value(said: object, kind: type[int] | type[str] | type[datetime]) -> Value:
    if kind is str:
        if isinstance(said, str) and is_readable(said):
            return said
        raise BadCursor
    if kind is int:
        if isinstance(said, int) and not isinstance(said, bool) and abs(said) < 1 << 63:
            return said
        raise BadCursor
    if said is None:
        return None
    moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    if moment is None or moment.tzinfo is None:
        raise BadCursor
    return moment.astimezone(UTC)
