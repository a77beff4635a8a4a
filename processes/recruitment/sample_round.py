"""One round of the sample bureau and what people do in it, by the real commands; all synthetic."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from processes.recruitment import candidacies, replies
from processes.recruitment.filings import Filing
from processes.recruitment.rounds import Reply
from processes.recruitment.tables import Round
from processes.registers.days import bureau_day
from processes.registers.process_ids import APPLICATION, SELECTION
from processes.registers.staffing.norms import DEFAULT_ORGANS
from service.domain.values import Json
from service.procedure import FormValue, Paper, SampleStage

OFFICER = "personnel1"
EXAMINERS = tuple(f"researcher{number:02}" for number in range(2, 9))

_HEAD_OF_RESEARCH, _COLLEAGUE = "researcher01", "personnel2"
_MARKS = (86, 84.5, 88, 85, 87.5, 83, 86)
_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_CHECKS: Mapping[str, Mapping[str, Json]] = {
    "inspection": {
        "inspection_file": "真实完整",
        "inspection_ethics": "合格",
        "inspection_opinion": "合格",
        "inspection_discipline": "没有影响聘任的情形",
    },
    "medical": {"medical_result": "合格"},
}


@dataclass(slots=True)
class OneRound:
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
        with self.stage.act(OFFICER) as (tools, _actor):
            self.key, self.number = tools.session.execute(mine).one()

    def approve(self, number: int, *, at: datetime) -> None:
        """The office registers what the organ for establishments has answered."""
        day = bureau_day(at)
        reply = Reply(True, DEFAULT_ORGANS[0], f"示例编办〔{day.year}〕{number}号", day)
        with self.stage.act(OFFICER) as (tools, actor):
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
        self.stage.complete(self.case, "plan", OFFICER, "submit", {**scheme, **changes}, at=at)

    def introduce(self, *, at: datetime) -> None:
        """The office writes down the catalogue and the consent that 人才引进 rests on."""
        named: Mapping[str, FormValue] = {
            "catalogue_number": "示例人才发〔示〕1号",
            "catalogue_on": bureau_day(at).isoformat(),
            "consent_number": "示例人才纪要〔示〕3号",
            "consent_on": bureau_day(at).isoformat(),
            "approval_document": paper("目录和同意"),
        }
        self.stage.complete(self.case, "approval", OFFICER, "submit", named, at=at)

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
            "application_document": paper("职称证书和任教证明"),
        }
        if self.process_id == SELECTION:
            filled |= {
                "employment": "事业编制",
                "in_city": "是",
                "in_post": "是",
                "school_agrees": "是",
                "authority_agrees": "是",
                "consent_document": paper("同意报考证明"),
            }
        return self.stage.start(APPLICATION, username, {**filled, **changes}, at=at)

    def check(
        self, application: int, outcome: str = "approve", *, comment: str = "", at: datetime
    ) -> None:
        """The office does the formal check."""
        self.stage.complete(
            application, "formal_check", OFFICER, outcome, {"originals_checked": True},
            comment=comment, at=at,
        )  # fmt: skip
        self.stage.run_jobs(at=at)

    def open_examination(self, *, at: datetime) -> None:
        """Registration is over: fewer have come than the ratio asks, which is lowered."""
        self.stage.run_jobs(at=at)
        basis: Mapping[str, FormValue] = {
            "ratio_organ": "示例市人社局",
            "ratio_basis": "示例人社复函〔示〕2号",
            "ratio_dated_on": bureau_day(at).isoformat(),
            "ratio_document": paper("降低开考比例的批复"),
        }
        self.stage.complete(
            self.case,
            "below_ratio",
            OFFICER,
            "lower",
            basis,
            comment="岗位急需补上（示例）。",
            at=at,
        )
        self.stage.run_jobs(at=at)

    def write(self, name: str, points: float, *, at: datetime) -> None:
        """Enter the result of the papers, and seat the panel."""
        rows: Json = [{"ticket": "01", "name": name, "points": points, "absent": False}]
        self.stage.complete(self.case, "written", OFFICER, "submit", {"written_rows": rows}, at=at)
        chosen: Mapping[str, FormValue] = {
            "panel_choice": [*EXAMINERS],
            "question_set": "示例题本A",
        }
        self.stage.complete(self.case, "choose_panel", OFFICER, "submit", chosen, at=at)

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
                f"{part}_document": paper("结论"),
            }
            self.stage.complete(self.case, part, OFFICER, "submit", found, at=at)
        self.stage.complete(self.case, "record", OFFICER, "submit", looked_up(at), at=at)
        self.stage.run_jobs(at=at)

    def file(
        self,
        register: Callable[..., None] = replies.register_filing,
        paper: str = "示例人社备",
        *,
        at: datetime,
    ) -> None:
        """The office registers that the appointment is filed, or later the transfer is settled."""
        day = bureau_day(at)
        filing = Filing(True, "乌海市人社局", f"{paper}〔{day.year}〕1号", day)
        with self.stage.act(OFFICER) as (tools, actor):
            (one,) = candidacies.of_round(tools.session, self.key)
            register(tools, self.key, one.key, filing, actor=actor, now=at)
        self.stage.run_jobs(at=at)


def paper(name: str) -> Paper:
    """A file to attach."""
    return Paper(f"{name}（示例）.pdf", _PDF)


def looked_up(at: datetime) -> Mapping[str, FormValue]:
    """What the office fills in of a query of records that has found nothing."""
    last = bureau_day(at).year - 1
    return {
        "record_n1": "没有记录",
        "record_n2": "没有",
        "record_n3": "没有",
        "record_n3_sanction": "没有受过",
        "record_n3_inquiry": "没有被调查",
        "record_n4": "均为合格以上",
        "record_n4_first_year": last - 2,
        "record_n4_last_year": last,
        "record_on": bureau_day(at).isoformat(),
        "record_document": paper("查询结果"),
    }
