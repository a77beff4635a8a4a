"""When a task is due, and what happens around that: borders, holidays, limits, what was missed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.access_events import BUREAU_TIME
from service.domain.deadline_settings import Field, StepDeadline, read
from service.domain.deadlines import (
    ActKind,
    Doubt,
    PlannedAct,
    doubt_about,
    due_acts,
    due_after,
    moved_behind,
    next_act,
    plan,
)
from service.domain.working_days import (
    CalendarYear,
    DayOutsideCalendar,
    OfficeHours,
    SpecialDay,
    SpecialKind,
    WorkingDays,
)

# 2026-09-25 is a Friday and the Mid-Autumn holiday; the Sunday before is worked in exchange.
SPECIAL = (
    SpecialDay(date(2026, 9, 20), SpecialKind.SWAPPED, "中秋节"),
    SpecialDay(date(2026, 9, 25), SpecialKind.HOLIDAY, "中秋节"),
    SpecialDay(date(2026, 9, 30), SpecialKind.HALF_DAY, "国庆节前"),
)
CALENDAR = WorkingDays(
    [CalendarYear(2026, SPECIAL), CalendarYear(2027, (), provisional=True)],
    OfficeHours(time(17, 30), time(12, 0), half_days_count=True),
)


def at(text: str) -> datetime:
    """A moment of the bureau, as `2026-09-21 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=BUREAU_TIME)


def said(acts: tuple[PlannedAct, ...]) -> list[str]:
    return [f"{act.at.astimezone(BUREAU_TIME):%m-%d %H:%M} {act.kind}:{act.number}" for act in acts]


def settings(**texts: str) -> StepDeadline:
    return read({Field(name.replace("_", "-")): text for name, text in texts.items()})


def acts(due: str, begun: str = "2026-09-01 10:00", **texts: str) -> list[str]:
    return said(plan(settings(**texts), due_at=at(due), begun_at=at(begun), calendar=CALENDAR))


@pytest.mark.parametrize(
    ("begun", "days", "due"),
    [
        ("2026-09-21 09:00", 1, "2026-09-22 17:30"),
        ("2026-09-21 00:00", 1, "2026-09-22 17:30"),
        ("2026-09-21 23:59", 1, "2026-09-22 17:30"),
        ("2026-09-21 09:00", 0, "2026-09-21 17:30"),
        ("2026-09-21 17:29", 0, "2026-09-21 17:30"),
        ("2026-09-21 17:30", 0, "2026-09-22 17:30"),  # closed already: the next working day
        ("2026-09-24 18:00", 0, "2026-09-28 17:30"),  # behind it a holiday and a weekend
        ("2026-09-25 10:00", 0, "2026-09-28 17:30"),  # a holiday is nobody's day 0 close
        ("2026-09-24 10:00", 1, "2026-09-28 17:30"),
        ("2026-09-18 10:00", 1, "2026-09-20 17:30"),  # a Sunday that is worked
        ("2026-09-29 10:00", 1, "2026-09-30 12:00"),  # a half day closes at noon
        ("2026-09-30 11:59", 0, "2026-09-30 12:00"),
        ("2026-09-30 12:00", 0, "2026-10-01 17:30"),
        ("2026-12-31 10:00", 1, "2027-01-01 17:30"),
    ],
)
def test_a_task_is_due_at_the_close_of_the_nth_working_day(begun: str, days: int, due: str) -> None:
    found = due_after(at(begun), days, CALENDAR)
    assert found.at == at(due)
    assert found.at.tzinfo is UTC
    assert CALENDAR.after(found.basis.begins, found.basis.n).date == found.basis.day


def test_the_bureaus_day_counts_and_not_that_of_utc() -> None:
    begun = datetime(2026, 9, 20, 16, 30, tzinfo=UTC)  # 00:30 on Monday in the bureau
    assert due_after(begun, 0, CALENDAR).at == at("2026-09-21 17:30")


def test_a_date_outside_the_calendar_is_refused() -> None:
    with pytest.raises(DayOutsideCalendar):
        due_after(at("2027-12-30 09:00"), 5, CALENDAR)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),  # noqa: DTZ001 - made aware below
    st.integers(0, 200),
)
def test_a_task_is_never_due_before_it_arrives(begun: datetime, days: int) -> None:
    arrived = begun.replace(tzinfo=BUREAU_TIME)
    assert due_after(arrived, days, CALENDAR).at > arrived


def test_reminders_and_escalations_lie_around_the_due_date() -> None:
    assert acts(
        "2026-09-24 17:30",
        remind_before="3, 1, 0",
        remind_after="1",
        remind_every="2",
        remind_limit="3",
        escalate_after="2, 5",
        escalate_to="superior, owner",
    ) == [
        "09-21 09:00 soon:1",
        "09-23 09:00 soon:2",
        "09-24 09:00 soon:3",
        "09-28 09:00 overdue:1",
        "09-29 09:00 escalate:1",
        "09-30 09:00 overdue:2",
        "10-02 09:00 escalate:2",
        "10-02 09:00 overdue:3",
    ]


def test_without_a_word_there_are_a_few_reminders_and_no_escalation() -> None:
    found = acts("2026-09-23 17:30")
    assert found[:3] == ["09-22 09:00 soon:1", "09-24 09:00 overdue:1", "09-29 09:00 overdue:2"]
    assert len(found) == 6


def test_spans_may_be_by_the_clock() -> None:
    assert acts(
        "2026-09-26 12:00",
        remind_before="PT2H",
        remind_after="PT30M",
        remind_every="PT1H",
        remind_limit="2",
        escalate_after="P1D",
        escalate_to="owner",
    ) == [
        "09-26 10:00 soon:1",
        "09-26 12:30 overdue:1",
        "09-26 13:30 overdue:2",
        "09-27 12:00 escalate:1",
    ]


def test_nobody_is_reminded_before_the_task_arrived() -> None:
    found = acts(
        "2026-09-22 17:30", "2026-09-22 09:00", remind_before="3, 1, 0", remind_after="none"
    )
    assert found == []


def test_where_the_due_date_is_past_lateness_counts_from_the_arrival() -> None:
    found = acts("2026-01-05 17:30", "2026-09-21 10:00", remind_limit="1", remind_every="none")
    assert found == ["09-22 09:00 overdue:1"]


def test_on_a_day_off_the_day_itself_means_the_working_day_before() -> None:
    assert acts("2026-09-26 23:59", remind_before="0", remind_after="none") == [
        "09-24 09:00 soon:1"
    ]


def test_none_switches_off() -> None:
    assert acts("2026-09-24 17:30", remind_before="none", remind_after="none") == []


@pytest.mark.parametrize("due", ["2028-03-06 12:00", "9999-12-31 23:59", "0001-01-03 00:00"])
def test_far_from_the_calendar_there_is_a_plan_all_the_same(due: str) -> None:
    found = plan(
        settings(remind_before="5", escalate_after="250", escalate_to="owner"),
        due_at=at(due).astimezone(UTC),
        begun_at=at("2026-09-01 10:00"),
        calendar=CALENDAR,
    )
    assert len(found) <= 7


def test_odd_due_dates_are_told() -> None:
    begun = at("2026-09-21 10:00")
    assert doubt_about(begun - timedelta(seconds=1), begun) is Doubt.PASSED
    assert doubt_about(begun, begun) is None
    assert doubt_about(at("9999-12-31 23:59"), begun) is Doubt.FAR


def test_a_day_off_duty_is_one_reminder_and_each_level() -> None:
    found = plan(
        settings(
            remind_before="1",
            remind_after="PT1M",
            remind_every="PT1M",
            remind_limit="50",
            escalate_after="PT5M, PT10M",
            escalate_to="superior, owner",
        ),
        due_at=at("2026-09-24 17:30"),
        begun_at=at("2026-09-21 10:00"),
        calendar=CALENDAR,
    )
    due = due_acts(found, behind=at("2026-09-21 10:00"), now=at("2026-09-25 09:00"))
    assert due.reminder is not None
    assert (due.reminder.kind, due.reminder.number) == (ActKind.OVERDUE, 50)
    assert (due.levels, due.missed) == ((1, 2), 50)
    assert next_act(found, at("2026-09-25 09:00")) is None


def test_what_is_due_at_this_very_moment_is_due_once() -> None:
    one = PlannedAct(at("2026-09-24 09:00"), ActKind.SOON, 1)
    assert due_acts([one], behind=one.at - timedelta(1), now=one.at).reminder is one
    assert due_acts([one], behind=one.at, now=one.at).reminder is None


def test_a_plan_moved_as_a_whole_repeats_nothing() -> None:
    wanted = settings(remind_before="1", escalate_after="1", escalate_to="superior")
    old, new = (
        plan(wanted, due_at=at(due), begun_at=at("2026-09-01 10:00"), calendar=CALENDAR)
        for due in ("2026-09-21 17:30", "2026-09-23 17:30")
    )
    behind = moved_behind(old, new, at("2026-09-22 10:00"))
    later = due_acts(new, behind=behind, now=at("2026-09-28 12:00"))
    assert later.levels == ()
    assert moved_behind(old, new, at("2026-09-18 10:00")) == at("2026-09-18 10:00")
