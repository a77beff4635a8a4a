"""How late something is, in working days: the days the office has worked since it was due.

What was due yesterday, on a working day, is one day late today; on the day itself it is none, late
by hours though it may be.
"""

from datetime import date, timedelta

from service.domain.working_days import DayOutsideCalendar, WorkingDays


def days_late(days: WorkingDays, due: date, today: date) -> int:
    """Return the working days behind `due` up to today; days of any kind outside the calendar."""
    try:
        return days.count(due, today).days
    except DayOutsideCalendar:
        return (today - due).days


def later_than(days: WorkingDays, n: int, today: date) -> date:
    """Return the first day of which what was due is late by `n` working days at most.

    What was due before it is later than that. Days of any kind outside the calendar.
    """
    try:
        return days.after(today, -n if days.is_working(today) else -n - 1).date
    except DayOutsideCalendar:
        return today - timedelta(days=n)
