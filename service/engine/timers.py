"""When a timer is due: ISO 8601 dates, durations and repetitions. Moments are aware."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

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
_LONGEST_NUMBER = 9
"""Digits of a number in a duration or repetition."""

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
    if is_cron(fired.cycle):
        begin = fired.at if all_missed else max(fired.at, now)
        return Due(_next_of_cron(fired.cycle, begin, zone), fired.cycle, None)
    left = None if fired.left is None else fired.left - 1
    at = after(fired.cycle, fired.at, zone)
    if all_missed or at > now:
        return Due(at, fired.cycle, left)
    at = after(fired.cycle, fired.at, zone, times=_surely_missed(fired, now))
    while at <= now:
        at = after(fired.cycle, at, zone)
    return Due(at, fired.cycle, left)


def _surely_missed(fired: Due, now: datetime) -> int:
    """Firings to leap over at once: some too few, as a day may have an hour more or less.

    Months have no fixed length: those cycles are stepped one by one from where they were.
    """
    _, years, months, *_ = _parts(fired.cycle)
    if years or months:
        return 1
    span = after(fired.cycle, _EPOCH, _UTC) - _EPOCH
    return max((now - fired.at) // span - 1, 1)


def after(duration: str, start: datetime, zone: ZoneInfo, *, times: int = 1) -> datetime:
    """The moment so long after `start`, or so many times as long.

    Days and longer go by the calendar of the zone. Raises ElementFailed for what is no duration.
    """
    negative, years, months, weeks, days, hours, minutes, seconds = _parts(duration)
    sign = -times if negative else times
    try:
        whole = timedelta(weeks=weeks, days=days)
        exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
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
    if len(count) > _LONGEST_NUMBER:
        raise _unfit(f"重复次数“{count[:40]}”太大")
    start, _, duration = rest.rpartition("/")
    span = after(duration, _EPOCH, _UTC) - _EPOCH
    if span < SHORTEST_CYCLE:
        raise _unfit(f"重复的间隔“{duration[:40]}”太短，至少 1 秒")
    return (int(count) if count else None), start, duration


def is_cron(cycle: str) -> bool:
    """Whether a cycle goes by the calendar; of what does not repeat, the empty text, it does not.

    A repetition begins with R, and what is kept of one with P; no cron expression does.
    """
    return cycle[:1] not in ("", "R", "P", "-")


def _next_of_cron(cron: str, start: datetime, zone: ZoneInfo) -> datetime:
    """The first moment behind `start` that a cron expression names, by the clock of the zone."""
    try:
        return next(CronSim(cron, start.astimezone(zone))).astimezone(_UTC)
    except (CronSimError, StopIteration, OverflowError) as error:
        raise _unfit(f"“{cron[:40]}”不是周期，应写成 R/P1D 或 cron（如 0 9 * * 1）") from error


def _first_of_cycle(written: str, now: datetime, zone: ZoneInfo) -> Due:
    if is_cron(written):
        return Due(_next_of_cron(written, now, zone), written, None)
    left, start, duration = read_cycle(written)
    if left == 0:
        raise _unfit("重复次数是 0，永远不会触发")
    begin = moment(start, "重复的起点", zone, at=time(0, 0)) if start else None
    if begin is None:
        return Due(after(duration, now, zone), duration, left)
    if begin >= now:
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
    if any(part and len(part) > _LONGEST_NUMBER for part in match.groups()[1:]):
        raise _unfit(f"时长“{duration[:40]}”太长")
    negative, years, months, weeks, days, hours, minutes, seconds = match.groups()
    numbers = [int(part or 0) for part in (years, months, weeks, days, hours, minutes)]
    return (bool(negative), *numbers, float(seconds or 0))  # type: ignore[return-value]


def _unfit(reason: str) -> ElementFailed:
    message = f"定时的取值不合要求：{reason}。请检查该元素的定时设置和它用到的变量。"
    return ElementFailed(Failure(IncidentType.EXTRACT_VALUE_ERROR, message))
