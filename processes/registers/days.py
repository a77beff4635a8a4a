"""Which day it is at the bureau."""

from datetime import date, datetime, timedelta, timezone

from service.domain import dates

BUREAU_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time and no summer time, so no time zone data is needed."""


def bureau_day(now: datetime) -> date:
    """Return the bureau's calendar day at this aware moment."""
    return now.astimezone(BUREAU_TIME).date()


def said_day(day: date | None) -> str:
    """`2026年10月20日`, nothing of no day."""
    return "" if day is None else dates.said_day(day)


def read_day(text: str) -> date | None:
    """Read a day as people type it: 2026年10月20日, 2026-10-20, 2026/10/20, 2026.10.20."""
    plain = text.replace("年", "-").replace("月", "-").removesuffix("日").replace("/", "-")
    parts = plain.replace(".", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        return date(*map(int, parts))
    except (ValueError, OverflowError):
        return None


def add_months(day: date, months: int) -> date:
    """Return the same day so many months on, the last of its month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise ValueError(f"{day} and {months} months")  # no month is shorter than 28 days


def ends_on(begins_on: date, months: int) -> date:
    """Return the last day of a trial, contract or term that begins on a day, inclusive."""
    end = add_months(begins_on, months)
    return end - timedelta(days=1) if end.day == begins_on.day else end
