"""The rules of staffing (配备) with their sources, and what of them the bureau may set. Pure."""

from collections.abc import Mapping
from datetime import date

from processes.registers.norms import PLAN, PLAN_DAY, Certainty, Norm, Strictness
from processes.registers.settings import Setting, SettingKind

RULES_VERSION = "2026-11.3"
"""Recorded with every change; changes whenever a rule here does."""

RECORDS_EARLIEST = 60
"""S-RECORDS-DAY: so many days before an anniversary a query may be made that counts for it."""

LONGEST_TRIAL = 12
"""Months that a trial may last (《事业单位人事管理条例》第十三条)."""

_ESTABLISHMENT = "《地方各级人民政府机构设置和编制管理条例》（国务院令第486号，2007）"
_ESTABLISHMENT_DAY = date(2007, 5, 1)


def _of_the_plan(norm_id: str, clause: str, strictness: Strictness, title: str) -> Norm:
    return Norm(norm_id, clause, title, PLAN, Certainty.READ, strictness, PLAN_DAY)


def _proposed(norm_id: str, clause: str, strictness: Strictness, title: str, why: str) -> Norm:
    return Norm(norm_id, clause, title, why, Certainty.PROPOSED, strictness, PLAN_DAY)


_ALL = (
    _of_the_plan(
        "S-CITY", "三（一）2", Strictness.FORBIDS, "市级教研机构涵盖学前、义务、普通高中和特殊教育"
    ),
    _of_the_plan(
        "S-DISTRICT", "三（一）3", Strictness.FORBIDS, "区级教研机构只涵盖学前和义务教育阶段"
    ),
    _of_the_plan(
        "S-DUE", "三（二）1", Strictness.SHOWS, "2至3年内配齐所有学段文化课学科专职教研员"
    ),
    Norm(
        "S-TECH", "三（二）1", "普通高中通用技术单设一个岗位",
        "普通高中课程方案（2017年版2020年修订）列有通用技术；《方案》没有单独写明",
        Certainty.PROPOSED, Strictness.SETS, PLAN_DAY,
    ),
    _of_the_plan("M1", "三（二）1", Strictness.FORBIDS, "文化课教研员不跨学段"),
    _proposed(
        "M2", "三（二）1", Strictness.FORBIDS,
        "一人只占一个岗位；经批准可以再兼一门可跨学段的学科",
        "《方案》只写“可跨学段配齐”，一人一编和兼任须批准为系统默认",
    ),
    _of_the_plan("M3", "三（二）4", Strictness.FORBIDS, "兼职、返聘银龄教师不占编制，不算配齐"),
    _of_the_plan(
        "M4", "三（二）1", Strictness.COUNTS, "可跨学段的七门学科，一人覆盖的学段都算配齐"
    ),
    _proposed(
        "M5", "三（二）1", Strictness.SHOWS,
        "退休、调出、退出、到校任教、借编到期、聘期届满，提前提示",
        "退休按批准的日期（渐进式延迟退休后不能按年龄推算）；提前多久为系统默认",
    ),
    _of_the_plan(
        "R-CH-1", "三（二）4", Strictness.FORBIDS, "兼职、返聘银龄教师不能占专职教研员的岗位"
    ),
    Norm(
        "R-CH-2", "三（二）4", "专职教研员配齐配足，才能聘兼职教研员", PLAN,
        Certainty.UNCERTAIN, Strictness.FORBIDS, PLAN_DAY,
    ),
    _of_the_plan(
        "S-SOURCE", "三（二）3", Strictness.FORBIDS,
        "借编、借岗、扩编、增岗、统筹调整编制须有批准机关、文号；借用的还须有出借单位、起止日期和归还约定",
    ),
    Norm(
        "S-ORGAN", "第十五条、第二十六条",
        "编制只能由机构编制管理机关批准，教育局不能自行批准", _ESTABLISHMENT,
        Certainty.READ, Strictness.FORBIDS, _ESTABLISHMENT_DAY,
    ),
    Norm(
        "S-LIMIT", "第六条", "实有人员不得突破核定的编制", _ESTABLISHMENT,
        Certainty.READ, Strictness.FORBIDS, _ESTABLISHMENT_DAY,
    ),
    Norm(
        "S-POSTS", "三（二）3", "岗位与编制是两个限额：占用的岗位不得超过核定的岗位数",
        "《方案》三（二）3、三（六）；分别核对为系统默认",
        Certainty.PROPOSED, Strictness.FORBIDS, PLAN_DAY,
    ),
    _of_the_plan(
        "S-ADMIT", "三（三）", Strictness.FORBIDS, "具备准入资格才能担任教研员，各渠道都一样"
    ),
    Norm(
        "S-APPOINT", "第二十二条",
        "聘任教研员由有人事管理权限的教育局党组集体研究决定，一次决定只用一次",
        "《事业单位公开招聘人员暂行规定》（人事部令第6号）；遴选、人才引进、兼职、返聘参照",
        Certainty.READ, Strictness.FORBIDS, date(2006, 1, 1),
    ),
    _of_the_plan(
        "S-EXIT", "三（四）", Strictness.FORBIDS, "教研员退出经局党组会议集体研究决定"
    ),
    Norm(
        "S-ENDING", "第十五条至第十八条",
        "退出、处分、解除聘用是三种不同的决定，依据和救济途径各不相同，不能互相代替",
        "《事业单位人事管理条例》（国务院令第652号）",
        Certainty.READ, Strictness.FORBIDS, date(2014, 7, 1),
    ),
    _proposed(
        "S-STOCK", "三（三）", Strictness.FORBIDS,
        "建册以前已经在岗的人员、已经取得的准入资格凭文件补录一次，以后一律先经准入和招聘",
        "《方案》没有规定，为系统默认",
    ),
    _proposed(
        "S-TERM", "三（二）", Strictness.SHOWS,
        "聘期、借用期、任期、入库期限、准入资格有效期，到期以前和以后各提醒登记的岗位一次，"
        "由人核对办理，不自动延期",
        "《方案》没有规定，为系统默认",
    ),
    _of_the_plan(
        "S-GUARD", "三（六）", Strictness.FORBIDS,
        "严禁挤占挪用教研机构编制和人员：借调须经批准并有期限",
    ),
    Norm(
        "S-RECORDS", "第六十二条、第一百二十六条",
        "在岗教研员每年查询一次违法犯罪记录，专职、兼职、返聘都一样；查出记录的立即停止岗位职责，及时解聘",
        "《未成年人保护法》（教研机构属于教育机构，依《教师法》第四十条理解）",
        Certainty.UNCERTAIN, Strictness.FORBIDS, date(2021, 6, 1),
    ),
    _proposed(
        "S-RECORDS-DAY", "三（三）", Strictness.COUNTS,
        f"每年的查询以到岗日的周年为期限；提前{RECORDS_EARLIEST}天以内的查询算当年的",
        "法律只写每年定期查询，以到岗日计算为系统默认",
    ),
)  # fmt: skip

NORMS: Mapping[str, Norm] = {norm.id: norm for norm in _ALL}
"""Every rule by id."""

DEFAULT_ORGANS = (
    "乌海市委编办",
    "海勃湾区委编办",
    "海南区委编办",
    "乌达区委编办",
    "自治区党委编办",
)

SOFT_DUE = Setting(
    "soft-due", NORMS["S-DUE"], "期限（2年）", SettingKind.DATE, "2025-10-20",
    "从成文之日2023年10月20日起算2年",
)  # fmt: skip
HARD_DUE = Setting(
    "hard-due", NORMS["S-DUE"], "期限（3年），过后空缺即为逾期", SettingKind.DATE, "2026-10-20",
    "从成文之日2023年10月20日起算3年",
)  # fmt: skip
GENERAL_TECHNOLOGY = Setting(
    "general-technology", NORMS["S-TECH"], "普通高中单设通用技术岗位", SettingKind.YES_NO, "是",
    "全市应配33个；不设则为32个",
)  # fmt: skip
SECOND_SUBJECT = Setting(
    "second-subject", NORMS["M2"], "经批准可兼一门可跨学段的学科", SettingKind.YES_NO, "是",
    "不允许时，兼任的学科不算配齐",
)  # fmt: skip
FORECAST_MONTHS = Setting(
    "forecast-months", NORMS["M5"], "提前几个月提示", SettingKind.NUMBER, "12", "1至36个月",
)  # fmt: skip
PART_TIME_SCOPE = Setting(
    "part-time-scope", NORMS["R-CH-2"], "“配齐配足”看哪里", SettingKind.CHOICE, "本学段学科",
    "《方案》没有写明，默认看同一机构、同一学段学科", ("本学段学科", "整个机构"),
)  # fmt: skip
ORGANS = Setting(
    "establishment-organs", NORMS["S-ORGAN"], "机构编制管理机关", SettingKind.LIST,
    "、".join(DEFAULT_ORGANS), "编制的批准机关只能从中选，用顿号隔开",
    never=dict.fromkeys(
        ("教育局", "教育厅", "教体局", "教育体育局"),
        f"教育行政部门不能批准编制，只有机构编制管理机关可以（规则 S-ORGAN，{_ESTABLISHMENT}）",
    ),
)  # fmt: skip
POSTS_LIMIT = Setting(
    "posts-limit", NORMS["S-POSTS"], "岗位数单独核对", SettingKind.YES_NO, "是",
    "不核对时，只按核定编制数控制",
)  # fmt: skip
STOCK_BEFORE = Setting(
    "stock-before", NORMS["S-STOCK"], "历史数据补录：在哪天以前到岗、取得资格", SettingKind.DATE,
    "2026-01-01", "这一天以前到岗的、取得准入资格的可以凭文件补录",
)  # fmt: skip
STOCK_UNTIL = Setting(
    "stock-until", NORMS["S-STOCK"], "历史数据补录：办到哪天", SettingKind.DATE, "2027-12-31",
    "含当日，过后不再补录",
)  # fmt: skip
RECORDS_YEARLY = Setting(
    "records-yearly", NORMS["S-RECORDS"], "教研机构适用每年查询", SettingKind.YES_NO, "是",
    "不适用的，不再生成年度查询，名册也不提示逾期",
)  # fmt: skip
RECORDS_LEAD = Setting(
    "records-lead-days", NORMS["S-RECORDS-DAY"], "年度记录查询提前几天提出", SettingKind.NUMBER,
    "30", "到岗日周年以前几天生成待办", least=0, most=RECORDS_EARLIEST,
)  # fmt: skip
RECORDS_LATE = Setting(
    "records-late-days", NORMS["S-RECORDS-DAY"], "已经逾期的，几个工作日内补查", SettingKind.NUMBER,
    "10", "名册里仍显示逾期", least=1, most=30,
)  # fmt: skip
TERM_NOTICE_DAYS = Setting(
    "term-notice-days", NORMS["S-TERM"], "到期前多少天提醒登记的岗位", SettingKind.NUMBER, "30",
    "1至365天；“到期提醒”一页同时列出", most=365,
)  # fmt: skip

SETTINGS = (
    SOFT_DUE,
    HARD_DUE,
    GENERAL_TECHNOLOGY,
    SECOND_SUBJECT,
    FORECAST_MONTHS,
    PART_TIME_SCOPE,
    ORGANS,
    POSTS_LIMIT,
    STOCK_BEFORE,
    STOCK_UNTIL,
    RECORDS_YEARLY,
    RECORDS_LEAD,
    RECORDS_LATE,
    TERM_NOTICE_DAYS,
)
