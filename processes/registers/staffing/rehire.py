"""R-CH-3: how many retired teachers may be engaged beside the full-time ones. Pure.

Recruitment asks it before each engagement, and the matrix shows it; the bureau sets its values
among those of recruitment.
"""

from processes.registers.norms import PLAN, PLAN_DAY, Certainty, Norm, Strictness
from processes.registers.settings import Setting, SettingKind, SettingValues

NORM = Norm(
    "R-CH-3",
    "三（二）4",
    "严格控制返聘人数：不超过上限",
    "没有写明人数，上限为系统默认；依据" + PLAN,
    Certainty.PROPOSED,
    Strictness.FORBIDS,
    PLAN_DAY,
)
IN_UNIT, IN_CITY = "本机构", "全市"

MOST = Setting(
    "recruit-rehire-most", NORM, "返聘人数上限（人）", SettingKind.NUMBER, "5",
    "与比例同时适用，取小的", least=1, most=50,
)  # fmt: skip
PERCENT = Setting(
    "recruit-rehire-percent", NORM, "返聘不超过专职在岗数的百分之几", SettingKind.NUMBER, "10",
    "不足一人的舍去", least=1, most=100,
)  # fmt: skip
SCOPE = Setting(
    "recruit-rehire-scope", NORM, "专职在岗数看哪里", SettingKind.CHOICE, IN_UNIT,
    "全市指全部教研机构", (IN_UNIT, IN_CITY),
)  # fmt: skip


def rehire_cap(full_time: int, values: SettingValues) -> int:
    """Return how many retired teachers there may be beside so many full-time ones."""
    by_share = full_time * values.number(PERCENT) // 100
    return min(values.number(MOST), by_share)


def rehire_room(full_time: int, rehired: int, values: SettingValues) -> tuple[bool, str]:
    """Return whether there is room for one more beside `rehired`, and the figures in words."""
    cap = rehire_cap(full_time, values)
    text = (
        f"专职在岗{full_time}人，返聘上限{cap}人"
        f"（{values.number(PERCENT)}%，最多{values.number(MOST)}人），已返聘{rehired}人"
    )
    return rehired < cap, text
