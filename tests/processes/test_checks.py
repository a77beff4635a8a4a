"""E1, E4 and N1 to N4: what is still missing, reckoned, and what the findings allow to conclude."""

from datetime import date

import pytest

from processes.admission.applied import applied_of
from processes.admission.checks import COMPULSORY, EVIDENCE, Check, missing, reckoned, vetoed
from processes.admission.findings import collect, conclusion_problems, unmet
from processes.admission.panel import rule_of, tally
from processes.admission.rules import refused
from service.domain.values import Json
from tests.processes.builders import compulsory, evidence, vote

TODAY = date(2026, 3, 2)
CHECKS = (*EVIDENCE, *COMPULSORY)


def made(**changes: Json) -> dict[str, Json]:
    conditions: Json = [
        {"rule": rule, "clause": "三（三）5", "effect": "符合", "reason": "达到"}
        for rule in ("R-E5a", "R-E5b")
    ]
    complete: dict[str, Json] = {
        "conditions": conditions,
        "evidence": {"complete": True},
        "compulsory": {"complete": True},
    }
    return evidence() | compulsory() | complete | changes


def effects(**changes: Json) -> dict[Json, Json]:
    votes = tally([vote(one) for one in "abc"], "abc", {}, rule_of(applied_of({})))
    return {row["rule"]: row["effect"] for row in collect(made(**changes), votes)}


def test_complete_checks_miss_nothing() -> None:
    assert missing(made(), CHECKS, TODAY) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.rule)
@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("finding", None, "请选择核查结果"),
        ("finding", "也许", "请选择核查结果"),
        ("source", " ", "请填写由谁核查"),
        ("dated_on", None, "请填写日期"),
        ("dated_on", "2026-02-30", "请填写日期"),
        ("dated_on", "2026-03-03", "日期不能晚于今天"),
        ("document", [], "请上传材料"),
    ],
)
def test_each_check_needs_its_result_day_paper_and_who(
    check: Check, part: str, value: Json, message: str
) -> None:
    (problem,) = missing(made(**{f"{check.field}_{part}": value}), CHECKS, TODAY)
    assert problem.startswith(f"{check.name}：{message}")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.rule)
def test_what_is_against_the_applicant_needs_a_reason_and_then_is_a_veto(check: Check) -> None:
    against = made(**{f"{check.field}_finding": check.against})
    assert missing(against, CHECKS, TODAY) == [
        refused(f"{check.name}：结果为“{check.against}”的，请写明事实和理由", check.rule)
    ]
    explained = against | {f"{check.field}_reason": "见材料第3页"}
    assert missing(explained, CHECKS, TODAY) == []
    assert vetoed(explained, CHECKS)
    assert not vetoed(made(), CHECKS)
    (row,) = unmet(collect(explained, None))
    assert row["rule"] == check.rule
    assert "见材料第3页" in str(row["reason"])


def test_nothing_found_does_not_stand_against_the_days_and_years_that_were_found() -> None:
    assert reckoned(made(), 3, TODAY) == []
    ethics = made(n3_sanction="受过取消资格的师德处理", n3_decided_on="2025-01-01")
    (problem,) = reckoned(ethics, 3, TODAY)
    assert problem.startswith(
        "N3 处分期、接受调查：受过取消资格的师德处理的，不少于24个月，到2027年1月1日"
    )
    assert reckoned(ethics | {"n3_finding": "有"}, 3, TODAY) == []
    (problem,) = reckoned(made(), 4, TODAY)
    assert "近4年" in problem


def test_everything_met_may_be_granted_and_not_refused() -> None:
    votes = tally([vote(one) for one in "abc"], "abc", {}, rule_of(applied_of({})))
    findings = collect(made(), votes)
    assert {row["effect"] for row in findings} == {"符合"}
    assert conclusion_problems(findings, "grant") == []
    assert "不能不予准入" in conclusion_problems(findings, "refuse")[0]


@pytest.mark.parametrize(
    ("changes", "open_ones"),
    [
        ({"compulsory": None}, {"R-N1", "R-N2", "R-N3", "R-N4"}),
        ({"evidence": {"complete": False}}, {"R-E1", "R-E4"}),
        ({"conditions": None}, {"R-E5a", "R-E5b"}),
    ],
)
def test_what_was_not_looked_at_is_open_and_nothing_is_granted(
    changes: dict[str, Json], open_ones: set[str]
) -> None:
    found = effects(**changes)
    assert {rule for rule, effect in found.items() if effect == "尚未判断"} == open_ones
    problems = conclusion_problems(collect(made(**changes), None), "grant")
    assert all(any(rule in problem for problem in problems) for rule in open_ones)


def test_a_preference_neither_hinders_nor_is_wanted() -> None:
    honour: Json = {"rule": "R-E5d", "clause": "三（三）5", "effect": "优先考虑", "reason": "名师"}
    conditions = made()["conditions"]
    assert isinstance(conditions, list)
    votes = tally([vote(one) for one in "abc"], "abc", {}, rule_of(applied_of({})))
    findings = collect(made(conditions=[*conditions, honour]), votes)
    assert "R-E5d" in {row["rule"] for row in findings}
    assert conclusion_problems(findings, "grant") == []


def test_the_office_s_own_ground_is_a_reason() -> None:
    found = collect(made(outcome="reject", refusal_grounds=["R-PROOF"]), None)
    assert [row["rule"] for row in unmet(found)] == ["R-PROOF"]
