"""The rules of admission (准入) with their sources, and what of them the bureau may set.

Pure. The arithmetic is in `processes.admission.rules`, the table of titles in its `titles`;
docs/rules-admission.md says the same in prose.
"""

from collections.abc import Mapping
from datetime import date

from processes.registers.norms import PLAN, PLAN_DAY, Certainty, Norm, Strictness
from processes.registers.settings import Setting, SettingKind

RULES_VERSION = "2026-11-26.4"
"""Changes whenever a rule, a figure or a title does; a decision records it with the number of
changed settings behind a slash."""

MINIMUM_YEARS = 6
"""R-E5a: 六年以上, six itself included."""

SMALLEST_PANEL = 3
"""R-PANEL: no setting goes below it."""

LONGEST_CAREER_YEARS = 60
"""R-DATES: a period that begins earlier than this before the cut-off date is a slip of the pen."""

YOUNGEST_AT_WORK = 16
"""R-BIRTH: years of age, inclusive."""

MOST_PERIODS = 60
"""R-DATES: rows; more than a working life holds."""


_REFORM = "人社部发〔2015〕79号所附新旧职称对应关系"
_REFORM_DAY = date(2015, 8, 28)


def _of_the_plan(norm_id: str, number: int, strictness: Strictness, title: str) -> Norm:
    clause = f"三（三）{number}"
    return Norm(norm_id, clause, title, PLAN, Certainty.READ, strictness, PLAN_DAY)


def _of_ours(norm_id: str, strictness: Strictness, title: str, source: str) -> Norm:
    return Norm(norm_id, "三（三）", title, source, Certainty.PROPOSED, strictness, PLAN_DAY)


_ALL = (
    _of_the_plan(
        "R-E1", 1, Strictness.JUDGED, "政治素质过硬，能认真贯彻党的教育方针，有大局意识"
    ),
    _of_the_plan(
        "R-E2", 2, Strictness.JUDGED, "事业心责任感强，热爱教研工作，有很强的服务意识"
    ),
    _of_the_plan(
        "R-E3",
        3,
        Strictness.JUDGED,
        "教育观念正确，坚持德智体美劳全面育人理念，积极践行发展素质教育",
    ),
    _of_the_plan(
        "R-E4", 4, Strictness.JUDGED, "遵守教研工作学术道德，勇于探索教育教学改革创新"
    ),
    _of_the_plan("R-E5a", 5, Strictness.REJECTS, "具有6年以上教学工作经历"),
    _of_the_plan("R-E5b", 5, Strictness.REJECTS, "具有中级以上教师专业技术职称"),
    _of_the_plan(
        "R-E5c", 5, Strictness.JUDGED, "在教育教学上取得优异成绩且在区域内有较强影响力"
    ),
    _of_the_plan(
        "R-E5d", 5, Strictness.PREFERS, "市级以上名师、骨干教师、学科带头人、优秀教师等优先考虑"
    ),
    Norm(
        "R-TITLE", "三（三）5", "新旧职称名称与等级的对应",
        _REFORM, Certainty.KNOWN, Strictness.COUNTS, _REFORM_DAY,
    ),
    Norm(
        "R-SERIES", "三（三）5", "中职、高校教师职称是否属于“教师专业技术职称”",
        "《方案》没有写明", Certainty.UNCERTAIN, Strictness.JUDGED, PLAN_DAY,
    ),
    _of_ours(
        "R-YEARS", Strictness.COUNTS, "教龄按周年计算到申请提交之日；“以上”包括本数",
        "民法典第202条、第1259条的通用算法；截止日为系统默认",
    ),
    _of_ours(
        "R-SUM", Strictness.COUNTS, "多段任教经历相加，重叠只算一次，非任教岗位不算",
        "教龄不同于工龄；各段零散天数接在最后一段之后按日历计算，为系统默认",
    ),
    _of_ours(
        "R-DATES", Strictness.COUNTS, "任教经历的日期应当前后合理",
        "《方案》三（三）5的教龄逐段核定，日期核对为系统默认",
    ),
    Norm(
        "R-BIRTH", "劳动法第15条", "任教开始时应当已经出生，并且年满16周岁",
        "《劳动法》第15条禁止招用未满16周岁的人", Certainty.KNOWN, Strictness.COUNTS,
        date(1995, 1, 1),
    ),
    _of_ours("R-PROOF", Strictness.JUDGED, "申报材料应当真实", "条件由材料证明，为系统默认"),
    _of_ours(
        "R-REASON", Strictness.FORBIDS, "不予准入须有不符合的条件，理由连同依据告知申请人",
        "《方案》没有规定，参照行政决定的一般要求，为系统默认",
    ),
    _of_ours("R-VALID", Strictness.SETS, "准入资格有效期两年", "《方案》没有规定，为系统默认"),
    _of_ours(
        "R-EXPIRY", Strictness.SHOWS, "准入资格到期前提醒本人，到期自动失效",
        "《方案》没有规定，为系统默认",
    ),
    _of_ours(
        "R-REVOKE", Strictness.FORBIDS,
        "撤销准入资格须有依据、事实和理由，事先听取本人陈述申辩，由没有利害关系的人作出并告知本人",
        "《方案》没有规定撤销程序，参照行政决定的一般要求，为系统默认",
    ),
    _of_ours(
        "R-CUTOFF", Strictness.COUNTS, "教龄的截止日是提交之日，遴选等公告另有截止日的从其公告",
        "《方案》没有规定，为系统默认",
    ),
    _of_ours(
        "R-PANEL", Strictness.SETS, "三（三）2、3和5中的业绩条件由至少3人的评议组评议",
        "《方案》没有规定，为系统默认",
    ),
    Norm(
        "R-RECUSE", "人社部规〔2019〕1号", "有亲属关系、利害关系的，不得参加考察、评议、投票、决定",
        "《事业单位人事管理回避规定》（人社部规〔2019〕1号）",
        Certainty.READ, Strictness.REJECTS, date(2020, 1, 1),
    ),
    _of_ours("R-SUPPLEMENT", Strictness.SETS,
             "补正期限15个工作日；由招聘调用的，填写申请的期限相同",
             "《方案》没有规定，为系统默认"),
    _of_ours("R-OBJECTION", Strictness.SETS, "异议期限10个工作日", "《方案》没有规定，为系统默认"),
    Norm(
        "R-CHECKS", "三（三）", "准予、不予准入以前，N1至N4四项核查都要完成",
        "准予以前必须核查有法律依据；不予准入以前是否核查没有写明（未成年人保护法第62条要求查询的是应聘者，"
        "个人信息保护法第6条要求限于最小范围）",
        Certainty.UNCERTAIN, Strictness.SETS, PLAN_DAY,
    ),
    Norm(
        "R-N1", "未成年人保护法第62条", "没有性侵害、虐待、拐卖、暴力伤害等违法犯罪记录",
        "《未成年人保护法》第62条、第126条（教研机构属于教育机构，依教师法第40条理解）",
        Certainty.UNCERTAIN, Strictness.REJECTS, date(2021, 6, 1),
    ),
    Norm(
        "R-N2", "教师法第14条", "没有受过剥夺政治权利或者故意犯罪有期徒刑以上刑事处罚",
        "《教师法》第14条", Certainty.READ, Strictness.REJECTS, date(1994, 1, 1),
    ),
    Norm(
        "R-N3", "教师〔2018〕18号第3条",
        "不在处分期内、没有正在接受调查；因师德被取消资格的，从决定之日起满24个月",
        "各地遴选公告的通例；《中小学教师违反职业道德行为处理办法》第3条",
        Certainty.PROPOSED, Strictness.REJECTS, date(2018, 11, 8),
    ),
    _of_ours(
        "R-N4", Strictness.REJECTS, "近几年的年度考核（师德考核）均为合格以上，默认三年",
        "外地公告的通例，《方案》没有规定，为系统默认",
    ),
)  # fmt: skip

NORMS: Mapping[str, Norm] = {norm.id: norm for norm in _ALL}
"""Every rule by id, in the order of the document."""


def norms_on(day: date) -> tuple[Norm, ...]:
    """Return the rules in force for an application whose cut-off date is `day`."""
    return tuple(norm for norm in NORMS.values() if norm.in_force(day))


VALIDITY_MONTHS = Setting(
    "admission-validity-months", NORMS["R-VALID"], "准入：资格有效期（月）", SettingKind.NUMBER,
    "24", "1至120个月，从登记之日起算", most=120,
)  # fmt: skip
EXPIRY_NOTICE_DAYS = Setting(
    "admission-expiry-notice-days", NORMS["R-EXPIRY"], "准入：到期前多少天提醒本人",
    SettingKind.NUMBER, "90", "1至365天；名册里同时显示“即将到期”", most=365,
)  # fmt: skip
PANEL_MINIMUM = Setting(
    "admission-panel-minimum", NORMS["R-PANEL"], "准入：评议组最少人数", SettingKind.NUMBER, "3",
    "不能少于3人", least=SMALLEST_PANEL, most=99,
)  # fmt: skip
PANEL_SHARE = Setting(
    "admission-panel-share", NORMS["R-PANEL"], "准入：每项条件“符合”达到多少为通过",
    SettingKind.CHOICE, "2/3", "含本数", ("1/2", "3/5", "2/3", "3/4", "4/5", "1/1"),
)  # fmt: skip
PANEL_BASE = Setting(
    "admission-panel-base", NORMS["R-PANEL"], "准入：计票基数", SettingKind.CHOICE, "有效票",
    "应参加评议人数：没有投票的也算在内", ("有效票", "应参加评议人数"),
)  # fmt: skip
PANEL_DAYS = Setting(
    "admission-panel-days", NORMS["R-PANEL"], "准入：评议期限（工作日）", SettingKind.NUMBER, "10",
    "1至60个工作日", most=60,
)  # fmt: skip
SUPPLEMENT_DAYS = Setting(
    "admission-supplement-days", NORMS["R-SUPPLEMENT"], "准入：填写、补正期限（工作日）",
    SettingKind.NUMBER, "15", "1至60个工作日", most=60,
)  # fmt: skip
OBJECTION_DAYS = Setting(
    "admission-objection-days", NORMS["R-OBJECTION"], "准入：异议期限（工作日）",
    SettingKind.NUMBER, "10", "1至60个工作日", most=60,
)  # fmt: skip
CHECKS_BEFORE_REFUSAL = Setting(
    "admission-checks-before-refusal", NORMS["R-CHECKS"], "准入：不予准入以前也做N1至N4核查",
    SettingKind.YES_NO, "是", "选“否”的，只在准予以前核查，不多查不符合条件的人",
)  # fmt: skip
APPRAISAL_YEARS = Setting(
    "admission-appraisal-years", NORMS["R-N4"], "N4核查近几年的年度考核", SettingKind.NUMBER,
    "3", "1至10年；3月31日以前，上一年度可以还没有结果", most=10,
)  # fmt: skip

EACH_DECIDED, ACCEPTED, NOT_ACCEPTED = "由人事科逐件认定", "认可", "不认可"
OTHER_TEACHING = Setting(
    "admission-other-teaching", NORMS["R-SERIES"], "准入：中职、高校教师职称",
    SettingKind.CHOICE, EACH_DECIDED, "逐件认定的，人事科没有认定不能核对属实",
    (EACH_DECIDED, ACCEPTED, NOT_ACCEPTED),
)  # fmt: skip
APPLIES, BY_ANALOGY = "适用", "参照"
N1_READING = Setting(
    "admission-n1-reading", NORMS["R-N1"], "准入：教研机构怎样依据未成年人保护法第62条",
    SettingKind.CHOICE, APPLIES, "两种读法都要查询，有记录的都不准入；写明的依据不同",
    (APPLIES, BY_ANALOGY),
)  # fmt: skip
FIRST_DAY, POSTING_DAY = "报名首日", "公告发布日"
ROUND_CUTOFF = Setting(
    "admission-round-cutoff", NORMS["R-CUTOFF"], "准入：遴选等公告的教龄截止日",
    SettingKind.CHOICE, FIRST_DAY, "写进公告，一轮招聘不再改；自行申请的为第一次提交之日",
    (FIRST_DAY, POSTING_DAY),
)  # fmt: skip

SETTINGS = (
    VALIDITY_MONTHS,
    EXPIRY_NOTICE_DAYS,
    PANEL_MINIMUM,
    PANEL_SHARE,
    PANEL_BASE,
    PANEL_DAYS,
    SUPPLEMENT_DAYS,
    OBJECTION_DAYS,
    CHECKS_BEFORE_REFUSAL,
    OTHER_TEACHING,
    N1_READING,
    ROUND_CUTOFF,
    APPRAISAL_YEARS,
)
