"""What the expressions of a user task or a job must give, and what is made of it."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.domain.deadline_settings import NONE
from service.domain.deadline_spans import MOST_DAYS
from service.domain.events import Failure, IncidentType
from service.domain.values import Json
from service.engine.run import ElementFailed

DEFAULT_PRIORITY = 50
MAX_PRIORITY = 100

MOST_RETRIES = 1_000
"""Attempts at a job in all."""

EVENT_NAME_LIMIT = 200
"""Characters of the name of a message or signal."""

CORRELATION_KEY_LIMIT = 400
"""Characters of a correlation key: with the name it must fit an index."""

HOLDER_LIMIT = 300
"""Characters of the name of a user or group: it must fit an index."""

_ZONE_MARK = "@"


def text(value: Json, what: str) -> str | None:
    """A text, or None when there is none."""
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    raise _unfit(what, "应为文字")


def holder(value: Json, what: str) -> str | None:
    """The name of a user, or None when there is none."""
    return _short(text(value, what) or "", what, HOLDER_LIMIT) or None


def required_text(value: Json, what: str) -> str:
    """A text that must be there."""
    found = text(value, what)
    if found is None:
        raise _unfit(what, "不能为空")
    return found


def event_name(value: Json, what: str) -> str:
    """The name of a message or signal, never empty."""
    return _short(required_text(value, what), what, EVENT_NAME_LIMIT)


def correlation_key(value: Json) -> str:
    """A message's correlation key as text: a text or a whole number, never empty."""
    what = "消息的关联键"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _short(str(value), what, CORRELATION_KEY_LIMIT)
    return _short(required_text(value, what), what, CORRELATION_KEY_LIMIT)


def _short(text: str, what: str, limit: int) -> str:
    if len(text) > limit:
        raise _unfit(what, f"最多 {limit} 个字符")
    return text


def names(value: Json, what: str) -> tuple[str, ...]:
    """Names without repetition: a list of texts, or one text with commas."""
    parts = value.split(",") if isinstance(value, str) else ([] if value is None else value)
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise _unfit(what, "应为名单（文字的列表）")
    cleaned = (part.strip() for part in parts if isinstance(part, str))
    return tuple(dict.fromkeys(_short(part, what, HOLDER_LIMIT) for part in cleaned if part))


def priority(value: Json) -> int:
    """A whole number from 0 to 100; 50 when nothing is said."""
    if value is None or value == "":
        return DEFAULT_PRIORITY
    number = whole(value, "优先级")
    if not 0 <= number <= MAX_PRIORITY:
        raise _unfit("优先级", "应在 0 到 100 之间")
    return number


def retries(value: Json) -> int:
    """How often a job is tried in all: at least once, and not for ever."""
    number = whole(value, "重试次数")
    if not 1 <= number <= MOST_RETRIES:
        raise _unfit("重试次数", f"应为 1 至 {MOST_RETRIES}")
    return number


def working_days(value: Json) -> int | None:
    """A number of working days to the due date, or None when nothing is said."""
    if value is None or value == "" or value == NONE:
        return None
    number = whole(value, "办理期限")
    if not 0 <= number <= MOST_DAYS:
        raise _unfit("办理期限", f"应为 0 至 {MOST_DAYS} 个工作日")
    return number


def moment(value: Json, what: str, zone: ZoneInfo, *, at: time) -> datetime | None:
    """An ISO 8601 moment, aware. One without a zone is of `zone`; a date alone means `at` that day.

    FEEL writes a named zone behind an `@`: `2026-03-01T08:00:00@Asia/Shanghai`.
    """
    raw = text(value, what)
    if raw is None:
        return None
    raw, _, zone_name = raw.partition(_ZONE_MARK)
    try:
        zone = ZoneInfo(zone_name) if zone_name else zone
        if len(raw) == len("2026-03-01"):
            found = datetime.combine(date.fromisoformat(raw), at, zone)
        else:
            parsed = datetime.fromisoformat(raw)
            found = parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
        # The first and the last day of time exist in some zones only.
        found.astimezone(UTC)
    except (ValueError, OSError, ZoneInfoNotFoundError, OverflowError) as error:
        raise _unfit(what, "应为日期时间，如 2026-03-01T08:00:00") from error
    return found


_MOST_DIGITS = 15


def whole(value: Json, what: str) -> int:
    """A whole number, written as text or not."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) <= _MOST_DIGITS:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _unfit(what, "应为整数")


def _unfit(what: str, expected: str) -> ElementFailed:
    message = f"{what}的取值不合要求：{expected}。请检查该元素的表达式和它用到的变量。"
    return ElementFailed(Failure(IncidentType.EXTRACT_VALUE_ERROR, message))
