"""The terms of recruitment at their borders, by the published calendar."""

from datetime import date

import pytest

from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.findings import unmet
from processes.recruitment.rules.terms import (
    PersonType,
    Publicity,
    check_due,
    ends_on,
    engagement_findings,
    is_over,
    last_day,
    objection_terms,
    publicity,
    registration_findings,
    trial_finding,
    trial_months,
)
from processes.registers.settings import SettingValues, defaults
from service.domain.working_days import WorkingDays
from service.store.published_years import published_years

CALENDAR = WorkingDays(published_years())
TODAY = date(2026, 3, 2)
DEFAULTS = defaults(TODAY)
BEFORE_FESTIVAL = date(2026, 9, 28)
"""A Monday; National Day is off from 1 to 7 October, and Saturday the 10th is worked."""


def having(**values: str) -> SettingValues:
    return SettingValues(TODAY, {key.replace("_", "-"): text for key, text in values.items()})


class TestPublicity:
    """T5."""

    @pytest.mark.parametrize(
        ("channel", "days"),
        [
            (Channel.SELECTION, 5),
            (Channel.OPEN, 7),
            (Channel.TALENT, 7),
            (Channel.REHIRE, 5),
            (Channel.PART_TIME, 5),
        ],
    )
    def test_each_channel_has_its_own_length_in_working_days(
        self, channel: Channel, days: int
    ) -> None:
        assert publicity(channel, DEFAULTS) == Publicity(days, working=True)

    def test_the_unit_is_a_setting_of_the_channel(self) -> None:
        values = having(recruit_publicity_unit_open="日历日")
        assert publicity(Channel.OPEN, values) == Publicity(7, working=False)
        assert publicity(Channel.TALENT, values).working

    def test_the_day_of_posting_is_day_0(self) -> None:
        assert last_day(date(2026, 3, 2), Publicity(5, True), CALENDAR).date == date(2026, 3, 9)
        assert last_day(date(2026, 3, 2), Publicity(7, False), CALENDAR).date == date(2026, 3, 9)

    def test_working_days_are_not_calendar_days(self) -> None:
        working = last_day(BEFORE_FESTIVAL, Publicity(7, True), CALENDAR).date
        calendar = last_day(BEFORE_FESTIVAL, Publicity(7, False), CALENDAR).date
        assert working == date(2026, 10, 13)
        assert calendar == date(2026, 10, 8)

    def test_calendar_days_that_end_on_a_weekend_end_on_the_next_working_day(self) -> None:
        assert last_day(date(2026, 3, 2), Publicity(12, False), CALENDAR).date == date(2026, 3, 16)

    def test_a_weekend_that_is_worked_counts(self) -> None:
        assert last_day(date(2026, 10, 9), Publicity(1, True), CALENDAR).date == date(2026, 10, 10)

    def test_it_is_over_the_day_after_its_last_one(self) -> None:
        length = Publicity(5, True)
        assert not is_over(date(2026, 3, 2), length, CALENDAR, date(2026, 3, 9))
        assert is_over(date(2026, 3, 2), length, CALENDAR, date(2026, 3, 10))

    def test_its_length_reads_as_people_write_it(self) -> None:
        assert str(publicity(Channel.OPEN, DEFAULTS)) == "7个工作日"


class TestRegistration:
    """T1 to T3."""

    @pytest.mark.parametrize(
        ("closes", "unfit"),
        [(date(2026, 3, 11), True), (date(2026, 3, 10), True), (date(2026, 3, 12), False)],
    )
    def test_a_notice_stands_seven_working_days_behind_the_day_of_posting(
        self, closes: date, unfit: bool
    ) -> None:
        posted = date(2026, 3, 3)
        found = registration_findings(posted, date(2026, 3, 6), closes, CALENDAR, DEFAULTS)
        assert (not found[0].met) is unfit

    @pytest.mark.parametrize(
        ("opens", "met"),
        [
            (date(2026, 3, 31), False),
            (date(2026, 3, 30), True),
            (date(2026, 3, 22), True),
            (date(2026, 3, 21), False),
        ],
    )
    def test_registration_is_open_two_to_ten_days(self, opens: date, met: bool) -> None:
        closes = date(2026, 3, 31)
        _, window = registration_findings(date(2026, 3, 2), opens, closes, CALENDAR, DEFAULTS)
        assert window.met is met

    def test_registration_does_not_open_before_the_notice(self) -> None:
        found = registration_findings(
            date(2026, 3, 9), date(2026, 3, 8), date(2026, 3, 12), CALENDAR, DEFAULTS
        )
        assert [one.norm.id for one in unmet(found)] == ["R-T1", "R-T2"]

    def test_an_objection_is_checked_in_ten_working_days_and_ten_more(self) -> None:
        received = date(2026, 3, 2)
        length = objection_terms(DEFAULTS)
        assert check_due(received, CALENDAR, length, more=False).date == date(2026, 3, 16)
        assert check_due(received, CALENDAR, length, more=True).date == date(2026, 3, 30)


class TestTrial:
    """T6."""

    @pytest.mark.parametrize(
        ("person", "years", "months"),
        [
            (PersonType.FIRST, 3, 12),
            (PersonType.FIRST, 2, 3),
            (PersonType.EXPERIENCED, 3, 3),
            (PersonType.SELECTED, 3, 6),
        ],
    )
    def test_its_length_goes_by_the_type_of_person(
        self, person: PersonType, years: int, months: int
    ) -> None:
        assert trial_months(person, years, DEFAULTS) == months

    @pytest.mark.parametrize(("months", "met"), [(11, False), (12, True), (13, False)])
    def test_first_employment_is_twelve_months_and_nothing_else(
        self, months: int, met: bool
    ) -> None:
        assert trial_finding(PersonType.FIRST, 3, months, DEFAULTS).met is met

    @pytest.mark.parametrize(("months", "met"), [(0, False), (1, True), (6, True), (7, False)])
    def test_others_have_six_months_at_the_most(self, months: int, met: bool) -> None:
        assert trial_finding(PersonType.SELECTED, 3, months, DEFAULTS).met is met

    def test_the_last_day_is_the_one_before_the_same_day_of_the_month(self) -> None:
        assert ends_on(date(2026, 3, 1), 12) == date(2027, 2, 28)
        assert ends_on(date(2026, 8, 31), 6) == date(2027, 2, 28)


class TestEngagement:
    """T7, the agreement of D and the term of E."""

    @pytest.mark.parametrize(
        ("channel", "last", "met"),
        [
            (Channel.OPEN, date(2029, 2, 28), True),
            (Channel.OPEN, date(2029, 2, 27), False),
            (Channel.REHIRE, date(2027, 2, 28), True),
            (Channel.REHIRE, date(2027, 3, 1), False),
            (Channel.REHIRE, date(2026, 2, 28), False),
            (Channel.PART_TIME, date(2028, 2, 28), False),
            (Channel.PART_TIME, date(2028, 2, 29), True),
            (Channel.PART_TIME, date(2029, 2, 28), True),
            (Channel.PART_TIME, date(2029, 3, 1), False),
        ],
    )
    def test_contract_agreement_and_term_at_their_borders(
        self, channel: Channel, last: date, met: bool
    ) -> None:
        (found,) = engagement_findings(channel, date(2026, 3, 1), last, DEFAULTS)
        assert found.met is met
