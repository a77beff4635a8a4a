"""The rosters of staffing: 核定编制, 编制与岗位, 教研员名册, each declared once."""

from processes.registers.fields import Field, FieldKind
from processes.registers.roster import Roster
from processes.registers.staffing.facts import FORETOLD, SLIP, Leaving, Level, PersonKind
from processes.registers.staffing.norms import RULES_VERSION
from processes.registers.staffing.researcher_checks import researcher_ending, researcher_faults
from processes.registers.staffing.seat_checks import (
    establishment_ending,
    establishment_faults,
    seat_ending,
    seat_faults,
)
from processes.registers.staffing.sources import Source
from processes.registers.staffing.tables import (
    ESTABLISHMENTS,
    RESEARCHERS,
    SEATS_REGISTER,
    Establishment,
    Researcher,
    StaffSeat,
)

_STAGES = ("学前", "小学", "初中", "普通高中", "特殊教育")
_GRADES = ("正高级", "副高级", "中级", "初级")

ESTABLISHMENT_ROSTER = Roster(
    id=ESTABLISHMENTS,
    title="核定编制",
    noun="核定编制",
    about="机构编制管理机关给每个教研机构核定的编制数和岗位数；出借编制的单位也在这里登记。",
    table=Establishment,
    identity="unit_id",
    listed=("unit_id", "level", "approved_seats", "approved_posts", "approval_no"),
    narrowed=("level",),
    check=establishment_faults,
    ending_check=establishment_ending,
    endings=("机构撤销", "合并", "登记有误"),
    rules_version=RULES_VERSION,
    fields=(
        Field("unit_id", "机构", FieldKind.UNIT, True, "机构编号、名称，或“上级/名称”"),
        Field("level", "层级", FieldKind.CHOICE, True, choices=tuple(Level)),
        Field("approved_seats", "核定编制数", FieldKind.NUMBER, True, "出借单位填准许出借的编制数"),
        Field("approved_posts", "核定岗位数", FieldKind.NUMBER, True, "岗位与编制是两个限额"),
        Field("organ", "批准机关", required=True, hint="机构编制管理机关，如 乌海市委编办"),
        Field("approval_no", "批准文号", required=True),
        Field("approved_on", "批准日期", FieldKind.DATE, True),
        Field("note", "备注", FieldKind.NOTE, limit=500),
    ),
)

SEAT_ROSTER = Roster(
    id=SEATS_REGISTER,
    title="编制与岗位",
    noun="岗位",
    about="每个岗位一条：用的是哪里的编制，谁批准的，借的到哪天。谁在岗写在教研员名册里。",
    table=StaffSeat,
    identity="code",
    listed=("code", "unit_id", "seat", "source", "ends_on"),
    narrowed=("unit_id", "source"),
    check=seat_faults,
    ending_check=seat_ending,
    endings=("归还", "核减", "撤销", "登记有误"),
    term_field="ends_on",
    term_noun="借用期",
    rules_version=RULES_VERSION,
    fields=(
        Field("code", "岗位编号", required=True, hint="如 SJ-01，登记后不变", limit=30),
        Field("unit_id", "用编机构", FieldKind.UNIT, True),
        Field("seat", "学段学科", FieldKind.SEAT, True, "如 小学语文、跨学段音乐"),
        Field(
            "stages", "覆盖学段", FieldKind.STAGES,
            hint="只用于可跨学段的七门；不填为全部应覆盖的学段", choices=_STAGES,
        ),
        Field("source", "编制来源", FieldKind.CHOICE, True, choices=tuple(Source)),
        Field("grade", "岗位等级", FieldKind.CHOICE, hint="没有定的不填", choices=_GRADES),
        Field("organ", "批准机关", hint="机构编制管理机关；本级核定可不填", group="来源依据"),
        Field("approval_no", "批准文号", group="来源依据"),
        Field("lender_id", "出借单位", FieldKind.UNIT, hint="借编、借岗、区域统筹填写",
              group="来源依据"),
        Field("begins_on", "起始日", FieldKind.DATE, True, group="来源依据"),
        Field("ends_on", "到期日", FieldKind.DATE, hint="借用的必填，含当日", group="来源依据"),
        Field("return_rule", "归还约定", FieldKind.NOTE, hint="如 到期归还，提前1个月书面通知",
              limit=300, group="来源依据"),
        Field("note", "备注", FieldKind.NOTE, limit=500),
    ),
)  # fmt: skip

RESEARCHER_ROSTER = Roster(
    id=RESEARCHERS,
    title="教研员名册",
    noun="教研员",
    about="专职、兼职和返聘的教研员。单位、职务和个人信息在“人员”里，这里不重复登记。",
    table=Researcher,
    identity="username",
    listed=("username", "unit_id", "kind", "seat_code", "leaves_on"),
    narrowed=("unit_id", "kind"),
    check=researcher_faults,
    ending_check=researcher_ending,
    endings=(*Leaving, SLIP),
    ending_basis="leaving_basis",
    term_field="term_ends_on",
    term_noun="聘期",
    rules_version=RULES_VERSION,
    fields=(
        Field("username", "用户名", FieldKind.PERSON, True, "用户名；没有重名时可写姓名"),
        Field("unit_id", "教研机构", FieldKind.UNIT, True),
        Field("kind", "类别", FieldKind.CHOICE, True, choices=tuple(PersonKind)),
        Field("seat_code", "岗位编号", hint="专职必填；兼职、返聘不占岗位", limit=30),
        Field("covers", "承担学段学科", FieldKind.SEAT, hint="兼职、返聘填写，如 小学语文"),
        Field("began_on", "到岗日", FieldKind.DATE, True),
        Field("term_ends_on", "聘期届满日", FieldKind.DATE, hint="兼职、返聘必填，含当日"),
        Field("records_on", "最近查询记录日", FieldKind.DATE,
              hint="违法犯罪记录的年度查询，由流程登记；补录的填写最近一次查询的日期"),
        Field("second_subject", "兼任学科", FieldKind.SEAT, hint="可跨学段的七门之一",
              group="兼任"),
        Field("second_basis", "兼任批准依据", group="兼任"),
        Field("leaving", "将要离岗的原因", FieldKind.CHOICE, choices=FORETOLD,
              group="已知的离岗"),
        Field("leaves_on", "离岗日", FieldKind.DATE, hint="不在岗的第一天；退休以批准日期为准",
              group="已知的离岗"),
        Field("returns_on", "返回日", FieldKind.DATE, hint="到校任教、借调必填",
              group="已知的离岗"),
        Field("leaving_basis", "批准文号或依据",
              hint="决定或者批准的文号；退出教研队伍填局党组的议题编号，区级填区里的文号",
              group="已知的离岗"),
        Field("waiver", "局党组同意聘兼职的决定", hint="专职没有配齐时才需要，填议题编号",
              group="兼职"),
        Field("appointment_basis", "聘任的决定",
              hint="不经招聘事项到岗、续聘的：市级填局党组的议题编号，区级填区教育局党组的文件和文号",
              group="聘任依据"),
        Field("stock_basis", "历史数据补录依据",
              hint="建册以前已经在岗的，填任职文件名称和文号；其他人不填", group="历史数据补录"),
        Field("note", "备注", FieldKind.NOTE, limit=500),
    ),
)  # fmt: skip
