"""The terms T1 to T7: notice, registration, replies, 公示, trial, contract, engagement. Pure.

Days are those of the bureau's calendar. The day something happens is day 0 and never counts; a
term of calendar days that ends on a day off ends on the next working day (民法典 201, 203).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from processes.recruitment.rules import settings
from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.findings import Finding
from processes.recruitment.rules.norms import NORMS
from processes.registers.days import ends_on as ends_on
from processes.registers.days import said_day
from processes.registers.settings import SettingValues
from processes.registers.staffing.engagement_terms import term_checked
from service.domain.values import Json
from service.domain.working_days import Day, WorkingDays


class PersonType(StrEnum):
    """Of whom the length of the trial is asked (T6)."""

    FIRST = "first_employment"
    """初次就业."""
    EXPERIENCED = "experienced"
    SELECTED = "selected"
    """Came by channel A; pay and personnel file stay at the old unit during the trial."""


class EarlyEnd(StrEnum):
    """Why a trial ends before its last day (R-T6b); passing it early is none of them."""

    UNFIT = "提前考核不合格"
    RESIGNED = "本人提出离开"
    RECORD = "查出违法犯罪记录"


@dataclass(frozen=True, slots=True)
class Publicity:
    """How long a 公示 lasts: so many days behind the day of posting, and of which kind."""

    days: int
    working: bool

    def __str__(self) -> str:
        return f"{self.days}个{settings.WORKING if self.working else settings.CALENDAR}"


def publicity(channel: Channel, values: SettingValues) -> Publicity:
    """Return the length of a 公示 by channel (T5)."""
    unit = values.text(settings.PUBLICITY_UNIT[channel])
    return Publicity(values.number(settings.PUBLICITY_DAYS[channel]), unit == settings.WORKING)


def last_day(posted_on: date, length: Publicity, calendar: WorkingDays) -> Day:
    """Return the last day of a 公示, inclusive; objections are taken until it is over.

    Raises DayOutsideCalendar.
    """
    if length.working:
        return calendar.after(posted_on, length.days)
    return calendar.after(posted_on + timedelta(days=length.days), 0)


def is_over(posted_on: date, length: Publicity, calendar: WorkingDays, today: date) -> bool:
    """Tell whether the last day of a 公示 has passed. Raises DayOutsideCalendar."""
    return last_day(posted_on, length, calendar).date < today


@dataclass(frozen=True, slots=True)
class ObjectionTerms:
    """How long the check of an objection takes, in working days, and how much it is extended by."""

    days: int
    more: int


def objection_terms(values: SettingValues) -> ObjectionTerms:
    """Return the terms that a 公示 keeps from the day it is posted (R-OBJECT)."""
    return ObjectionTerms(
        values.number(settings.CHECK_DAYS), values.number(settings.CHECK_MORE_DAYS)
    )


def check_due(
    received_on: date, calendar: WorkingDays, length: ObjectionTerms, *, more: bool
) -> Day:
    """Return the last day on which an objection is to be checked, `more` where it was extended.

    Passing it closes nothing (R-OBJECT). Raises DayOutsideCalendar.
    """
    return calendar.after(received_on, length.days + (length.more if more else 0))


def check_terms(values: SettingValues) -> dict[str, Json]:
    """Return the terms of a formal check, in working days, as its case keeps them (T3)."""
    return {
        "reply_days": values.number(settings.REPLY_DAYS),
        "supplement_days": values.number(settings.SUPPLEMENT_DAYS),
        "objection_days": values.number(settings.OBJECTION_DAYS),
    }


def registration_findings(
    posted_on: date, opens_on: date, closes_on: date, calendar: WorkingDays, values: SettingValues
) -> tuple[Finding, ...]:
    """Look at the days of a notice (T1, T2), all inclusive. Raises DayOutsideCalendar."""
    least = values.number(settings.NOTICE_DAYS)
    shown = calendar.count(posted_on, closes_on).days
    window = (closes_on - opens_on).days + 1
    shortest = values.number(settings.REGISTRATION_LEAST)
    longest = values.number(settings.REGISTRATION_MOST)
    return (
        Finding(
            NORMS["R-T1"],
            shown >= least,
            f"公告{said_day(posted_on)}发布，到{said_day(closes_on)}截止有{shown}个工作日，"
            f"应不少于{least}个",
        ),
        Finding(
            NORMS["R-T2"],
            posted_on <= opens_on and shortest <= window <= longest,
            f"报名{said_day(opens_on)}至{said_day(closes_on)}共{window}天，"
            f"应在公告之后，{shortest}至{longest}天",
        ),
    )


def trial_months(person: PersonType, contract_years: int, values: SettingValues) -> int:
    """Return the length of the trial in months (T6): twelve for first employment of 3 years."""
    if person is PersonType.SELECTED:
        return values.number(settings.TRIAL_SELECTION)
    first = person is PersonType.FIRST and contract_years >= values.number(settings.CONTRACT_YEARS)
    return values.number(settings.TRIAL_FIRST if first else settings.TRIAL_OTHER)


def trial_finding(
    person: PersonType, contract_years: int, months: int, values: SettingValues
) -> Finding:
    """Look at a trial that somebody entered: the law's twelve months, or six at the most."""
    expected = trial_months(person, contract_years, values)
    if expected == 12:
        return Finding(
            NORMS["R-T6"], months == expected, f"初次就业的试用期应为12个月，填写为{months}个月"
        )
    longest = settings.TRIAL_OTHER.most
    return Finding(
        NORMS["R-T6a"],
        1 <= months <= longest,
        f"试用期填写为{months}个月，应为1至{longest}个月",
    )


def early_end_finding(ground: str) -> Finding:
    """R-T6b: a trial ends early on one of three grounds and on no other."""
    named = "、".join(EarlyEnd)
    met = ground in set(EarlyEnd)
    return Finding(NORMS["R-T6b"], met, ground if met else f"提前结束试用只能因为：{named}")


def engagement_findings(
    channel: Channel, begins_on: date, last: date, values: SettingValues
) -> tuple[Finding, ...]:
    """Look at the days of a contract (A, B, C), agreement (D) or term (E); both inclusive."""
    return tuple(_engagement(channel, begins_on, last, values))


def _engagement(
    channel: Channel, begins_on: date, last: date, values: SettingValues
) -> Iterator[Finding]:
    if not channel.fills_seat:
        yield Finding(*term_checked(channel.kind, begins_on, last, values))
        return
    years = values.number(settings.CONTRACT_YEARS)
    met = last >= ends_on(begins_on, 12 * years)
    said = f"{said_day(begins_on)}至{said_day(last)}"
    yield Finding(NORMS["R-T7"], met, f"聘用合同{said}，应不少于{years}年")
