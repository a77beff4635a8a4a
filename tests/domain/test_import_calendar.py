"""The rows of a calendar file: how dates are written, and what is wrong, by row."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.import_calendar import (
    CALENDAR,
    RowsUnreadable,
    read_days,
    rows_from_text,
    rows_of,
    rows_to_text,
)
from service.domain.import_rows import Cell, Formula, SheetRow
from service.domain.working_days import SpecialDay, SpecialKind


def row(first: Cell, kind: Cell = "放假", last: Cell = None, name: Cell = "春节") -> SheetRow:
    return SheetRow(CALENDAR, 2, {"first": first, "last": last, "kind": kind, "name": name})


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-15",
        "2026/2/15",
        "2026.2.15",
        "2026年2月15日",
        " 2026 年 2 月 15 日 ",
        date(2026, 2, 15),
        datetime(2026, 2, 15, 0, 0),  # noqa: DTZ001 - as a workbook has it
    ],
)
def test_a_date_may_be_written_in_many_ways(written: Cell) -> None:
    assert read_days([row(written)]) == (
        [SpecialDay(date(2026, 2, 15), SpecialKind.HOLIDAY, "春节")],
        [],
    )


def test_a_row_may_span_days() -> None:
    days, faults = read_days([row("2026-02-15", last="2026-02-23")])
    assert (len(days), faults) == (9, [])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (row("2月15日"), "日期看不懂"),
        (row("2026-02-30"), "日期看不懂"),
        (row("15.2.2026"), "日期看不懂"),
        (row(Formula("=A1")), "日期看不懂"),
        (row(None), "日期看不懂"),
        (row("2026-02-15", last="下周"), "“至”看不懂"),
        (row("2026-02-15", kind="上天"), "安排应是 放假、调休上班、半天"),
        (row("2026-02-15", last="2026-02-14"), "从早到晚"),
        (row("2026-02-15", last="2026-12-31"), "最多 31 天"),
        (row("2026-02-15", last="9999-12-31"), "最多 31 天"),
        (row("2026-02-15", name="节" * 41), "超过 40"),
    ],
)
def test_what_is_wrong_is_said_with_the_row(wrong: SheetRow, why: str) -> None:
    days, [fault] = read_days([wrong])
    assert not days
    assert fault.startswith("第 2 行")
    assert why in fault


def test_a_day_without_a_name_is_called_what_it_is() -> None:
    [day], _faults = read_days([row("2026-02-14", kind="补班", name=None)])
    assert day == SpecialDay(date(2026, 2, 14), SpecialKind.SWAPPED, "调休上班")


days_of_a_year = st.lists(
    st.builds(
        SpecialDay,
        st.dates(date(2027, 1, 1), date(2027, 12, 31)),
        st.sampled_from(list(SpecialKind)),
        st.sampled_from(["春节", "国庆节"]),
    ),
    min_size=1,
    unique_by=lambda each: each.day,
)


@given(days_of_a_year)
def test_days_written_as_rows_are_read_back(days: list[SpecialDay]) -> None:
    assert rows_from_text(rows_to_text(days)) == sorted(days)
    assert len(rows_of(days)) <= len(days)


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(RowsUnreadable):
        rows_from_text(text)
