"""Engagements of the sample bureau at several stages: 返聘 and 兼职, all synthetic."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from processes.recruitment.sample_round import OFFICER, looked_up
from processes.registers.days import add_months, bureau_day
from processes.registers.process_ids import PART_TIME, REHIRE
from processes.registers.sample_review import review
from service.procedure import FormValue, Paper, SampleScript, SampleStage

_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_HEAD_OF_RESEARCH = "researcher01"
_PANEL = ("researcher02", "researcher03", "researcher04")
"""Without the head, who has asked for somebody and must keep out of their review."""


def play(stage: SampleStage) -> Sequence[SampleScript]:
    """Engaged: a retired teacher and a part-timer; asked, papers checked, applied at a school."""
    return [
        _rehired(stage),
        _beside(stage),
        _asked(stage),
        _consented(stage),
        _applied(stage),
    ]


def _rehired(stage: SampleStage) -> SampleScript:
    """返聘 for a year: decided, shown, and in the register since."""
    who, name, seat = "teacher079", "教师癸", "初中数学"
    yield stage.moment(35, 9)
    case = need(stage, "教师079", seat, days=35)
    stage.complete(case, "consent", who, "submit", _retired(), at=stage.moment(34, 10))
    verified: Mapping[str, FormValue] = {"consent": "同意", "medical_result": "合格"}
    stage.complete(case, "verify", OFFICER, "verified", verified, at=stage.moment(33, 10))
    yield from _qualify(stage, case, who, name, seat)
    yield from _engage(stage, case, months=12)


def _beside(stage: SampleStage) -> SampleScript:
    """兼职 for two years, at a school whose head has recommended it."""
    who, name, seat = "teacher066", "教师子", "小学外语"
    yield stage.moment(35, 10)
    applied: Mapping[str, FormValue] = {
        "wanted_unit": "市教研机构",
        "wanted_seat": seat,
        "statement": "主持区级教研活动四年（示例）。",
    }
    case = stage.start(PART_TIME, who, applied, at=stage.moment(35, 10))
    opinion: Mapping[str, FormValue] = {"school_opinion": "课时可以调整，同意推荐（示例）。"}
    stage.complete(case, "recommend", "head06", "recommend", opinion, at=stage.moment(33, 9))
    yield from _qualify(stage, case, who, name, seat)
    found: Mapping[str, FormValue] = {"assess_record": "述职、答辩合格（示例）。"}
    yield stage.moment(28, 10)
    stage.complete(case, "assess", _HEAD_OF_RESEARCH, "pass", found, at=stage.moment(28, 10))
    yield from _engage(stage, case, months=24)


def _qualify(stage: SampleStage, case: int, who: str, name: str, seat: str) -> SampleScript:
    """The review of admission, and the query of records behind it."""
    yield stage.moment(32, 9)
    stage.run_jobs(at=stage.moment(32, 9))
    yield from review(stage, case, who, name, seat, days=32, panel=_PANEL)
    at = stage.moment(29, 10)
    yield at
    stage.complete(case, "record", OFFICER, "submit", looked_up(at), at=at)
    stage.run_jobs(at=at)


def _engage(stage: SampleStage, case: int, *, months: int) -> SampleScript:
    """Decided at the meeting of the 20th working day before, shown for five, and signed."""
    yield stage.moment(14, 9)
    stage.run_jobs(at=stage.moment(14, 9))
    at = stage.moment(13, 10)
    yield at
    stage.complete(case, "sign", OFFICER, "signed", _signed(at, months), at=at)
    stage.run_jobs(at=at)


def _signed(at: datetime, months: int) -> Mapping[str, FormValue]:
    begins = bureau_day(at)
    return {
        "begins_on": begins.isoformat(),
        "last_day": (add_months(begins, months) - timedelta(days=1)).isoformat(),
        "agreement_no": "示例聘〔示〕6号",
        "agreement_document": _paper("协议或者聘书"),
    }


def _asked(stage: SampleStage) -> SampleScript:
    yield stage.moment(3, 9)
    need(stage, "教师002", "初中语文", days=3)


def _consented(stage: SampleStage) -> SampleScript:
    yield stage.moment(6, 9)
    case = need(stage, "申请人01", "小学数学", days=6)
    stage.complete(case, "consent", "applicant", "submit", _retired(), at=stage.moment(4, 10))


def _retired() -> Mapping[str, FormValue]:
    return {
        "retirement_no": "示例人社退〔2025〕15号",
        "retirement_approved_on": "2025-08-20",
        "retired_on": "2025-09-01",
        "born_on": "1966-03-04",
        "title": "高级教师",
        "retirement_document": _paper("退休审批"),
        "title_document": _paper("职称证书"),
        "medical_document": _paper("体检报告"),
    }


def _applied(stage: SampleStage) -> SampleScript:
    yield stage.moment(2, 9)
    applied: Mapping[str, FormValue] = {
        "wanted_unit": "市教研机构",
        "wanted_seat": "跨学段音乐",
        "statement": "参加市级教研活动六年（示例）。",
    }
    stage.start(PART_TIME, "teacher001", applied, at=stage.moment(2, 9))


def need(stage: SampleStage, person: str, seat: str, *, days: int) -> int:
    """The research institution asks for a retired teacher; return the case."""
    wanted: Mapping[str, FormValue] = {
        "wanted_person": person,
        "wanted_unit": "市教研机构",
        "wanted_seat": seat,
        "funds": "本级教研经费",
        "rehire_need": "指导青年教研员（示例）。",
    }
    return stage.start(REHIRE, _HEAD_OF_RESEARCH, wanted, at=stage.moment(days, 9))


def _paper(name: str) -> Paper:
    return Paper(f"{name}（示例）.pdf", _PDF)
