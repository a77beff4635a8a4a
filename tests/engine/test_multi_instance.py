"""Repeated activities: which kinds repeat, over what, and what each item sees and leaves."""

import pytest

from service.domain.events import Failure, IncidentType
from service.domain.values import Json
from service.engine import HandlerDue
from tests.engine.builders import (
    diagram,
    end,
    flows,
    message,
    multi,
    rule,
    script,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.repeated import BOTH, call, job, once_an_item, over_items, receive


def tenfold(due: HandlerDue) -> dict[str, Json]:
    """A handler."""
    item = due.variables["item"]
    assert isinstance(item, int)
    return {"result": item * 10}


@BOTH
def test_user_tasks_repeat_and_the_results_keep_the_order_of_the_items(
    play: Play, sequential: bool
) -> None:
    each = user("each", inside=over_items(sequential=sequential))
    player = play(once_an_item(each), items=["a", "b", "c"])
    assert player.waiting == (["each"] if sequential else ["each"] * 3)

    for number in range(3):
        player.complete("each", result=number)

    assert player.waiting == ["last"]
    assert player.variables == {"items": ["a", "b", "c"], "results": [0, 1, 2]}


def test_the_results_stand_by_their_items_whatever_ends_first(play: Play) -> None:
    player = play(once_an_item(user("each", inside=over_items())), items=["a", "b", "c"])

    for key in sorted(player.tasks, reverse=True):
        execution = player.resume()
        execution.complete(key, {"result": execution.visible(key)["item"]})
        player.play(execution)

    assert player.variables["results"] == ["a", "b", "c"]


@BOTH
def test_service_tasks_repeat_with_a_handler_that_answers_at_once(
    play: Play, sequential: bool
) -> None:
    each = job("each", inside=over_items(sequential=sequential))

    player = play(once_an_item(each), work=tenfold, items=[1, 2, 3])

    assert player.waiting == ["last"]
    assert player.variables["results"] == [10, 20, 30]


@BOTH
def test_service_tasks_repeat_with_jobs(play: Play, sequential: bool) -> None:
    each = job("each", inside=over_items(sequential=sequential))
    player = play(once_an_item(each), items=[1, 2])

    player.complete("each", result="x")
    player.complete("each", result="y")

    assert player.variables["results"] == ["x", "y"]


@BOTH
def test_the_retry_of_one_item_does_not_redo_the_others(play: Play, sequential: bool) -> None:
    handled: list[int] = []

    def work(due: HandlerDue) -> dict[str, Json] | Failure:
        item = due.variables["item"]
        assert isinstance(item, int)
        handled.append(item)
        if item == 2 and handled.count(2) == 1:
            return Failure(IncidentType.JOB_NO_RETRIES, "不通")
        return tenfold(due)

    each = job("each", inside=over_items(sequential=sequential))
    player = play(once_an_item(each), work=work, items=[1, 2, 3])
    assert player.stuck == ["each"]

    player.retry("each")

    assert player.variables["results"] == [10, 20, 30]
    assert sorted(handled) == [1, 2, 2, 3]


@BOTH
def test_scripts_and_decisions_repeat(play: Play, sequential: bool) -> None:
    loop = over_items(sequential=sequential)
    scripted = script("a", "=item + 1").replace("</bpmn:scriptTask>", f"{loop}</bpmn:scriptTask>")
    asked = rule("b", "D").replace("</bpmn:businessRuleTask>", f"{loop}</bpmn:businessRuleTask>")
    source = diagram(
        start(), scripted, user("between"), asked, end(), flows("start", "a", "between", "b", "end")
    )
    player = play(source, items=[1, 2])
    assert player.variables["results"] == [2, 3]

    player.complete("between")

    assert player.variables["results"] == ["D", "D"]


@BOTH
def test_receive_tasks_repeat_each_with_its_own_correlation_key(
    play: Play, sequential: bool
) -> None:
    loop = over_items(sequential=sequential)
    each = receive("each", "answer", inside=loop)
    player = play(once_an_item(each, declared=message("answer", "=item")), items=["a", "b"])
    keys = [one.correlation_key for one in player.subscriptions.values()]
    assert keys == (["a"] if sequential else ["a", "b"])

    player.trigger("each", result=1)
    player.trigger("each", result=2)

    assert player.variables["results"] == [1, 2]


@BOTH
def test_subprocesses_repeat_with_joins_of_their_own(play: Play, sequential: bool) -> None:
    loop = over_items(sequential=sequential)
    inside = [
        start("s"),
        '<bpmn:parallelGateway id="split" /><bpmn:parallelGateway id="join" />',
        user("a"),
        user("b"),
        script("sum", "=item"),
        end("e"),
        flows("s", "split", "a", "join", "sum", "e"),
        flows("split", "b", "join"),
    ]
    player = play(once_an_item(sub("each", *inside, loop)), items=[1, 2])

    while player.waiting != ["last"]:
        player.complete(player.waiting[0])

    assert player.variables["results"] == [1, 2]
    assert player.done.count("join") == 2


@BOTH
def test_call_activities_repeat(play: Play, sequential: bool) -> None:
    loop = over_items(sequential=sequential)
    player = play(once_an_item(call("each", inside=loop)), items=[1, 2])
    assert [one.variables["item"] for one in player.calls.values()][:1] == [1]

    player.complete("each", result="x")
    player.complete("each", result="y")

    assert player.variables["results"] == ["x", "y"]


@BOTH
def test_tasks_that_wait_for_nothing_repeat(play: Play, sequential: bool) -> None:
    each = f'<bpmn:manualTask id="each">{multi(times="3", sequential=sequential)}</bpmn:manualTask>'

    player = play(once_an_item(each))

    assert player.done.count("each") == 4


@BOTH
@pytest.mark.parametrize("written", ["2", "=2", "=n", "=1 + 1", '="2"'])
def test_a_cardinality_says_how_often(play: Play, written: str, sequential: bool) -> None:
    each = user("each", inside=multi(times=written, sequential=sequential))
    player = play(once_an_item(each), n=2)

    player.complete("each")
    player.complete("each")

    assert player.waiting == ["last"]


@pytest.mark.parametrize("written", ["0", "=n", "=count([])"])
def test_nothing_is_done_no_times(play: Play, written: str) -> None:
    player = play(once_an_item(user("each", inside=multi(times=written))), n=0)

    assert player.waiting == ["last"]


@pytest.mark.parametrize(
    "written",
    ["=-1", "=1.5", "=null", '="many"', "=true", "=[1]", "often", "9" * 5_000, "=missing"],
)
def test_a_cardinality_that_is_no_number_is_an_incident(play: Play, written: str) -> None:
    player = play(once_an_item(user("each", inside=multi(times=written))))

    assert player.stuck == ["each"]
    assert player.waiting == []


@BOTH
def test_an_empty_collection_is_passed_by_with_an_empty_result(
    play: Play, sequential: bool
) -> None:
    each = user("each", inside=over_items(sequential=sequential))

    player = play(once_an_item(each), items=[])

    assert player.waiting == ["last"]
    assert player.variables["results"] == []


@pytest.mark.parametrize("items", [None, 5, "text", {"a": 1}, True])
def test_a_collection_that_is_no_list_is_an_incident(play: Play, items: Json) -> None:
    player = play(once_an_item(user("each", inside=over_items())), items=items)
    assert player.stuck == ["each"]

    player.set(items=["a"])
    player.retry("each")

    assert player.waiting == ["each"]
    assert player.stuck == []


@BOTH
def test_a_collection_may_hold_nulls_and_anything_else(play: Play, sequential: bool) -> None:
    items: list[Json] = [None, {"a": [1]}, [], "", False]
    loop = multi("=items", item="item", outputs="out", output="=item", sequential=sequential)

    player = play(once_an_item(user("each", inside=loop)), items=items)
    for _ in items:
        player.complete("each")

    assert player.variables["out"] == items


def test_a_collection_that_shrinks_in_sequence_is_an_incident_until_it_is_whole(
    play: Play,
) -> None:
    loop = multi("=items", item="item", sequential=True)
    player = play(once_an_item(user("each", inside=loop)), items=["a", "b", "c"])
    player.set(items=["a"])
    player.complete("each")
    assert player.stuck == ["each"]
    assert player.waiting == []

    player.set(items=["a", "b", "c"])
    player.retry("each")
    player.complete("each")
    player.complete("each")

    assert player.waiting == ["last"]
