"""N3 and N4 at their borders: 24 months, the end of a sanction, the years that are asked for."""

from datetime import date

import pytest

from processes.registers.clean_record import (
    Assessed,
    Past,
    Sanction,
    assessment_faults,
    past_of,
    sanction_faults,
)

TODAY = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("past", "until"),
    [
        (Past(Sanction.ETHICS, date(2024, 3, 10)), date(2026, 3, 10)),
        (Past(Sanction.ETHICS, date(2024, 2, 29)), date(2026, 2, 28)),
        (Past(Sanction.ETHICS, date(2022, 2, 28)), date(2024, 2, 28)),
        (Past(Sanction.ETHICS, date(2024, 3, 10), date(2027, 3, 10)), date(2027, 3, 10)),
        (Past(Sanction.ETHICS, date(2024, 3, 10), date(2025, 3, 10)), date(2026, 3, 10)),
        (Past(Sanction.SANCTION, date(2025, 6, 1), date(2025, 12, 1)), date(2025, 12, 1)),
    ],
    ids=["24 months", "from a leap day", "to a leap year", "longer", "never shorter", "a sanction"],
)
def test_who_was_dealt_with_is_out_until_the_last_day_and_in_the_day_after(
    past: Past, until: date
) -> None:
    assert past.keeps_out_until() == until
    after = date.fromordinal(until.toordinal() + 1)
    (why,) = sanction_faults(past.kind, past, clear=True, today=until)
    assert "N3不能选“没有”" in why
    assert list(sanction_faults(past.kind, past, clear=True, today=after)) == []
    assert list(sanction_faults(past.kind, past, clear=False, today=until)) == []
    # what is over is no ground to keep somebody out; an investigation that goes on is
    (over,) = sanction_faults(past.kind, past, clear=False, today=after)
    assert "已经期满，N3不能选“有”" in over
    assert not [*sanction_faults(past.kind, past, clear=False, today=after, investigated=True)]


@pytest.mark.parametrize(
    ("kind", "decided_on", "ends_on", "why"),
    [
        ("", None, None, "请选择是否受过"),
        ("别的", None, None, "没有“别的”"),
        ("受过处分", None, None, "决定日期"),
        ("受过处分", date(2025, 1, 1), None, "处分期届满日"),
        ("受过处分", date(2025, 1, 2), date(2025, 1, 1), "不能早于决定日期"),
        ("受过处分", date(2026, 3, 3), date(2026, 9, 3), "不能晚于今天"),
    ],
)
def test_what_is_missing_is_asked_for(
    kind: str, decided_on: date | None, ends_on: date | None, why: str
) -> None:
    past = past_of(kind, decided_on, ends_on)
    faults = sanction_faults(kind, past, clear=False, today=date(2026, 3, 2))
    assert why in "".join(faults)


@pytest.mark.parametrize(
    ("first", "last", "on", "fine"),
    [
        (2023, 2025, date(2026, 4, 1), True),
        (2022, 2024, date(2026, 4, 1), False),
        (2022, 2024, date(2026, 3, 31), True),
        (2024, 2025, date(2026, 4, 1), False),
        (2023, 2026, date(2026, 12, 31), False),
        (None, 2025, date(2026, 4, 1), False),
    ],
    ids=["the three", "the last is missing", "not due yet", "two", "not over yet", "not said"],
)
def test_the_last_three_years_are_asked_for(
    first: int | None, last: int | None, on: date, fine: bool
) -> None:
    assert (not list(assessment_faults(Assessed(first, last), years=3, today=on, on=on))) is fine


def test_how_many_years_is_set() -> None:
    found = Assessed(2024, 2025)
    assert list(assessment_faults(found, years=2, today=TODAY, on=TODAY)) == []
    (why,) = assessment_faults(found, years=5, today=TODAY, on=TODAY)
    assert why == "应核查到2025年度为止的近5年，只核查了2024至2025年度"


def test_of_a_retired_teacher_those_before_the_retirement_are_asked_for() -> None:
    retired = date(2024, 9, 1)
    for found in (Assessed(2021, 2023), Assessed(2022, 2024)):
        assert list(assessment_faults(found, years=3, today=TODAY, on=retired)) == []
    assert list(assessment_faults(Assessed(2020, 2022), years=3, today=TODAY, on=retired))
