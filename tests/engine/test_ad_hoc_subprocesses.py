"""Ad-hoc subprocesses, as Camunda 8 means them: what is chosen begins, at once or later."""

import pytest

from service.domain.events import ElementType
from service.domain.values import Json
from service.engine import InstanceFull, NotWaiting
from service.engine.run import TOKEN_LIMIT, ElementFailed
from tests.engine.builders import (
    end,
    flows,
    mapping,
    message,
    on,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import Player
from tests.engine.repeated import ad_hoc, once_an_item, start_by

CHOSEN = "=chosen"


def free(*inside: str, chosen: str = CHOSEN, **more: object) -> bytes:
    """An ad-hoc subprocess `free` of these activities."""
    return once_an_item(ad_hoc("free", *inside, chosen=chosen, **more), "free")  # type: ignore[arg-type]


def activate(player: Player, *element_ids: str, **variables: Json) -> None:
    """Begin activities from outside."""
    execution = player.resume()
    execution.activate_ad_hoc(player.open_at("free"), element_ids, variables)
    player.play(execution)


def end_activation(player: Player) -> None:
    """End the oldest activation from outside."""
    inner = ElementType.AD_HOC_SUB_PROCESS_INNER_INSTANCE
    execution = player.resume()
    execution.terminate(min(key for key, one in player.open.items() if one.type is inner))
    player.play(execution)


AB = (user("a"), user("b"))


def test_what_is_chosen_begins_and_the_rest_does_not(play: Play) -> None:
    player = play(free(*AB, user("c")), chosen=["a", "c"])
    assert player.waiting == ["a", "c"]

    player.complete("c")
    player.complete("a")

    assert player.waiting == ["last"]


def test_the_same_activity_can_be_chosen_twice(play: Play) -> None:
    player = play(free(*AB), chosen=["a", "a"])
    assert player.waiting == ["a", "a"]

    player.complete("a")
    assert player.waiting == ["a"]
    player.complete("a")

    assert player.waiting == ["last"]


def test_others_begin_later_by_a_call(play: Play) -> None:
    player = play(free(*AB), chosen=["a"])

    activate(player, "b", "b", note="later")
    assert player.waiting == ["a", "b", "b"]
    assert player.resume().visible(player.key_of("b")) == {"chosen": ["a"], "note": "later"}
    for name in ("a", "b", "b"):
        player.complete(name)

    assert player.waiting == ["last"]
    assert player.variables == {"chosen": ["a"]}


@pytest.mark.parametrize("chosen", [CHOSEN, ""])
def test_with_nothing_chosen_it_waits_for_a_call(play: Play, chosen: str) -> None:
    player = play(free(*AB, chosen=chosen), chosen=[])
    assert player.waiting == []
    assert player.ending is None

    activate(player, "a")
    player.complete("a")

    assert player.waiting == ["last"]


def test_with_nothing_chosen_it_can_be_ended_from_outside(play: Play) -> None:
    player = play(free(*AB), chosen=[])

    player.terminate("free")

    assert player.ending is not None


@pytest.mark.parametrize("chosen", [None, "a", [1], ["missing"], ["a", "last"], [["a"]]])
def test_a_choice_that_is_none_is_an_incident(play: Play, chosen: Json) -> None:
    player = play(free(*AB), chosen=chosen)
    assert player.stuck == ["free"]

    player.set(chosen=["b"])
    player.retry("free")

    assert player.waiting == ["b"]


def test_a_million_choices_are_refused(play: Play) -> None:
    player = play(free(*AB), chosen=["a"] * (TOKEN_LIMIT // 2))

    assert player.stuck == ["free"]
    assert player.waiting == []
    assert player.awaited == []


def test_what_cannot_begin_there_is_refused_by_the_call(play: Play) -> None:
    player = play(free(*AB), chosen=["a"])

    with pytest.raises(ElementFailed):
        activate(player, "last")
    with pytest.raises(InstanceFull):
        activate(player, *["a"] * TOKEN_LIMIT)
    with pytest.raises(NotWaiting):
        player.resume().activate_ad_hoc(player.key_of("a"), ["b"], {})

    assert player.waiting == ["a"]


def test_only_what_no_flow_enters_can_be_chosen_and_flows_lead_on(play: Play) -> None:
    player = play(free(*AB, flows("a", "b")), chosen=["a"])
    player.complete("a")
    assert player.waiting == ["b"]

    with pytest.raises(ElementFailed):
        activate(player, "b")
    player.complete("b")

    assert player.waiting == ["last"]


def test_a_join_inside_waits_in_its_own_activation(play: Play) -> None:
    inside = (
        '<bpmn:parallelGateway id="split" /><bpmn:parallelGateway id="join" />',
        *AB,
        user("after"),
        flows("split", "a", "join", "after"),
        flows("split", "b", "join"),
    )
    player = play(free(*inside), chosen=["split", "split"])
    assert player.waiting == ["a", "a", "b", "b"]

    player.complete("a")
    player.complete("a")
    assert "after" not in player.waiting
    player.complete("b")

    assert player.waiting == ["after", "b"]


def test_what_an_activity_writes_stays_in_its_activation(play: Play) -> None:
    """Camunda 8; a variable that exists around it is written there."""
    player = play(free(*AB), chosen=["a", "b"], known=0)

    player.complete("a", new=1, known=1, a_outcome="ok")

    assert player.resume().visible(player.key_of("b")) == {"chosen": ["a", "b"], "known": 1}
    player.complete("b")
    assert player.variables == {"chosen": ["a", "b"], "known": 1}


def test_the_results_are_collected_as_they_come(play: Play) -> None:
    player = play(free(*AB, outputs="all", output="=said"), chosen=["a", "b", "a"])

    player.complete("b", said=1)
    end_activation(player)
    player.complete("a", said=2)

    assert player.waiting == ["last"]
    assert player.variables["all"] == [1, 2]


def test_without_any_activity_the_results_are_an_empty_list(play: Play) -> None:
    stop = sub(
        "stop",
        start_by("s", on("message", "m")),
        end("e"),
        flows("s", "e"),
        triggeredByEvent="true",
    )
    source = once_an_item(
        ad_hoc("free", *AB, stop, outputs="all", output="=said"),
        "free",
        declared=message("m", "=id"),
    )
    player = play(source, id="x")

    player.trigger("s")

    assert player.waiting == ["last"]
    assert player.variables["all"] == []


def test_output_mappings_say_what_else_leaves_it(play: Play) -> None:
    extensions = mapping(inputs={"box": "={}"}, outputs={"total": "=count(all)"})
    player = play(
        free(*AB, outputs="all", output="=said", extensions=extensions), chosen=["a", "b"]
    )

    player.complete("a", said=1)
    player.complete("b", said=2)

    assert player.variables == {"chosen": ["a", "b"], "all": [1, 2], "total": 2}


def test_an_output_element_that_fails_is_an_incident_of_its_activation(play: Play) -> None:
    player = play(free(*AB, outputs="all", output="=said + bonus"), chosen=["a", "b"])
    player.complete("a", said=1)
    assert player.stuck == ["free"]

    player.set(bonus=1)
    player.retry("free")
    player.complete("b", said=2)

    assert player.variables["all"] == [2, 3]
