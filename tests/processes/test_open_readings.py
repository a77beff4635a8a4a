"""What the plan leaves open of admission: set, shown where it applies, kept with the case."""

from datetime import date

import pytest

from processes.admission.application import verified_data
from processes.admission.applied import applied_of, applied_on
from processes.admission.handlers import assess_application
from processes.recruitment import plans
from processes.recruitment.plans import Window
from processes.recruitment.rounds import cutoff_of
from processes.recruitment.tables import Round
from processes.registers import admission_norms as norms
from processes.registers.settings import Setting, SettingValues, defaults
from processes.registers.titles import Rank
from service.domain.values import Json, Variables
from tests.processes.builders import application, office_check
from tests.processes.test_handlers import step

DAY = date(2026, 3, 2)


def set_to(setting: Setting, value: str) -> SettingValues:
    return SettingValues(DAY, {setting.id: value}, revision=1)


def verified(title: str, values: SettingValues, **changes: Json) -> Variables:
    case = application() | office_check() | {"outcome": "approve", "cutoff_date": "2026-03-02"}
    case |= {"applied": applied_on(values).as_json(), "verified_title": title}
    given = assess_application(step(case | changes, headers={"data": "verified"}))["assessment"]
    assert isinstance(given, dict)
    return given


def test_a_title_of_another_series_waits_for_the_office() -> None:
    told = verified("讲师", defaults(DAY))
    assert "R-SERIES" in str(told["problems"])
    assert "series_accepted" in str(told["problems"])


@pytest.mark.parametrize(("said", "rank"), [("认可", Rank.INTERMEDIATE), ("不认可", Rank.NONE)])
def test_the_office_decides_whether_it_counts(said: str, rank: Rank) -> None:
    told = verified("讲师", defaults(DAY), series_accepted=said)
    assert told["problems"] == []
    assert told["title_rank"] == rank.value
    assert f"人事科认定为{said}" in str(told["notes"])


@pytest.mark.parametrize(
    ("value", "rank"), [(norms.ACCEPTED, Rank.ASSOCIATE), (norms.NOT_ACCEPTED, Rank.NONE)]
)
def test_the_bureau_may_decide_it_for_all(value: str, rank: Rank) -> None:
    told = verified("高级讲师", set_to(norms.OTHER_TEACHING, value), series_accepted="认可")
    assert told["problems"] == []
    assert told["title_rank"] == rank.value
    assert f"本局设置为{value}" in str(told["notes"])


def test_titles_of_schools_are_not_asked_about() -> None:
    told = verified("一级教师", set_to(norms.OTHER_TEACHING, norms.NOT_ACCEPTED))
    assert (told["problems"], told["title_rank"]) == ([], "中级")


def test_a_case_keeps_how_it_read_the_law_and_an_older_one_has_the_default() -> None:
    kept = applied_on(set_to(norms.N1_READING, norms.BY_ANALOGY)).as_json()
    assert applied_of({"applied": kept}).n1_reading == "参照"
    assert isinstance(kept, dict)
    before: Json = {key: value for key, value in kept.items() if key != "n1_reading"}
    assert applied_of({"applied": before}).n1_reading == "适用"
    assert applied_of({"applied": before}).version.endswith("/1")


@pytest.mark.parametrize(
    ("value", "day"), [(norms.FIRST_DAY, date(2026, 3, 4)), (norms.POSTING_DAY, DAY)]
)
def test_a_notice_names_the_day_up_to_which_years_count(value: str, day: date) -> None:
    its = Window(date(2026, 3, 4), date(2026, 3, 13))
    assert plans.cutoff(its, DAY, set_to(norms.ROUND_CUTOFF, value)) == day


def test_a_round_keeps_the_day_it_announced() -> None:
    announced = Round(scheme={"cutoff_on": "2026-03-02"}, registration_opens_on=date(2026, 3, 4))
    assert cutoff_of(announced) == "2026-03-02"
    before = Round(scheme={}, registration_opens_on=date(2026, 3, 4))
    assert cutoff_of(before) == "2026-03-04"
    assert cutoff_of(Round(scheme={}, registration_opens_on=None)) is None


def test_what_the_office_verified_has_its_finding() -> None:
    case = application() | office_check() | {"series_accepted": "认可"}
    assert verified_data(case).series_accepted == "认可"
