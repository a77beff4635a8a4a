"""The rules as values: each says where it is from, since when, how sure."""

from datetime import date

import pytest

from processes.admission.rules import add_months, valid_until
from processes.registers.admission_norms import NORMS, VALIDITY_MONTHS, norms_on
from processes.registers.norms import PLAN, Certainty, Norm, Strictness


def test_the_five_conditions_of_the_plan_are_all_there() -> None:
    plan = [norm for norm in NORMS.values() if norm.source == PLAN]
    read = [norm.id for norm in plan if norm.certainty is Certainty.READ]
    assert read == ["R-E1", "R-E2", "R-E3", "R-E4", "R-E5a", "R-E5b", "R-E5c", "R-E5d"]


def test_two_conditions_of_the_plan_and_the_compulsory_checks_reject_by_themselves() -> None:
    rejecting = [norm.id for norm in NORMS.values() if norm.strictness is Strictness.REJECTS]
    assert rejecting == ["R-E5a", "R-E5b", "R-RECUSE", "R-N1", "R-N2", "R-N3", "R-N4"]


def test_what_the_plan_does_not_say_is_marked_as_a_default_or_as_open() -> None:
    for norm_id in (
        "R-PANEL",
        "R-SUPPLEMENT",
        "R-OBJECTION",
        "R-CUTOFF",
        "R-VALID",
        "R-EXPIRY",
        "R-N4",
    ):
        assert NORMS[norm_id].certainty is Certainty.PROPOSED
        assert "系统默认" in NORMS[norm_id].source
    for norm_id in ("R-N1", "R-CHECKS"):
        assert NORMS[norm_id].certainty is Certainty.UNCERTAIN


def test_an_honour_only_prefers() -> None:
    assert NORMS["R-E5d"].strictness is Strictness.PREFERS


@pytest.mark.parametrize("norm", NORMS.values(), ids=lambda norm: norm.id)
def test_every_rule_names_its_clause_and_source(norm: Norm) -> None:
    laws = ("未成年人保护法", "教师法", "教师〔", "人社部规〔", "劳动法")
    assert norm.clause.startswith(("三（三）", *laws))
    assert norm.title
    assert norm.source


def test_the_rules_of_the_plan_hold_from_its_day_on() -> None:
    before, on = date(2023, 10, 19), date(2023, 10, 20)
    of_law = ["R-TITLE", "R-BIRTH", "R-RECUSE", "R-N1", "R-N2", "R-N3"]
    assert [norm.id for norm in norms_on(before)] == of_law
    assert len(norms_on(on)) == len(NORMS)


def test_a_rule_that_ended_is_not_in_force_the_day_after() -> None:
    plan = NORMS["R-E5a"]
    ended = Norm(
        plan.id, plan.clause, plan.title, plan.source, plan.certainty, plan.strictness,
        plan.effective_from, date(2027, 8, 31),
    )  # fmt: skip
    assert ended.in_force(date(2027, 8, 31))
    assert not ended.in_force(date(2027, 9, 1))


@pytest.mark.parametrize(
    ("granted_on", "last_day"),
    [
        (date(2026, 11, 23), date(2028, 11, 22)),
        (date(2026, 3, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2030, 2, 28)),
        (date(2027, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_qualification_lasts_two_years(granted_on: date, last_day: date) -> None:
    assert valid_until(granted_on, int(VALIDITY_MONTHS.default)) == last_day


def test_the_length_may_be_set_otherwise() -> None:
    assert valid_until(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert valid_until(date(2026, 11, 23), 36) == date(2029, 11, 22)


def test_months_may_be_taken_away() -> None:
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 15), -12 * 60) == date(1966, 1, 15)
