"""When repeated activities are over: conditions and counters, items that end early, borders."""

import pytest

from service.domain.events import Failure, IncidentType
from service.domain.values import Json
from service.engine import HandlerDue
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    end,
    flows,
    mapping,
    message,
    multi,
    on,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import Player
from tests.engine.repeated import BOTH, call, end_by, job, once_an_item, over_items


def votes(until: str, *, sequential: bool = False) -> bytes:
    """A vote: each user task answers `yes`."""
    loop = multi(
        "=items", item="item", outputs="results", output="=yes", until=until, sequential=sequential
    )
    return once_an_item(user("each", inside=loop))


def test_a_vote_by_ratio_ends_the_others(play: Play) -> None:
    player = play(votes("=numberOfCompletedInstances / numberOfInstances >= 0.5"), items=[1] * 4)

    player.complete("each", yes=True)
    assert player.waiting == ["each"] * 3
    player.complete("each", yes=False)

    assert player.waiting == ["last"]
    assert player.terminated == ["each", "each"]
    assert player.variables["results"] == [True, False, None, None]


def test_a_vote_is_over_after_the_last_when_the_condition_is_never_met(play: Play) -> None:
    player = play(votes("=numberOfCompletedInstances > 5"), items=[1, 2])

    player.complete("each")
    player.complete("each")

    assert player.waiting == ["last"]
    assert player.terminated == []


def test_the_condition_can_be_met_by_the_last(play: Play) -> None:
    player = play(votes("=numberOfActiveInstances = 0"), items=[1, 2])

    player.complete("each")
    player.complete("each")

    assert player.waiting == ["last"]
    assert player.done.count("each") == 3


@pytest.mark.parametrize(
    ("sequential", "told"),
    [
        (False, [[3, 2, 1, 0, 1], [3, 1, 2, 0, 2], [3, 0, 3, 0, 3]]),
        (True, [[1, 0, 1, 0, 1], [2, 0, 2, 0, 2], [3, 0, 3, 0, 3]]),
    ],
)
def test_the_counters_are_those_of_the_standard(
    play: Play, sequential: bool, told: list[list[int]]
) -> None:
    """A condition of text fails, and the message would not show it: each is asked for by value."""
    for number, counters in enumerate(told):
        names = ("Instances", "ActiveInstances", "CompletedInstances", "TerminatedInstances")
        asked = [f"numberOf{n} = {v}" for n, v in zip(names, counters, strict=False)]
        until = " and ".join([*asked, f"loopCounter = {counters[-1]}"])
        player = play(votes(f"={until}", sequential=sequential), items=[1, 2, 3])

        for _ in range(number + 1):
            assert "each" in player.waiting
            player.complete("each")

        assert player.waiting == ["last"]
        assert player.stuck == []


@BOTH
def test_the_condition_sees_the_item_its_result_and_the_results_so_far(
    play: Play, sequential: bool
) -> None:
    until = '=item = "b" and not(yes) and count(results[item != null]) = 2'
    player = play(votes(until, sequential=sequential), items=["a", "b", "c"])

    player.complete("each", yes=True)
    player.complete("each", yes=False)

    assert player.waiting == ["last"]


def test_one_veto_ends_the_vote(play: Play) -> None:
    loop = multi("=items", item="item", until='=each_outcome = "veto"')
    player = play(once_an_item(user("each", inside=loop)), items=[1, 2, 3])

    player.complete("each", each_outcome="agree")
    player.complete("each", each_outcome="veto")

    assert player.waiting == ["last"]


@BOTH
@pytest.mark.parametrize("until", ["=missing > 1", "=1", "=null", "text"])
def test_a_condition_that_fails_is_an_incident_and_a_retry_asks_it_alone(
    play: Play, until: str, sequential: bool
) -> None:
    player = play(votes(until, sequential=sequential), items=[1, 2])
    player.complete("each", yes=True)
    assert player.stuck == ["each"]
    assert player.variables.get("yes") is None, "the variable of the output element is the pass's"

    player.set(missing=2)
    player.retry("each")

    assert (player.waiting == ["last"]) == ("missing" in until)
    assert [True, None] in [scope.get("results") for scope in player.scopes.values()]


def test_others_can_end_the_vote_while_one_is_stuck(play: Play) -> None:
    player = play(votes("=item > limit"), items=[1, 2])
    player.complete("each")
    assert player.stuck == ["each"]

    player.set(limit=1)
    player.complete("each")

    assert player.waiting == ["last"]
    assert player.incidents == {}


@BOTH
def test_without_one_item_the_rest_goes_on(play: Play, sequential: bool) -> None:
    """Stock: removing one item hangs the whole activity."""
    each = user("each", inside=over_items(sequential=sequential))
    player = play(once_an_item(each), items=["a", "b", "c"])

    execution = player.resume()
    execution.terminate(min(player.tasks))
    player.play(execution)
    player.complete("each", result=2)
    player.complete("each", result=3)

    assert player.waiting == ["last"]
    assert player.variables["results"] == [None, 2, 3]


def test_an_item_that_was_ended_counts_as_terminated(play: Play) -> None:
    player = play(votes("=numberOfTerminatedInstances = 1"), items=[1, 2, 3])
    player.complete("each")
    assert player.waiting == ["each", "each"]

    execution = player.resume()
    execution.terminate(min(player.tasks))
    player.play(execution)
    assert player.waiting == ["each"]
    player.complete("each")

    assert player.waiting == ["last"]


def test_an_activity_all_of_whose_items_were_ended_is_over(play: Play) -> None:
    player = play(votes("=false"), items=[1, 2])

    for _ in range(2):
        execution = player.resume()
        execution.terminate(min(player.tasks))
        player.play(execution)

    assert player.waiting == ["last"]


def with_border(each: str, event: str, **more: str) -> bytes:
    """The repeated activity `each` with an event at its border that leads to `late`."""
    return diagram(
        start(),
        each,
        event,
        user("late"),
        user("last"),
        end(),
        flows("start", "each", "last", "end"),
        flows("border", "late", "end"),
        **more,
    )


@BOTH
def test_an_event_at_the_border_ends_all_items_and_keeps_no_part_of_the_results(
    play: Play, sequential: bool
) -> None:
    each = user("each", inside=over_items(sequential=sequential))
    source = with_border(
        each, boundary("border", "each", on("message", "stop")), declared=message("stop", "=id")
    )
    player = play(source, items=[1, 2, 3], id="x")
    player.complete("each", result=1)

    player.trigger("border")

    assert player.waiting == ["late"]
    assert "results" not in player.variables


def test_an_event_that_interrupts_nothing_leaves_the_items(play: Play) -> None:
    each = user("each", inside=over_items())
    event = boundary("border", "each", on("message", "ping"), interrupting=False)
    player = play(with_border(each, event, declared=message("ping", "=id")), items=[1, 2], id="x")

    player.trigger("border")
    player.trigger("border")

    assert player.waiting == ["each", "each", "late", "late"]


def test_a_timer_stands_once_for_all_items(play: Play) -> None:
    each = user("each", inside=over_items())
    player = play(
        with_border(each, boundary("border", "each", on("timeDuration", "P1D"))), items=[1, 2]
    )
    assert player.awaited == ["border"]

    player.trigger("border")

    assert player.waiting == ["late"]


@BOTH
def test_an_error_in_one_item_ends_all(play: Play, sequential: bool) -> None:
    each = job("each", inside=over_items(sequential=sequential))
    event = boundary("border", "each", on("error", "E"))
    player = play(with_border(each, event, declared=declare("error", "E")), items=[1, 2, 3])

    player.throw_error("each", "E")

    assert player.waiting == ["late"]
    assert player.jobs == {}


def test_an_error_end_in_one_subprocess_ends_the_others(play: Play) -> None:
    """Stock: interrupting a repeated subprocess breaks the instance."""
    box = sub(
        "each",
        start("s"),
        user("u"),
        end_by("e", on("error", "E")),
        flows("s", "u", "e"),
        over_items(),
    )
    event = boundary("border", "each", on("error", "E"))
    player = play(with_border(box, event, declared=declare("error", "E")), items=[1, 2, 3])

    player.complete("u")

    assert player.waiting == ["late"]
    assert player.terminated.count("u") == 2


def test_an_error_that_nobody_catches_holds_its_item_alone(play: Play) -> None:
    player = play(once_an_item(job("each", inside=over_items())), items=[1, 2])
    player.throw_error("each", "E")
    assert player.stuck == ["each"]

    player.complete("each", result=2)
    player.retry("each")
    player.complete("each", result=1)

    assert player.variables["results"] == [1, 2]


def test_an_item_may_fail_before_it_is_begun_while_others_wait(play: Play) -> None:
    each = user("each", assignee="=item.boss", inside=multi("=items", item="item"))

    player = play(once_an_item(each), items=[{"boss": "lin"}, {"boss": 5}, {"boss": "he"}])

    assert player.waiting == ["each", "each"]
    assert player.stuck == ["each"]


def test_a_failing_handler_holds_its_item_and_the_rest_waits_for_it(play: Play) -> None:
    def work(due: HandlerDue) -> dict[str, Json] | Failure:
        if due.variables["item"] == 2:
            return Failure(IncidentType.JOB_NO_RETRIES, "不通")
        return {"result": due.variables["item"]}

    player = play(once_an_item(job("each", inside=over_items())), work=work, items=[1, 2, 3])

    assert player.stuck == ["each"]
    assert player.waiting == []


def test_calls_end_with_the_vote(play: Play) -> None:
    loop = multi("=items", item="item", until="=numberOfCompletedInstances = 1")
    player = play(once_an_item(call("each", inside=loop)), items=[1, 2, 3])

    player.complete("each")

    assert player.waiting == ["last"]
    assert player.calls == {}


def inner_stop(play: Play) -> Player:
    """A repeated subprocess with an event subprocess of its own."""
    handler = sub(
        "handler",
        f'<bpmn:startEvent id="h">{on("message", "stop")}</bpmn:startEvent>',
        end("he"),
        flows("h", "he"),
        triggeredByEvent="true",
    )
    loop = multi("=items", item="item", outputs="results", output="=item")
    box = sub("each", start("s"), user("u"), end("e"), flows("s", "u", "e"), handler, loop)
    return play(once_an_item(box, declared=message("stop", "=item")), items=["a", "b"])


def test_an_event_subprocess_ends_its_item_only(play: Play) -> None:
    player = inner_stop(play)

    player.trigger("h")
    assert player.waiting == ["u"]
    player.complete("u")

    assert player.waiting == ["last"]
    assert player.variables["results"] == ["a", "b"]


def test_input_mappings_of_the_item_are_not_seen_at_the_border(play: Play) -> None:
    local = mapping(inputs={"secret": "=item"})
    each = user("each", extensions=local, inside=over_items())
    player = play(
        with_border(each, boundary("border", "each", on("timeDuration", "P1D"))), items=[1]
    )

    player.trigger("border")

    assert player.resume().visible(player.key_of("late")) == {"items": [1]}
