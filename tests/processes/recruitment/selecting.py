"""A round of selection at work: gap, approval, plan, applications, scores, appointment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from processes.committee import agenda, meetings
from processes.committee.tables import Item, ItemState
from processes.recruitment import replies
from processes.recruitment.filings import Filing
from processes.recruitment.rounds import Reply
from processes.registers import qualifications
from processes.registers.days import bureau_day
from processes.registers.seats import SEATS
from service.commands import starting
from service.domain.actors import SYSTEM, Actor
from service.domain.values import Json
from service.store.tables import (
    ProcessDefinition,
)
from tests.processes import party_group
from tests.processes.desk import OFFICER
from tests.processes.recruitment.round_at_work import RoundAtWork
from tests.processes.recruitment.selection_cast import (
    APPROVED,
    CHECKS,
    FILED,
    HEAD,
    PLAN_FIELDS,
    RATERS,
    SUBJECT,
)


@dataclass(slots=True)
class Selecting(RoundAtWork):
    """A round of selection, and what people do in it."""

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
            "plan_ratio_organ": "乌海市人社局", "plan_ratio_basis": "乌人社〔2026〕9号",
            "plan_ratio_dated_on": self.later(0),
        }  # fmt: skip
        given = {k: v for k, v in (shown | filled | changes).items() if k in PLAN_FIELDS}
        self.do("plan", "submit", given, files=["plan_ratio_document"])

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
        group.give_notice()
        group.call(7)
        with group.sitting() as sitting:
            meetings.open_meeting(sitting)
        group.discuss(key)
        assert group.begin_vote(key) is None
        group.votes(7 if carried else 1, 0 if carried else 6, key=key)
        group.close_vote(key)
        self.run()

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
            "post_code": changes.get("post_code") or self.post.code,
            "applicant_name": teacher.display_name, "unit": "示例小学01", "title": "一级教师",
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
            given: dict[str, Json] = {k: failed.get(k, answer) for k, answer in answers.items()}
            if part == "record":
                last = self.desk.clock().year - 1
                given |= {"record_n4_first_year": last - 2, "record_n4_last_year": last}
            bad = any(name in failed for name in answers)
            self.do(
                part,
                "submit",
                {**given, f"{part}_on": today, f"{part}_reason": "见材料" if bad else None},
                files=[f"{part}_document"],
            )

    def file(self, candidacy_key: int, filing: Filing = FILED) -> None:
        """Register what was answered to the filing, today."""
        today = replace(filing, dated_on=bureau_day(self.desk.clock()))
        with self.desk.rooms.write() as tools:
            replies.register_filing(
                tools, self.round.key, candidacy_key, today, actor=OFFICER, now=self.desk.clock()
            )
        self.run()

    def transfer(self, candidacy_key: int, answer: Filing = FILED) -> None:
        """Register today what was answered to the transfer of who has passed the trial."""
        today = replace(answer, dated_on=bureau_day(self.desk.clock()))
        with self.desk.rooms.write() as tools:
            replies.register_transfer(
                tools, self.round.key, candidacy_key, today, actor=OFFICER, now=self.desk.clock()
            )
        self.run()

    def appoint(self, teacher: Actor, **changes: Json) -> None:
        began = bureau_day(self.desk.clock()).isoformat()
        kind = "selected" if self.process == "recruitment_selection" else "experienced"
        given: dict[str, Json] = {
            "person_type": kind, "began_on": began, "contract_years": 3, "trial_months": 3,
            "employment_basis": None if kind == "selected" else "档案和社保缴费记录",
            "appointee": teacher.username, "appointment_number": "乌教人〔2026〕5号",
        }  # fmt: skip
        self.do("appoint", "submit", given | changes)
