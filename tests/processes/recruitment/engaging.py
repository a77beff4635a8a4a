"""返聘 and 兼职 at work: what each of the people in them does, in short form."""

from collections.abc import Mapping

from sqlalchemy import select

from processes.registers import qualifications
from processes.registers.process_ids import PART_TIME, REHIRE
from processes.registers.qualifications import Candidate, Decision
from processes.registers.seats import SEATS
from processes.registers.staffing.tables import Researcher
from processes.registers.tables import QualificationRecord
from service.commands.user_tasks import Completed
from service.domain.actors import SYSTEM, Actor
from service.domain.values import Json
from service.store.tables import UserTask
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import called_by, run_jobs, start, tasks, wait_until

ENGAGEMENT, NOTICE = "recruitment_engagement", "public_notice"
SEAT = "小学语文"
RETIRED = Actor("teacher002", "教师002", frozenset({"applicants"}))
TEACHER = Actor("teacher001", "教师001", frozenset({"applicants"}))
HEAD = Actor("head06", "校长06", frozenset({"负责人 @ primary-06"}))
RESEARCHER = Actor(
    "researcher01", "教研员01", frozenset({"@ city-research", "负责人 @ city-research"})
)
PAPERS: dict[str, Json] = {
    "retirement_no": "乌海人社退〔2025〕15号",
    "retirement_approved_on": "2025-08-20",
    "retired_on": "2025-09-01",
    "born_on": "1966-03-04",
    "title": "高级教师",
}
NEED: dict[str, Json] = {
    "wanted_person": RETIRED.display_name,
    "wanted_unit": "city-research",
    "wanted_seat": SEAT,
    "funds": "本级教研经费",
    "rehire_need": "中考命题指导缺人",
}
VERIFIED: dict[str, Json] = {"consent": "同意", "medical_result": "合格"}
CLEAR: dict[str, Json] = {
    "record_n1": "没有记录",
    "record_n2": "没有",
    "record_n3": "没有",
    "record_n3_sanction": "没有受过",
    "record_n3_inquiry": "没有被调查",
    "record_n4": "均为合格以上",
    "record_on": "2026-03-02",
}


def only(desk: Desk, case: int, element_id: str) -> UserTask:
    (task,) = tasks(desk, case, element_id)
    return task


def do(
    desk: Desk,
    case: int,
    element_id: str,
    outcome: str,
    actor: Actor = OFFICER,
    filled: Mapping[str, Json] | None = None,
    **submission: Json,
) -> Completed:
    """Complete the one open task at this step, and what follows."""
    task = only(desk, case, element_id)
    given = dict(filled or {}) | submission
    done = desk.complete(task, outcome, given, actor=actor, comment="理由见附件")
    run_jobs(desk)
    return done


def ask_for(desk: Desk, **changes: Json) -> int:
    """Ask for a retired teacher; return the case."""
    case = start(desk, REHIRE, actor=RESEARCHER, filled=NEED | changes)
    run_jobs(desk)
    return case


def apply(desk: Desk, actor: Actor = TEACHER, **changes: Json) -> int:
    """Apply as a part-timer; return the case."""
    wanted: dict[str, Json] = {
        "wanted_unit": "city-research",
        "wanted_seat": SEAT,
        "statement": "参加市级教研十年",
    }
    case = start(desk, PART_TIME, actor=actor, filled=wanted | changes)
    run_jobs(desk)
    return case


def consent(desk: Desk, case: int, **changes: Json) -> None:
    """The retired teacher agrees, with papers."""
    task = only(desk, case, "consent")
    names = ("retirement_document", "title_document", "medical_document")
    files = {name: desk.upload(task.key, name, RETIRED) for name in names}
    desk.complete(task, "submit", PAPERS | files | changes, actor=RETIRED)
    run_jobs(desk)


def look_up_record(desk: Desk, case: int, element_id: str = "record", **changes: Json) -> None:
    """Enter what the police answered."""
    task = only(desk, case, element_id)
    paper = desk.upload(task.key, "record_document", OFFICER)
    last = desk.clock().year - 1
    years: dict[str, Json] = {"record_n4_first_year": last - 2, "record_n4_last_year": last}
    given = CLEAR | years | {"record_document": paper} | changes
    desk.complete(task, "submit", given, actor=OFFICER)
    run_jobs(desk)


def qualify(desk: Desk, person: Actor, seat: str = SEAT) -> int:
    """Give somebody a valid 准入资格, where they have none; return its key."""
    with desk.rooms.write() as tools:
        known = tools.session.scalar(
            select(QualificationRecord.qualification_key).where(
                QualificationRecord.holder == person.username, QualificationRecord.seat == seat
            )
        )
        if known is not None:
            return known
        decision = Decision(tools.keys.next(), "admission_review", 1, "test", SYSTEM, desk.clock())
        who = Candidate(person.username, person.display_name, "学校", SEATS[seat], {})
        qualifications.grant(
            tools.session, decision, who,
            valid_until=desk.clock().date().replace(year=2030), preferred=False, documents={},
        )  # fmt: skip
        return decision.key


def engagement(desk: Desk, case: int) -> int:
    """Return the case of the engagement that a case has called."""
    return called_by(desk, case, ENGAGEMENT)


def pass_notice(desk: Desk, engaged: int) -> None:
    """Let the days of the 公示 go by without an objection."""
    notice = called_by(desk, engaged, NOTICE)
    wait_until(desk, str(desk.variables(notice)["notice_over_at"]))


def sign(desk: Desk, engaged: int, begins_on: str, last_day: str, outcome: str = "signed") -> None:
    do(desk, engaged, "sign", outcome, begins_on=begins_on, last_day=last_day)


def entries(desk: Desk, person: Actor) -> list[Researcher]:
    """Return what the researchers' register says of somebody, the oldest first."""
    with desk.rooms.read() as session:
        wanted = select(Researcher).where(Researcher.username == person.username)
        return list(session.scalars(wanted.order_by(Researcher.key)))
