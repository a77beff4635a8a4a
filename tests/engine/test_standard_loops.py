"""The standard loop: before or after each pass, at most so often, again after an incident."""

import pytest

from service.domain.values import Json
from service.engine import HandlerDue
from service.engine.run import STEP_LIMIT
from tests.engine.builders import (
    boundary,
    diagram,
    end,
    flows,
    multi,
    on,
    script,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.repeated import job, once_an_item, standard_loop


def test_a_loop_goes_round_while_its_condition_is_true(play: Play) -> None:
    player = play(once_an_item(user("each", inside=standard_loop("=again"))))

    player.complete("each", again=True)
    player.complete("each", again=True)
    assert player.waiting == ["each"]
    player.complete("each", again=False)

    assert player.waiting == ["last"]
    assert player.done.count("each") == 4


def test_a_loop_asked_after_each_pass_runs_once_at_least(play: Play) -> None:
    player = play(once_an_item(user("each", inside=standard_loop("=again"))), again=False)
    assert player.waiting == ["each"]

    player.complete("each")

    assert player.waiting == ["last"]


def test_a_loop_asked_before_may_not_run_at_all(play: Play) -> None:
    loop = standard_loop("=again", before=True)

    player = play(once_an_item(user("each", inside=loop)), again=False)

    assert player.waiting == ["last"]


@pytest.mark.parametrize("before", [True, False])
def test_a_loop_ends_at_its_maximum(play: Play, before: bool) -> None:
    player = play(once_an_item(user("each", inside=standard_loop(before=before, most="3"))))

    for _ in range(3):
        assert player.waiting == ["each"]
        player.complete("each")

    assert player.waiting == ["last"]


def test_the_condition_may_end_it_before_the_maximum(play: Play) -> None:
    loop = standard_loop("=loopCounter < 2", most="10")
    player = play(once_an_item(user("each", inside=loop)))

    player.complete("each")
    player.complete("each")

    assert player.waiting == ["last"]


def test_each_pass_knows_its_number(play: Play) -> None:
    player = play(once_an_item(user("each", inside=standard_loop(most="3"))))

    player.complete("each")

    assert player.resume().visible(player.key_of("each"))["loopCounter"] == 2


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("wrong", [5, None, "yes"])
def test_a_condition_that_fails_is_an_incident_until_it_is_mended(
    play: Play, before: bool, wrong: Json
) -> None:
    loop = standard_loop("=again", before=before)
    player = play(once_an_item(user("each", inside=loop)), again=wrong)
    if not before:
        player.complete("each")
    assert player.stuck == ["each"]
    assert player.waiting == []

    player.retry("each")
    assert player.stuck == ["each"]
    player.set(again=True)
    player.retry("each")

    assert player.waiting == ["each"]
    player.complete("each", again=False)
    assert player.waiting == ["last"]


def test_a_pass_that_is_ended_from_outside_is_followed_by_the_next(play: Play) -> None:
    player = play(once_an_item(user("each", inside=standard_loop(most="2"))))

    execution = player.resume()
    execution.terminate(min(player.tasks))
    player.play(execution)
    assert player.waiting == ["each"]
    player.complete("each")

    assert player.waiting == ["last"]


def test_a_loop_of_a_subprocess_within_items(play: Play) -> None:
    turning = sub(
        "turn",
        start("t"),
        user("u"),
        end("te"),
        flows("t", "u", "te"),
        standard_loop("=loopCounter < item"),
    )
    box = sub(
        "each",
        start("s"),
        turning,
        end("e"),
        flows("s", "turn", "e"),
        multi("=items", item="item", sequential=True),
    )
    player = play(once_an_item(box), items=[2, 1])

    for _ in range(3):
        player.complete("u")

    assert player.waiting == ["last"]
    assert player.done.count("turn") == 3 + 2


def test_an_event_at_the_border_ends_the_loop(play: Play) -> None:
    source = diagram(
        start(),
        user("each", inside=standard_loop()),
        boundary("border", "each", on("timeDuration", "P1D")),
        user("late"),
        end(),
        flows("start", "each", "end"),
        flows("border", "late", "end"),
    )
    player = play(source)
    player.complete("each")

    player.trigger("border")

    assert player.waiting == ["late"]


def test_a_loop_without_a_maximum_that_never_waits_is_an_incident(play: Play) -> None:
    """It is not carried on from pause to pause for ever."""
    each = f'<bpmn:task id="each">{standard_loop()}</bpmn:task>'

    player = play(once_an_item(each))

    assert player.stuck == ["each"]
    assert player.pauses == []
    assert player.done.count("each") <= STEP_LIMIT


def test_a_long_loop_with_a_maximum_is_done_in_chunks(play: Play) -> None:
    counted = script("each", "=n + 1", result="n").replace(
        "</bpmn:scriptTask>", f"{standard_loop(most='3000')}</bpmn:scriptTask>"
    )
    player = play(once_an_item(counted), n=0)

    while player.pauses:
        player.go_on()

    assert player.waiting == ["last"]
    assert player.variables["n"] == 3_000


def test_work_in_a_loop_is_handed_out_pass_by_pass(play: Play) -> None:
    def work(due: HandlerDue) -> dict[str, Json]:
        return {"seen": due.variables["loopCounter"]}

    player = play(once_an_item(job("each", inside=standard_loop(most="4"))), work=work)

    assert player.variables == {"seen": 4}
