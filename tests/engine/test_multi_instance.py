"""Repeated activities: which kinds repeat, over what, and what each item sees and leaves."""

import time

import pytest

from service.domain.events import Failure, IncidentType, VariableSet
from service.domain.values import Json
from service.engine import HandlerDue
from service.engine.loops import ITEM_LIMIT
from service.engine.run import TOKEN_LIMIT
from tests.engine.builders import (
    diagram,
    end,
    flows,
    mapping,
    message,
    multi,
    rule,
    script,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import ROOT
from tests.engine.repeated import call, job, receive

BOTH = pytest.mark.parametrize("sequential", [False, True], ids=["parallel", "sequence"])

OVER_ITEMS = {"inputs": "=items", "item": "item", "outputs": "results", "output": "=result"}


def once_an_item(activity: str, name: str = "each", **more: str) -> bytes:
    """The activity between start and a last user task, so that the variables can be looked at."""
    return diagram(
        start(), activity, user("last"), end(), flows("start", name, "last", "end"), **more
    )


def tenfold(due: HandlerDue) -> dict[str, Json]:
    """A handler."""
    item = due.variables["item"]
    assert isinstance(item, int)
    return {"result": item * 10}


@BOTH
def test_user_tasks_repeat_and_the_results_keep_the_order_of_the_items(
    play: Play, sequential: bool
) -> None:
    each = user("each", inside=multi(**OVER_ITEMS, sequential=sequential))
    player = play(once_an_item(each), items=["a", "b", "c"])
    assert player.waiting == (["each"] if sequential else ["each"] * 3)

    for number in range(3):
        player.complete("each", result=number)

    assert player.waiting == ["last"]
    assert player.variables == {"items": ["a", "b", "c"], "results": [0, 1, 2]}


def test_the_results_stand_by_their_items_whatever_ends_first(play: Play) -> None:
    player = play(once_an_item(user("each", inside=multi(**OVER_ITEMS))), items=["a", "b", "c"])

    for key in sorted(player.tasks, reverse=True):
        execution = player.resume()
        execution.complete(key, {"result": execution.visible(key)["item"]})
        player.play(execution)

    assert player.variables["results"] == ["a", "b", "c"]


@BOTH
def test_service_tasks_repeat_with_a_handler_that_answers_at_once(
    play: Play, sequential: bool
) -> None:
    each = job("each", inside=multi(**OVER_ITEMS, sequential=sequential))

    player = play(once_an_item(each), work=tenfold, items=[1, 2, 3])

    assert player.waiting == ["last"]
    assert player.variables["results"] == [10, 20, 30]


@BOTH
def test_service_tasks_repeat_with_jobs(play: Play, sequential: bool) -> None:
    each = job("each", inside=multi(**OVER_ITEMS, sequential=sequential))
    player = play(once_an_item(each), items=[1, 2])

    player.complete("each", result="x")
    player.complete("each", result="y")

    assert player.variables["results"] == ["x", "y"]


@BOTH
def test_the_retry_of_one_item_does_not_redo_the_others(play: Play, sequential: bool) -> None:
    handled: list[Json] = []

    def work(due: HandlerDue) -> dict[str, Json] | Failure:
        handled.append(due.variables["item"])
        if handled.count(2) == 1 and due.variables["item"] == 2:
            return Failure(IncidentType.JOB_NO_RETRIES, "不通")
        return tenfold(due)

    each = job("each", inside=multi(**OVER_ITEMS, sequential=sequential))
    player = play(once_an_item(each), work=work, items=[1, 2, 3])
    assert player.stuck == ["each"]

    player.retry("each")

    assert player.variables["results"] == [10, 20, 30]
    assert sorted(handled) == [1, 2, 2, 3]


@BOTH
def test_scripts_and_decisions_repeat(play: Play, sequential: bool) -> None:
    loop = multi(**OVER_ITEMS, sequential=sequential)
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
    loop = multi(**OVER_ITEMS, sequential=sequential)
    each = receive("each", "answer", inside=loop)
    player = play(once_an_item(each, declared=message("answer", "=item")), items=["a", "b"])
    keys = [one.correlation_key for one in player.subscriptions.values()]
    assert keys == (["a"] if sequential else ["a", "b"])

    player.trigger("each", result=1)
    player.trigger("each", result=2)

    assert player.variables["results"] == [1, 2]


@BOTH
def test_subprocesses_repeat_with_joins_of_their_own(play: Play, sequential: bool) -> None:
    loop = multi(**OVER_ITEMS, sequential=sequential)
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
    loop = multi(**OVER_ITEMS, sequential=sequential)
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
    each = user("each", inside=multi(**OVER_ITEMS, sequential=sequential))

    player = play(once_an_item(each), items=[])

    assert player.waiting == ["last"]
    assert player.variables["results"] == []


@pytest.mark.parametrize("items", [None, 5, "text", {"a": 1}, True])
def test_a_collection_that_is_no_list_is_an_incident(play: Play, items: Json) -> None:
    player = play(once_an_item(user("each", inside=multi(**OVER_ITEMS))), items=items)
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


def test_an_item_has_its_number_and_element_to_itself(play: Play) -> None:
    player = play(once_an_item(user("each", inside=multi(**OVER_ITEMS))), items=["a", "b"])

    first, second = sorted(player.tasks)

    assert player.scopes[first] == {"item": "a", "loopCounter": 1, "result": None}
    assert player.scopes[second] == {"item": "b", "loopCounter": 2, "result": None}
    assert player.variables == {"items": ["a", "b"]}


def test_the_variable_of_the_output_element_stays_with_the_item(play: Play) -> None:
    player = play(once_an_item(user("each", inside=multi(**OVER_ITEMS))), items=["a", "b"])

    player.complete("each", result=1, other=2)
    player.complete("each")

    assert player.variables == {"items": ["a", "b"], "results": [1, None], "other": 2}


def test_input_mappings_see_the_item_and_its_number(play: Play) -> None:
    inputs = mapping(inputs={"who": "=item.name", "text": "=string(loopCounter) + item.name"})
    each = user("each", assignee="=who", extensions=inputs, inside=multi(**OVER_ITEMS))

    player = play(once_an_item(each), items=[{"name": "an"}, {"name": "bo"}])

    assert [task.assignee for task in player.tasks.values()] == ["an", "bo"]
    assert [player.scopes[key]["text"] for key in player.tasks] == ["1an", "2bo"]


def test_an_input_mapping_onto_the_items_name_is_worked_out_anew_by_a_retry(play: Play) -> None:
    """The first try has put the name of the person where the item was."""
    inputs = mapping(inputs={"item": "=item.name"})
    each = user("each", assignee="=boss", extensions=inputs, inside=multi(**OVER_ITEMS))
    player = play(once_an_item(each), items=[{"name": "an"}])
    assert player.stuck == ["each"]

    player.set(boss="lin")
    player.retry("each")

    assert player.stuck == []
    assert player.resume().visible(player.key_of("each"))["item"] == "an"


def test_an_output_mapping_can_give_the_output_element_its_value(play: Play) -> None:
    """Camunda 8: it writes the pass's own variable, so that items do not overwrite each other."""
    outputs = mapping(outputs={"result": "=answer * 2"})
    each = user("each", extensions=outputs, inside=multi(**OVER_ITEMS))
    player = play(once_an_item(each), items=["a", "b"])

    player.complete("each", answer=1)
    player.complete("each", answer=2)

    assert player.variables == {"items": ["a", "b"], "results": [2, 4]}


def test_a_nested_output_mapping_fills_the_items_own_variable(play: Play) -> None:
    loop = multi("=items", item="item", outputs="results", output="=result")
    outputs = mapping(outputs={"result.x": "=answer", "result.who": "=item"})
    player = play(once_an_item(user("each", extensions=outputs, inside=loop)), items=["a"])

    player.complete("each", answer=1)

    assert player.variables["results"] == [{"x": 1, "who": "a"}]


def test_each_item_has_the_outcome_that_its_person_chose(play: Play) -> None:
    loop = multi("=items", item="item", outputs="all", output="={who: item, said: each_outcome}")
    player = play(once_an_item(user("each", inside=loop)), items=["a", "b"])

    player.complete("each", each_outcome="approve")
    player.complete("each", each_outcome="reject")

    assert player.variables["all"] == [
        {"who": "a", "said": "approve"},
        {"who": "b", "said": "reject"},
    ]


def test_the_results_survive_an_output_element_that_fails(play: Play) -> None:
    """Nobody does the work twice, and what was answered still reaches the process."""
    loop = multi("=items", item="item", outputs="all", output="=answer + bonus")
    player = play(once_an_item(user("each", inside=loop)), items=["a"])
    player.complete("each", answer=1, each_outcome="ok")
    assert player.stuck == ["each"]

    player.set(bonus=5)
    player.retry("each")

    assert player.variables["all"] == [6]
    assert player.variables["answer"] == 1
    assert player.variables["each_outcome"] == "ok"


def test_repeated_activities_nest(play: Play) -> None:
    inner = multi("=row", item="cell", outputs="cells", output="=cell + 1")
    outer = multi("=rows", item="row", outputs="table", output="=cells")
    inside = user("each", inside=inner), start("s"), end("e"), flows("s", "each", "e")
    local = mapping(inputs={"cells": "=[]"})
    box = sub("box", f"<bpmn:extensionElements>{local}</bpmn:extensionElements>", *inside, outer)
    player = play(once_an_item(box, "box"), rows=[[1, 2], [3], []])

    for _ in range(3):
        player.complete("each")

    assert player.variables["table"] == [[2, 3], [4], []]


def test_a_thousand_items_run_in_parallel(play: Play) -> None:
    items: list[Json] = list(range(1_000))

    player = play(once_an_item(job("each", inside=multi(**OVER_ITEMS))), work=tenfold, items=items)

    assert player.stuck == []
    assert player.variables["results"] == [n * 10 for n in range(1_000)]


def test_a_thousand_persons_vote_in_parallel(play: Play) -> None:
    each = user("each", assignee="=item", inside=multi("=items", item="item"))

    player = play(once_an_item(each), items=[f"u{n}" for n in range(1_000)])

    assert len(player.tasks) == 1_000
    assert {task.assignee for task in player.tasks.values()} == {f"u{n}" for n in range(1_000)}


@BOTH
def test_a_collection_of_a_million_is_refused_quickly(play: Play, sequential: bool) -> None:
    each = user("each", inside=multi("=items", item="item", sequential=sequential))
    begun = time.process_time()

    player = play(once_an_item(each), items=[0] * 1_000_000)

    [incident] = player.incidents.values()
    assert "1000000" in incident.failure.message
    assert (f"最多 {ITEM_LIMIT} 项" in incident.failure.message) == sequential
    assert len(player.state) < 100
    assert time.process_time() - begun < 10


def test_a_cardinality_of_a_billion_makes_no_list(play: Play) -> None:
    loop = multi(times="1000000000", outputs="results", output="=1", sequential=True)

    player = play(once_an_item(user("each", inside=loop)))

    assert player.stuck == ["each"]
    assert not [e for e in player.events if isinstance(e, VariableSet) and e.name == "results"]


def test_subprocesses_in_parallel_are_counted_with_what_begins_in_them(play: Play) -> None:
    box = sub("each", start("s"), user("u"), end("e"), flows("s", "u", "e"), multi(times="=n"))

    player = play(once_an_item(box), n=TOKEN_LIMIT // 2)

    assert player.stuck == ["each"]
    assert player.open.keys() == player.incidents.keys() or len(player.open) == 1
    assert player.resume().visible(ROOT) == {"n": TOKEN_LIMIT // 2}


def test_the_state_of_items_in_sequence_does_not_grow(play: Play) -> None:
    each = user("each", inside=multi("=items", item="item", sequential=True))
    player = play(once_an_item(each), items=[0] * 100)
    sizes = set()

    for _ in range(80):
        sizes.add(len(player.state))
        player.complete("each")

    assert max(sizes) - min(sizes) < 10
