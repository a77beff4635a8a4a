"""Rounds of the sample bureau in three channels, each brought to another stage; all synthetic.

Acts are those of the real pages and forms, so the days fit the rules: seven working days of notice,
the Party group before the 公示, three months of trial. The Party group's own sample meetings decide
what these rounds put up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from processes.admission.sample_cases import review
from processes.recruitment import candidacies, replies
from processes.recruitment.replies import Filing
from processes.recruitment.rounds import Reply
from processes.recruitment.tables import Round
from processes.registers.days import BUREAU_TIME, bureau_day
from processes.registers.staffing.norms import DEFAULT_ORGANS
from service.domain.values import Json
from service.procedure import FormValue, Paper, SampleScript, SampleStage

SELECTION, OPEN, TALENT = "recruitment_selection", "recruitment_open", "recruitment_talent"
APPLICATION = "recruitment_application"

_HEAD_OF_RESEARCH, _OFFICER, _COLLEAGUE = "researcher01", "personnel1", "personnel2"
_EXAMINERS = tuple(f"researcher{number:02}" for number in range(2, 9))
_MARKS = (86, 84.5, 88, 85, 87.5, 83, 86)
_HAVE_MARKED = 4
_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_CHECKS: Mapping[str, Mapping[str, Json]] = {
    "inspection": {
        "inspection_file": "真实完整",
        "inspection_ethics": "合格",
        "inspection_opinion": "合格",
        "inspection_discipline": "没有影响聘任的情形",
    },
    "medical": {"medical_result": "合格"},
    "record": {
        "record_n1": "没有记录",
        "record_n2": "没有",
        "record_n3": "没有",
        "record_n4": "均为合格以上",
    },
}


def play(stage: SampleStage) -> Sequence[SampleScript]:
    """Ended, in 公示, being marked, open for applications, being planned, waiting for its seat."""
    return [
        _ended(stage),
        _shown(stage),
        _marked(stage),
        _announced(stage),
        _planned(stage),
        _asked_for(stage),
    ]


@dataclass(slots=True)
class _OneRound:
    """A round of one post, and what people do in it."""

    stage: SampleStage
    process_id: str
    seat: str
    case: int = 0
    number: str = ""
    key: int = 0

    @property
    def post(self) -> str:
        return f"{self.number}-01"

    def ask(self, reason: str, *, at: datetime) -> None:
        """The institution says what it lacks, and the round is opened."""
        need: Mapping[str, FormValue] = {
            "need_unit": "市教研机构",
            "need_posts": [{"seat": self.seat}],
            "need_reason": reason,
        }
        self.case = self.stage.start(self.process_id, _HEAD_OF_RESEARCH, need, at=at)
        mine = select(Round.key, Round.number).where(Round.instance_key == self.case)
        with self.stage.act(_OFFICER) as (tools, _actor):
            self.key, self.number = tools.session.execute(mine).one()

    def approve(self, number: int, *, at: datetime) -> None:
        """The office registers what the organ for establishments has answered."""
        day = bureau_day(at)
        reply = Reply(True, DEFAULT_ORGANS[0], f"示例编办〔{day.year}〕{number}号", day)
        with self.stage.act(_OFFICER) as (tools, actor):
            replies.register_establishment(tools, self.key, reply, actor=actor, now=at)
        self.stage.run_jobs(at=at)

    def plan(self, dates: Sequence[date], *, at: datetime, **changes: Json) -> None:
        """Days of the papers, the interview, the last marks, the last one who moves up."""
        names = ("written_on", "interview_on", "scores_until", "substitutes_until")
        scheme: Mapping[str, FormValue] = {
            "plan_written_percent": 40,
            "plan_interview_percent": 60,
            "plan_pass_line": 60,
            "plan_panel_least": 7,
            "plan_ratio": 3,
            "plan_drop_extremes": True,
            "plan_order": "honour" if self.process_id == SELECTION else "interview",
            "plan_notice_days": 7,
            "plan_window_days": 10,
            "plan_contact": "市教育局人事科（示例）",
            **{f"plan_{name}": day.isoformat() for name, day in zip(names, dates, strict=True)},
        }
        self.stage.complete(self.case, "plan", _OFFICER, "submit", {**scheme, **changes}, at=at)

    def apply(
        self, username: str, name: str, unit: str, *, at: datetime, **changes: FormValue
    ) -> int:
        """Apply for the post; return the case."""
        filled: dict[str, FormValue] = {
            "post_code": self.post,
            "applicant_name": name,
            "unit": unit,
            "title": "一级教师",
            "honours": [],
            "truth_declared": True,
            "application_document": _paper("职称证书和任教证明"),
        }
        if self.process_id == SELECTION:
            filled |= {
                "employment": "事业编制",
                "in_city": "是",
                "in_post": "是",
                "school_agrees": "是",
                "authority_agrees": "是",
                "consent_document": _paper("同意报考证明"),
            }
        return self.stage.start(APPLICATION, username, {**filled, **changes}, at=at)

    def check(
        self, application: int, outcome: str = "approve", *, comment: str = "", at: datetime
    ) -> None:
        """The office does the formal check."""
        self.stage.complete(
            application, "formal_check", _OFFICER, outcome, {"originals_checked": True},
            comment=comment, at=at,
        )  # fmt: skip
        self.stage.run_jobs(at=at)

    def open_examination(self, *, at: datetime) -> None:
        """Registration is over: fewer have come than the ratio asks, which is lowered."""
        self.stage.run_jobs(at=at)
        basis: Mapping[str, FormValue] = {"ratio_basis": "示例人社复函〔示〕2号，同意降低开考比例"}
        self.stage.complete(
            self.case,
            "below_ratio",
            _OFFICER,
            "lower",
            basis,
            comment="岗位急需补上（示例）。",
            at=at,
        )
        self.stage.run_jobs(at=at)

    def write(self, name: str, points: float, *, at: datetime) -> None:
        """Enter the result of the papers, and seat the panel."""
        rows: Json = [{"ticket": "01", "name": name, "points": points, "absent": False}]
        self.stage.complete(self.case, "written", _OFFICER, "submit", {"written_rows": rows}, at=at)
        chosen: Mapping[str, FormValue] = {
            "panel_choice": [*_EXAMINERS],
            "question_set": "示例题本A",
        }
        self.stage.complete(self.case, "choose_panel", _OFFICER, "submit", chosen, at=at)

    def interview(self, name: str, marked_by: Sequence[str], *, at: datetime) -> None:
        """Everybody comes in time; these examiners have given their marks."""
        here: Json = [
            {"ticket": "01", "name": name, "came": "按时到场", "minutes": None,
             "common_language": True}
        ]  # fmt: skip
        self.stage.complete(
            self.case, "attendance", _COLLEAGUE, "submit", {"attendance_rows": here}, at=at
        )
        for minutes, (examiner, points) in enumerate(zip(marked_by, _MARKS, strict=False), 20):
            row: Json = {
                "ticket": "01", "name": name, "points": points, "keep_out": False,
                "note": "说课完整，答辩有条理（示例）",
            }  # fmt: skip
            self.stage.complete(
                self.case, "interview", examiner, "submit", {"interview_rows": [row]},
                at=min(at + timedelta(minutes=minutes), self.stage.now),
            )  # fmt: skip
        self.stage.run_jobs(at=min(at + timedelta(hours=1), self.stage.now))

    def examine(self, *, at: datetime) -> None:
        """考察, 体检 and the query of records, nothing found."""
        for part, answers in _CHECKS.items():
            found: Mapping[str, FormValue] = {
                **answers,
                f"{part}_on": bureau_day(at).isoformat(),
                f"{part}_document": _paper("结论"),
            }
            self.stage.complete(self.case, part, _OFFICER, "submit", found, at=at)
        self.stage.run_jobs(at=at)

    def file(self, *, at: datetime) -> None:
        """The office registers that the appointment is filed."""
        day = bureau_day(at)
        filing = Filing(True, "乌海市人社局", f"示例人社备〔{day.year}〕1号", day)
        with self.stage.act(_OFFICER) as (tools, actor):
            (one,) = candidacies.of_round(tools.session, self.key)
            replies.register_filing(tools, self.key, one.key, filing, actor=actor, now=at)
        self.stage.run_jobs(at=at)


def _ended(stage: SampleStage) -> SampleScript:
    """遴选 of last term: the teacher is appointed, the cell is staffed, the round is over."""
    one, who, name = _OneRound(stage, SELECTION, "跨学段信息技术"), "teacher007", "教师辛"
    yield stage.moment(115, 9)
    one.ask("原教研员退休后空缺，由区教研员代管（示例）。", at=stage.moment(115, 9))
    yield stage.moment(111, 10)
    one.approve(11, at=stage.moment(111, 10))
    dates = [_day(stage, 96), _day(stage, 94), _day(stage, 92), _day(stage, 30)]
    one.plan(dates, at=stage.moment(109, 10))
    # the plan is decided at the meeting of the 107th working day before
    yield stage.moment(100, 10)
    application = one.apply(who, name, "示例小学07", at=stage.moment(100, 10))
    one.check(application, at=stage.moment(99, 10))
    yield from review(stage, application, who, name, one.seat, days=99)
    yield stage.moment(96, 9)
    one.open_examination(at=stage.moment(96, 9))
    one.write(name, 82.5, at=stage.moment(96, 16))
    yield stage.moment(94, 9)
    one.interview(name, _EXAMINERS, at=stage.moment(94, 9))
    yield stage.moment(92, 10)
    one.examine(at=stage.moment(92, 10))
    # the person is decided at the meeting of the 89th, and shown for five working days
    yield stage.moment(83, 9)
    stage.run_jobs(at=stage.moment(83, 9))
    one.file(at=stage.moment(82, 10))
    appointed: Mapping[str, FormValue] = {
        "person_type": "selected",
        "began_on": _day(stage, 80).isoformat(),
        "contract_years": 3,
        "trial_months": 3,
        "appointee": who,
        "appointment_number": "示例教人〔示〕5号",
    }
    yield stage.moment(80, 10)
    stage.complete(one.case, "appoint", _OFFICER, "submit", appointed, at=stage.moment(80, 10))
    yield stage.moment(10, 9)
    stage.run_jobs(at=stage.moment(10, 9))
    opinion: Mapping[str, FormValue] = {
        "trial_document": _paper("试用考核表"),
        "trial_opinion": "试用期内完成各项工作，考核合格（示例）。",
    }
    stage.complete(one.case, "trial_review", _OFFICER, "pass", opinion, at=stage.moment(10, 10))
    stage.run_jobs(at=stage.moment(10, 10))


def _shown(stage: SampleStage) -> SampleScript:
    """遴选 whose candidate is shown to the public."""
    one, who, name = _OneRound(stage, SELECTION, "普通高中生物学"), "teacher008", "教师壬"
    yield from _announce(stage, one, 12)
    yield stage.moment(13, 11)
    application = one.apply(who, name, "示例高中02", at=stage.moment(13, 11))
    one.check(application, at=stage.moment(12, 9))
    yield from review(stage, application, who, name, one.seat, days=12)
    yield from _examine(stage, one, name, 79, _EXAMINERS)
    yield stage.moment(4, 10)
    # decided at the meeting of the third working day before, and shown from then on
    one.examine(at=stage.moment(4, 10))


def _marked(stage: SampleStage) -> SampleScript:
    """遴选 whose interview is being marked; the teacher was qualified before."""
    one, who, name = _OneRound(stage, SELECTION, "普通高中化学"), "teacher004", "教师戊"
    yield from _announce(stage, one, 13)
    yield stage.moment(13, 10)
    application = one.apply(who, name, "示例高中01", at=stage.moment(13, 10))
    yield stage.moment(8, 15)
    one.check(application, at=stage.moment(8, 15))
    yield from _examine(stage, one, name, 85, _EXAMINERS[:_HAVE_MARKED])


def _announced(stage: SampleStage) -> SampleScript:
    """公开招聘 that is open: one from outside admitted, one to supplement, one not checked yet."""
    one = _OneRound(stage, OPEN, "跨学段心理健康")
    dates = [_day(stage, -days) for days in (5, 8, 10)]
    yield from _announce(stage, one, 14, dates, plan_ratio=4, plan_notice_days=22)
    first, second, third = (f"outside{number:02}@jiaoyan.example" for number in range(1, 4))
    opens = _opens(stage, one)
    yield stage.moment(3, 9)
    if opens > _day(stage, 3):
        return
    who = stage.come_in(first, at=stage.moment(3, 8))
    application = one.apply(who, "校外教师甲", "外地示例中学", at=stage.moment(3, 9))
    one.check(application, at=stage.moment(3, 11))
    yield from review(stage, application, who, "校外教师甲", one.seat, days=3)
    stage.run_jobs(at=stage.moment(1, 11))
    who = stage.come_in(second, at=stage.moment(1, 13))
    application = one.apply(who, "校外教师乙", "外地示例小学", at=stage.moment(1, 14))
    one.check(
        application, "supplement", at=stage.moment(1, 16),
        comment="职称证书没有盖章页，请补传；任教证明写明学科（示例）。",
    )  # fmt: skip
    who = stage.come_in(third, at=stage.moment(0, 8))
    one.apply(who, "校外教师丙", "没有工作单位（应届研究生）", at=stage.moment(0, 8, 30))


def _planned(stage: SampleStage) -> SampleScript:
    """遴选 that has its seat; the office draws up the plan."""
    one = _OneRound(stage, SELECTION, "跨学段劳动教育")
    yield stage.moment(9, 9)
    one.ask("没有专职教研员，由市教研机构综合组代管（示例）。", at=stage.moment(9, 9))
    yield stage.moment(4, 11)
    one.approve(15, at=stage.moment(4, 11))


def _asked_for(stage: SampleStage) -> SampleScript:
    """人才引进 that waits for the organ for establishments."""
    one = _OneRound(stage, TALENT, "特殊教育")
    yield stage.moment(6, 9)
    one.ask("特殊教育没有教研员，本市没有高级职称人选（示例）。", at=stage.moment(6, 9))


def _announce(
    stage: SampleStage,
    one: _OneRound,
    reply: int,
    dates: Sequence[date] = (),
    **changes: Json,
) -> SampleScript:
    """From the gap to the plan, which the meeting of the 20th working day before decides."""
    yield stage.moment(30, 9)
    one.ask("原教研员调离后空缺（示例）。", at=stage.moment(30, 9))
    yield stage.moment(26, 10)
    one.approve(reply, at=stage.moment(26, 10))
    days = [*(dates or (_day(stage, 6), _day(stage, 5), _day(stage, -5)))]
    days.append(bureau_day(stage.now) + timedelta(days=90))
    one.plan(days, at=stage.moment(23, 10), **changes)
    yield stage.moment(19, 9)


def _examine(
    stage: SampleStage, one: _OneRound, name: str, points: float, marked_by: Sequence[str]
) -> SampleScript:
    yield stage.moment(7, 9)
    one.open_examination(at=stage.moment(7, 9))
    yield stage.moment(6, 16)
    one.write(name, points, at=stage.moment(6, 16))
    yield stage.moment(5, 9)
    one.interview(name, marked_by, at=stage.moment(5, 9))


def _opens(stage: SampleStage, one: _OneRound) -> date:
    """The first day of registration; the last of all where it is not announced."""
    with stage.act(_OFFICER) as (tools, _actor):
        return tools.session.get_one(Round, one.key).registration_opens_on or date.max


def _day(stage: SampleStage, working_days: int) -> date:
    return stage.moment(working_days, 12).astimezone(BUREAU_TIME).date()


def _paper(name: str) -> Paper:
    return Paper(f"{name}（示例）.pdf", _PDF)
