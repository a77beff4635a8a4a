"""The rules of the panel: who may sit, what votes amount to at each border."""

from datetime import date
from fractions import Fraction

import pytest

from processes.admission.applied import applied_of, applied_on
from processes.admission.panel import (
    CountBase,
    Outcome,
    PanelRule,
    replacement_problems,
    rule_of,
    seat_problems,
    tally,
)
from processes.admission.rules import refused
from processes.registers import admission_norms as norms
from processes.registers.settings import Setting, SettingUnfit, SettingValues
from tests.processes.builders import vote

RULE = PanelRule(3, Fraction(2, 3), CountBase.COUNTED)
DAY = date(2026, 3, 2)
NAMES = {one: f"教研员{one}" for one in "abcde"}
COUSIN = "与本事项当事人教师甲有亲属关系（三代以内旁系血亲），依照规定应当回避"


def test_a_panel_of_three_may_judge() -> None:
    assert seat_problems(["a", "b", "c"], NAMES, {}, RULE) == []


def test_a_panel_of_two_is_refused_with_the_rule_and_its_source() -> None:
    (problem,) = seat_problems(["a", "b"], NAMES, {}, RULE)
    assert "至少3人" in problem
    assert "现在可以评议的有2人" in problem
    assert "R-PANEL，《方案》没有规定，为系统默认" in problem


def test_the_same_person_twice_is_one() -> None:
    assert len(seat_problems(["a", "b", "b"], NAMES, {}, RULE)) == 1


def test_a_cousin_is_refused_with_the_reason_and_does_not_count() -> None:
    cousin, few = seat_problems(["a", "b", "c"], NAMES, {"c": COUSIN}, RULE)
    assert "三代以内旁系血亲" in cousin
    assert "R-RECUSE" in cousin
    assert "现在可以评议的有2人" in few


def test_who_is_not_of_the_group_is_refused() -> None:
    assert seat_problems(["a", "b", "c", "x"], NAMES, {}, RULE) == [
        refused("x不在候选评议人中", "R-PANEL")
    ]


@pytest.mark.parametrize(
    ("against", "outcome"), [(0, Outcome.PASSED), (1, Outcome.PASSED), (2, Outcome.FAILED)]
)
def test_two_of_three_are_enough_and_one_is_not(against: int, outcome: Outcome) -> None:
    votes = [
        vote(one, e5c="不符合" if place < against else "符合") for place, one in enumerate("abc")
    ]
    counted = tally(votes, "abc", {}, RULE)
    assert counted.outcome is outcome
    assert counted.in_favour["R-E5c"] == 3 - against
    assert counted.failed == (("R-E5c",) if outcome is Outcome.FAILED else ())


def test_each_condition_is_counted_for_itself() -> None:
    votes = [vote("a", e2="不符合"), vote("b", e3="不符合"), vote("c", e5c="不符合")]
    assert tally(votes, "abc", {}, RULE).outcome is Outcome.PASSED


def test_a_vote_of_somebody_who_must_keep_out_is_void_and_the_rest_counts() -> None:
    votes = [vote("a"), vote("b"), vote("c"), vote("d", e2="不符合")]
    counted = tally(votes, "abcd", {"d": COUSIN}, RULE)
    assert (counted.outcome, counted.counted) == (Outcome.PASSED, 3)
    assert counted.void == {"d": COUSIN}


def test_a_void_vote_may_turn_the_result() -> None:
    # given two of four against, which is too many, and one of the two is a cousin
    votes = [vote("a"), vote("b"), vote("c", e2="不符合"), vote("d", e2="不符合")]
    assert tally(votes, "abcd", {}, RULE).outcome is Outcome.FAILED
    assert tally(votes, "abcd", {"d": COUSIN}, RULE).outcome is Outcome.PASSED


def test_below_the_minimum_nothing_is_decided() -> None:
    votes = [vote("a"), vote("b"), vote("c")]
    assert tally(votes, "abc", {"c": COUSIN}, RULE).outcome is Outcome.SHORT
    assert tally(votes[:2], "abc", {}, RULE).outcome is Outcome.SHORT


def test_who_asks_to_keep_out_has_no_vote() -> None:
    votes = [vote("a"), vote("b"), vote("c", stance="申请回避", reason="师徒")]
    counted = tally(votes, "abc", {}, RULE)
    assert counted.outcome is Outcome.SHORT
    assert counted.void == {"c": "本人申请回避：师徒"}


def test_a_person_s_last_vote_counts_once() -> None:
    votes = [vote("a", e2="不符合"), vote("a"), vote("b"), vote("c")]
    counted = tally(votes, "abc", {}, RULE)
    assert (counted.counted, counted.in_favour["R-E2"]) == (3, 3)


def test_a_vote_from_outside_the_panel_is_void() -> None:
    assert tally([vote(one) for one in "abcx"], "abc", {}, RULE).counted == 3


def test_the_base_may_be_everybody_who_should_have_voted() -> None:
    # given three in favour of five who were seated, one of whom must keep out
    votes = [vote("a"), vote("b"), vote("c")]
    seated = PanelRule(3, Fraction(3, 4), CountBase.SEATED)
    assert tally(votes, "abcde", {}, seated).outcome is Outcome.FAILED
    assert tally(votes, "abcde", {"e": COUSIN}, seated).outcome is Outcome.PASSED
    assert tally(votes, "abcde", {}, RULE).outcome is Outcome.PASSED


def test_a_rule_is_what_the_bureau_has_set_on_the_day_the_case_began() -> None:
    set_so = {
        norms.PANEL_MINIMUM.id: "5",
        norms.PANEL_SHARE.id: "3/4",
        norms.PANEL_BASE.id: "应参加评议人数",
    }
    applied = applied_on(SettingValues(DAY, set_so, 3))
    assert applied_of({"applied": applied.as_json()}) == applied
    assert applied.version == f"{norms.RULES_VERSION}/3"
    rule = rule_of(applied)
    assert rule == PanelRule(5, Fraction(3, 4), CountBase.SEATED)
    assert str(rule) == "评议组至少5人；每项条件“符合”达到应参加评议人数的3/4（含）为通过"


def test_a_case_without_settings_goes_by_the_defaults() -> None:
    assert rule_of(applied_of({})) == RULE
    assert applied_of({}).checks_before_refusal is True


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (norms.PANEL_MINIMUM, "2"),
        (norms.PANEL_MINIMUM, "三"),
        (norms.PANEL_MINIMUM, "100"),
        (norms.PANEL_SHARE, "0.5"),
        (norms.PANEL_SHARE, "4/3"),
        (norms.PANEL_BASE, "all"),
        (norms.VALIDITY_MONTHS, "0"),
        (norms.VALIDITY_MONTHS, "-1"),
        (norms.VALIDITY_MONTHS, "两年"),
        (norms.VALIDITY_MONTHS, "２４"),
        (norms.VALIDITY_MONTHS, "121"),
        (norms.EXPIRY_NOTICE_DAYS, "366"),
        (norms.CHECKS_BEFORE_REFUSAL, "也许"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(setting: Setting, value: str) -> None:
    with pytest.raises(SettingUnfit):
        setting.cleaned(value)


@pytest.mark.parametrize("setting", norms.SETTINGS, ids=lambda setting: setting.id)
def test_every_default_can_be_set(setting: Setting) -> None:
    assert setting.cleaned(setting.default) == setting.default


def test_a_place_is_filled_by_who_may_judge_or_left_where_enough_are_left() -> None:
    assert replacement_problems("d", "de", "ab", RULE) == []
    assert replacement_problems(None, "de", "abc", RULE) == []
    (stranger,) = replacement_problems("x", "de", "abc", RULE)
    assert "R-RECUSE" in stranger
    (few,) = replacement_problems(None, "de", "ab", RULE)
    assert "可以评议的只有2人" in few
    assert "R-PANEL，《方案》没有规定，为系统默认" in few
