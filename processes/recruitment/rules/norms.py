"""The rules of recruitment as values: source, certainty, what follows, time in force. Pure.

What of them the bureau may set is in `settings`; docs/rules-recruitment.md says the same in prose.
R-CH-1 and R-CH-2 are those of staffing, which its register asks too.
"""

from collections.abc import Mapping
from datetime import date

from processes.registers.norms import PLAN, PLAN_DAY, Certainty, Norm, Strictness
from processes.registers.settings import SettingValues
from processes.registers.staffing.engagement_terms import PART_TIME_NORM, REHIRE_NORM
from processes.registers.staffing.norms import NORMS as STAFFING
from processes.registers.staffing.rehire import NORM as REHIRE

RULES_VERSION = "2026-11.6"
"""Recorded with every decision; changes whenever a rule here does."""

_PERSONNEL = "《事业单位人事管理条例》（国务院令第652号）"
_PERSONNEL_DAY = date(2014, 7, 1)
_OPEN = "《事业单位公开招聘人员暂行规定》（人事部令第6号）"
_OPEN_DAY = date(2006, 1, 1)
_NO_BONUS = "《关于进一步做好事业单位公开招聘工作的通知》（人社部发〔2024〕57号）"
_NO_BONUS_DAY = date(2024, 8, 3)
"""The day the press reported it; that of issue was not read."""
_RECUSAL = "《事业单位人事管理回避规定》（人社部规〔2019〕1号）"
_RETIREMENT = "全国人大常委会《关于实施渐进式延迟法定退休年龄的决定》"
_RETIREMENT_DAY = date(2025, 1, 1)
_SILVER = "教育部、财政部关于做好2025年银龄讲学计划有关实施工作的通知"
_SILVER_DAY = date(2025, 9, 1)
_LOCAL = (
    "《内蒙古自治区事业单位公开招聘人员办法》（内人社办发〔2022〕2号）可能另有规定，未读到原文；"
)
_DEFAULT = "《方案》没有规定，为系统默认"

_V, _S, _P, _U = Certainty.READ, Certainty.SECONDARY, Certainty.PROPOSED, Certainty.UNCERTAIN
_FORBIDS, _COUNTS, _SETS = Strictness.FORBIDS, Strictness.COUNTS, Strictness.SETS


def _usual(norm_id: str, strictness: Strictness, title: str, source: str) -> Norm:
    return Norm(norm_id, "三（二）", title, source, _S, strictness, PLAN_DAY)


def _ours(norm_id: str, strictness: Strictness, title: str, source: str = _DEFAULT) -> Norm:
    return Norm(norm_id, "三（二）", title, source, _P, strictness, PLAN_DAY)


_ALL = (
    STAFFING["R-CH-1"],
    STAFFING["R-CH-2"],
    REHIRE,
    Norm("R-CH-4", "三（二）4", "返聘不是国家银龄讲学计划，不得使用中央财政经费；"
         "年龄、职称条件为系统默认",
         _SILVER, _V, _FORBIDS, _SILVER_DAY),
    Norm("R-CH-4a", "退休", "是否退休以退休审批为准，不按年龄推算",
         _RETIREMENT, _V, _FORBIDS, _RETIREMENT_DAY),
    Norm("R-CH-5", "第八条", "新聘用人员应当面向社会公开招聘，国家政策性安置、"
         "按照人事管理权限由上级任命、涉密岗位等除外；不能通过遴选进入事业编制",
         _PERSONNEL, _V, _FORBIDS, _PERSONNEL_DAY),
    Norm("R-CH-A", "第十一条", "遴选是本市在编教师的交流，须所在学校和主管部门同意",
         _PERSONNEL, _V, _FORBIDS, _PERSONNEL_DAY),
    Norm("R-CH-C", "第二十条", "高级职称或者博士学位的人员，可以采取直接考核的方式招聘",
         _OPEN, _V, _FORBIDS, _OPEN_DAY),
    _usual("R-CH-C2", _FORBIDS, "引进岗位在年度引进目录内，并经市人才工作领导小组同意",
           "本市2019至2025年人才引进的做法"),
    Norm("R-GAP", "三（二）1", "缺口以配备矩阵为准，一个学段学科一个岗位，同一缺口只在一轮招聘中",
         PLAN + "只写配齐各学科专职教研员，逐个缺口立项为系统默认", _P, _FORBIDS, PLAN_DAY),
    Norm("R-STEPS", "第九条", "公开招聘依次为制定方案、公布信息、资格审查、考试考察、体检、公示、"
         "订立合同，遴选、引进参照",
         _PERSONNEL, _V, _FORBIDS, _PERSONNEL_DAY),
    _ours("R-ONE", _FORBIDS, "一轮招聘一人只报一个岗位"),
    _ours("R-FILLED", _FORBIDS, "登记的内容齐全、属实，有文号和材料，日期不晚于登记当天"),
    _ours("R-ANSWER", _FORBIDS, "备案由人社答复，编制和调动手续由编办、人社办理，教育局不能代答"),
    _ours("R-PLAN", _FORBIDS, "方案写明考试、评分、递补的日期和咨询方式，日期依次在报名截止以后"),
    Norm("R-ORDER", "第二十二条、第二十三条", "先由单位领导集体研究确定拟聘人员，再公示",
         _OPEN, _V, _FORBIDS, _OPEN_DAY),
    _ours("R-T1", _FORBIDS, "公告到报名截止不少于7个工作日", _LOCAL + "为系统默认"),
    _usual("R-T2", _FORBIDS, "报名时间2至10天", "乌达区2024年7天、2025至2026年10天"),
    _ours("R-T3", _COUNTS, "资格审查5个工作日内答复"),
    _ours("R-T3a", _COUNTS, "资格审查的补正、异议各3个工作日；补正逾期按现有材料审查，"
          "异议逾期视为没有异议"),
    _usual("R-T4", _COUNTS, "面试成绩当场公布", "乌海市2026年1月教师面试"),
    Norm("R-T5", "第二十三条", "公开招聘、人才引进的公示期一般为7至15日",
         _OPEN + "；" + _LOCAL + "按工作日还是日历日为系统设置", _V, _FORBIDS, _OPEN_DAY),
    _usual("R-T5a", _SETS, "遴选公示5个工作日；返聘、兼职参照", "龙岩市2022年选调公告"),
    Norm("R-DAY0", "民法典第二百零一条、第二百零三条",
         "张贴当天不计；按日历日计算的，最后一日是休息日的顺延到下一个工作日",
         "《民法典》", _V, _COUNTS, date(2021, 1, 1)),
    _ours("R-OBJECT", _FORBIDS, "公示期内的异议须核查，核查10个工作日，可以再延10个工作日；"
          "没有答复的异议，期满不自动结束；决定不再有效、公示撤回的，不再核查，告知异议人"),
    _ours("R-SHOWN", _FORBIDS, "公示姓名、现单位、拟任岗位、职称、成绩、招聘方式，"
          "不公示身份证号、电话、住址"),
    _ours("R-ANEW", _FORBIDS, "递补的人选重新公示"),
    Norm("R-T6", "第十三条", "初次就业、合同三年以上的，试用期12个月",
         _PERSONNEL, _V, _FORBIDS, _PERSONNEL_DAY),
    _usual("R-T6a", _FORBIDS, "其他人员试用期一般不超过3个月，最长6个月；"
           "遴选试用不超过6个月，人事工资关系留在原单位",
           "事业单位聘用合同的通行规定；龙岩市公告"),
    _ours("R-T6b", _FORBIDS, "试用期只在三种情形提前结束：提前考核不合格、本人提出离开、"
          "查出违法犯罪记录；不能提前转正",
          "查出记录的依据《未成年人保护法》第六十二条；其余未读到专门规定，为系统默认"),
    Norm("R-T7", "第十二条", "聘用合同期限一般不低于3年",
         _PERSONNEL, _V, _FORBIDS, _PERSONNEL_DAY),
    REHIRE_NORM,
    PART_TIME_NORM,
    _usual("R-RATIO", _FORBIDS, "报考人数与岗位数达到开考比例，不足的核减或者取消岗位",
           "贵溪市2025年、枞阳县2010年3∶1；内蒙古公开招聘通常4∶1，经批准可以降低"),
    _usual("R-SCHEME", _FORBIDS, "笔试和面试所占比例合计100%", "各地公告"),
    Norm("R-FROZEN", "公布后不得擅自变更", "公告公布的办法不得擅自改变，确需改变的先发布变更公告",
         _NO_BONUS, _V, _FORBIDS, _NO_BONUS_DAY),
    Norm("R-BONUS", "二、招聘程序", "不得自行制定面向特定人员的专项招聘、加分等倾斜政策",
         _NO_BONUS, _V, _FORBIDS, _NO_BONUS_DAY),
    _ours("R-BONUS-A", _FORBIDS, "遴选默认不加分，“优先考虑”只在同分时适用；设置了加分的，"
          "只给市级以上称号，写进公告；返聘、兼职不评分",
          "《方案》三（三）5只写“优先考虑”；不加分为系统默认"),
    _ours("R-PANEL7", _FORBIDS, "面试考官不少于7人，同一岗位同一考官组、同一套题"),
    _ours("R-DROP", _COUNTS, "去掉一个最高分、一个最低分后取平均分"),
    Norm("R-VOID", "第二条、第十一条", "有回避情形的考官所评的分无效；有效评分不足的，重新面试",
         _RECUSAL + "；重新面试为系统默认", _V, _COUNTS, date(2020, 1, 1)),
    _ours("R-SCHOOL", _FORBIDS, "同一学校的负责人不给本校的考生评分",
          "《方案》没有规定，为系统默认；人社部规〔2019〕1号第二条所列关系以外的回避"),
    _usual("R-ROUND", _COUNTS, "成绩保留两位小数，四舍五入", "各地公告"),
    _usual("R-PASS", _FORBIDS, "参加面试人数不多于岗位数时，面试成绩不低于60分",
           "兴安盟2015年公告"),
    _usual("R-SPEECH", _COUNTS, "面试应使用国家通用语言文字，否则计0分", "乌海市2026年1月教师面试"),
    _usual("R-LATE", _COUNTS, "迟到15分钟以上的视为放弃", "乌海市2026年1月教师面试"),
    _ours("R-DEADLINE", _FORBIDS, "评分截止后不再接受评分"),
    _ours("R-TIE", _COUNTS, "总分相同的，依次比较公告公布的项目；仍相同的加试",
          "《方案》没有规定，为系统默认；公开招聘、人才引进只适用公告公布的项目"),
    _ours("R-NEXT", _FORBIDS, "考察、体检、公示不合格或者放弃的，在公告规定的期限内依次递补"),
    _ours("R-WITHDRAW", _FORBIDS, "聘任的决定不再有效而人已经到岗的，不再提出撤销须有依据："
          "原决定已恢复、本人已离岗，或者局党组、上级党组织决定不撤销"),
    _usual("R-KEEP", Strictness.SHOWS, "面试试题、评分表、录像保存不少于1年；系统里的评分、"
           "成绩、排名和材料永久保存，试题、纸质评分表和录像由人事科保存", "兴安盟2015年公告"),
)  # fmt: skip

NORMS: Mapping[str, Norm] = {norm.id: norm for norm in _ALL}
"""Every rule by id, in the order of the procedure."""


def norms_on(day: date) -> tuple[Norm, ...]:
    """Return the rules in force on `day`."""
    return tuple(norm for norm in NORMS.values() if norm.in_force(day))


def applied(values: SettingValues) -> str:
    """Return what a decision records: the rules' version and how many settings were changed."""
    return f"{RULES_VERSION}/{values.revision}"
