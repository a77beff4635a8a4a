"""R-T8, R-T9: for how long a retired teacher or a part-timer is engaged. Pure.

Recruitment asks it before each engagement, and the register before each entry.
"""

from datetime import date

from processes.registers.days import ends_on, said_day
from processes.registers.norms import PLAN_DAY, Certainty, Norm, Strictness
from processes.registers.settings import Setting, SettingKind, SettingValues
from processes.registers.staffing.facts import PersonKind

REHIRE_NORM = Norm(
    "R-T8", "三（二）", "返聘协议一次不超过一年，可以续签", "《方案》没有规定，为系统默认",
    Certainty.PROPOSED, Strictness.FORBIDS, PLAN_DAY,
)  # fmt: skip
PART_TIME_NORM = Norm(
    "R-T9", "三（二）", "兼职聘期2至3年，期满重新考核", "安庆市迎江区的做法",
    Certainty.SECONDARY, Strictness.FORBIDS, PLAN_DAY,
)  # fmt: skip

REHIRE_MONTHS = Setting(
    "recruit-rehire-months", REHIRE_NORM, "返聘协议一次最长几个月", SettingKind.NUMBER, "12", "",
    least=1, most=12,
)  # fmt: skip
PART_TIME_LEAST = Setting(
    "recruit-part-time-least", PART_TIME_NORM, "兼职聘期至少几年", SettingKind.NUMBER, "2", "",
    least=1, most=5,
)  # fmt: skip
PART_TIME_MOST = Setting(
    "recruit-part-time-most", PART_TIME_NORM, "兼职聘期最多几年", SettingKind.NUMBER, "3", "",
    least=1, most=5,
)  # fmt: skip


def term_checked(
    kind: PersonKind, begins_on: date, last: date, values: SettingValues
) -> tuple[Norm, bool, str]:
    """Return the rule for an engagement of this kind, whether its days meet it, and in words why.

    Both days are inclusive.
    """
    said = f"{said_day(begins_on)}至{said_day(last)}"
    if kind is PersonKind.RETIRED:
        months = values.number(REHIRE_MONTHS)
        met = begins_on <= last <= longest_until(kind, begins_on, values)
        return REHIRE_NORM, met, f"返聘协议{said}，一次不超过{months}个月"
    least, most = values.number(PART_TIME_LEAST), values.number(PART_TIME_MOST)
    met = ends_on(begins_on, 12 * least) <= last <= longest_until(kind, begins_on, values)
    return PART_TIME_NORM, met, f"聘期{said}，应为{least}至{most}年"


def longest_until(kind: PersonKind, begins_on: date, values: SettingValues) -> date:
    """Return the last day of the longest engagement of this kind that begins on a day."""
    if kind is PersonKind.RETIRED:
        return ends_on(begins_on, values.number(REHIRE_MONTHS))
    return ends_on(begins_on, 12 * values.number(PART_TIME_MOST))
