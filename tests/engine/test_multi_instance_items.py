"""What each item of a repeated activity sees and leaves; how many there may be."""

import time

from service.domain.events import VariableSet
from service.domain.values import Json
from service.engine import HandlerDue
from service.engine.loops import ITEM_LIMIT
from service.engine.run import COLLECTION_LIMIT, TOKEN_LIMIT
from tests.engine.builders import (
    diagram,
    end,
    flows,
    mapping,
    multi,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import ROOT
from tests.engine.repeated import BOTH, job, once_an_item, over_items


def tenfold(due: HandlerDue) -> dict[str, Json]:
    """A handler."""
    item = due.variables["item"]
    assert isinstance(item, int)
    return {"result": item * 10}


def test_an_item_has_its_number_and_element_to_itself(play: Play) -> None:
    player = play(once_an_item(user("each", inside=over_items())), items=["a", "b"])

    first, second = sorted(player.tasks)

    assert player.scopes[first] == {"item": "a", "loopCounter": 1, "result": None}
    assert player.scopes[second] == {"item": "b", "loopCounter": 2, "result": None}
    assert player.variables == {"items": ["a", "b"]}


def test_the_variable_of_the_output_element_stays_with_the_item(play: Play) -> None:
    player = play(once_an_item(user("each", inside=over_items())), items=["a", "b"])

    player.complete("each", result=1, other=2)
    player.complete("each")

    assert player.variables == {"items": ["a", "b"], "results": [1, None], "other": 2}


def test_input_mappings_see_the_item_and_its_number(play: Play) -> None:
    inputs = mapping(inputs={"who": "=item.name", "text": "=string(loopCounter) + item.name"})
    each = user("each", assignee="=who", extensions=inputs, inside=over_items())

    player = play(once_an_item(each), items=[{"name": "an"}, {"name": "bo"}])

    assert [task.assignee for task in player.tasks.values()] == ["an", "bo"]
    assert [player.scopes[key]["text"] for key in player.tasks] == ["1an", "2bo"]


def test_an_input_mapping_onto_the_items_name_is_worked_out_anew_by_a_retry(play: Play) -> None:
    """The first try has put the name of the person where the item was."""
    inputs = mapping(inputs={"item": "=item.name"})
    each = user("each", assignee="=boss", extensions=inputs, inside=over_items())
    player = play(once_an_item(each), items=[{"name": "an"}])
    assert player.stuck == ["each"]

    player.set(boss="lin")
    player.retry("each")

    assert player.stuck == []
    assert player.resume().visible(player.key_of("each"))["item"] == "an"


def test_an_output_mapping_can_give_the_output_element_its_value(play: Play) -> None:
    """Camunda 8: it writes the pass's own variable, so that items do not overwrite each other."""
    outputs = mapping(outputs={"result": "=answer * 2"})
    each = user("each", extensions=outputs, inside=over_items())
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

    player = play(once_an_item(job("each", inside=over_items())), work=tenfold, items=items)

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


def test_an_output_collection_has_a_bound(play: Play) -> None:
    """The pass that would be too much waits as an incident; what the others left is kept."""
    loop = multi(times="4", outputs="all", output="=text", sequential=True)
    source = diagram(start(), user("act", inside=loop), end(), flows("start", "act", "end"))
    player = play(source)
    [body] = [key for key, value in player.scopes.items() if "all" in value]
    last = "x" * (COLLECTION_LIMIT - COLLECTION_LIMIT // 8)
    player.scopes[body]["all"] = [None, None, None, last]

    for _ in range(3):
        player.complete("act", text="x" * (COLLECTION_LIMIT // 20))

    [incident] = player.incidents.values()
    assert "10 MB" in incident.failure.message
    kept = player.scopes[body]["all"]
    assert isinstance(kept, list)
    assert [value is None for value in kept] == [False, False, True, False]


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
