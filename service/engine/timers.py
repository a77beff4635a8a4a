"""When a timer is due: ISO 8601 dates, durations and repetitions. Moments are aware."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.domain.events import Failure, IncidentType
from service.domain.values import Json
from service.engine.run import ElementFailed
from service.engine.triggers import TimerKind
from service.engine.values import moment, text

_UTC = ZoneInfo("UTC")
_EPOCH = datetime(2000, 1, 1, tzinfo=_UTC)

_DURATION = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_REPETITION = re.compile(r"R(\d*)/(.+)")

SHORTEST_CYCLE = timedelta(seconds=1)
"""A cycle that comes round faster is refused."""

LATEST = datetime.max.replace(tzinfo=ZoneInfo("UTC")) - timedelta(days=2)
"""No due date lies behind it: it must fit a database and any zone."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer fires, and what repeats behind it: see `events.Subscribed`."""

    at: datetime
    cycle: str = ""
    left: int | None = 1


def first_due(kind: TimerKind, value: Json, *, now: datetime, zone: ZoneInfo) -> Due:
    """When a timer that begins now is due first. Raises ElementFailed for what is no time."""
    if kind is TimerKind.DATE:
        at = moment(value, "定时的日期", zone, at=time(0, 0))
        if at is None:
            raise _unfit("日期是空的")
        return Due(min(at, LATEST))
    written = text(value, "定时")
    if written is None:
        raise _unfit("时长是空的")
    if kind is TimerKind.DURATION:
        return Due(after(written, now, zone))
    return _first_of_cycle(written, now, zone)


def next_due(fired: Due, *, now: datetime, zone: ZoneInfo, all_missed: bool = False) -> Due | None:
    """When a cycle is due again; None when it has fired as often as it should.

    Firings that were missed count as one, unless all of them are asked for.
    """
    if not fired.cycle or fired.left == 1:
        return None
    left = None if fired.left is None else fired.left - 1
    at = after(fired.cycle, fired.at, zone)
    if all_missed or at > now:
        return Due(at, fired.cycle, left)
    span = at - fired.at
    missed = (now - at) // span
    if missed > 1:
        at = _stepped(fired, at + missed * span - span, zone)
    while at <= now:
        at = after(fired.cycle, at, zone)
    return Due(at, fired.cycle, left)


def _stepped(fired: Due, at: datetime, zone: ZoneInfo) -> datetime:
    """Months have no fixed length: those cycles are stepped one by one from where they were."""
    years, months = _parts(fired.cycle)[1:3]
    return after(fired.cycle, fired.at, zone) if years or months else at


def after(duration: str, start: datetime, zone: ZoneInfo) -> datetime:
    """The moment so long after `start`: days and longer by the calendar of the zone.

    Raises ElementFailed for what is no duration.
    """
    negative, years, months, weeks, days, hours, minutes, seconds = _parts(duration)
    sign = -1 if negative else 1
    whole = timedelta(weeks=weeks, days=days)
    exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    try:
        moved = _months_later(start.astimezone(zone), sign * (years * 12 + months))
        return min((moved + sign * whole).astimezone(_UTC) + sign * exact, LATEST)
    except (OverflowError, ValueError):
        return start if negative else LATEST


def seconds(duration: str) -> int:
    """The length of a duration in whole seconds, a month counted as January's. At least 0.

    Raises ElementFailed for what is no duration.
    """
    return max(int((after(duration, _EPOCH, _UTC) - _EPOCH).total_seconds()), 0)


def read_cycle(written: str) -> tuple[int | None, str, str]:
    """How often (None: without end), the start or nothing, and the duration of a repetition.

    Raises ElementFailed.
    """
    match = _REPETITION.fullmatch(written.strip())
    if match is None:
        raise _unfit(f"“{written[:40]}”不是重复的定时，应写成 R3/PT1H 或 R/P1D 的样子")
    count, rest = match.groups()
    start, _, duration = rest.rpartition("/")
    span = after(duration, _EPOCH, _UTC) - _EPOCH
    if span < SHORTEST_CYCLE:
        raise _unfit(f"重复的间隔“{duration[:40]}”太短，至少 1 秒")
    return (int(count) if count else None), start, duration


def _first_of_cycle(written: str, now: datetime, zone: ZoneInfo) -> Due:
    left, start, duration = read_cycle(written)
    if left == 0:
        raise _unfit("重复次数是 0，永远不会触发")
    begin = moment(start, "重复的起点", zone, at=time(0, 0)) if start else None
    if begin is None:
        return Due(after(duration, now, zone), duration, left)
    if begin > now:
        return Due(begin, duration, left)
    following = next_due(Due(begin, duration, None), now=now, zone=zone)
    return Due(begin if following is None else following.at, duration, left)


def _months_later(start: datetime, months: int) -> datetime:
    """The same day so many months later, or the last one of a shorter month."""
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, monthrange(years, month + 1)[1])
    return start.replace(year=years, month=month + 1, day=day)


def _parts(duration: str) -> tuple[bool, int, int, int, int, int, int, float]:
    match = _DURATION.fullmatch(duration.strip())
    if match is None or not any(match.groups()[1:]) or duration.rstrip().endswith("T"):
        raise _unfit(f"“{duration[:40]}”不是时长，应写成 PT2H、P3D 的样子")
    if any(part and len(part) > 9 for part in match.groups()[1:]):
        raise _unfit(f"时长“{duration[:40]}”太长")
    negative, years, months, weeks, days, hours, minutes, seconds = match.groups()
    numbers = [int(part or 0) for part in (years, months, weeks, days, hours, minutes)]
    return (bool(negative), *numbers, float(seconds or 0))  # type: ignore[return-value]


def _unfit(reason: str) -> ElementFailed:
    message = f"定时的取值不合要求：{reason}。请检查该元素的定时设置和它用到的变量。"
    return ElementFailed(Failure(IncidentType.EXTRACT_VALUE_ERROR, message))
