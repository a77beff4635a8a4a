"""What people enter by mistake or in bad faith: each refusal as they read it, form and reason.

It says what did not happen, by which rule and its source, that what was filled in is still there,
and what to do. That each is refused is tested where it is done; here how it is told.
"""

import re
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import cast

import pytest

from processes.admission.application import declared_data, declared_problems
from processes.admission.findings import collect, conclusion_problems
from processes.admission.panel import CountBase, PanelRule, seat_problems
from processes.committee.refusals import (
    ChairVotesLast,
    NotAMember,
    NotPresent,
    OnePersonOneItem,
    Recused,
)
from processes.recruitment.rules.findings import refusals
from processes.recruitment.rules.scores import in_time, panel_finding
from processes.recruitment.score_rows import told_late
from processes.registers.norms import Refusal
from service.domain.values import Json
from tests.processes.builders import application, compulsory, evidence, period, schema
from tests.processes.test_refusals_cite import cited

CUTOFF = date(2026, 3, 2)
PANEL = PanelRule(3, Fraction(2, 3), CountBase.COUNTED)
THREE = {"a": "甲", "b": "乙", "c": "丙"}
UNTIL, LATER = datetime(2026, 3, 2, 16, tzinfo=UTC), datetime(2026, 3, 2, 17, tzinfo=UTC)


def applied(**changes: Json) -> list[str]:
    problems = declared_problems(declared_data(application(**changes)).assess(CUTOFF))
    return in_form("admission_application", "problems_found", [one.message for one in problems])


def concluded(title: str, why: str) -> list[str]:
    """A grant to somebody whose title does not count."""
    row: Json = {"rule": "R-E5b", "clause": "三（三）5", "effect": "不符合", "reason": why}
    made = application(title=title) | evidence() | compulsory() | {"conditions": [row]}
    problems = conclusion_problems(collect(made, None), "grant")
    of_title = [one for one in problems if "R-E5b" in one]
    return in_form("admission_conclusion", "problems_list", of_title)


def in_form(form_id: str, text_id: str, problems: list[str] | list[Refusal]) -> list[str]:
    """Each reason below the words that the form puts above all of them."""
    form = cast("dict[str, list[dict[str, str]]]", schema(form_id))
    [above] = [one["text"] for one in form["components"] if one["id"] == text_id]
    return [f"{above.split('{{')[0]}{one}" for one in problems]


def seated(*chosen: str, barred: dict[str, str] | None = None) -> list[str]:
    return in_form(
        "admission_panel_choice", "panel_problems_list",
        seat_problems(chosen, THREE, barred or {}, PANEL),
    )  # fmt: skip


TOLD = {
    "born after the first day of teaching": applied(
        born_on="2016-02-02", teaching_periods=[period("2016-02-01")]
    ),
    "periods that overlap": applied(
        teaching_periods=[
            period("2016-02-01", "2020-01-31"), period("2019-02-01", school="另一小学")
        ]
    ),
    "a period in the future": applied(teaching_periods=[period("2026-03-03")]),
    "小学一级 for 一级教师": concluded("小学一级教师", "小学一级教师相当于初级"),
    "an engineer's title": concluded("其他系列职称（工程、卫生、经济等）", "不是教师系列"),
    "scores behind the deadline": in_form(
        "recruitment_written", "written_problems_list", told_late(in_time(LATER, UNTIL))
    ),
    "a panel of two": seated("a", "b"),
    "two examiners": in_form(
        "recruitment_panel", "panel_problems_list", refusals([panel_finding(["a", "b"], 7)])
    ),
    "a cousin as reviewer": seated("a", "b", "c", barred={"c": "与申请人有旁系血亲关系"}),
    "the vote of a non-member": [NotAMember(who="列席人甲").message],
    "the vote of who is away": [NotPresent(who="成员乙").message],
    "the vote of who keeps out": [Recused(who="成员丙", reason="与被议人有亲属关系").message],
    "the chair's vote first": [ChairVotesLast(waiting="成员乙").message],
    "two persons in one item": [OnePersonOneItem(count=2).message],
}  # fmt: skip


@pytest.mark.parametrize("what", TOLD)
def test_a_refusal_says_what_happened_by_which_rule_what_is_kept_and_what_to_do(what: str) -> None:
    assert TOLD[what]
    for text in TOLD[what]:
        assert cited(text) or re.search(r"规则 C-[A-Z]+，", text), text
        assert re.search(r"没有(受理|生效|登记|保存)|还不能成立", text), text
        assert re.search(r"都在|还在|不变", text), text
        assert "请" in text, text
