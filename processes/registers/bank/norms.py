"""The rules of the banks with their sources, and what of them the bureau may set. Pure."""

from collections.abc import Mapping
from datetime import date

from processes.registers.norms import PLAN_DAY, Certainty, Norm, Strictness
from processes.registers.settings import Setting, SettingKind

RULES_VERSION = "2026-11"

_SETTING = "《教育部关于加强初中学业水平考试命题工作的意见》（教基〔2019〕15号）"
_SETTING_DAY = date(2019, 11, 20)
_SECRETS = "《保守国家秘密法》第六十四条（工作秘密）"

_ALL = (
    Norm(
        "B-TERM", "四（一）7", "在入库期限和学段学科内才能参加", "按申报的范围抽取，为系统默认",
        Certainty.PROPOSED, Strictness.FORBIDS, PLAN_DAY,
    ),
    Norm(
        "B-DECLARE", "命题人员条件", "每年申报亲属应考、编写教辅、校外培训和任教情况", _SETTING,
        Certainty.UNCERTAIN, Strictness.FORBIDS, _SETTING_DAY,
    ),
    Norm(
        "B-KIN", "命题人员回避", "有直系亲属参加当年考试的，应当回避", _SETTING,
        Certainty.READ, Strictness.FORBIDS, _SETTING_DAY,
    ),
    Norm(
        "B-PREP", "命题人员条件", "不得编写教辅、备考资料，不得参加校外培训", _SETTING,
        Certainty.READ, Strictness.FORBIDS, _SETTING_DAY,
    ),
    Norm(
        "B-TEACH", "命题人员回避", "正在任教被测年级学科的，不参加命题",
        "其他地方的通行做法，为系统默认", Certainty.PROPOSED, Strictness.FORBIDS, PLAN_DAY,
    ),
    Norm(
        "B-SECRET", "四（一）7", "命题、审题前签订保密协议", _SECRETS,
        Certainty.PROPOSED, Strictness.FORBIDS, date(2024, 5, 1),
    ),
)  # fmt: skip

NORMS: Mapping[str, Norm] = {norm.id: norm for norm in _ALL}
"""Every rule by id."""

DECLARATION_YEAR = Setting(
    "declaration-year", NORMS["B-DECLARE"], "申报按什么年度", SettingKind.CHOICE, "学年",
    "学年从9月1日起，按开始的年份称呼", ("学年", "自然年"),
)  # fmt: skip
EXCLUDE_TEACHING = Setting(
    "exclude-teaching", NORMS["B-TEACH"], "任教被测年级学科的不参加命题", SettingKind.YES_NO, "是",
    "确需参加的，须封闭到考试开始",
)  # fmt: skip
SCOPE_BOUND = Setting(
    "bank-scope", NORMS["B-TERM"], "只能在入库的学段学科内命题", SettingKind.YES_NO, "是",
    "不限制时，只看入库期限",
)  # fmt: skip
AGREEMENT = Setting(
    "agreement", NORMS["B-SECRET"], "没有保密协议不能命题", SettingKind.YES_NO, "是", "",
)  # fmt: skip

SETTINGS = (DECLARATION_YEAR, EXCLUDE_TEACHING, SCOPE_BOUND, AGREEMENT)
