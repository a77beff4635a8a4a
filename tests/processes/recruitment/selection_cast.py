"""Who takes part in a round of selection, and what its forms hold when nothing is wrong."""

from datetime import date

from processes.recruitment.filings import Filing
from processes.recruitment.rounds import Reply
from processes.sample.units import CITY_RESEARCH
from service.domain.actors import Actor

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
PLAN_FIELDS = {
    "plan_written_percent", "plan_interview_percent", "plan_pass_line", "plan_panel_least",
    "plan_ratio", "plan_ratio_organ", "plan_ratio_basis", "plan_ratio_dated_on",
    "plan_drop_extremes", "plan_order",
    "plan_notice_days", "plan_window_days",
    "plan_written_on", "plan_interview_on", "plan_scores_until", "plan_substitutes_until",
    "plan_conditions", "plan_contact", "plan_changes",
}  # fmt: skip
CHECKS = {
    "inspection": {
        "inspection_file": "真实完整", "inspection_ethics": "合格", "inspection_opinion": "合格",
        "inspection_discipline": "没有影响聘任的情形",
    },
    "medical": {"medical_result": "合格"},
    "record": {
        "record_n1": "没有记录", "record_n2": "没有", "record_n3": "没有",
        "record_n3_sanction": "没有受过", "record_n3_inquiry": "没有被调查",
        "record_n4": "均为合格以上",
    },
}  # fmt: skip
