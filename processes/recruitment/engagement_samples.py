"""Engagements of the sample bureau at several stages: 返聘 and 兼职, all synthetic."""

from collections.abc import Mapping, Sequence

from service.procedure import FormValue, Paper, SampleScript, SampleStage

REHIRE, PART_TIME = "recruitment_rehire", "recruitment_part_time"
_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_HEAD_OF_RESEARCH = "researcher01"


def play(stage: SampleStage) -> Sequence[SampleScript]:
    """A retired teacher who is asked, one whose papers are checked, an application at a school."""
    return [_asked(stage), _consented(stage), _applied(stage)]


def _asked(stage: SampleStage) -> SampleScript:
    yield stage.moment(3, 9)
    need(stage, "教师002", "初中语文", days=3)


def _consented(stage: SampleStage) -> SampleScript:
    yield stage.moment(6, 9)
    case = need(stage, "申请人01", "小学数学", days=6)
    papers: Mapping[str, FormValue] = {
        "retirement_no": "示例人社退〔2025〕15号",
        "retirement_approved_on": "2025-08-20",
        "retired_on": "2025-09-01",
        "born_on": "1966-03-04",
        "title": "高级教师",
        "retirement_document": _paper("退休审批"),
        "title_document": _paper("职称证书"),
        "medical_document": _paper("体检报告"),
    }
    stage.complete(case, "consent", "applicant", "submit", papers, at=stage.moment(4, 10))


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
