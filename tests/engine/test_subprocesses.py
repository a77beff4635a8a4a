"""Embedded subprocesses: BPMN 2.0.2, 13.3.4; variables as Camunda 8 means them."""

from service.domain.events import ElementActivated, ElementCompleted
from tests.engine.builders import (
    diagram,
    end,
    exclusive,
    flow,
    flows,
    inner,
    mapping,
    multi,
    parallel,
    script,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play


def nested(levels: int) -> str:
    """A user task within so many subprocesses, each inside the one before."""
    inside = user("deep")
    name = "deep"
    for level in range(levels):
        row = flows(f"s{level}", name, f"e{level}")
        name = f"sub{level}"
        inside = sub(name, start(f"s{level}"), inside, end(f"e{level}"), row)
    return inside


def around(*elements: str, name: str = "box") -> bytes:
    """A process that is a start, this element, a task and an end."""
    way = flows("start", name, "after", "end")
    return diagram(start(), *elements, user("after"), end(), way)


def test_it_is_over_when_the_last_token_in_it_is(play: Play) -> None:
    split = flows("s", "split", "a", "e") + flows("split", "b", "e")
    box = sub("box", start("s"), parallel("split"), user("a"), user("b"), end("e"), split)
    player = play(around(box))

    player.complete("a")
    assert player.waiting == ["b"]
    player.complete("b")

    assert player.waiting == ["after"]


def test_the_scope_begins_before_what_is_in_it_and_ends_after_it(play: Play) -> None:
    player = play(around(inner("box", "work")))

    player.complete("work")

    begun = [e.element_id for e in player.events if isinstance(e, ElementActivated)]
    assert begun == ["start", "box", "box_s", "work", "box_e", "after"]
    ended = [e.element_id for e in player.events if isinstance(e, ElementCompleted)]
    assert ended == ["start", "box_s", "work", "box_e", "box"]


def test_twenty_levels_keep_their_token_and_a_small_state(play: Play) -> None:
    player = play(diagram(start(), nested(20), end(), flows("start", "sub19", "end")))
    assert len(player.state) < 21 * 60

    player.complete("deep")

    assert player.ending is not None
    assert len(player.done) == 1 + 20 * 3 + 1 + 1


def test_twenty_levels_end_from_outside_at_once(play: Play) -> None:
    player = play(diagram(start(), nested(20), end(), flows("start", "sub19", "end")))

    player.cancel()

    assert player.terminated == ["deep"] + [f"sub{level}" for level in range(20)]


def test_a_loop_round_a_subprocess_leaves_nothing_behind(play: Play) -> None:
    turn = flow("again", "pick", "box", "=not(stop)") + flow("on", "pick", "end", "=stop")
    row = flows("start", "box", "pick")
    player = play(diagram(start(), inner("box", "work"), exclusive("pick"), end(), row, turn))
    player.complete("work", stop=False)
    before = len(player.state)

    for _ in range(50):
        player.complete("work", stop=False)

    assert len(player.state) == before


def test_a_variable_made_inside_is_seen_outside(play: Play) -> None:
    player = play(around(inner("box", "work")))

    player.complete("work", found=7)

    assert player.variables == {"found": 7}


def test_an_input_mapping_makes_a_variable_that_goes_with_the_scope(play: Play) -> None:
    box = inner("box", "work", extensions=mapping(inputs={"mine": "=given * 2"}))
    player = play(around(box), given=4)
    assert player.resume().visible(player.key_of("work")) == {"given": 4, "mine": 8}

    player.complete("work", mine=9, found=7)

    assert player.variables == {"given": 4, "found": 7}
    assert set(player.scopes) == {1}


def test_an_output_mapping_takes_out_what_it_names(play: Play) -> None:
    extensions = mapping(inputs={"mine": "=0"}, outputs={"total": "=mine + 1"})
    player = play(around(inner("box", "work", extensions=extensions)))

    player.complete("work", mine=9)

    assert player.variables == {"total": 10}


def test_a_failed_output_mapping_of_a_scope_is_tried_again_alone(play: Play) -> None:
    extensions = mapping(inputs={"mine": "=0"}, outputs={"total": "=mine + lacking"})
    player = play(around(inner("box", "work", extensions=extensions)))
    player.complete("work", mine=9)
    assert player.stuck == ["box"]
    assert player.waiting == []
    player.variables["lacking"] = 1

    player.retry("box")

    assert player.variables == {"lacking": 1, "total": 10}
    assert player.waiting == ["after"]


def test_a_failed_input_mapping_of_a_scope_begins_nothing_in_it(play: Play) -> None:
    box = inner("box", "work", extensions=mapping(inputs={"mine": "=lacking"}))
    player = play(around(box))
    assert player.stuck == ["box"]
    assert player.waiting == []
    player.variables["lacking"] = 1

    player.retry("box")

    assert player.waiting == ["work"]


def test_inner_scopes_hide_variables_of_the_same_name(play: Play) -> None:
    hidden = mapping(inputs={"n": "=n + 1"})
    deep = sub(
        "deep",
        f"<bpmn:extensionElements>{hidden}</bpmn:extensionElements>",
        start("s1"),
        script("count", "=n * 10", result="seen"),
        end("e1"),
        flows("s1", "count", "e1"),
    )
    box = sub(
        "box",
        f"<bpmn:extensionElements>{hidden}</bpmn:extensionElements>",
        start("s"),
        deep,
        end("e"),
        flows("s", "deep", "e"),
    )
    player = play(around(box), n=1)

    assert player.variables == {"n": 1, "seen": 30}


def test_without_a_start_event_each_element_that_no_flow_enters_begins(play: Play) -> None:
    """BPMN 2.0.2, 10.5.2; and without an end event the last token ends it."""
    box = sub("box", user("a"), user("b"), user("c"), flows("a", "c"))
    player = play(around(box))
    assert player.waiting == ["a", "b"]

    player.complete("a")
    player.complete("b")
    player.complete("c")

    assert player.waiting == ["after"]


def test_an_empty_subprocess_is_passed(play: Play) -> None:
    player = play(around(sub("box")))

    assert player.waiting == ["after"]


def test_a_process_without_start_and_end_events_runs(play: Play) -> None:
    player = play(diagram(user("a"), user("b"), flows("a", "b")))

    player.complete("a")
    player.complete("b")

    assert player.ending is not None
    assert player.done == ["a", "b"]


def two_joins() -> bytes:
    """A subprocess with a parallel block, one instance an item."""
    block = flows("s", "split", "a", "join", "e") + flows("split", "b", "join")
    box = sub(
        "box",
        start("s"),
        parallel("split"),
        user("a"),
        user("b"),
        parallel("join"),
        end("e"),
        block,
        multi("=items", item="x"),
    )
    return around(box)


def test_a_join_never_takes_tokens_of_another_instance_of_its_scope(play: Play) -> None:
    player = play(two_joins(), items=[1, 2])

    player.complete("a")
    player.complete("a")
    assert "join" not in player.done
    player.complete("b")
    assert player.done.count("join") == 1
    player.complete("b")

    assert player.waiting == ["after"]


def test_one_instance_ends_from_outside_and_the_other_joins(play: Play) -> None:
    player = play(two_joins(), items=[1, 2])
    player.complete("a")
    boxes = [k for k, one in player.open.items() if one.element_id == "box"]

    execution = player.resume()
    execution.terminate(boxes[1])
    player.play(execution)
    player.complete("a")
    player.complete("b")

    assert player.waiting == ["after"]


def test_a_task_that_ends_from_outside_lets_its_scope_go_on(play: Play) -> None:
    player = play(around(inner("box", "work")))

    player.terminate("work")

    assert player.terminated == ["work"]
    assert "box" in player.done
    assert player.waiting == ["after"]
