"""N3 and N4 as far as they can be reckoned: for how long a sanction keeps somebody out, whether an
investigation goes on, and which yearly assessments were looked at. Pure.

教师〔2018〕18号 article 3: who loses a qualification for professional ethics is without it for 24
months at least. The day of the decision does not count, the last day does (民法典 201, 202): a
decision of 29 February 2024 keeps out until 28 February 2026 included.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from processes.registers.days import add_months, said_day
from service.domain.values import Variables

ETHICS_MONTHS = 24
"""R-N3: by law, never a setting."""
ASSESSED_BY = (3, 31)
"""R-N4: until this day of a year the assessment of the year before need not be there yet."""


class Sanction(StrEnum):
    """What somebody was ever dealt with by."""

    NONE = "没有受过"
    SANCTION = "受过处分"
    ETHICS = "受过取消资格的师德处理"


class Inquiry(StrEnum):
    """Whether somebody is being investigated."""

    NONE = "没有被调查"
    OPEN = "正在接受调查"
    CLOSED = "调查已经结束"


@dataclass(frozen=True, slots=True)
class Investigated:
    """An investigation as the office found it: by whom, since when, and when it was over.

    It keeps out from its first day until the day before its last one: on the day it is over
    nobody investigates any more.
    """

    state: Inquiry
    organ: str = ""
    begun_on: date | None = None
    over_on: date | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """A sanction as the office found it; `ends_on` is the last day of its term."""

    kind: Sanction
    decided_on: date | None = None
    ends_on: date | None = None

    def keeps_out_until(self) -> date | None:
        """Return the last day on which it keeps somebody out; None: it does not."""
        if self.kind is Sanction.NONE or self.decided_on is None:
            return None
        least = self.decided_on
        if self.kind is Sanction.ETHICS:
            least = add_months(self.decided_on, ETHICS_MONTHS)
        return max(least, self.ends_on or least)


@dataclass(frozen=True, slots=True)
class Assessed:
    """The years whose assessments were looked at, both included."""

    first: int | None
    last: int | None


def faults_of(
    variables: Variables,
    prefix: str,
    *,
    clear: bool,
    years: int,
    today: date,
    on: date,
    reason: str,
) -> tuple[list[str], list[str]]:
    """Return what stands against N3 and N4 as a form has them, by fields `<prefix>3_…`, `…4_…`.

    `on` is the day before which the assessments are looked at: today, or when somebody retired.
    A form of before `…3_inquiry` was asked says an investigation in words: `reason` names the field
    of what is against somebody, and the word 调查 in it counts.
    """
    kind = variables.get(f"{prefix}3_sanction")
    said = kind if isinstance(kind, str) else ""
    past = past_of(
        said, _day(variables, f"{prefix}3_decided_on"), _day(variables, f"{prefix}3_ends_on")
    )
    found = Assessed(
        _year(variables, f"{prefix}4_first_year"), _year(variables, f"{prefix}4_last_year")
    )
    faults = list(_n3_faults(variables, f"{prefix}3_", said, past, clear, today, reason))
    return faults, list(assessment_faults(found, years=years, today=today, on=on))


def inquiry_faults(found: Investigated | None, *, clear: bool, today: date) -> Iterator[str]:
    """Say why what was found of an investigation cannot stand; None: nothing was chosen."""
    if found is None:
        yield "请选择是否正在接受调查"
        return
    if found.state is Inquiry.NONE:
        return
    if not found.organ:
        yield f"{found.state}的，请填写调查的机关"
    if found.begun_on is None:
        yield f"{found.state}的，请填写调查开始的日期"
    elif found.begun_on > today:
        yield "调查开始的日期不能晚于今天"
    if found.state is Inquiry.CLOSED:
        yield from _over_faults(found, today)
    elif found.over_on is not None:
        yield "填写了调查结束的日期，结果应当选“调查已经结束”"
    elif clear:
        by = f"{found.organ}的" if found.organ else ""
        yield f"正在接受{by}调查，N3不能选“没有”"


def _over_faults(found: Investigated, today: date) -> Iterator[str]:
    if found.over_on is None:
        yield "调查已经结束的，请填写结束的日期"
    elif found.over_on > today:
        yield "调查结束的日期晚于今天，还没有结束的选“正在接受调查”"
    elif found.begun_on is not None and found.over_on < found.begun_on:
        yield "调查结束的日期不能早于开始的日期"


def _n3_faults(
    variables: Variables,
    prefix: str,
    kind: str,
    past: Past | None,
    clear: bool,
    today: date,
    reason: str,
) -> Iterator[str]:
    """Say what stands against N3; the fields are `<prefix>inquiry`, `…_organ`, `…_from` and on."""
    if f"{prefix}inquiry" not in variables:
        said = "调查" in str(variables.get(reason) or "")
        yield from sanction_faults(kind, past, clear=clear, today=today, investigated=said)
        return
    found = _investigated(variables, f"{prefix}inquiry")
    goes_on = found is not None and found.state is Inquiry.OPEN
    yield from inquiry_faults(found, clear=clear, today=today)
    yield from sanction_faults(kind, past, clear=clear, today=today, investigated=goes_on)
    nothing = found is not None and not goes_on and past is not None and past.kind is Sanction.NONE
    if nothing and not clear:
        yield "没有处分期，也没有正在接受的调查，N3不能选“有”"


def sanction_faults(
    kind: str, past: Past | None, *, clear: bool, today: date, investigated: bool = False
) -> Iterator[str]:
    """Say why what was found on N3 cannot stand; `clear`: the office found nothing against.

    A sanction that is over is no ground to refuse somebody; an investigation that goes on is one,
    whatever was before (`investigated`).
    """
    if past is None:
        yield "请选择是否受过处分、师德处理" if not kind else f"没有“{kind[:20]}”这一项"
        return
    if past.kind is Sanction.NONE:
        return
    if past.decided_on is None:
        yield f"{past.kind}的，请填写决定日期"
        return
    if past.decided_on > today:
        yield "决定日期不能晚于今天"
    if past.kind is Sanction.SANCTION and past.ends_on is None:
        yield "受过处分的，请填写处分期届满日"
    if past.ends_on is not None and past.ends_on < past.decided_on:
        yield "届满日不能早于决定日期"
    until = past.keeps_out_until()
    if not (clear or investigated) and until is not None and until < today:
        yield (
            f"{past.kind}的，到{said_day(until)}为止，已经期满，N3不能选“有”；"
            "正在接受调查的，请写明调查"
        )
    if clear and until is not None and today <= until:
        why = f"不少于{ETHICS_MONTHS}个月，" if past.kind is Sanction.ETHICS else ""
        yield f"{past.kind}的，{why}到{said_day(until)}为止，N3不能选“没有”"


def assessment_faults(found: Assessed, *, years: int, today: date, on: date) -> Iterator[str]:
    """Say which assessments are still to be looked at: those of the last `years` before `on`."""
    newest = on.year - 1 if (on.month, on.day) > ASSESSED_BY else on.year - 2
    if found.first is None or found.last is None:
        yield "请填写核查了哪几年的考核"
    elif found.last > today.year - 1:
        yield f"{found.last}年度还没有考核结果"
    elif found.last < newest or found.last - found.first + 1 < years:
        yield f"应核查到{newest}年度为止的近{years}年，只核查了{found.first}至{found.last}年度"


def past_of(kind: str, decided_on: date | None, ends_on: date | None) -> Past | None:
    """Read what a form says; None where it says nothing that can be read."""
    if kind not in set(Sanction):
        return None
    return Past(Sanction(kind), decided_on, ends_on)


def _investigated(variables: Variables, name: str) -> Investigated | None:
    state, organ = variables.get(name), variables.get(f"{name}_organ")
    if not isinstance(state, str) or state not in set(Inquiry):
        return None
    by = organ.strip() if isinstance(organ, str) else ""
    days = (_day(variables, f"{name}_from"), _day(variables, f"{name}_until"))
    return Investigated(Inquiry(state), by, *days)


def _day(variables: Variables, name: str) -> date | None:
    value = variables.get(name)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _year(variables: Variables, name: str) -> int | None:
    value = variables.get(name)
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
    return int(value) if whole and isinstance(value, int | float) else None
