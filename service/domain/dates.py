"""How days and moments are written for people: one way everywhere, as in official documents.

Year, month and day in full and in figures, month and day without a leading zero (GB/T 9704-2012,
7.3.5.4: 月、日不编虚位); moments are in Beijing time.
"""

from datetime import date, datetime, time, timedelta

from service.domain.access_events import BUREAU_TIME


def said_day(day: date) -> str:
    """`2026年7月1日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def shown(moment: datetime) -> str:
    """Return a moment to the minute: `2026年7月1日 09:05`."""
    at = moment.astimezone(BUREAU_TIME)
    return f"{said_day(at)} {at:%H:%M}"


def shown_end(moment: datetime) -> str:
    """Return the end of a half-open span: at midnight `2026年6月30日24时`, of the day it ends.

    `7月1日 00:00` would be read as a day more. The day has 24 hours, as documents write it.
    """
    at = moment.astimezone(BUREAU_TIME)
    if at.time() != time(0):
        return shown(moment)
    return f"{said_day(at.date() - timedelta(days=1))}24时"


def shown_to_the_second(moment: datetime) -> str:
    """Return a moment to the second, where the order within a minute matters."""
    return f"{shown(moment)}:{moment.second:02}"
