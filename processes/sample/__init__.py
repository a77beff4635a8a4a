"""The sample bureau of the demonstration. All synthetic: roles and numbers, no name of a person.

Who runs the service itself (administrator, designer, operator, auditor) comes with the service.
"""

from datetime import datetime
from pathlib import Path

from processes.registers.bank.tables import REVIEWERS, SETTERS
from processes.registers.party_group.tables import MEETINGS, MEMBERS, RULES, SEATS
from processes.registers.process_ids import (
    APPLICATION,
    OF_A_ROUND,
    PART_TIME,
    POST,
    REHIRE,
    ROUNDS,
)
from processes.registers.rule_books import RECRUITMENT, RECRUITMENT_RULES
from processes.registers.staffing.tables import (
    ESTABLISHMENTS,
    RESEARCHERS,
    SEATS_REGISTER,
    STAFFING_RULES,
)
from processes.registers.tables import QUALIFICATIONS
from processes.sample import party_group, registers
from processes.sample.staff import newcomers, posts
from processes.sample.units import (
    BUREAU,
    CITY_RESEARCH,
    DISTRICTS,
    PERSONNEL,
    PRIMARY,
    UNITS,
    schools_of,
)
from service.domain.accounts import PUBLIC_APPLICANTS
from service.domain.authorization import ALL, PART, Action, ObjectKind
from service.procedure import (
    Account,
    Group,
    Ledger,
    Organization,
    Post,
    Right,
    Sample,
    SampleFile,
    SampleNotice,
    SampleWorkbook,
    Unit,
)

ADMISSION = "admission_review"
MEETING = "committee_meeting"

PUBLIC_NOTICE = "public_notice"
ENGAGEMENTS = (
    PUBLIC_NOTICE,
    REHIRE,
    PART_TIME,
    "recruitment_engagement",
    "appointment_revocation",
    "committee_standing",
)
YEARLY_RECORDS = "records_yearly"
"""Closed: the office that looks records up is named for it."""
DISTRICT_RECORDS = "records_yearly_district"
"""Closed: each district's office sees the cases that it works on, the city's sees none of them."""
OPERATORS = "operators"
"""Of the service itself: they see how far a case is and what stopped it, and no value."""

DEADLINES = "deadline_sample"
"""Reminds and escalates within minutes: to be seen, not to be used."""

APPLICANTS = Group("applicants", "申请人")
PERSONNEL_OFFICE = f"@ {BUREAU.name}/{PERSONNEL.name}"
"""Whoever has a post in the office; by its path, for other bureaus have such an office too."""
EXAM_OFFICE = f"@ {BUREAU.name}/基教科"
"""Looks after the setters' bank, which nobody else sees."""

RESEARCH_HEADS = "负责人 @ 市教研机构"
"""Whoever heads the city's research institution says what is missing there."""

_STAFFING = (
    RESEARCHERS,
    SEATS_REGISTER,
    ESTABLISHMENTS,
    REVIEWERS,
    STAFFING_RULES,
    RECRUITMENT_RULES,
)
_DISTRICT = DISTRICTS[0].research
DISTRICT_HEAD = f"负责人 @ {BUREAU.name}/{DISTRICTS[0].bureau.name}/{_DISTRICT.name}"
"""Keeps the rosters of their own district."""


SECRETARIES = f"@ {BUREAU.name}/办公室"
"""Whoever has a post in the general office keeps the Party group's meetings."""
OFFICE_HEAD = f"负责人 @ {BUREAU.name}/办公室"
"""Sets the Party group's rules of procedure by the document that approves them."""
_LEADERS = (f"局长 @ {BUREAU.name}", f"副局长 @ {BUREAU.name}")

_NEW_SCHOOLS = tuple(schools_of(PRIMARY, range(PRIMARY.count + 1, PRIMARY.count + 4)))
_NEW_YEAR = Organization(
    units=[school.unit for school in _NEW_SCHOOLS], posts=newcomers(_NEW_SCHOOLS, 30)
)
_FAULTY = Organization(
    units=[
        Unit("faulty-1", "示例有误机构甲", "学校", "faulty-2"),
        Unit("faulty-2", "示例有误机构乙", "学校", "faulty-1"),
        Unit("faulty-3", "示例有误机构丙", "学校", "没有这个机构"),
    ],
    posts=[
        Post("personnel2", "人事科02", PERSONNEL.id, "科员", heads_unit=True),
        Post("teacher003", "教师003", "primary-99", "教师", ("小学", "语文")),
        Post("teacher004", "教师004", "primary-01", "负责人"),
        Post("teacher 005", "教师005", "primary-01", "教师"),
    ],
)

ADMISSION_NOTICE = SampleNotice(
    process_id=ADMISSION,
    title="关于受理教研员准入资格申请的公告（演示）",
    body=(
        "依据《乌海市一体化推进基础教育教研工作方案》三（三），现受理教研员准入资格申请。\n\n"
        "一、申请条件：教龄6年以上；教师专业技术职称中级以上；成绩优异，有一定区域影响力。"
        "有市级以上名师、骨干教师、学科带头人、优秀教师称号的优先。\n\n"
        "二、申请方式：按本页下方的“我要申请”，用手机号登录后填写并上传任教证明、教师资格证、"
        "职称证书、单位鉴定意见。材料不全的，会在“我的申请”里请你补正。\n\n"
        "三、准入资格不是聘任；遴选、兼职等另行公告。\n\n"
        "本公告是演示数据，不是真实的公告。"
    ),
    procedures=(ADMISSION,),
)

_DEADLINES = SampleFile(
    "deadline_sample.bpmn", Path(__file__).with_name("deadline_sample.bpmn").read_bytes()
)


_TEACHERS = (
    "申请刚提交，在人事科核对；看不到别人的申请",
    "申请退回补正，等本人补交材料",
    "申请在评议组评议",
    "已准予登记，看自己的准入资格；报名遴选，正在面试评分",
    "申请不予准入，已提出异议，等复核",
    "申请在人事科核对，已逾期",
    "遴选已正式聘任，看招聘结果",
    "报名遴选，正在公示",
)
"""How far each is; see `sample_cases` of admission and `round_samples` of recruitment."""


def _fill(tools: Ledger, now: datetime) -> None:
    registers.fill(tools, now)
    party_group.fill(tools, now)


sample = Sample(
    files=(_DEADLINES,),
    groups=(APPLICANTS,),
    accounts=(
        Account("applicant", "申请人01", (APPLICANTS.id,), "申请准入，查看结果和自己的准入资格"),
        *(
            Account(f"teacher{number:03}", f"教师{number:03}", (APPLICANTS.id,), purpose)
            for number, purpose in enumerate(_TEACHERS, start=1)
        ),
        Account("teacher066", "教师066", (APPLICANTS.id,), "兼职教研员，在任期内"),
        Account("teacher079", "教师079", (APPLICANTS.id,), "返聘的退休教师，在协议期内"),
        Account("personnel1", "人事科01", (), "人事科负责人，核对申请，发起招聘，查看准入资格名册"),
        Account("personnel2", "人事科02", (), "与01同科，任务先签收先办理；复核01作出的结论"),
        *(
            Account(
                f"researcher{number:02}",
                f"教研员{number:02}",
                (),
                "市教研员，评议准入申请、面试评分",
            )
            for number in range(1, 9)
        ),
        Account("head06", "校长06", (), "学校负责人，为本校教师兼职签署推荐意见"),
        Account("researcher23", "教研员23", (), "海勃湾区教研室负责人，看和登记本区的教研队伍"),
        Account("basic-education-1", "基教科01", (), "查看配备矩阵，管理封闭的命题人员库"),
        Account(
            "general-1",
            "办公室01",
            (),
            "党组会议秘书：列议程、发通知、登记到会和表决；设定议事规则",
        ),
        *(
            Account(username, name, (), f"党组{position}，在手机上参加会议、表决")
            for username, name, position in party_group.MEMBERS
        ),
    ),
    rights=(
        Right(APPLICANTS.id, ADMISSION, ObjectKind.PROCEDURE, Action.ACT),
        Right(APPLICANTS.id, DEADLINES, ObjectKind.PROCEDURE, Action.ACT),
        Right(PUBLIC_APPLICANTS, ADMISSION, ObjectKind.PROCEDURE, Action.ACT),
        Right(PERSONNEL_OFFICE, ADMISSION, ObjectKind.NOTICE, Action.ACT),
        Right(PERSONNEL_OFFICE, ADMISSION, ObjectKind.OBJECTION, Action.READ),
        Right(PERSONNEL_OFFICE, ADMISSION, ObjectKind.OBJECTION, Action.ACT),
        Right(APPLICANTS.id, PART_TIME, ObjectKind.PROCEDURE, Action.ACT),
        Right(RESEARCH_HEADS, REHIRE, ObjectKind.PROCEDURE, Action.ACT),
        *(Right(PERSONNEL_OFFICE, one, ObjectKind.CASE, Action.READ) for one in ENGAGEMENTS),
        Right(PERSONNEL_OFFICE, YEARLY_RECORDS, ObjectKind.CASE, Action.READ),
        *(
            Right(PERSONNEL_OFFICE, YEARLY_RECORDS, ObjectKind.RUNNING, one)
            for one in (Action.READ, Action.ACT)
        ),
        *(
            Right(OPERATORS, DISTRICT_RECORDS, ObjectKind.RUNNING, one)
            for one in (Action.READ, Action.ACT)
        ),
        Right(PERSONNEL_OFFICE, PUBLIC_NOTICE, ObjectKind.OBJECTION, Action.READ),
        Right(PERSONNEL_OFFICE, PUBLIC_NOTICE, ObjectKind.OBJECTION, Action.ACT),
        Right(PERSONNEL_OFFICE, ALL, ObjectKind.RECUSAL, Action.READ),
        Right(PERSONNEL_OFFICE, ALL, ObjectKind.RECUSAL, Action.ACT),
        Right(PERSONNEL_OFFICE, ADMISSION, ObjectKind.CASE, Action.READ),
        *(
            Right(group, APPLICATION, ObjectKind.PROCEDURE, Action.ACT)
            for group in (APPLICANTS.id, PUBLIC_APPLICANTS)
        ),
        *(
            Right(who, one, ObjectKind.PROCEDURE, Action.ACT)
            for who in (RESEARCH_HEADS, PERSONNEL_OFFICE)
            for one in ROUNDS
        ),
        *(
            Right(PERSONNEL_OFFICE, one, ObjectKind.CASE, Action.READ)
            for one in (*OF_A_ROUND, APPLICATION)
        ),
        *(Right(PERSONNEL_OFFICE, one, ObjectKind.NOTICE, Action.ACT) for one in (*ROUNDS, POST)),
        *(
            Right(PERSONNEL_OFFICE, RECRUITMENT, ObjectKind.REGISTER, action)
            for action in (Action.READ, Action.ACT, Action.EXPORT)
        ),
        Right(PERSONNEL_OFFICE, QUALIFICATIONS, ObjectKind.REGISTER, Action.READ),
        Right(PERSONNEL_OFFICE, QUALIFICATIONS, ObjectKind.REGISTER, Action.ACT),
        Right(PERSONNEL_OFFICE, QUALIFICATIONS, ObjectKind.REGISTER, Action.EXPORT),
        *(
            Right(PERSONNEL_OFFICE, register, ObjectKind.REGISTER, action)
            for register in _STAFFING
            for action in Action
        ),
        *(
            Right(DISTRICT_HEAD, f"{register}{PART}{_DISTRICT.id}", ObjectKind.REGISTER, action)
            for register in (RESEARCHERS, SEATS_REGISTER)
            for action in Action
        ),
        Right(
            RESEARCH_HEADS,
            f"{SEATS_REGISTER}{PART}{CITY_RESEARCH.id}",
            ObjectKind.REGISTER,
            Action.READ,
        ),
        *(Right(EXAM_OFFICE, SETTERS, ObjectKind.REGISTER, action) for action in Action),
        Right(EXAM_OFFICE, SEATS_REGISTER, ObjectKind.REGISTER, Action.READ),
        Right(SECRETARIES, MEETING, ObjectKind.PROCEDURE, Action.ACT),
        Right(SECRETARIES, MEETING, ObjectKind.CASE, Action.READ),
        *(
            Right(SECRETARIES, MEETING, ObjectKind.RUNNING, one)
            for one in (Action.READ, Action.ACT)
        ),
        *(
            Right(SECRETARIES, register, ObjectKind.REGISTER, action)
            for register in (MEETINGS, MEMBERS)
            for action in (Action.READ, Action.ACT, Action.EXPORT)
        ),
        Right(OFFICE_HEAD, RULES, ObjectKind.REGISTER, Action.ACT),
        *(
            Right(each, SEATS, ObjectKind.REGISTER, Action.READ)
            for each in (SECRETARIES, *_LEADERS)
        ),
    ),
    notices=(ADMISSION_NOTICE,),
    organization=Organization(UNITS, posts()),
    registers=_fill,
    workbooks=(
        SampleWorkbook(
            "sample-new-year.xlsx", "新学年：新增3所小学和30位教师，检查后可以导入", _NEW_YEAR
        ),
        SampleWorkbook("sample-with-faults.xlsx", "写错的表：看看哪些行不能导入、为什么", _FAULTY),
    ),
)
