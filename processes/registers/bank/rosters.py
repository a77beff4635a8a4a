"""The rosters of the banks: 评审专家库 and the closed 命题人员库."""

from collections.abc import Iterator
from datetime import date

from processes.registers.bank.norms import RULES_VERSION
from processes.registers.bank.tables import REVIEWERS, SETTERS, Reviewer, Setter
from processes.registers.days import said_day
from processes.registers.fields import Fault, Field, FieldKind
from processes.registers.roster import Candidate, Roster

_RANKS = ("正高级", "副高级", "中级", "初级")
_GRADES = (*(f"{number}年级" for number in "一二三四五六七八九"), "高一", "高二", "高三")
_ENDINGS = ("任期届满", "本人退出", "不再符合条件", "登记有误")


def expert_faults(candidate: Candidate) -> Iterator[Fault]:
    """The term has an end, and a declaration says for which year it is."""
    values = candidate.values
    begins, ends = values["begins_on"], values["ends_on"]
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        yield Fault("ends_on", f"早于入库日{said_day(begins)}")
    declared, year = values["declared_on"], values["declared_year"]
    if isinstance(declared, date) and declared > candidate.today:
        yield Fault("declared_on", "申报日期在今天以后")
    if (declared is None) != (year is None):
        yield Fault("declared_on", "申报日期和申报年度要一起填写")
    if isinstance(declared, date) and year is not None and abs(int(str(year)) - declared.year) > 1:
        yield Fault("declared_year", "与申报日期相差太远")


_WHO = (
    Field("username", "用户名", FieldKind.PERSON, True, "用户名；没有重名时可写姓名"),
    Field("seats", "学段学科", FieldKind.SEATS, True, "几个用顿号隔开，如 小学语文、初中语文",
          limit=300),
    Field("title_rank", "职称等级", FieldKind.CHOICE, True, choices=_RANKS),
    Field("expertise", "专长", FieldKind.NOTE, limit=300),
    Field("begins_on", "入库日", FieldKind.DATE, True),
    Field("ends_on", "任期届满日", FieldKind.DATE, True, "含当日"),
)  # fmt: skip
_DECLARED = (
    Field("declared_on", "申报日期", FieldKind.DATE, group="年度申报"),
    Field("declared_year", "申报年度", FieldKind.NUMBER, hint="如 2026；按学年的写开始的年份",
          group="年度申报"),
)  # fmt: skip
_NOTE = (Field("note", "备注", FieldKind.NOTE, limit=500),)

REVIEWER_ROSTER = Roster(
    id=REVIEWERS,
    title="评审专家库",
    noun="评审专家",
    about="准入评审、课题、工作坊和评选的专家。亲属和利益关系由本人在“回避申报”里申报，办理时自动回避。",
    table=Reviewer,
    identity="username",
    listed=("username", "seats", "title_rank", "ends_on", "declared_year"),
    narrowed=("title_rank",),
    check=expert_faults,
    endings=_ENDINGS,
    term_field="ends_on",
    term_noun="入库期限",
    rules_version=RULES_VERSION,
    fields=(
        *_WHO,
        *_DECLARED,
        Field("interests", "申报的利益关系", FieldKind.NOTE, hint="如 师徒、合著、同一项目",
              limit=500, group="年度申报"),
        *_NOTE,
    ),
)  # fmt: skip

SETTER_ROSTER = Roster(
    id=SETTERS,
    title="命题人员库",
    noun="命题人员",
    about="只有指定的岗位能看到。入库人员的身份在考试结束前保密。",
    table=Setter,
    identity="username",
    listed=("username", "seats", "work", "title_rank", "ends_on", "declared_year"),
    narrowed=("title_rank",),
    check=expert_faults,
    endings=_ENDINGS,
    term_field="ends_on",
    term_noun="入库期限",
    rules_version=RULES_VERSION,
    closed=True,
    fields=(
        *_WHO,
        Field("work", "承担", FieldKind.LIST, True, "可以都写；同一份卷只能做一样",
              ("命题", "审题")),
        Field("agreement_no", "保密协议编号"),
        *_DECLARED,
        Field("relative_sits", "直系亲属所在的应考年级", FieldKind.LIST,
              hint="没有的不填；如 九年级", choices=_GRADES, group="年度申报"),
        Field("teaches", "任教年级学科", FieldKind.LIST, hint="如 九年级数学、八年级数学",
              limit=200, group="年度申报"),
        Field("test_prep", "编写教辅、备考资料", FieldKind.YES_NO, group="年度申报"),
        Field("tutoring", "参加校外培训", FieldKind.YES_NO, group="年度申报"),
        *_NOTE,
    ),
)  # fmt: skip
