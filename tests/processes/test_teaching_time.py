"""R-YEARS and R-SUM: full anniversaries to the cut-off date, at every border."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.admission.rules import TeachingPeriod, TeachingTime, add_months, teaching_time

CUTOFF = date(2026, 11, 23)


def period(
    starts_on: date, ends_on: date | None = None, *, teaching: bool = True
) -> TeachingPeriod:
    return TeachingPeriod(1, starts_on, ends_on, teaching)


def years(*periods: TeachingPeriod, cutoff: date = CUTOFF) -> int:
    return teaching_time(periods, cutoff).years


@pytest.mark.parametrize(
    ("starts_on", "full_years"),
    [
        (date(2020, 11, 22), 6),
        (date(2020, 11, 23), 6),  # six years to the day: 以上 includes the number itself
        (date(2020, 11, 24), 5),  # one day short
        (date(2019, 11, 24), 6),
        (date(2026, 11, 22), 0),
        (date(2026, 11, 23), 0),
    ],
)
def test_a_period_that_lasts_is_counted_by_anniversaries(starts_on: date, full_years: int) -> None:
    assert years(period(starts_on)) == full_years


@pytest.mark.parametrize(
    ("ends_on", "full_years"),
    [
        (date(2024, 8, 30), 5),  # the last day is missing
        (date(2024, 8, 31), 6),  # six school years, the last day worked through
        (date(2024, 9, 1), 6),
    ],
)
def test_the_last_day_of_a_finished_period_counts_whole(ends_on: date, full_years: int) -> None:
    assert years(period(date(2018, 9, 1), ends_on)) == full_years


def test_the_day_of_the_application_is_not_over_and_does_not_count() -> None:
    # given a period that is said to end on the cut-off date itself
    ended, lasting = period(date(2020, 11, 24), CUTOFF), period(date(2020, 11, 24))
    # then it counts like one that lasts: one day short of six years
    assert teaching_time([ended], CUTOFF) == teaching_time([lasting], CUTOFF)
    assert years(ended) == 5


@pytest.mark.parametrize(
    ("cutoff", "full_years"),
    [
        (date(2026, 2, 27), 5),
        (date(2026, 2, 28), 6),  # no 29 February in 2026: the month's last day stands for it
        (date(2026, 3, 1), 6),
    ],
)
def test_who_began_on_29_february_has_the_anniversary_on_the_28th(
    cutoff: date, full_years: int
) -> None:
    assert years(period(date(2020, 2, 29)), cutoff=cutoff) == full_years


def test_in_a_leap_year_the_anniversary_of_29_february_is_the_29th() -> None:
    began = period(date(2020, 2, 29))
    assert years(began, cutoff=date(2028, 2, 28)) == 7
    assert years(began, cutoff=date(2028, 2, 29)) == 8


def test_who_began_on_28_february_does_not_wait_for_the_29th() -> None:
    assert years(period(date(2018, 2, 28)), cutoff=date(2024, 2, 28)) == 6


@pytest.mark.parametrize(
    ("starts_on", "cutoff", "expected"),
    [
        (date(2026, 1, 31), date(2026, 2, 27), TeachingTime(0, 27)),
        (date(2026, 1, 31), date(2026, 2, 28), TeachingTime(1, 0)),
        (date(2026, 1, 31), date(2026, 3, 30), TeachingTime(1, 30)),
        (date(2026, 1, 31), date(2026, 3, 31), TeachingTime(2, 0)),
        (date(2026, 3, 31), date(2026, 4, 30), TeachingTime(1, 0)),
        (date(2026, 7, 1), date(2026, 7, 31), TeachingTime(0, 30)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(
    starts_on: date, cutoff: date, expected: TeachingTime
) -> None:
    assert teaching_time([period(starts_on)], cutoff) == expected


def test_thirty_days_of_a_month_of_31_are_no_month() -> None:
    # given one day short of six years, in a month of 31 days
    time = teaching_time([period(date(2020, 8, 1))], date(2026, 7, 31))
    # then the odd days are not made into the missing month
    assert (time.years, time.months, time.days) == (5, 71, 30)


def test_whole_years_of_separate_periods_add_up() -> None:
    spans = [period(date(y, 9, 1), date(y + 2, 8, 31)) for y in (2013, 2017, 2021)]
    assert teaching_time(spans, CUTOFF) == TeachingTime(72, 0)


@pytest.mark.parametrize(
    ("first_ends_on", "expected"),
    [
        (date(2018, 9, 15), TeachingTime(72, 0)),  # 16 odd days and 15 more fill August
        (date(2018, 9, 14), TeachingTime(71, 30)),
    ],
)
def test_odd_days_make_a_month_where_the_calendar_has_one(
    first_ends_on: date, expected: TeachingTime
) -> None:
    # given three years and some days, then two years, eleven months and 16 days into August
    spans = [
        period(date(2015, 9, 1), first_ends_on),
        period(date(2019, 9, 1), date(2022, 8, 16)),
    ]
    assert teaching_time(spans, CUTOFF) == expected


def test_a_day_short_in_two_periods_is_short() -> None:
    spans = [
        period(date(2015, 9, 1), date(2018, 8, 31)),  # three years
        period(date(2019, 9, 1), date(2022, 8, 30)),  # three years but a day
    ]
    assert years(*spans) == 5


def test_overlapping_periods_count_once() -> None:
    spans = [
        period(date(2016, 9, 1), date(2020, 8, 31)),
        period(date(2018, 9, 1), date(2021, 8, 31)),
    ]
    assert teaching_time(spans, CUTOFF) == TeachingTime(60, 0)


def test_posts_without_teaching_do_not_count() -> None:
    office = period(date(2000, 1, 1), date(2016, 12, 31), teaching=False)
    assert years(office, period(date(2021, 1, 1))) == 5


def test_no_period_is_no_time() -> None:
    assert str(teaching_time([], CUTOFF)) == "0年0个月0天"


def test_the_time_reads_as_years_months_and_days() -> None:
    assert str(teaching_time([period(date(2018, 8, 20))], CUTOFF)) == "8年3个月3天"


days = st.dates(date(1990, 1, 1), CUTOFF)


@st.composite
def periods(draw: st.DrawFn) -> TeachingPeriod:
    starts_on = draw(days)
    ends_on = draw(st.none() | st.dates(starts_on, CUTOFF))
    return period(starts_on, ends_on, teaching=draw(st.booleans()))


@given(st.lists(periods(), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_periods_does_not_matter(spans: list[TeachingPeriod], random: Random) -> None:
    shuffled = spans[:]
    random.shuffle(shuffled)
    assert teaching_time(shuffled, CUTOFF) == teaching_time(spans, CUTOFF)


@given(st.lists(periods(), max_size=4), days, st.data())
def test_splitting_a_period_changes_nothing(
    others: list[TeachingPeriod], starts_on: date, data: st.DataObject
) -> None:
    ends_on = data.draw(st.dates(starts_on, CUTOFF))
    cut = data.draw(st.dates(starts_on, ends_on))
    parts = [period(starts_on, cut)]
    if cut < ends_on:
        parts.append(period(cut + timedelta(days=1), ends_on))
    whole = [period(starts_on, ends_on)]
    assert teaching_time(others + parts, CUTOFF) == teaching_time(others + whole, CUTOFF)


@given(st.lists(periods(), min_size=1, max_size=5), st.data())
def test_saying_a_period_twice_changes_nothing(
    spans: list[TeachingPeriod], data: st.DataObject
) -> None:
    again = data.draw(st.sampled_from(spans))
    assert teaching_time([*spans, again], CUTOFF) == teaching_time(spans, CUTOFF)


@given(st.lists(periods(), max_size=5))
def test_time_never_exceeds_the_calendar(spans: list[TeachingPeriod]) -> None:
    first = min((span.starts_on for span in spans), default=CUTOFF)
    longest = teaching_time([period(first)], CUTOFF)
    time = teaching_time(spans, CUTOFF)
    assert (time.months, time.days) <= (longest.months, longest.days)


@given(days, st.integers(0, 400))
def test_full_years_of_one_period_are_its_anniversaries(starts_on: date, more: int) -> None:
    cutoff = starts_on + timedelta(days=more * 30)
    full = years(period(starts_on), cutoff=cutoff)
    assert add_months(starts_on, 12 * full) <= cutoff < add_months(starts_on, 12 * full + 12)
