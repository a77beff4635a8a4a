"""What may enter the store as a variable, a comment or a title, whoever sends it."""

import json
import math

from service.domain.errors import FieldsInvalid
from service.domain.plain_text import CONTROLS, many_lines, one_line
from service.domain.strict_json import is_readable
from service.domain.submissions import (
    NumberNotFinite,
    SubmissionTooDeep,
    SubmissionTooLarge,
    TextUnreadable,
)
from service.domain.values import Json, Variables
from service.feel import require_plain_names

SIZE_LIMIT_KB = 1024
"""Kilobytes of one submission as JSON in UTF-8; files are uploaded apart from it."""

DEPTH_LIMIT = 50
COMMENT_LIMIT = 4000
"""Characters of an opinion."""

TITLE_LIMIT = 200
_INT_LIMIT = 10**400


def require_storable(variables: Variables) -> None:
    """Check that these values mean the same after they were stored and read again.

    Raises NameNotPlain, NumberNotFinite, TextUnreadable, SubmissionTooDeep, SubmissionTooLarge.
    """
    stack: list[tuple[Json, str, int]] = [(dict(variables), "", 0)]
    while stack:
        value, path, depth = stack.pop()
        if depth > DEPTH_LIMIT:
            raise SubmissionTooDeep(limit=DEPTH_LIMIT)
        if isinstance(value, dict):
            stack.extend((v, f"{path}.{k}" if path else k, depth + 1) for k, v in value.items())
        elif isinstance(value, list):
            stack.extend((v, f"{path}[{i}]", depth + 1) for i, v in enumerate(value))
        else:
            _require_plain_value(value, path)
    require_plain_names(dict(variables))
    _require_size(variables)


def _require_plain_value(value: Json, path: str) -> None:
    if isinstance(value, str):
        if not is_readable(value):
            raise TextUnreadable(path=path[:200])
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise NumberNotFinite(path=path[:200])
    elif isinstance(value, int):
        if abs(value) > _INT_LIMIT:
            raise NumberNotFinite(path=path[:200])
    elif value is not None:
        # What a caller hands over in Python may be no JSON at all: a date, a Decimal.
        raise TextUnreadable(path=path[:200])


def _require_size(variables: Variables) -> None:
    text = json.dumps(variables, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) > SIZE_LIMIT_KB * 1024:
        raise SubmissionTooLarge(limit_kb=SIZE_LIMIT_KB)


def is_key(number: int) -> bool:
    """Tell whether this can be a key: no database is asked for one that it cannot hold."""
    return 0 < number < 2**63


def cleaned_comment(comment: str) -> str:
    """Return an opinion without control characters; HTML in it is text and stays.

    Raises FieldsInvalid where it is too long.
    """
    kept = _without_control_characters(comment)
    if len(kept) > COMMENT_LIMIT:
        raise FieldsInvalid(
            {"comment": [f"意见最多 {COMMENT_LIMIT} 个字，现在有 {len(kept)} 个。"]}
        )
    return kept


def shortened_comment(comment: str) -> str:
    """Return an opinion as `cleaned_comment` does, cut where it is too long."""
    return _without_control_characters(comment)[:COMMENT_LIMIT]


def _without_control_characters(comment: str) -> str:
    return many_lines(comment, hidden=CONTROLS)


def cleaned_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """Return a text as one line of at most `limit` characters, for titles and reasons."""
    kept = one_line(text, hidden=CONTROLS)
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"
