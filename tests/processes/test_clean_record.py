"""N3 and N4 at their borders: 24 months, the end of a sanction, the years that are asked for."""

from datetime import date

import pytest

from processes.registers.clean_record import (
    Assessed,
    Inquiry,
    Investigated,
    Past,
    Sanction,
    assessment_faults,
    faults_of,
    inquiry_faults,
    past_of,
    sanction_faults,
)
from service.domain.values import Variables

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


YESTERDAY, TOMORROW = date(2026, 3, 31), date(2026, 4, 2)


@pytest.mark.parametrize(
    ("found", "clear", "why"),
    [
        (None, True, "请选择是否正在接受调查"),
        (Investigated(Inquiry.NONE), True, ""),
        (Investigated(Inquiry.OPEN, "市纪委监委", TODAY), True, "N3不能选“没有”"),
        (Investigated(Inquiry.OPEN, "市纪委监委", TODAY), False, ""),
        (Investigated(Inquiry.OPEN, "市纪委监委", TOMORROW), False, "不能晚于今天"),
        (Investigated(Inquiry.OPEN, "", TODAY), False, "填写调查的机关"),
        (Investigated(Inquiry.OPEN, "市纪委监委"), False, "填写调查开始的日期"),
        (Investigated(Inquiry.OPEN, "市纪委监委", YESTERDAY, TODAY), False, "调查已经结束"),
        (Investigated(Inquiry.CLOSED, "市纪委监委", YESTERDAY, TODAY), True, ""),
        (Investigated(Inquiry.CLOSED, "市纪委监委", TODAY, TODAY), True, ""),
        (Investigated(Inquiry.CLOSED, "市纪委监委", YESTERDAY, TOMORROW), True, "还没有结束"),
        (Investigated(Inquiry.CLOSED, "市纪委监委", TODAY, YESTERDAY), True, "不能早于开始"),
        (Investigated(Inquiry.CLOSED, "市纪委监委", YESTERDAY), True, "填写结束的日期"),
    ],
)
def test_an_investigation_keeps_out_from_its_first_day_until_it_is_over(
    found: Investigated | None, clear: bool, why: str
) -> None:
    faults = list(inquiry_faults(found, clear=clear, today=TODAY))
    assert [each for each in faults if why not in each] == []
    assert bool(faults) is bool(why)


OPEN: Variables = {
    "n3_sanction": "没有受过", "n3_inquiry": "正在接受调查", "n3_inquiry_organ": "市纪委监委",
    "n3_inquiry_from": "2026-03-01", "n4_first_year": 2023, "n4_last_year": 2025,
}  # fmt: skip


def of_n3(variables: Variables, *, clear: bool) -> str:
    found, _ = faults_of(
        variables, "n", clear=clear, years=3, today=TODAY, on=TODAY, reason="n3_reason"
    )
    return "".join(found)


def test_the_form_is_read_and_words_in_the_reason_decide_nothing() -> None:
    assert "正在接受市纪委监委的调查" in of_n3(OPEN, clear=True)
    assert of_n3(OPEN, clear=False) == ""
    none: Variables = {**OPEN, "n3_inquiry": "没有被调查", "n3_reason": "听说在调查"}
    assert of_n3(none, clear=True) == ""
    assert "N3不能选“有”" in of_n3(none, clear=False)
    over = {**none, "n3_sanction": "受过处分", "n3_decided_on": "2025-01-01"}
    assert "已经期满" in of_n3({**over, "n3_ends_on": "2026-03-31"}, clear=False)
    assert of_n3({**over, "n3_ends_on": "2026-04-01"}, clear=False) == ""


def test_answers_of_a_form_before_it_are_read_as_they_were_given() -> None:
    older = {key: value for key, value in OPEN.items() if "inquiry" not in key}
    older |= {"n3_sanction": "受过处分", "n3_decided_on": "2025-01-01", "n3_ends_on": "2025-07-01"}
    assert "已经期满" in of_n3({**older, "n3_reason": "处分未满"}, clear=False)
    assert of_n3({**older, "n3_reason": "市纪委立案调查"}, clear=False) == ""


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
