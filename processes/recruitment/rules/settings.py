"""What of the rules of recruitment the bureau may set, each with its default and its rule. Pure."""

from collections.abc import Mapping

from processes.recruitment.rules.channel import Channel
from processes.recruitment.rules.norms import NORMS
from processes.registers.settings import Setting, SettingKind
from processes.registers.staffing import engagement_terms, rehire
from processes.registers.titles import Rank

WORKING, CALENDAR = "工作日", "日历日"


def _number(
    name: str, norm: str, label: str, default: int, hint: str, least: int, most: int
) -> Setting:
    return Setting(
        name, NORMS[norm], label, SettingKind.NUMBER, str(default), hint, least=least, most=most
    )


def _choice(name: str, norm: str, label: str, hint: str, *choices: str) -> Setting:
    return Setting(name, NORMS[norm], label, SettingKind.CHOICE, choices[0], hint, choices)


NOTICE_DAYS = _number(
    "recruit-notice-days",
    "R-T1",
    "公告到报名截止至少几个工作日",
    7,
    "自治区办法另有规定的从其规定",
    1,
    60,
)
REGISTRATION_LEAST = _number(
    "recruit-window-least", "R-T2", "报名至少几天", 2, "首尾两天都算", 1, 60
)
REGISTRATION_MOST = _number(
    "recruit-window-most", "R-T2", "报名最多几天", 10, "首尾两天都算", 1, 60
)
REPLY_DAYS = _number("recruit-reply-days", "R-T3", "资格审查几个工作日内答复", 5, "", 1, 60)
SUPPLEMENT_DAYS = _number(
    "recruit-supplement-days", "R-T3a", "资格审查退回补正，几个工作日内补齐", 3, "", 1, 60
)
OBJECTION_DAYS = _number(
    "recruit-objection-days", "R-T3a", "对资格审查结果几个工作日内提出异议", 3, "", 1, 60
)
CHECK_DAYS = _number("recruit-check-days", "R-OBJECT", "公示异议核查几个工作日", 10, "", 1, 60)
CHECK_MORE_DAYS = _number(
    "recruit-check-more", "R-OBJECT", "核查可以再延几个工作日", 10, "只延一次", 1, 60
)

PUBLICITY_DAYS: Mapping[Channel, Setting] = {
    channel: _number(
        f"recruit-publicity-{channel.value}",
        norm,
        f"{channel.label}公示几天",
        days,
        hint,
        least,
        most,
    )
    for channel, norm, days, hint, least, most in (
        (Channel.SELECTION, "R-T5a", 5, "", 1, 60),
        (Channel.OPEN, "R-T5", 7, "暂行规定第二十三条：一般7至15日", 7, 15),
        (Channel.TALENT, "R-T5", 7, "暂行规定第二十三条：一般7至15日", 7, 15),
        (Channel.REHIRE, "R-T5a", 5, "参照遴选", 1, 60),
        (Channel.PART_TIME, "R-T5a", 5, "参照遴选", 1, 60),
    )
}
PUBLICITY_UNIT: Mapping[Channel, Setting] = {
    channel: _choice(
        f"recruit-publicity-unit-{channel.value}",
        "R-T5" if channel.is_open_recruitment else "R-T5a",
        f"{channel.label}公示按什么计算",
        "按工作日计算更长，两种读法都符合",
        WORKING,
        CALENDAR,
    )
    for channel in Channel
}

TRIAL_FIRST = _number(
    "recruit-trial-first", "R-T6", "初次就业的试用期（月）", 12, "条例写明12个月", 12, 12
)
TRIAL_OTHER = _number(
    "recruit-trial-other",
    "R-T6a",
    "非初次就业的试用期（月）",
    3,
    "一般不超过3个月，最长6个月",
    1,
    6,
)
TRIAL_SELECTION = _number(
    "recruit-trial-selection", "R-T6a", "遴选的试用期（月）", 6, "最长6个月", 1, 6
)
CONTRACT_YEARS = _number("recruit-contract-years", "R-T7", "聘用合同至少几年", 3, "", 3, 10)
REHIRE_MONTHS = engagement_terms.REHIRE_MONTHS
PART_TIME_LEAST = engagement_terms.PART_TIME_LEAST
PART_TIME_MOST = engagement_terms.PART_TIME_MOST

REHIRE_MOST, REHIRE_PERCENT, REHIRE_SCOPE = rehire.MOST, rehire.PERCENT, rehire.SCOPE
REHIRE_OLDEST = _number(
    "recruit-rehire-oldest",
    "R-CH-4",
    "返聘到期时不超过几周岁",
    65,
    "参照银龄讲学计划；是否退休不看年龄",
    60,
    75,
)
REHIRE_TITLE = _choice(
    "recruit-rehire-title",
    "R-CH-4",
    "返聘最低职称",
    "参照银龄讲学计划：中级以上，以高级为主",
    Rank.INTERMEDIATE.value,
    Rank.ASSOCIATE.value,
)

OPENING_RATIO: Mapping[Channel, Setting] = {
    channel: _number(
        f"recruit-ratio-{channel.value}",
        "R-RATIO",
        f"{channel.label}开考比例几比一",
        ratio,
        hint,
        1,
        10,
    )
    for channel, ratio, hint in (
        (Channel.SELECTION, 3, ""),
        (Channel.OPEN, 4, "内蒙古通常4∶1，经批准可以降低"),
        (Channel.TALENT, 1, "直接考核的不设开考比例"),
    )
}
HONOUR_FIRST = "先比有没有市级以上称号，再比面试、笔试成绩，仍相同的加试"
INTERVIEW_FIRST = "比面试、笔试成绩，仍相同的加试"
TIE_ORDER: Mapping[Channel, Setting] = {
    channel: _choice(
        f"recruit-tie-{channel.value}",
        "R-TIE",
        f"{channel.label}总成绩相同的怎样比较",
        hint,
        *choices,
    )
    for channel, hint, choices in (
        (Channel.SELECTION, "方案里可以改，以公告为准", (HONOUR_FIRST, INTERVIEW_FIRST)),
        (Channel.OPEN, "只适用公告公布的项目", (INTERVIEW_FIRST, HONOUR_FIRST)),
        (Channel.TALENT, "只适用公告公布的项目", (INTERVIEW_FIRST, HONOUR_FIRST)),
    )
}
HONOUR_POINTS = _number(
    "recruit-honour-points",
    "R-BONUS-A",
    "集中遴选有市级以上称号的加几分",
    0,
    "0为不加分，只在同分时优先；加分的写进公告。公开招聘、人才引进不得加分",
    0,
    5,
)
SAME_SCHOOL = Setting(
    "recruit-same-school",
    NORMS["R-SCHOOL"],
    "学校负责人不给本校的考生评分",
    SettingKind.YES_NO,
    "是",
    "",
)
WRITTEN_PERCENT = _number(
    "recruit-written-percent", "R-SCHEME", "笔试占百分之几", 40, "面试占其余；通常40至50", 0, 100
)
TALENT_WRITTEN_PERCENT = _number(
    "recruit-talent-written",
    "R-CH-C",
    "人才引进笔试占百分之几",
    0,
    "直接考核的不笔试，面试（考核）占全部",
    0,
    100,
)
PASS_LINE = _number("recruit-pass-line", "R-PASS", "面试合格线（分）", 60, "", 1, 100)
PANEL_LEAST = _number("recruit-panel-least", "R-PANEL7", "面试考官至少几人", 7, "", 5, 15)
DROP_EXTREMES = Setting(
    "recruit-drop-extremes",
    NORMS["R-DROP"],
    "去掉最高分和最低分",
    SettingKind.YES_NO,
    "是",
    "",
)
LATE_MINUTES = _number("recruit-late-minutes", "R-LATE", "迟到几分钟视为放弃", 15, "含本数", 1, 60)
FILING_ORGANS = Setting(
    "recruit-filing-organs",
    NORMS["R-ANSWER"],
    "备案、编制和调动手续的办理机关",
    SettingKind.LIST,
    "乌海市人社局、乌海市委编办",
    "登记答复时只能从中选，用顿号隔开",
    never=dict.fromkeys(
        ("教育局", "教育厅", "教体局", "教育体育局"), "教育行政部门不能自行答复（规则 R-ANSWER）"
    ),
)

SETTINGS = (
    NOTICE_DAYS,
    REGISTRATION_LEAST,
    REGISTRATION_MOST,
    REPLY_DAYS,
    SUPPLEMENT_DAYS,
    OBJECTION_DAYS,
    *PUBLICITY_DAYS.values(),
    *PUBLICITY_UNIT.values(),
    CHECK_DAYS,
    CHECK_MORE_DAYS,
    TRIAL_FIRST,
    TRIAL_OTHER,
    TRIAL_SELECTION,
    CONTRACT_YEARS,
    REHIRE_MONTHS,
    PART_TIME_LEAST,
    PART_TIME_MOST,
    REHIRE_MOST,
    REHIRE_PERCENT,
    REHIRE_SCOPE,
    REHIRE_OLDEST,
    REHIRE_TITLE,
    *OPENING_RATIO.values(),
    WRITTEN_PERCENT,
    TALENT_WRITTEN_PERCENT,
    PASS_LINE,
    PANEL_LEAST,
    DROP_EXTREMES,
    *TIE_ORDER.values(),
    HONOUR_POINTS,
    SAME_SCHOOL,
    LATE_MINUTES,
    FILING_ORGANS,
)
"""Every setting, in the order of the procedure."""
