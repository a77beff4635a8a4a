"""How the sample bureau's people pass a review of admission, for its samples and its callers'."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from processes.registers.days import add_months, bureau_day
from service.domain.values import Json
from service.procedure import FormValue, Paper, SampleScript, SampleStage

OFFICER, _COLLEAGUE = "personnel1", "personnel2"
PANEL = ("researcher01", "researcher02", "researcher03")
_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_ORIGINALS: Json = ["任教证明", "教师资格证", "职称证书", "单位鉴定意见"]
_IN_FAVOUR: Mapping[str, Json] = {
    "vote_stance": "参加评议",
    "vote_e2": "符合",
    "vote_e3": "符合",
    "vote_e5c": "符合",
    "vote_reason": "材料属实，教学成绩和区域影响力符合要求（示例）。",
}


def review(
    stage: SampleStage,
    case: int,
    username: str,
    name: str,
    seat: str,
    *,
    days: int,
    panel: Sequence[str] = PANEL,
) -> SampleScript:
    """Let somebody fill in the review that their application for a post has called, and pass it.

    It begins so many working days ago and is over on the second one behind.
    """
    yield stage.moment(days, 14)
    filled = filled_in(stage, name, seat)
    stage.complete(case, "fill_in", username, "submit", filled, at=stage.moment(days, 14))
    check(stage, case, "approve", at=stage.moment(days, 16))
    yield stage.moment(days - 1, 9)
    to_the_panel(stage, case, panel, at=stage.moment(days - 1, 9))
    for hour, reviewer in enumerate(panel, start=14):
        vote(stage, case, reviewer, at=stage.moment(days - 1, hour))
    yield stage.moment(days - 2, 9)
    examine(stage, case, at=stage.moment(days - 2, 9))
    stage.complete(case, "conclude", OFFICER, "grant", at=stage.moment(days - 2, 11))
    stage.complete(case, "read_grant", username, "read", at=stage.moment(days - 2, 12))
    stage.run_jobs(at=stage.moment(days - 2, 12))


def filled_in(stage: SampleStage, name: str, seat: str, years: int = 10) -> Mapping[str, FormValue]:
    return {
        "applicant_name": name,
        "born_on": "1988-05-01",
        "unit": "示例学校",
        "seat": seat,
        "teaching_periods": _periods(stage, years),
        "title": "一级教师",
        "title_appointed": "已聘任",
        "achievements": "市级公开课一等奖，主持市级课题一项（示例）。",
        "truth_declared": True,
        "evidence_teaching": _paper("任教证明"),
        "evidence_licence": _paper("教师资格证"),
        "evidence_title": _paper("职称证书"),
        "evidence_appraisal": _paper("单位鉴定意见"),
    }


def check(
    stage: SampleStage, case: int, outcome: str, *, years: int = 10, comment: str = "", at: datetime
) -> None:
    verified: Mapping[str, Json] = {
        "verified_periods": _periods(stage, years),
        "verified_title": "一级教师",
        "verified_honours": [],
        "originals_checked": _ORIGINALS,
        "refusal_grounds": [],
    }
    stage.complete(case, "office_check", OFFICER, outcome, verified, comment=comment, at=at)


def to_the_panel(
    stage: SampleStage, case: int, panel: Sequence[str] = PANEL, *, at: datetime
) -> None:
    proved = _proved("e1", "合格", at) | _proved("e4", "没有查实的失信记录", at)
    stage.complete(case, "evidence_check", OFFICER, "submit", proved, at=at)
    chosen: Json = list(panel)
    stage.complete(case, "choose_panel", _COLLEAGUE, "submit", {"panel_choice": chosen}, at=at)


def examine(stage: SampleStage, case: int, *, at: datetime) -> None:
    findings = ("没有记录", "没有", "没有", "均为合格以上")
    checks = [_proved(f"n{n}", finding, at) for n, finding in enumerate(findings, start=1)]
    values = {name: value for check in checks for name, value in check.items()}
    last = bureau_day(at).year - 1
    values |= {
        "n3_sanction": "没有受过",
        "n3_inquiry": "没有被调查",
        "n4_first_year": last - 2,
        "n4_last_year": last,
    }
    stage.complete(case, "compulsory_check", OFFICER, "submit", values, at=at)


def vote(stage: SampleStage, case: int, reviewer: str, *, at: datetime) -> None:
    stage.complete(case, "panel_vote", reviewer, "submit", _IN_FAVOUR, at=at)


def _proved(check: str, finding: str, at: datetime) -> dict[str, FormValue]:
    return {
        f"{check}_finding": finding,
        f"{check}_source": "人事科，向有关单位查询（示例）",
        f"{check}_dated_on": bureau_day(at).isoformat(),
        f"{check}_document": _paper("查询结果"),
    }


def _periods(stage: SampleStage, years: int) -> Json:
    """One school for so many years and some months."""
    began = add_months(bureau_day(stage.now), -12 * years - 4).replace(day=1)
    return [
        {
            "school": "示例学校",
            "post": "任教岗位",
            "starts_on": began.isoformat(),
            "ends_on": None,
        }
    ]


def _paper(name: str) -> Paper:
    return Paper(f"{name}（示例）.pdf", _PDF)
