"""What the forms of 准入 refuse before anything is submitted, and what they only warn of."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from processes.registers.titles import TITLES, Rank
from service.domain.values import Json
from service.feel import Expression, FeelPool
from tests.processes.builders import (
    ORIGINALS,
    application,
    components,
    office_check,
    period,
    schema,
)

Refused = Callable[..., dict[str, list[str]]]


@pytest.fixture
def refused(feel: FeelPool, now: datetime) -> Refused:
    def run(
        form: str, data: dict[str, Json], outcome: str | None = None, **kept: Json
    ) -> dict[str, list[str]]:
        result = feel.validate_form(schema(form), data, kept, now=now, outcome=outcome)
        return {path: list(messages) for path, messages in result.errors.items()}

    return run


LASTS_TOO_LONG = period("2016-02-01", "2099-02-01")
AT_TWO_SCHOOLS: Json = [period("2016-02-01"), period("2018-02-01", school="另一小学")]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"teaching_periods": [period("2099-02-01")]}, "teaching_periods[0].starts_on"),
        (
            {"teaching_periods": [period("2010-02-01", "2015-01-31"), LASTS_TOO_LONG]},
            "teaching_periods[1].ends_on",
        ),
        ({"teaching_periods": [period("2016-02-01", "2010-01-31")]}, "teaching_periods[0].ends_on"),
        ({"teaching_periods": AT_TWO_SCHOOLS}, "overlap_reason"),
        ({"born_on": "2000-02-02", "teaching_periods": [period("2016-02-01")]}, "born_on"),
    ],
)
def test_what_the_application_s_form_can_see_is_refused_at_its_field(
    refused: Refused, changes: dict[str, Json], path: str
) -> None:
    assert list(refused("admission_application", application(**changes))) == [path]


@pytest.mark.parametrize(
    "changes",
    [
        {"teaching_periods": AT_TWO_SCHOOLS, "overlap_reason": "两校兼课"},
        {"born_on": "2000-02-01", "teaching_periods": [period("2016-02-01")]},
        {"title": "小学一级教师"},
        {"title": "没有职称", "evidence_title": None, "title_appointed": None},
    ],
)
def test_what_may_be_is_taken(refused: Refused, changes: dict[str, Json]) -> None:
    assert refused("admission_application", application(**changes)) == {}


def shown(feel: FeelPool, now: datetime, title: str) -> Iterator[str]:
    for component in components(schema("admission_application")):
        if str(component["id"]) in ("title_junior", "title_none"):
            conditional = component["conditional"]
            assert isinstance(conditional, dict)
            hide = Expression(str(conditional["hide"]).removeprefix("="))
            if feel.evaluate([hide], {"title": title}, now=now) == [False]:
                yield str(component["id"])


@pytest.mark.parametrize("name", TITLES)
def test_a_title_below_the_middle_rank_is_warned_of_by_the_table(
    feel: FeelPool, now: datetime, name: str
) -> None:
    said = {Rank.JUNIOR: ["title_junior"], Rank.NONE: ["title_none"]}.get(TITLES[name].rank, [])
    assert list(shown(feel, now, name)) == said


VERIFIED: dict[str, Json] = {
    "verified_periods": [period("2016-02-01")],
    "verified_title": "一级教师",
    "verified_honours": [],
    "assessment": {"problems": [], "notes": []},
    "conditions": [],
    "applied": {"other_teaching": "由人事科逐件认定"},
}


@pytest.mark.parametrize(
    ("changes", "outcome", "path"),
    [
        ({"originals_checked": []}, "approve", "originals_checked"),
        ({"originals_checked": None}, "approve", "originals_checked"),
        ({"verified_periods": AT_TWO_SCHOOLS}, "approve", "overlap_reason"),
        ({"verified_title": "讲师"}, "approve", "series_accepted"),
        ({"verified_periods": [period("2099-02-01")]}, "approve", "verified_periods[0].starts_on"),
        ({}, "reject", "refusal_grounds"),
    ],
)
def test_an_outcome_that_could_not_stand_is_refused_at_once(
    refused: Refused, changes: dict[str, Json], outcome: str, path: str
) -> None:
    kept = application() | VERIFIED
    sent = office_check(**changes)
    assert list(refused("admission_office_check", sent, outcome, **kept)) == [path]
    assert refused("admission_office_check", sent, "supplement", **kept) == {}


def test_every_original_seen_lets_the_office_confirm(refused: Refused) -> None:
    kept = application() | VERIFIED
    sent = office_check(originals_checked=ORIGINALS)
    assert refused("admission_office_check", sent, "approve", **kept) == {}
    none = office_check(
        verified_title="没有职称", originals_checked=["任教证明", "教师资格证", "单位鉴定意见"]
    )
    assert refused("admission_office_check", none, "approve", **kept) == {}


VOTE: dict[str, Json] = {
    "vote_stance": "参加评议", "vote_e2": "符合", "vote_e3": "符合", "vote_e5c": "符合",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "needs"),
    [
        ({}, False),
        ({"vote_e3": "不符合"}, True),
        ({"vote_stance": "申请回避"}, True),
        ({"vote_e3": "不符合", "vote_reason": "  "}, True),
        ({"vote_e3": "不符合", "vote_reason": "教育观念陈旧"}, False),
    ],
)
def test_a_vote_needs_a_reason_only_against_and_for_standing_aside(
    refused: Refused, changes: dict[str, Json], needs: bool
) -> None:
    errors = refused("admission_panel_vote", {**VOTE, **changes}, **application())
    assert list(errors) == (["vote_reason"] if needs else [])
