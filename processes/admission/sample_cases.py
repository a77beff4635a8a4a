"""Applications of the sample bureau, each brought to another stage of the admission review."""

from collections.abc import Sequence
from datetime import datetime

from processes.registers.sample_review import (
    OFFICER,
    PANEL,
    check,
    examine,
    filled_in,
    to_the_panel,
    vote,
)
from service.procedure import SampleScript, SampleStage

ADMISSION = "admission_review"
_NAMES = {f"teacher{number:03}": sign for number, sign in enumerate("乙丙丁戊己庚", start=1)}
"""A form takes no digits in a name."""


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


def _granted(stage: SampleStage) -> SampleScript:
    yield stage.moment(18, 9)
    case = _apply(stage, "teacher004", "普通高中化学", at=stage.moment(18, 9))
    check(stage, case, "approve", at=stage.moment(16, 10))
    yield stage.moment(15, 9)
    to_the_panel(stage, case, at=stage.moment(15, 9))
    for number, reviewer in enumerate(PANEL):
        vote(stage, case, reviewer, at=stage.moment(13 - number, 15))
    yield stage.moment(9, 10)
    examine(stage, case, at=stage.moment(9, 10))
    stage.complete(case, "conclude", OFFICER, "grant", at=stage.moment(8, 11))
    stage.complete(case, "read_grant", "teacher004", "read", at=stage.moment(7, 8))


def _objected(stage: SampleStage) -> SampleScript:
    """Refused for want of teaching years; who concluded does not examine the objection."""
    yield stage.moment(12, 14)
    case = _apply(stage, "teacher005", "初中数学", years=5, at=stage.moment(12, 14))
    check(stage, case, "approve", years=5, at=stage.moment(9, 9))
    examine(stage, case, at=stage.moment(8, 15))
    stage.complete(
        case, "conclude", OFFICER, "refuse",
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
    check(stage, case, "approve", at=stage.moment(5, 9))
    to_the_panel(stage, case, at=stage.moment(3, 10))
    vote(stage, case, PANEL[0], at=stage.moment(1, 16))


def _to_be_supplemented(stage: SampleStage) -> SampleScript:
    yield stage.moment(5, 8)
    case = _apply(stage, "teacher002", "初中外语", at=stage.moment(5, 8))
    check(
        stage, case, "supplement", at=stage.moment(4, 15),
        comment="任教证明没有写明任教学科，请重新开具后补交（示例）。",
    )  # fmt: skip


def _new(stage: SampleStage) -> SampleScript:
    yield stage.moment(0, 9)
    _apply(stage, "teacher001", "小学语文", at=stage.moment(0, 9))


def _apply(stage: SampleStage, username: str, seat: str, *, years: int = 10, at: datetime) -> int:
    filled = filled_in(stage, f"教师{_NAMES[username]}", seat, years)
    return stage.start(ADMISSION, username, filled, at=at)
