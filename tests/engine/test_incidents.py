"""What fails holds its own token; everything else goes on."""

import pytest

from service.domain.events import IncidentRaised, IncidentResolved, IncidentType, UserTaskEnded
from service.engine import Engine, NotWaiting
from service.feel import FeelPool, FeelUnavailable
from tests.engine.builders import (
    boundary,
    diagram,
    end,
    flow,
    flows,
    inner,
    mapping,
    message,
    multi,
    on,
    parallel,
    script,
    start,
    user,
)
from tests.engine.conftest import Play, read_model
from tests.engine.player import Player


def leaving() -> bytes:
    """A task whose output mapping needs more than it is given."""
    task = user("check", extensions=mapping(outputs={"total": "=given + lacking", "who": "=by"}))
    return diagram(start(), task, user("after"), end(), flows("start", "check", "after", "end"))


def test_the_brothers_of_a_failed_element_go_on(play: Play) -> None:
    player = play("incident_and_brothers.bpmn", amount=4)

    assert player.stuck == ["broken"]
    assert player.variables["double"] == 8
    assert "sound" in player.done


def test_a_retry_gets_past_the_incident_and_the_join_fires(play: Play) -> None:
    player = play("incident_and_brothers.bpmn", amount=4)
    player.variables["missing"] = 1

    player.retry("broken")

    assert player.stuck == []
    assert player.variables["half"] == 3
    assert player.waiting == ["after"]


def test_a_retry_that_fails_again_tells_it_again_and_resolves_nothing(play: Play) -> None:
    player = play("incident_and_brothers.bpmn", amount=4)
    before = len(player.events)

    player.retry("broken")

    assert [type(event) for event in player.events[before:]] == [IncidentRaised]
    assert player.stuck == ["broken"]


def test_what_is_resolved_is_told_before_what_follows(play: Play) -> None:
    player = play("incident_and_brothers.bpmn", amount=4)
    player.variables["missing"] = 1
    before = len(player.events)

    player.retry("broken")

    kinds = [type(event).__name__ for event in player.events[before:]]
    assert kinds.index("IncidentResolved") < kinds.index("ElementCompleted")


def test_a_submission_is_accepted_though_its_output_mapping_fails(play: Play) -> None:
    player = play(leaving())
    key = player.key_of("check")

    player.complete("check", given=1, by="lin")

    assert UserTaskEnded(key, cancelled=False) in player.events
    assert player.tasks == {}
    assert player.incidents[key].failure.type is IncidentType.IO_MAPPING_ERROR
    assert player.variables == {}, "a mapping that fails writes nothing"


def test_nobody_is_asked_again_after_the_mapping_is_mended(play: Play) -> None:
    player = play(leaving())
    player.complete("check", given=1, by="lin")
    player.variables["lacking"] = 2

    player.retry("check")

    assert player.variables == {"lacking": 2, "total": 3, "who": "lin"}
    assert player.waiting == ["after"]


def test_the_outcome_a_person_chose_is_not_lost_with_the_mapping(play: Play) -> None:
    player = play(leaving())
    player.complete("check", given=1, by="lin", check_outcome="approve")
    player.variables["lacking"] = 2

    player.retry("check")

    assert player.variables["check_outcome"] == "approve"


def test_results_are_not_lost_where_only_what_a_pass_leaves_failed(play: Play) -> None:
    """Without output mappings results go out: also those of a retry."""
    whole = inner(
        "each", "work", more=multi("=[1]", item="i", outputs="all", output="=x + lacking")
    )
    task = user("act", inside=multi("=[1]", item="i", outputs="all", output="=i + lacking"))
    row = flows("start", "each", "act", "end")
    player = play(diagram(start(), whole, task, end(), row), x=1, lacking=1)
    player.complete("work", found=1)
    del player.variables["lacking"]
    player.complete("act", given=7)
    assert player.stuck == ["act"]
    player.variables["lacking"] = 2

    player.retry("act")

    assert player.variables == {"x": 1, "lacking": 2, "found": 1, "all": [3], "given": 7}


def test_what_an_input_mapping_made_is_not_taken_for_a_result(play: Play) -> None:
    task = user("act", extensions=mapping(inputs={"own": "=n"}))
    row = flow("on", "act", "end", "=own > lacking")
    player = play(diagram(start(), task, end(), flows("start", "act"), row), n=1)
    player.complete("act", own=5, given=7)
    assert player.stuck == ["act"]
    player.variables["lacking"] = 2

    player.retry("act")

    assert player.variables == {"n": 1, "lacking": 2, "given": 7}


def test_a_task_held_by_an_incident_cannot_be_completed_again(play: Play) -> None:
    player = play(leaving())
    key = player.key_of("check")
    player.complete("check", given=1, by="lin")

    with pytest.raises(NotWaiting):
        player.resume().complete(key, {"given": 2})


def test_a_failed_input_mapping_is_worked_out_anew_by_a_retry(play: Play) -> None:
    task = user("check", extensions=mapping(inputs={"n": "=n + 1", "m": "=n + lacking"}))
    player = play(diagram(start(), task, end(), flows("start", "check", "end")), n=1)
    [incident] = player.incidents.values()
    assert incident.failure.type is IncidentType.IO_MAPPING_ERROR
    player.variables["lacking"] = 5

    player.retry("check")

    assert player.resume().visible(player.key_of("check")) == {"n": 2, "m": 7, "lacking": 5}


def test_a_failed_assignment_maps_its_inputs_once(play: Play) -> None:
    task = user("check", assignee="=boss", extensions=mapping(inputs={"n": "=n + 1"}))
    player = play(diagram(start(), task, end(), flows("start", "check", "end")), n=1)
    player.variables["boss"] = "lin"

    player.retry("check")

    assert player.resume().visible(player.key_of("check"))["n"] == 2


def test_several_incidents_are_retried_one_by_one(play: Play) -> None:
    player = play(
        diagram(
            start(),
            parallel("split"),
            user("a", assignee="=x"),
            user("b", assignee="=y"),
            end(),
            flows("start", "split", "a", "end"),
            flows("split", "b", "end"),
        )
    )
    assert player.stuck == ["a", "b"]
    player.variables["x"] = "kim"

    player.retry("a")

    assert player.stuck == ["b"]
    assert player.waiting == ["a"]


def test_an_element_without_an_incident_cannot_be_retried(play: Play) -> None:
    player = play("incident_and_brothers.bpmn", amount=4, missing=0)

    with pytest.raises(NotWaiting):
        player.resume().retry(player.key_of("after"))
    assert not any(isinstance(event, IncidentResolved) for event in player.events)


def test_a_busy_feel_is_no_incident_but_an_error_of_the_call() -> None:
    pool = FeelPool()
    pool.close()

    with pytest.raises(FeelUnavailable):
        Player(read_model("incident_and_brothers.bpmn"), pool, amount=4)


def test_a_busy_feel_in_the_middle_leaves_everything_as_it_was(play: Play) -> None:
    """An event came while no helper was free: it can come again."""
    event = boundary("event", "act", on("message", "help"))
    ways = flows("start", "act", "end") + flows("event", "write", "end")
    write = script("write", "=n + 1", result="m")
    source = diagram(start(), user("act"), event, write, end(), ways, declared=message("help"))
    player = play(source, id=1)
    good, state, told = player.engine, player.state, len(player.events)
    pool = FeelPool()
    pool.close()
    player.engine = Engine(pool)
    with pytest.raises(FeelUnavailable):
        player.trigger("event", n=4)
    assert (player.state, len(player.events)) == (state, told)
    assert player.awaited == ["event"]
    player.engine = good

    player.trigger("event", n=4)

    assert player.variables == {"id": 1, "n": 4, "m": 5}
    assert player.ending is not None
