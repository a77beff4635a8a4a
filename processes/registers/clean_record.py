"""N3 and N4 as far as they can be reckoned: for how long a sanction keeps somebody out, and which
yearly assessments were looked at. Pure.

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
    `reason` names the field of what is against somebody: that is where an investigation is said.
    """
    kind = variables.get(f"{prefix}3_sanction")
    said = kind if isinstance(kind, str) else ""
    past = past_of(
        said, _day(variables, f"{prefix}3_decided_on"), _day(variables, f"{prefix}3_ends_on")
    )
    found = Assessed(
        _year(variables, f"{prefix}4_first_year"), _year(variables, f"{prefix}4_last_year")
    )
    return (
        list(
            sanction_faults(
                said,
                past,
                clear=clear,
                today=today,
                investigated="调查" in str(variables.get(reason) or ""),
            )
        ),
        list(assessment_faults(found, years=years, today=today, on=on)),
    )


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
            "正在接受调查的，请在理由里写明调查"
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
