"""Nothing grows in scopes: subprocesses, event subprocesses, joins, items, compensation."""

import os

import pytest

from service.engine import InstanceFull
from service.engine.compensation import RECORD_LIMIT
from service.engine.run import TOKEN_LIMIT
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    end,
    exclusive,
    flow,
    flows,
    message,
    multi,
    on,
    parallel,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import Player
from tests.engine.repeated import (
    ad_hoc,
    end_by,
    once_an_item,
    start_by,
    throw,
    undo,
    undone_by,
)

TURNS = int(os.environ.get("JIAOYAN_TURNS", "2000"))


def nodes(player: Player) -> int:
    """Live nodes after loading, without the root."""
    return len(player.resume()._workflow.tasks) - 1


def turns(player: Player, count: int, *element_ids: str) -> set[int]:
    """Go round so often; the sizes of the state at each turn."""
    sizes = set()
    for _ in range(count):
        for element_id in element_ids:
            player.complete(element_id)
        player.events.clear()
        sizes.add(len(player.state))
    return sizes


def test_thousands_of_turns_with_a_wait_leave_nothing(play: Play) -> None:
    player = play("loop.bpmn", stop=False)

    sizes = turns(player, TURNS, "form")

    assert len(sizes) == 1
    assert nodes(player) == 1
    player.complete("form", stop=True)
    assert player.ending is not None


def looping(*inside: str, declared: str = "") -> bytes:
    """A subprocess again and again."""
    return diagram(
        start(),
        exclusive("again"),
        sub("box", *inside),
        flows("start", "again", "box", "again"),
        declared=declared,
    )


def test_a_loop_through_nested_subprocesses_does_not_grow(play: Play) -> None:
    inner = sub("inner", start("s2"), user("u"), end("e2"), flows("s2", "u", "e2"))
    player = play(looping(start("s"), inner, end("e"), flows("s", "inner", "e")))

    sizes = turns(player, 500, "u")

    assert len(sizes) == 1
    assert nodes(player) == 3


def test_a_loop_through_repeated_subprocesses_with_joins_does_not_grow(play: Play) -> None:
    box = sub(
        "inner",
        start("s2"),
        parallel("split"),
        user("u"),
        user("v"),
        parallel("join"),
        end("e2"),
        flows("s2", "split", "u", "join", "e2"),
        flows("split", "v", "join"),
        multi(times="2"),
    )
    player = play(looping(start("s"), box, end("e"), flows("s", "inner", "e")))

    sizes = turns(player, 200, "u", "v", "v", "u")

    assert len(sizes) == 1


def test_ten_parallel_blocks_in_a_row_of_subprocesses(play: Play) -> None:
    """Stock: exponential in the number of blocks."""
    blocks = "".join(
        parallel(f"p{i}")
        + sub(
            f"a{i}",
            start(f"sa{i}"),
            user(f"ua{i}"),
            end(f"ea{i}"),
            flows(f"sa{i}", f"ua{i}", f"ea{i}"),
        )
        + user(f"ub{i}")
        + parallel(f"j{i}")
        + flows(f"p{i}", f"a{i}", f"j{i}", f"p{i + 1}" if i < 9 else "end")
        + flows(f"p{i}", f"ub{i}", f"j{i}")
        for i in range(10)
    )
    player = play(diagram(start(), blocks, end(), flows("start", "p0")))
    most = 0

    for i in range(10):
        most = max(most, nodes(player))
        player.complete(f"ua{i}")
        player.complete(f"ub{i}")

    assert player.ending is not None
    assert most == 3


def nested(depth: int) -> bytes:
    """Subprocesses in each other, a user task in the innermost."""
    inside = start("s0") + user("u") + end("e0") + flows("s0", "u", "e0")
    for level in range(1, depth):
        box = sub(f"box{level}", inside)
        inside = (
            start(f"s{level}")
            + box
            + end(f"e{level}")
            + flows(f"s{level}", f"box{level}", f"e{level}")
        )
    return diagram(start(), sub("box0", inside), end(), flows("start", "box0", "end"))


@pytest.mark.parametrize("depth", [20, 60])
def test_many_levels_of_subprocess_open_and_close(play: Play, depth: int) -> None:
    player = play(nested(depth))
    assert nodes(player) == depth + 1

    player.complete("u")

    assert player.ending is not None


def test_many_levels_of_subprocess_end_together(play: Play) -> None:
    player = play(nested(60))

    player.cancel()

    assert player.open == {}


def listening(*inside: str) -> bytes:
    """A task, and an event subprocess that interrupts nothing."""
    handler = sub(
        "handler",
        start_by("h", on("message", "ping"), interrupting=False),
        *inside,
        triggeredByEvent="true",
    )
    return once_an_item(user("each") + handler, declared=message("ping", "=id"))


def test_thousands_of_events_handled_one_after_the_other_leave_nothing(play: Play) -> None:
    player = play(listening(end("he"), flows("h", "he")), id="i")
    sizes = set()

    for _ in range(TURNS):
        player.trigger("h")
        player.events.clear()
        sizes.add(len(player.state))

    assert len(sizes) == 1
    assert nodes(player) == 1


def test_events_that_somebody_must_handle_are_held_off_when_the_instance_is_full(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event is not lost: who brought it is told, and an interrupting one still comes in."""
    monkeypatch.setattr("service.engine.execution.TOKEN_LIMIT", 20)
    player = play(listening(user("note"), end("he"), flows("h", "note", "he")), id="i")

    while nodes(player) < 21:
        player.trigger("h")
    with pytest.raises(InstanceFull):
        player.trigger("h")

    player.complete("note")
    player.trigger("h")
    assert player.stuck == []


def test_escalations_in_a_loop_do_not_flood_the_instance(play: Play) -> None:
    box = sub(
        "each",
        start("s"),
        exclusive("again"),
        throw("t", on("escalation", "E")),
        flows("s", "again", "t", "again"),
    )
    event = boundary("border", "each", on("escalation", "E"), interrupting=False)
    source = once_an_item(
        box + event + user("note") + flows("border", "note", "last"),
        declared=declare("escalation", "E"),
    )

    player = play(source)

    assert player.stuck
    assert nodes(player) <= 2 * TOKEN_LIMIT + 2


def test_tokens_in_scopes_count_for_the_limit(play: Play) -> None:
    """A flood within a subprocess stops as it does in the process."""
    player = play(
        looping(
            start("s"),
            exclusive("merge"),
            parallel("split"),
            flows("s", "merge", "split", "merge"),
            flow("more", "split", "merge"),
        )
    )

    assert set(player.stuck) <= {"merge", "split"}
    assert nodes(player) <= TOKEN_LIMIT


def test_items_within_items_count_for_the_limit(play: Play) -> None:
    inner = user("u", inside=multi(times="=100"))
    box = sub("each", start("s"), inner, end("e"), flows("s", "u", "e"), multi(times="=100"))

    player = play(once_an_item(box))

    assert nodes(player) <= TOKEN_LIMIT
    assert set(player.stuck) == {"u"}
    assert len(player.tasks) >= TOKEN_LIMIT - 500


def test_inclusive_joins_in_a_thousand_items_fire_together(play: Play) -> None:
    """Each is asked when nothing else moves, all in one go and not one a go."""
    box = sub(
        "each",
        start("s"),
        '<bpmn:inclusiveGateway id="split" /><bpmn:inclusiveGateway id="join" />',
        '<bpmn:task id="a" /><bpmn:task id="b" />',
        end("e"),
        flows("s", "split", "a", "join", "e"),
        flows("split", "b", "join"),
        multi(times="1000"),
    )
    player = play(once_an_item(box))

    assert player.waiting == ["last"]
    assert player.done.count("join") == 1_000


def test_a_loop_remembers_a_thousand_completions_to_undo_and_then_stops(play: Play) -> None:
    """What can be undone is kept as long as its scope: that much, and no more."""
    source = diagram(
        start(),
        exclusive("again"),
        user("a"),
        undone_by("a", user("un_a")),
        exclusive("more", default="more_again"),
        end_by("back", undo()),
        flows("start", "again", "a", "more", "again"),
        flow("enough", "more", "back", "=stop"),
    )
    player = play(source, stop=False)

    turns(player, RECORD_LIMIT, "a")
    assert player.stuck == []
    player.complete("a")

    assert player.stuck == ["a"]
    assert len(player.state) < 40 * RECORD_LIMIT


def test_a_loop_whose_scope_ends_each_turn_remembers_nothing(play: Play) -> None:
    inner = sub(
        "inner",
        start("s2"),
        user("a"),
        undone_by("a", user("un_a")),
        user("b"),
        end("e2"),
        flows("s2", "a", "b", "e2"),
    )
    undone = undone_by("inner", user("un_inner"))
    player = play(
        looping(
            start("s"),
            inner,
            undone,
            throw("back", undo()),
            end("e"),
            flows("s", "inner", "back", "e"),
        )
    )

    sizes = turns(player, 100, "a", "b", "un_inner")

    assert len(sizes) == 1
    assert nodes(player) == 3


def test_activations_of_an_ad_hoc_subprocess_leave_nothing(play: Play) -> None:
    player = play(once_an_item(ad_hoc("each", user("a"), until="=false")))
    sizes = set()

    for _ in range(300):
        execution = player.resume()
        execution.activate_ad_hoc(player.open_at("each"), ["a"], {"note": 1})
        player.play(execution)
        player.complete("a")
        sizes.add(len(player.state))

    assert max(sizes) - min(sizes) <= 3
    assert nodes(player) == 1
