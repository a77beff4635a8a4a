"""A reviewer who keeps out while the panel votes: the office names another at once."""

from collections.abc import Iterator

import pytest

from service.domain.errors import FieldsInvalid
from service.domain.values import Json
from service.jobs.runner import JobRunner
from service.settings import Settings
from tests.fixtures_store import migrated_url
from tests.processes.desk import Desk
from tests.processes.reviewing import (
    PANEL,
    REVIEWERS,
    counted,
    prove,
    replace,
    seat,
    task_at,
    tie,
    vote,
    voters,
    words,
)
from tests.processes.stages import Stages


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of SQLite alone: what another database could change is in `test_admission_review`."""
    yield from migrated_url(request, "sqlite")


@pytest.fixture
def case(desk: Desk, settings: Settings, stages: Stages) -> int:
    """A case that waits for E1 and E4."""

    def walk() -> int:
        key = desk.apply().instance_key
        desk.check(key)
        return key

    return stages.reach("evidence", desk, settings.data_dir / "files", walk)


def replaced(desk: Desk, key: int) -> tuple[Json, Json, Json]:
    """Who keeps out, why, and whether their place must be filled; of the one place that waits."""
    (value,) = desk.within(key, "replaced")
    assert isinstance(value, dict)
    return value["name"], value["reason"], value["needed"]


def run_jobs(desk: Desk) -> None:
    JobRunner(desk.rooms, owner="worker-1").run_due()


def test_who_asks_to_keep_out_is_replaced_at_once_while_the_others_judge(
    desk: Desk, case: int
) -> None:
    # given a panel of which one asks to keep out before the others have judged
    prove(desk, case)
    seat(desk, case)
    aside: dict[str, Json] = {"vote_stance": "申请回避", "vote_reason": "是申请人的师父"}
    vote(desk, case, REVIEWERS[2], **aside)
    # then the office is to name another, and the others have their tasks
    assert voters(desk, case) == {*PANEL[:2]}
    assert replaced(desk, case) == ("教研员03", "本人申请回避：是申请人的师父", True)
    vote(desk, case, REVIEWERS[0])
    replace(desk, case, "researcher04")
    assert voters(desk, case) == {PANEL[1], "researcher04"}
    vote(desk, case, REVIEWERS[1])
    vote(desk, case, REVIEWERS[3])
    assert (counted(desk, case)["outcome"], counted(desk, case)["counted"]) == ("passed", 3)
    task_at(desk, case, "compulsory_check")
    (change,) = words(desk, case, "panel_changes")
    assert isinstance(change, dict)
    assert (change["name"], change["came"]) == ("教研员03", "教研员04")


def test_a_place_may_stay_empty_only_while_enough_are_left(desk: Desk, case: int) -> None:
    # given a panel of four, of which one after the other asks to keep out
    prove(desk, case)
    seat(desk, case, [*PANEL, "researcher04"])
    aside: dict[str, Json] = {"vote_stance": "申请回避", "vote_reason": "师徒关系"}
    vote(desk, case, REVIEWERS[3], **aside)
    assert replaced(desk, case)[2] is False
    replace(desk, case, None)
    vote(desk, case, REVIEWERS[2], **aside)
    # when the office would go on with two
    replace(desk, case, None)
    # then it is told why not, with the rule, and the place waits for somebody
    told = str([value for value in desk.within(case, "replacement_problems") if value])
    assert "至少3人" in told
    assert "R-PANEL" in told
    replace(desk, case, "researcher05")
    for reviewer in (REVIEWERS[0], REVIEWERS[1], REVIEWERS[4]):
        vote(desk, case, reviewer)
    assert counted(desk, case)["counted"] == 3


def test_a_cousin_and_who_sits_already_cannot_take_a_place(desk: Desk, case: int) -> None:
    prove(desk, case)
    seat(desk, case)
    tie(desk, "researcher04")
    vote(desk, case, REVIEWERS[2], vote_stance="申请回避", vote_reason="师徒关系")
    for username in (PANEL[0], PANEL[2], "researcher04"):
        with pytest.raises(FieldsInvalid):
            replace(desk, case, username)
    assert voters(desk, case) == {*PANEL[:2]}


def test_two_places_at_once_are_not_given_to_the_same_person(desk: Desk, case: int) -> None:
    # given two who ask to keep out, each with a place to be filled
    prove(desk, case)
    seat(desk, case)
    for reviewer in REVIEWERS[1:3]:
        vote(desk, case, reviewer, vote_stance="申请回避", vote_reason="师徒关系")
    # when one is proposed for both
    replace(desk, case, "researcher04")
    replace(desk, case, "researcher04")
    # then the second place still waits, and is given to another
    assert voters(desk, case) == {PANEL[0], "researcher04"}
    replace(desk, case, "researcher05")
    for reviewer in (REVIEWERS[0], *REVIEWERS[3:5]):
        vote(desk, case, reviewer)
    assert counted(desk, case)["counted"] == 3
    assert len(words(desk, case, "panel_changes")) == 2


def test_a_tie_found_during_the_vote_brings_the_office_a_place_to_fill_at_once(
    desk: Desk, case: int
) -> None:
    # given three who judge, of whom one is found to be a cousin of the applicant
    prove(desk, case)
    seat(desk, case)
    vote(desk, case, REVIEWERS[0])
    tie(desk, "researcher02")
    # then that day, not at the end of the term, the office is to name another
    run_jobs(desk)
    assert voters(desk, case) == {"researcher03"}
    name, reason, needed = replaced(desk, case)
    assert (name, needed) == ("教研员02", True)
    assert "三代以内旁系血亲" in str(reason)
    replace(desk, case, "researcher05")
    assert voters(desk, case) == {"researcher03", "researcher05"}
    # and the panel goes on with the votes that it had
    vote(desk, case, REVIEWERS[2])
    vote(desk, case, REVIEWERS[4])
    assert (counted(desk, case)["outcome"], counted(desk, case)["counted"]) == ("passed", 3)


def test_who_does_not_vote_within_the_term_is_not_waited_for(desk: Desk, case: int) -> None:
    # given Monday the 2nd of March 2026: ten working days end on the 16th
    prove(desk, case)
    seat(desk, case)
    vote(desk, case, REVIEWERS[0])
    vote(desk, case, REVIEWERS[1], vote_stance="申请回避", vote_reason="师徒关系")
    (open_vote,) = [one for one in desk.open_tasks(case) if one.element_id == "panel_vote"]
    assert open_vote.due_at is not None
    assert open_vote.due_at.date().isoformat() == "2026-03-16"
    desk.clock.pass_days(15)
    run_jobs(desk)
    # then one vote counts, and the panel is filled up anew
    task_at(desk, case, "choose_panel")
    assert counted(desk, case)["counted"] == 1
