"""The shipped decision table through the real engine, at every border of E5a, E5b and E5d."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

import pytest

from processes.registers.admission_norms import MINIMUM_YEARS, NORMS
from processes.registers.titles import TITLES, Rank
from service.domain.values import Json
from service.engine import decision_models, evaluate_decision
from service.feel import Expression, FeelPool
from tests.processes.test_diagram import BPMN, DMN

MET, NOT_MET, PREFERRED = "符合", "不符合", "优先考虑"
Row: TypeAlias = dict[str, str]
Decide: TypeAlias = Callable[..., list[Row]]


@pytest.fixture
def decide(feel: FeelPool, now: datetime) -> Decide:
    (model,) = decision_models(DMN.read_bytes())

    def run(
        *, years: Json = 10, rank: Json = Rank.INTERMEDIATE.value, honoured: Json = False
    ) -> list[Row]:
        inputs = {"teaching_years": years, "title_rank": rank, "honoured": honoured}
        result = evaluate_decision(model, "admission_conditions", inputs, feel=feel, now=now)
        return result.output  # type: ignore[return-value]

    return run


def effects(rows: list[Row]) -> dict[str, str]:
    assert len({row["rule"] for row in rows}) == len(rows)
    return {row["rule"]: row["effect"] for row in rows}


@pytest.mark.parametrize(
    ("years", "effect"), [(0, NOT_MET), (5, NOT_MET), (6, MET), (7, MET), (60, MET)]
)
def test_six_years_are_enough_and_five_are_not(decide: Decide, years: int, effect: str) -> None:
    assert effects(decide(years=years))["R-E5a"] == effect


def test_the_table_and_the_rules_mean_the_same_number_of_years(decide: Decide) -> None:
    assert effects(decide(years=MINIMUM_YEARS))["R-E5a"] == MET
    assert effects(decide(years=MINIMUM_YEARS - 1))["R-E5a"] == NOT_MET


@pytest.mark.parametrize(
    ("rank", "effect"),
    [
        (Rank.NONE, NOT_MET),
        (Rank.JUNIOR, NOT_MET),
        (Rank.INTERMEDIATE, MET),
        (Rank.ASSOCIATE, MET),
        (Rank.SENIOR, MET),
    ],
)
def test_an_intermediate_title_is_enough(decide: Decide, rank: Rank, effect: str) -> None:
    assert effects(decide(rank=rank.value))["R-E5b"] == effect


@pytest.mark.parametrize(
    ("title", "effect"),
    [
        ("一级教师", MET),
        ("小学一级教师", NOT_MET),
        ("中学一级教师", MET),
        ("小学高级教师", MET),
        ("二级教师", NOT_MET),
        ("中学二级教师", NOT_MET),
        ("其他系列职称（工程、卫生、经济等）", NOT_MET),
    ],
)
def test_the_traps_among_the_titles(decide: Decide, title: str, effect: str) -> None:
    assert effects(decide(rank=TITLES[title].rank.value))["R-E5b"] == effect


def test_every_rank_there_is_gets_one_answer(decide: Decide) -> None:
    for rank in Rank:
        assert "R-E5b" in effects(decide(rank=rank.value))


def test_an_honour_prefers_and_its_want_rejects_nobody(decide: Decide) -> None:
    assert effects(decide(honoured=True)) == {"R-E5a": MET, "R-E5b": MET, "R-E5d": PREFERRED}
    assert effects(decide(honoured=False)) == {"R-E5a": MET, "R-E5b": MET}


def test_an_honour_does_not_make_up_for_a_missing_year(decide: Decide) -> None:
    assert effects(decide(years=5, honoured=True))["R-E5a"] == NOT_MET


def test_both_failures_are_told_at_once(decide: Decide) -> None:
    rows = decide(years=5, rank="初级")
    assert [row["reason"] for row in rows] == [
        "教龄满5年，不足6年",
        "教师专业技术职称为初级，未达到中级",
    ]


def test_every_row_names_a_rule_and_its_clause(decide: Decide) -> None:
    rows = decide(years=5, rank="无", honoured=True) + decide()
    assert all(NORMS[row["rule"]].clause == row["clause"] for row in rows)


def eligible(feel: FeelPool, rows: Sequence[Row], now: datetime) -> Json:
    """What the gateway behind the table makes of its rows: the condition is the diagram's own."""
    (line,) = [line for line in BPMN.read_text("utf-8").splitlines() if "list contains(" in line]
    condition = line.partition(">=")[2].partition("<")[0]
    return feel.evaluate(
        [Expression(condition)], {"conditions": [dict(row) for row in rows]}, now=now
    )[0]


@pytest.mark.parametrize(
    ("years", "rank", "granted"),
    [(6, "中级", True), (5, "中级", False), (6, "初级", False), (6, "无", False), (5, "无", False)],
)
def test_the_gateway_lets_through_who_meets_both(
    feel: FeelPool, decide: Decide, now: datetime, years: int, rank: str, granted: bool
) -> None:
    assert eligible(feel, decide(years=years, rank=rank), now) is granted


@pytest.mark.parametrize(("years", "rank"), [(None, "中级"), (6, None)])
def test_what_the_table_cannot_answer_is_not_granted(
    feel: FeelPool, decide: Decide, now: datetime, years: Json, rank: Json
) -> None:
    assert eligible(feel, decide(years=years, rank=rank), now) is False


def test_no_rows_grant_nothing(feel: FeelPool, now: datetime) -> None:
    assert eligible(feel, [], now) is False
