"""Who of the setters' bank may work on a paper: declarations are facts, this is what follows."""

from dataclasses import replace
from datetime import date

import pytest

from processes.registers.bank import norms
from processes.registers.bank.rules import Declared, declaration_year, exclusions
from processes.registers.norms import Certainty
from processes.registers.settings import SettingValues, defaults

TODAY = date(2026, 11, 23)
FIT = Declared(
    begins_on=date(2025, 9, 1), ends_on=date(2027, 8, 31), declared_year=2026,
    seats=("初中数学",), agreement_no="保密1号",
)  # fmt: skip
PAPER = {"grade": "九年级", "seat": "初中数学"}


def why(person: Declared, day: date = TODAY, **values: str) -> list[str]:
    settings = SettingValues(day, {key.replace("_", "-"): text for key, text in values.items()})
    return [one.norm.id for one in exclusions(person, day, settings, **PAPER)]


def test_whoever_has_declared_nothing_against_it_may() -> None:
    assert why(FIT) == []


@pytest.mark.parametrize(
    ("change", "norm"),
    [
        ({"test_prep": True}, "B-PREP"),
        ({"tutoring": True}, "B-PREP"),
        ({"relative_sits": ("九年级",)}, "B-KIN"),
        ({"teaches": ("九年级数学",)}, "B-TEACH"),
        ({"declared_year": 2025}, "B-DECLARE"),
        ({"declared_year": None}, "B-DECLARE"),
        ({"agreement_no": ""}, "B-SECRET"),
        ({"seats": ("小学数学",)}, "B-TERM"),
        ({"ends_on": date(2026, 11, 22)}, "B-TERM"),
    ],
)
def test_each_fact_keeps_out_by_its_rule(change: dict[str, object], norm: str) -> None:
    assert why(replace(FIT, **change)) == [norm]  # type: ignore[arg-type]


@pytest.mark.parametrize("other", [("八年级数学",), ("九年级语文",)])
def test_who_teaches_something_else_may(other: tuple[str, ...]) -> None:
    assert why(replace(FIT, teaches=other)) == []


def test_a_relative_in_another_grade_does_not_matter() -> None:
    assert why(replace(FIT, relative_sits=("八年级",))) == []


def test_teaching_the_grade_is_a_setting() -> None:
    assert why(replace(FIT, teaches=("九年级数学",)), exclude_teaching="否") == []


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_a_school_year_begins_in_september(day: date, year: int) -> None:
    assert declaration_year(day, defaults(day)) == year
    calendar = SettingValues(day, {"declaration-year": "自然年"})
    assert declaration_year(day, calendar) == day.year


def test_every_open_rule_has_a_setting() -> None:
    unsure = {Certainty.PROPOSED, Certainty.UNCERTAIN}
    open_rules = {one.id for one in norms.NORMS.values() if one.certainty in unsure}
    assert open_rules <= {one.norm.id for one in norms.SETTINGS}
