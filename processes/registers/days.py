"""Which day it is at the bureau."""

from datetime import date, datetime, timedelta, timezone

BUREAU_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time and no summer time, so no time zone data is needed."""


def bureau_day(now: datetime) -> date:
    """Return the bureau's calendar day at this aware moment."""
    return now.astimezone(BUREAU_TIME).date()
