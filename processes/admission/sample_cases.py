"""Applications of the sample bureau, each brought to another stage of the admission review."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from processes.registers.days import add_months, bureau_day
from service.domain.values import Json
from service.procedure import FormValue, Paper, SampleScript, SampleStage

ADMISSION = "admission_review"
_OFFICER, _COLLEAGUE = "personnel1", "personnel2"
_PANEL = ("researcher01", "researcher02", "researcher03")
_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_NAMES = {f"teacher{number:03}": sign for number, sign in enumerate("乙丙丁戊己庚", start=1)}
"""A form takes no digits in a name."""
_ORIGINALS: Json = ["任教证明", "教师资格证", "职称证书", "单位鉴定意见"]
_IN_FAVOUR: Mapping[str, Json] = {
    "vote_stance": "参加评议",
    "vote_e2": "符合",
    "vote_e3": "符合",
    "vote_e5c": "符合",
    "vote_reason": "材料属实，教学成绩和区域影响力符合要求（示例）。",
}


def play(stage: SampleStage) -> Sequence[SampleScript]:
    """New at the office, overdue there, to be supplemented, before the panel, granted, objected."""
    return [
        _granted(stage),
        _objected(stage),
        _overdue(stage),
        _before_the_panel(stage),
        _to_be_supplemented(stage),
        _new(stage),
    ]


def review(
    stage: SampleStage, case: int, username: str, name: str, seat: str, *, days: int
) -> SampleScript:
    """Let somebody fill in the review that their application for a post has called, and pass it.

    It begins so many working days ago and is over on the second one behind.
    """
    yield stage.moment(days, 14)
    filled = _filled(stage, name, seat)
    stage.complete(case, "fill_in", username, "submit", filled, at=stage.moment(days, 14))
    _check(stage, case, "approve", at=stage.moment(days, 16))
    yield stage.moment(days - 1, 9)
    _to_the_panel(stage, case, at=stage.moment(days - 1, 9))
    for hour, reviewer in enumerate(_PANEL, start=14):
        _vote(stage, case, reviewer, at=stage.moment(days - 1, hour))
    yield stage.moment(days - 2, 9)
    _examine(stage, case, at=stage.moment(days - 2, 9))
    stage.complete(case, "conclude", _OFFICER, "grant", at=stage.moment(days - 2, 11))
    stage.complete(case, "read_grant", username, "read", at=stage.moment(days - 2, 12))
    stage.run_jobs(at=stage.moment(days - 2, 12))


def _granted(stage: SampleStage) -> SampleScript:
    yield stage.moment(18, 9)
    case = _apply(stage, "teacher004", "普通高中化学", at=stage.moment(18, 9))
    _check(stage, case, "approve", at=stage.moment(16, 10))
    yield stage.moment(15, 9)
    _to_the_panel(stage, case, at=stage.moment(15, 9))
    for number, reviewer in enumerate(_PANEL):
        _vote(stage, case, reviewer, at=stage.moment(13 - number, 15))
    yield stage.moment(9, 10)
    _examine(stage, case, at=stage.moment(9, 10))
    stage.complete(case, "conclude", _OFFICER, "grant", at=stage.moment(8, 11))
    stage.complete(case, "read_grant", "teacher004", "read", at=stage.moment(7, 8))


def _objected(stage: SampleStage) -> SampleScript:
    """Refused for want of teaching years; who concluded does not examine the objection."""
    yield stage.moment(12, 14)
    case = _apply(stage, "teacher005", "初中数学", years=5, at=stage.moment(12, 14))
    _check(stage, case, "approve", years=5, at=stage.moment(9, 9))
    _examine(stage, case, at=stage.moment(8, 15))
    stage.complete(
        case, "conclude", _OFFICER, "refuse",
        comment="核定的教龄不满6年，不予准入（示例）。", at=stage.moment(6, 16),
    )  # fmt: skip
    stage.complete(
        case, "read_refusal", "teacher005", "object",
        comment="我在另一所学校任教的一年没有计入，请复核（示例）。", at=stage.moment(2, 10),
    )  # fmt: skip


def _overdue(stage: SampleStage) -> SampleScript:
    yield stage.moment(8, 11)
    _apply(stage, "teacher006", "初中物理", at=stage.moment(8, 11))


def _before_the_panel(stage: SampleStage) -> SampleScript:
    """One of three has voted."""
    yield stage.moment(7, 15)
    case = _apply(stage, "teacher003", "小学数学", at=stage.moment(7, 15))
    _check(stage, case, "approve", at=stage.moment(5, 9))
    _to_the_panel(stage, case, at=stage.moment(3, 10))
    _vote(stage, case, _PANEL[0], at=stage.moment(1, 16))


def _to_be_supplemented(stage: SampleStage) -> SampleScript:
    yield stage.moment(5, 8)
    case = _apply(stage, "teacher002", "初中外语", at=stage.moment(5, 8))
    _check(
        stage, case, "supplement", at=stage.moment(4, 15),
        comment="任教证明没有写明任教学科，请重新开具后补交（示例）。",
    )  # fmt: skip


def _new(stage: SampleStage) -> SampleScript:
    yield stage.moment(0, 9)
    _apply(stage, "teacher001", "小学语文", at=stage.moment(0, 9))


def _apply(stage: SampleStage, username: str, seat: str, *, years: int = 10, at: datetime) -> int:
    filled = _filled(stage, f"教师{_NAMES[username]}", seat, years)
    return stage.start(ADMISSION, username, filled, at=at)


def _filled(stage: SampleStage, name: str, seat: str, years: int = 10) -> Mapping[str, FormValue]:
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


def _check(
    stage: SampleStage, case: int, outcome: str, *, years: int = 10, comment: str = "", at: datetime
) -> None:
    verified: Mapping[str, Json] = {
        "verified_periods": _periods(stage, years),
        "verified_title": "一级教师",
        "verified_honours": [],
        "originals_checked": _ORIGINALS,
        "refusal_grounds": [],
    }
    stage.complete(case, "office_check", _OFFICER, outcome, verified, comment=comment, at=at)


def _to_the_panel(stage: SampleStage, case: int, *, at: datetime) -> None:
    proved = _proved("e1", "合格", at) | _proved("e4", "没有查实的失信记录", at)
    stage.complete(case, "evidence_check", _OFFICER, "submit", proved, at=at)
    chosen: Json = list(_PANEL)
    stage.complete(case, "choose_panel", _COLLEAGUE, "submit", {"panel_choice": chosen}, at=at)


def _examine(stage: SampleStage, case: int, *, at: datetime) -> None:
    findings = ("没有记录", "没有", "没有", "均为合格以上")
    checks = [_proved(f"n{n}", finding, at) for n, finding in enumerate(findings, start=1)]
    values = {name: value for check in checks for name, value in check.items()}
    stage.complete(case, "compulsory_check", _OFFICER, "submit", values, at=at)


def _vote(stage: SampleStage, case: int, reviewer: str, *, at: datetime) -> None:
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
