"""A round of selection at work: gap, approval, plan, applications, scores, appointment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from processes.committee import agenda, meetings
from processes.committee.tables import Item, ItemState
from processes.recruitment import candidacies, replies
from processes.recruitment.replies import Filing
from processes.recruitment.rounds import Reply
from processes.recruitment.tables import Candidacy, Round, RoundPost
from processes.registers import qualifications
from processes.registers.days import bureau_day
from processes.registers.seats import SEATS
from processes.registers.staffing import seats
from processes.registers.staffing.matrix import Cell
from processes.sample.units import CITY_RESEARCH
from service.commands import starting
from service.commands.user_tasks import Completed
from service.domain.actors import SYSTEM, Actor
from service.domain.values import Json
from service.jobs.runner import JobRunner
from service.store.tables import (
    Incident,
    Job,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)
from service.store.tables.work import IncidentState
from tests.processes import party_group
from tests.processes.desk import OFFICER, Desk

CITY = CITY_RESEARCH.id
SUBJECT = "小学语文"
SUBJECTS = (SUBJECT, "小学数学", "小学科学", "初中语文", "初中数学", "初中历史", "初中地理")
"""A seat each, SJ-01 and on; the last is held by the last of `MORE`."""
BEGINS = "2026-11-02T09:30+08:00"
"""A Monday behind the last day of the plan: a gap is red."""

HEAD = Actor("researcher01", "教研员01", frozenset({"负责人 @ city-research"}))
TEACHERS = (
    Actor("teacher001", "教师001", frozenset({"applicants"})),
    Actor("teacher002", "教师002", frozenset({"applicants"})),
    Actor("applicant", "申请人01", frozenset({"applicants"})),
)
MORE = tuple(
    Actor(f"teacher{number}", f"教师{number}", frozenset({"applicants"}))
    for number in range(901, 925)
)
"""More teachers: who was appointed holds a seat and cannot apply again."""
RATERS = tuple(
    Actor(f"researcher{number:02}", f"教研员{number:02}", frozenset()) for number in range(2, 9)
)
_DAY = date(2026, 2, 2)
APPROVED = Reply(True, "乌海市委编办", "乌海编办〔2026〕30号", _DAY)
FILED = Filing(True, "乌海市人社局", "乌人社备〔2026〕8号", _DAY)


@dataclass(slots=True)
class Selecting:
    """One round of one post, and what people do in it."""

    desk: Desk
    case: int = 0
    applications: dict[str, int] = field(default_factory=dict)
    starter: Actor = field(default=HEAD)
    round_key: int = 0
    """Of a round that was made beside its case."""
    process: str = "recruitment_selection"

    def run(self) -> None:
        """Do what is due, calls and messages and timers, until nothing is; nothing has failed."""
        for _ in range(20):
            if not JobRunner(self.desk.rooms, owner="worker-1").run_due():
                break
        with self.desk.rooms.read() as session:
            active = Incident.state == IncidentState.ACTIVE
            faults = session.scalars(select(Incident).where(active)).all()
            jobs = session.scalars(select(Job).where(Job.last_error.is_not(None))).all()
        assert not faults, [(one.element_id, one.message) for one in faults]
        assert not jobs, [(one.element_id, one.last_error) for one in jobs]

    def pass_days(self, days: int) -> None:
        """Let so many days go by, and do what fell due."""
        self.desk.clock.pass_days(days)
        self.run()

    # what the office and the institution do

    def open(self, *subjects: str, unit: str = "市教研机构") -> None:
        rows: Json = [{"seat": one} for one in subjects or (SUBJECT,)]
        self.case = starting.start(
            self.desk.rooms,
            process_id=self.process,
            variables={"need_unit": unit, "need_posts": rows, "need_reason": "退休后空缺"},
            actor=HEAD,
            now=self.desk.clock(),
            through_form=True,
        ).instance_key
        self.run()

    def approve(self, reply: Reply = APPROVED, *, actor: Actor = OFFICER) -> None:
        with self.desk.rooms.write() as tools:
            replies.register_establishment(
                tools, self.round.key, reply, actor=actor, now=self.desk.clock()
            )
        self.run()

    def plan(self, **changes: Json) -> None:
        shown = {k: v for k, v in self.desk.variables(self.case).items() if k.startswith("plan_")}
        filled: dict[str, Json] = {
            "plan_written_on": self.later(19), "plan_interview_on": self.later(26),
            "plan_scores_until": self.later(28), "plan_substitutes_until": self.later(180),
            "plan_contact": "人事科", "plan_ratio": 3,
        }  # fmt: skip
        given = {k: v for k, v in (shown | filled | changes).items() if k in PLAN_FIELDS}
        self.do("plan", "submit", given)

    def later(self, days: int) -> str:
        """The day so many days from now."""
        return (bureau_day(self.desk.clock()) + timedelta(days=days)).isoformat()

    def announce(self, *subjects: str, **changes: Json) -> None:
        """Bring a round to its notice."""
        self.open(*subjects)
        self.approve()
        self.plan(**changes)
        self.decide()
        self.open_registration()

    def open_registration(self) -> None:
        """Let the first day of registration come."""
        opens = self.round.registration_opens_on
        assert opens is not None
        self.pass_days(max(0, (opens - bureau_day(self.desk.clock())).days))

    def examine_all(self, *teachers: Actor) -> None:
        """Let these apply with a qualification and pass the check; then registration is over."""
        subject = self.post.seat
        for teacher in teachers:
            self.qualify(teacher, subject)
            self.apply(teacher)
            self.check(teacher)
        self.pass_days(12)

    def decide(self, *, carried: bool = True) -> None:
        """Let the Party group decide what waits for it, at a meeting of a day of its own."""
        keys = self.family()
        self.pass_days(1)
        with self.desk.rooms.read() as session:
            key = session.scalars(
                select(Item.key).where(Item.state == ItemState.WAITING, Item.instance_key.in_(keys))
            ).one()
        group = party_group.Group(self.desk, 7)
        group.prepare(party_group.about_plan(f"例行事项{key}"))
        with group.sitting() as sitting:
            agenda.place(sitting, key)
        with group.sitting() as sitting:
            meetings.send_notice(sitting)
        group.call(7)
        with group.sitting() as sitting:
            meetings.open_meeting(sitting)
        group.discuss(key)
        assert group.begin_vote(key) is None
        group.votes(7 if carried else 1, 0 if carried else 6, key=key)
        group.close_vote(key)
        self.run()

    def do(
        self,
        element: str,
        outcome: str | None = "submit",
        submission: Mapping[str, Json] | None = None,
        *,
        actor: Actor = OFFICER,
        comment: str = "",
        files: Sequence[str] = (),
        case: int = 0,
    ) -> Completed:
        """Complete the one open task of an element, here or in what this round has called."""
        task = self.task(element, actor=actor, case=case)
        given = dict(submission or {})
        for field_ in files:
            given[field_] = self.desk.upload(task.key, field_, actor)
        done = self.desk.complete(task, outcome or "", given, actor=actor, comment=comment)
        self.run()
        return done

    def task(self, element: str, *, actor: Actor | None = None, case: int = 0) -> UserTask:
        keys = [case] if case else self.family()
        with self.desk.rooms.read() as session:
            statement = select(UserTask).where(
                UserTask.element_id == element,
                UserTask.ended_at.is_(None),
                UserTask.instance_key.in_(keys),
            )
            found = session.scalars(statement).all()
        mine = [one for one in found if one.assignee in {None, actor.username if actor else None}]
        assert len(mine) == 1, (element, self.open_elements())
        return mine[0]

    def newest_case(self) -> int:
        """The round that was begun last."""
        with self.desk.rooms.read() as session:
            found = select(ProcessInstance.key).where(
                ProcessInstance.process_id == "recruitment_selection"
            )
            return session.scalars(found.order_by(ProcessInstance.key.desc())).first() or 0

    def family(self) -> list[int]:
        """This round, what it has called, and the applications to it."""
        keys, new = [], [self.case, *self.applications.values()]
        with self.desk.rooms.read() as session:
            while new:
                keys += new
                called = select(ProcessInstance.key).where(ProcessInstance.parent_key.in_(new))
                new = list(session.scalars(called))
        return keys

    def open_elements(self) -> list[str]:
        """The steps that wait for somebody, in this round and whatever belongs to it."""
        keys = self.family()
        with self.desk.rooms.read() as session:
            rows = session.scalars(
                select(UserTask.element_id).where(
                    UserTask.ended_at.is_(None), UserTask.instance_key.in_(keys)
                )
            )
            return sorted(rows)

    # what applicants do

    def apply(self, teacher: Actor, **changes: Json) -> int:
        """Submit an application; return the key of its case."""
        with self.desk.rooms.read() as session:
            definition = session.scalars(
                select(ProcessDefinition.key).where(
                    ProcessDefinition.process_id == "recruitment_application"
                )
            ).one()
        papers = self.desk.upload(definition, "consent_document", teacher)
        filled: dict[str, Json] = {
            "post_code": self.post.code, "applicant_name": teacher.display_name,
            "phone": "见报名系统", "unit": "示例小学01", "title": "一级教师",
            "employment": "事业编制", "in_city": "是", "in_post": "是", "school_agrees": "是",
            "authority_agrees": "是", "honours": [], "consent_document": papers,
            "application_document": None, "truth_declared": True,
        }  # fmt: skip
        started = starting.start(
            self.desk.rooms,
            process_id="recruitment_application",
            variables=filled | changes,
            actor=teacher,
            now=self.desk.clock(),
            through_form=True,
        )
        self.applications[teacher.username] = started.instance_key
        self.run()
        return started.instance_key

    def qualify(self, teacher: Actor, subject: str = SUBJECT) -> None:
        """Let somebody have the qualification, as an admission grants it."""
        with self.desk.rooms.write() as tools:
            key = tools.keys.next()
            decision = qualifications.Decision(
                key, "admission_review", key, "2026-12", SYSTEM, self.desk.clock()
            )
            holder = qualifications.Candidate(
                teacher.username, teacher.display_name, "示例小学01", SEATS[subject], {}
            )
            until = bureau_day(self.desk.clock()).replace(year=2028)
            qualifications.grant(
                tools.session, decision, holder, valid_until=until, preferred=False, documents={}
            )

    def check(
        self, teacher: Actor, outcome: str = "approve", *, actor: Actor = OFFICER, **changes: Json
    ) -> None:
        """Let the office do the formal check of somebody."""
        given: dict[str, Json] = {"originals_checked": True, "check_reason": None}
        self.do(
            "formal_check", outcome, given | changes, case=self.applications[teacher.username],
            comment="" if outcome == "approve" else "材料不符合公告", actor=actor,
        )  # fmt: skip

    # what examiners do

    def write(self, *points: float | None) -> None:
        """Enter the results of the papers, in the order of application; None: not there."""
        rows = self.shown("written_rows")
        for row, value in zip(rows, points, strict=True):
            row |= {"points": value, "absent": value is None}
        self.do("written", "submit", {"written_rows": [*rows]})

    def interview(self, *points: float, raters: Sequence[Actor] = ()) -> None:
        """Hold the interview of everybody before this panel, which gives these marks."""
        self.seat_panel(*raters)
        self.attend()
        self.rate_all(*points, raters=raters or RATERS)

    def seat_panel(self, *raters: Actor) -> None:
        chosen: Json = [one.username for one in raters or RATERS]
        self.do("choose_panel", "submit", {"panel_choice": chosen, "question_set": "A卷"})

    def attend(self, *changes: Mapping[str, Json]) -> None:
        """Enter who came: everybody in time, but for these changes in the order of application."""
        rows = self.shown("attendance_rows")
        for row, change in zip(rows, changes, strict=False):
            row |= change
        self.do("attendance", "submit", {"attendance_rows": [*rows]})

    def rate(self, rater: Actor, *points: float, **changes: Json) -> None:
        """Let one examiner give these marks, in the order of the sheet."""
        rows = self.shown("score_rows")
        for row, value in zip(rows, points, strict=True):
            row |= {"points": value, **changes}
        self.do("interview", "submit", {"interview_rows": [*rows]}, actor=rater)

    def rate_all(self, *points: float, raters: Sequence[Actor] = RATERS) -> None:
        for rater in raters:
            self.rate(rater, *points)

    def examine(self, **failed: str) -> None:
        """Complete 考察, 体检 and the query of records; `failed` are the bad answers by field."""
        today = bureau_day(self.desk.clock()).isoformat()
        for part, answers in CHECKS.items():
            given = {name: failed.get(name, answer) for name, answer in answers.items()}
            bad = any(name in failed for name in answers)
            self.do(
                part,
                "submit",
                {**given, f"{part}_on": today, f"{part}_reason": "见材料" if bad else None},
                files=[f"{part}_document"],
            )

    def file(self, candidacy_key: int, filing: Filing = FILED) -> None:
        with self.desk.rooms.write() as tools:
            replies.register_filing(
                tools, self.round.key, candidacy_key, filing, actor=OFFICER, now=self.desk.clock()
            )
        self.run()

    def appoint(self, teacher: Actor, **changes: Json) -> None:
        began = bureau_day(self.desk.clock()).isoformat()
        given: dict[str, Json] = {
            "person_type": "selected", "began_on": began, "contract_years": 3, "trial_months": 3,
            "appointee": teacher.username, "appointment_number": "乌教人〔2026〕5号",
        }  # fmt: skip
        self.do("appoint", "submit", given | changes)

    # what there is

    @property
    def round(self) -> Round:
        its = Round.key == self.round_key if self.round_key else Round.instance_key == self.case
        with self.desk.rooms.read() as session:
            return session.scalars(select(Round).where(its)).one()

    @property
    def post(self) -> RoundPost:
        with self.desk.rooms.read() as session:
            return session.scalars(
                select(RoundPost).where(RoundPost.round_key == self.round.key)
            ).one()

    @property
    def key_of_first(self) -> int:
        """Key of the first candidacy."""
        with self.desk.rooms.read() as session:
            return candidacies.of_round(session, self.round.key)[0].key

    def candidacy(self, teacher: Actor) -> Candidacy:
        with self.desk.rooms.read() as session:
            found = candidacies.of_round(session, self.round.key)
        (one,) = [row for row in found if row.username == teacher.username]
        return one

    def cell(self, subject: str = SUBJECT) -> Cell:
        with self.desk.rooms.read() as session:
            found = seats.look_up(
                session, unit=CITY, seat=SEATS[subject], day=bureau_day(self.desk.clock())
            )
        assert found is not None
        return found

    def totals(self) -> list[tuple[Json, Json]]:
        """Place and total of everybody, by the newest ranking."""
        case = self.called("recruitment_post") or self.called("recruitment_scores")
        rows = self.desk.variables(case)["ranked"]
        assert isinstance(rows, list)
        return [(row["place"], row["total"]) for row in rows if isinstance(row, dict)]

    def called(self, process_id: str) -> int:
        """The newest case of a process that this round has called; 0: none."""
        keys = self.family()
        with self.desk.rooms.read() as session:
            found = session.scalars(
                select(ProcessInstance.key)
                .where(ProcessInstance.process_id == process_id, ProcessInstance.key.in_(keys))
                .order_by(ProcessInstance.key.desc())
            )
            return found.first() or 0

    def shown(self, name: str) -> list[dict[str, Json]]:
        """The rows of a list of the scoring, as its forms show them."""
        value = self.desk.variables(self.called("recruitment_scores") or self.case)[name]
        assert isinstance(value, list)
        return [dict(row) for row in value if isinstance(row, dict)]


PLAN_FIELDS = {
    "plan_written_percent", "plan_interview_percent", "plan_pass_line", "plan_panel_least",
    "plan_ratio", "plan_drop_extremes", "plan_order", "plan_notice_days", "plan_window_days",
    "plan_written_on", "plan_interview_on", "plan_scores_until", "plan_substitutes_until",
    "plan_conditions", "plan_contact", "plan_changes",
}  # fmt: skip
CHECKS = {
    "inspection": {
        "inspection_file": "真实完整", "inspection_ethics": "合格", "inspection_opinion": "合格",
        "inspection_discipline": "没有影响聘任的情形",
    },
    "medical": {"medical_result": "合格"},
    "record": {"record_n1": "没有记录", "record_n3": "没有"},
}  # fmt: skip
