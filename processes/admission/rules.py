"""What an application for admission amounts to: teaching years, title, and what is doubtful.

Pure: values in, values out, no session, no clock, no file. Which years and which rank are enough
is not decided here but in the decision table `admission_conditions`.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from processes.registers.admission_norms import (
    LONGEST_CAREER_YEARS,
    MOST_PERIODS,
    NORMS,
    YOUNGEST_AT_WORK,
)
from processes.registers.days import said_day
from processes.registers.norms import Refusal
from processes.registers.titles import FORMER_TITLES, Rank, Series, Title
from service.domain.values import Json

TEACHING_POST = "任教岗位"
OTHER_POST = "非任教岗位"


_FINE = Refusal("")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class TeachingPeriod:
    """One row of a career. Both days are inclusive; no `ends_on` means it lasts.

    `row` counts from 1, as people see it.
    """

    row: int
    starts_on: date
    ends_on: date | None
    teaching: bool
    school: str = ""


@dataclass(frozen=True, slots=True)
class PeriodProblem:
    """Why a row cannot be counted: the row from 1, the key of the form's field, what to do."""

    row: int
    field: str
    message: str
    rule: str = "R-DATES"

    @property
    def refusal(self) -> Refusal:
        """The row, what to do, and by which rule."""
        return refused(f"第{self.row}段：{self.message}", self.rule)


def by_rule(rule: str) -> str:
    """Return a rule and its source, as they stand behind what is said to a person."""
    norm = NORMS[rule]
    return f"（规则 {norm.id}，{norm.source}）"


def refused(text: str, rule: str) -> Refusal:
    """Return why something is not taken, with the rule and its source behind it."""
    return Refusal(f"{text.removesuffix('。')}{by_rule(rule)}。")


@dataclass(frozen=True, slots=True)
class TeachingTime:
    """Teaching time: full months (twelve to a year) and the days beyond them."""

    months: int
    days: int

    @property
    def years(self) -> int:
        """Full years, the figure that R-E5a speaks of."""
        return self.months // 12

    def __str__(self) -> str:
        return f"{self.years}年{self.months % 12}个月{self.days}天"


@dataclass(frozen=True, slots=True)
class SeriesRead:
    """How titles of vocational schools and universities are read: by whom it was said, in words."""

    counts: bool
    words: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The arithmetic of one application at its cut-off date."""

    time: TeachingTime
    title: Title
    problems: tuple[PeriodProblem, ...]
    notes: tuple[str, ...]
    """What the text leaves open and the office must decide, and how doubtful rows were counted."""
    birth: Refusal = _FINE
    """Why the day of birth cannot be; empty where it can."""


def assess(
    rows: Json,
    title: Title,
    cutoff: date,
    born_on: Json = None,
    *,
    explained: str = "",
    series: SeriesRead | None = None,
) -> Assessment:
    """Work out an application as it was filled in.

    `rows` are the form's: objects with `starts_on`, `ends_on` (YYYY-MM-DD; empty: until now) and
    `post`. A row with a problem is not counted. `born_on` (YYYY-MM-DD) None: not asked. Periods of
    teaching that overlap are a problem unless `explained` says why (R-SUM); they count once.
    `series`: how a title of vocational schools and universities is read (R-SERIES).
    """
    periods, problems = read_periods(rows, cutoff)
    counted = title
    if title.series is Series.OTHER_TEACHING and series is not None and not series.counts:
        counted = replace(title, rank=Rank.NONE)
    return Assessment(
        time=teaching_time(periods, cutoff),
        title=counted,
        problems=(*problems, *overlap_problems(periods, cutoff, explained)),
        notes=tuple(_notes(periods, title, cutoff, series)),
        birth=_FINE if born_on is None else birth_problem(born_on, periods),
    )


def birth_problem(born_on: Json, periods: Sequence[TeachingPeriod]) -> Refusal:
    """Return why somebody born on this day cannot have begun when they say (R-BIRTH), or nothing.

    Who is 16 on the day they begin may.
    """
    born = _day(born_on)
    if born is None:
        return refused("出生日期不是有效的日期", "R-BIRTH")
    for period in sorted(periods, key=lambda one: one.starts_on):
        begun = f"第{period.row}段开始的日期（{said_day(period.starts_on)}）"
        if period.starts_on < born:
            return refused(f"出生日期（{said_day(born)}）晚于{begun}，请核对", "R-BIRTH")
        if period.starts_on < add_months(born, 12 * YOUNGEST_AT_WORK):
            age = f"未满{YOUNGEST_AT_WORK}周岁"
            return refused(f"按出生日期（{said_day(born)}），{begun}本人{age}，请核对", "R-BIRTH")
    return _FINE


def overlap_problems(
    periods: Sequence[TeachingPeriod], cutoff: date, explained: str
) -> tuple[PeriodProblem, ...]:
    """Return which rows of teaching lie upon another: entered twice, or not explained (R-SUM)."""
    found = []
    for place, one in enumerate(periods):
        for other in periods[place + 1 :]:
            if not (one.teaching and other.teaching and _overlap(one, other, cutoff)):
                continue
            days = (one.starts_on, one.ends_on) == (other.starts_on, other.ends_on)
            if days and one.school == other.school:
                said = f"与第{one.row}段是同一段经历，填写了两次，请删去一段。"
            elif not explained:
                said = (
                    f"与第{one.row}段时间重叠，同一时间只算一次。写错的请改正日期；"
                    "确实同时在两处任教的，在“时间重叠的说明”里写明。"
                )
            else:
                continue
            found.append(PeriodProblem(other.row, "starts_on", said, "R-SUM"))
    return tuple(found)


def read_periods(
    rows: Json, cutoff: date
) -> tuple[tuple[TeachingPeriod, ...], tuple[PeriodProblem, ...]]:
    """Read the rows of a form: the periods that count, and why the others cannot (R-DATES).

    Never raises: a row of a wrong type is a problem of that row.
    """
    if not isinstance(rows, list) or not rows:
        return (), (PeriodProblem(1, "starts_on", "请至少填写一段任教经历。"),)
    if len(rows) > MOST_PERIODS:
        message = f"最多填写{MOST_PERIODS}段，请合并连续的经历。"
        return (), (PeriodProblem(MOST_PERIODS + 1, "starts_on", message),)
    read = [_read_row(number, row, cutoff) for number, row in enumerate(rows, start=1)]
    return (
        tuple(period for period in read if isinstance(period, TeachingPeriod)),
        tuple(problem for problem in read if isinstance(problem, PeriodProblem)),
    )


def teaching_time(periods: Iterable[TeachingPeriod], cutoff: date) -> TeachingTime:
    """Add up teaching periods to the cut-off date (R-YEARS, R-SUM).

    A period ends with the whole of its last day, but never later than the beginning of the cut-off
    date, so one that lasts has its anniversary on the same day of the year as it began. Periods
    that overlap or follow each other without a day between are one. Each is measured in calendar
    months and days; the odd days of the earlier ones are lived on after the last one's end, so
    that they make a month where the calendar has one, and no day is won by rounding.
    """
    spans = _merged(periods, cutoff)
    if not spans:
        return TeachingTime(0, 0)
    earlier = [_measured(start, end) for start, end in spans[:-1]]
    odd_days = timedelta(days=sum(time.days for time in earlier))
    last = _measured(spans[-1][0], spans[-1][1] + odd_days)
    return TeachingTime(sum(time.months for time in earlier) + last.months, last.days)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months on, or the last of that month where it has no such day.

    Source: 民法典 art. 202, for counting by months and years.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def valid_until(granted_on: date, months: int) -> date:
    """Return the last day of a qualification (R-VALID): the day before the one it began on.

    Where the last month has no such day, its last day.
    """
    end = add_months(granted_on, months)
    return end - timedelta(days=1) if end.day == granted_on.day else end


def _read_row(number: int, row: Json, cutoff: date) -> TeachingPeriod | PeriodProblem:
    values: Mapping[str, Json] = row if isinstance(row, dict) else {}
    starts_on, ends_on = _day(values.get("starts_on")), _day(values.get("ends_on"))
    if starts_on is None:
        return PeriodProblem(number, "starts_on", "请填写开始日期。")
    if ends_on is None and values.get("ends_on"):
        return PeriodProblem(number, "ends_on", "结束日期不是有效的日期。")
    if fault := _fault(starts_on, ends_on, cutoff):
        return PeriodProblem(number, *fault)
    if values.get("post") not in (TEACHING_POST, OTHER_POST):
        return PeriodProblem(number, "post", "请选择是否任教岗位。")
    school = values.get("school")
    return TeachingPeriod(
        number, starts_on, ends_on, values.get("post") == TEACHING_POST,
        school.strip() if isinstance(school, str) else "",
    )  # fmt: skip


def _fault(starts_on: date, ends_on: date | None, cutoff: date) -> tuple[str, str] | None:
    earliest = add_months(cutoff, -12 * LONGEST_CAREER_YEARS)
    if starts_on > cutoff:
        return "starts_on", f"开始日期不能晚于教龄的截止日（{said_day(cutoff)}）。"
    if starts_on < earliest:
        return "starts_on", f"开始日期早于{said_day(earliest)}，请核对年份。"
    if ends_on is not None and ends_on < starts_on:
        return "ends_on", "结束日期不能早于开始日期。"
    if ends_on is not None and ends_on > cutoff:
        return (
            "ends_on",
            f"结束日期不能晚于教龄的截止日（{said_day(cutoff)}）；至今仍在任教的请留空。",
        )
    return None


def _day(value: Json) -> date | None:
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _span(period: TeachingPeriod, cutoff: date) -> tuple[date, date]:
    """Half-open: from the first day to the day after the last."""
    after = cutoff if period.ends_on is None else period.ends_on + timedelta(days=1)
    return period.starts_on, min(after, cutoff)


def _merged(periods: Iterable[TeachingPeriod], cutoff: date) -> list[tuple[date, date]]:
    spans: list[tuple[date, date]] = []
    for start, end in sorted(_span(period, cutoff) for period in periods if period.teaching):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        elif start < end:
            spans.append((start, end))
    return spans


def _measured(start: date, end: date) -> TeachingTime:
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    return TeachingTime(months, (end - add_months(start, months)).days)


def _notes(
    periods: Sequence[TeachingPeriod], title: Title, cutoff: date, series: SeriesRead | None
) -> Iterable[str]:
    if title.series is Series.OTHER_TEACHING:
        read = "系统暂按教师职称计，请人事科认定" if series is None else series.words
        yield f"“{title.name}”属于{title.series}，{read}{by_rule('R-SERIES')}。"
    if title.name in FORMER_TITLES:
        yield (
            f"“{title.name}”是2015年以前的职称，相当于{title.rank.value}{by_rule('R-TITLE')}；"
            "按证书全称认定，不按名称里的“一级”“高级”认定。"
        )
    for place, one in enumerate(periods):
        for other in periods[place + 1 :]:
            if one.teaching and other.teaching and _overlap(one, other, cutoff):
                yield (
                    f"第{one.row}段与第{other.row}段时间重叠，重叠的时间只算一次"
                    f"{by_rule('R-SUM')}。"
                )
    for other in periods:
        for period in periods:
            if not other.teaching and period.teaching and _overlap(other, period, cutoff):
                yield (
                    f"第{other.row}段（非任教岗位）与第{period.row}段（任教岗位）时间重叠，"
                    "系统按任教计，请人事科核对这段时间是否实际任教。"
                )


def _overlap(one: TeachingPeriod, other: TeachingPeriod, cutoff: date) -> bool:
    (start, end), (other_start, other_end) = _span(one, cutoff), _span(other, cutoff)
    return max(start, other_start) < min(end, other_end)
