"""A hundred thousand items in sequence: in chunks, with a bounded state and the same cost each."""

import os
from itertools import pairwise

import pytest

from service.domain.events import PauseNeeded, VariableSet
from service.domain.values import Json
from service.engine import NotWaiting, loops
from service.engine.run import CHUNK_STEPS
from tests.engine.builders import (
    boundary,
    diagram,
    end,
    exclusive,
    flow,
    flows,
    multi,
    on,
    script,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import Player
from tests.engine.repeated import once_an_item, standard_loop

ITEMS = int(os.environ.get("JIAOYAN_ITEMS", "20000"))
"""At most 100,000."""

LIMIT = 10_000
"""A smaller limit of passes without a wait, for quick tests of what happens beyond it."""


def passing(*, outputs: str = "", output: str = "") -> str:
    """A repeated activity that waits for nothing."""
    loop = multi("=items", item="item", outputs=outputs, output=output, sequential=True)
    return f'<bpmn:task id="each">{loop}</bpmn:task>'


def go_to_the_end(player: Player) -> list[int]:
    """How many items each chunk handled."""
    handled = [player.done.count("each")]
    while player.pauses:
        player.go_on()
        handled.append(player.done.count("each"))
    return [after - before for before, after in pairwise(handled)]


def test_many_items_go_on_chunk_by_chunk(play: Play) -> None:
    player = play(once_an_item(passing()), items=[0] * ITEMS)
    sizes = [len(player.state)]

    chunks = 1
    while player.pauses:
        player.events.clear()
        player.go_on()
        sizes.append(len(player.state))
        chunks += 1

    assert player.waiting == ["last"]
    assert chunks == ITEMS // CHUNK_STEPS + 1
    assert max(sizes) < 140


def test_every_chunk_handles_about_the_same(play: Play) -> None:
    player = play(once_an_item(passing()), items=[0] * 9_000)

    handled = go_to_the_end(player)

    assert max(handled[:-1]) - min(handled[:-1]) <= 2


def test_the_results_of_all_chunks_come_together(play: Play) -> None:
    each = passing(outputs="results", output="=item * 2")
    player = play(once_an_item(each), items=list(range(5_000)))

    go_to_the_end(player)

    assert player.variables["results"] == [n * 2 for n in range(5_000)]


def test_a_result_is_put_in_its_place_without_copying_the_others(play: Play) -> None:
    """What is told of one run is one list, however often it is told."""
    each = passing(outputs="results", output="=item")
    player = play(once_an_item(each), items=list(range(500)))

    told = [e.value for e in player.events if isinstance(e, VariableSet) and e.name == "results"]

    assert len(told) > 500
    assert len({id(value) for value in told}) == 1


def test_the_collection_is_worked_out_once_a_run(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = play(
        once_an_item(passing().replace("=items", "=for i in items return i")), items=[0] * 3_000
    )
    asked: list[int] = []
    pool = player.engine._feel
    answer = pool.evaluate

    def counted(*args: object, **more: object) -> list[Json]:
        asked.append(1)
        return answer(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(pool, "evaluate", counted)

    player.go_on()

    assert player.waiting == ["last"]
    assert len(asked) == 1


def test_a_pause_can_be_gone_on_with_once(play: Play) -> None:
    player = play(once_an_item(passing()), items=[0] * 3_000)
    key = player.pauses[0]
    player.go_on()

    with pytest.raises(NotWaiting):
        player.resume().go_on(key)


def test_a_paused_activity_can_be_ended(play: Play) -> None:
    source = diagram(
        start(),
        passing(),
        boundary("border", "each", on("timeDuration", "P1D")),
        user("late"),
        end(),
        flows("start", "each", "end"),
        flows("border", "late", "end"),
    )
    player = play(source, items=[0] * 3_000)

    player.trigger("border")

    assert player.waiting == ["late"]
    with pytest.raises(NotWaiting):
        player.resume().go_on(player.pauses[0])


def test_a_paused_activity_can_be_cancelled_with_its_instance(play: Play) -> None:
    player = play(once_an_item(passing()), items=[0] * 3_000)

    player.cancel()

    assert player.open == {}


def test_items_with_expressions_pause_before_the_seconds_are_spent(play: Play) -> None:
    """Each item asks FEEL three times: the chunk ends by the clock where the steps would not."""
    loop = multi("=items", outputs="results", output="=n", until="=n < 0", sequential=True)
    slow = script("each", "=count(for i in 1..20000 return i)", result="n").replace(
        "</bpmn:scriptTask>", f"{loop}</bpmn:scriptTask>"
    )
    items: list[Json] = [0] * 200
    player = play(once_an_item(slow), items=items)

    go_to_the_end(player)

    assert player.stuck == []
    assert player.waiting == ["last"]
    assert any(isinstance(event, PauseNeeded) for event in player.events)


def round_and_round(row: str, name: str = "each") -> bytes:
    """A row in a loop that no exit of its gateway ever leaves."""
    turn = flow("again", "pick", "first", "=true") + flow("done", "pick", "end", "=false")
    gates = exclusive("first") + exclusive("pick")
    return diagram(start(), gates, row, end(), turn, flows("start", "first", name, "pick"))


def go_on_until_it_stops(player: Player) -> int:
    """Passes of `each` until nothing goes on."""
    begun = player.done.count("each")
    while player.pauses:
        player.events.clear()
        player.go_on()
        begun += player.done.count("each")
    return begun


@pytest.mark.parametrize("items", [50, 3_000])
def test_a_loop_round_a_row_that_never_waits_is_stopped(
    play: Play, monkeypatch: pytest.MonkeyPatch, items: int
) -> None:
    """Each pause begins another run: what bounds one run does not bound them together."""
    monkeypatch.setattr(loops, "ITEM_LIMIT", LIMIT)
    player = play(round_and_round(passing()), items=[0] * items)

    begun = go_on_until_it_stops(player)

    assert player.stuck == ["each"]
    [incident] = player.incidents.values()
    assert f"最多 {LIMIT} 次" in incident.failure.message
    assert LIMIT - items < begun - begun // items <= LIMIT


def test_a_retry_counts_from_the_beginning(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "ITEM_LIMIT", LIMIT)
    player = play(round_and_round(passing()), items=[0] * 3_000)
    go_on_until_it_stops(player)

    player.retry("each")

    assert player.stuck == []
    assert go_on_until_it_stops(player) > LIMIT - 3_000


def test_a_row_in_a_subprocess_in_a_loop_is_stopped(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "ITEM_LIMIT", LIMIT)
    box = sub("box", start("s"), passing(), end("e"), flows("s", "each", "e"))
    player = play(round_and_round(box, "box"), items=[0] * 3_000)

    go_on_until_it_stops(player)

    assert player.stuck == ["each"]


def test_rows_within_a_row_have_their_own_limit_each(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six thousand passes in all, and none of the seven rows is longer than the limit."""
    monkeypatch.setattr(loops, "ITEM_LIMIT", 1_500)
    inside = start("s") + passing() + end("e") + flows("s", "each", "e")
    outer = sub("box", inside, multi("=[1,2,3,4,5,6]", item="one", sequential=True))
    source = diagram(start(), outer, user("last"), end(), flows("start", "box", "last", "end"))
    player = play(source, items=[0] * 1_000)

    go_on_until_it_stops(player)

    assert player.waiting == ["last"]


def test_a_loop_round_a_row_that_waits_for_somebody_is_none(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "ITEM_LIMIT", 3_000)
    turn = flow("again", "ask", "each") + flows("start", "each", "ask")
    player = play(diagram(start(), passing(), user("ask"), end(), turn), items=[0] * 2_500)

    for _ in range(3):
        go_on_until_it_stops(player)
        assert player.waiting == ["ask"]
        player.complete("ask")


def test_a_standard_loop_round_a_row_is_stopped(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "ITEM_LIMIT", LIMIT)
    inside = start("s") + passing() + end("e") + flows("s", "each", "e")
    outer = sub("box", inside, standard_loop("=true"))
    source = diagram(start(), outer, end(), flows("start", "box", "end"))
    player = play(source, items=[0] * 3_000)

    go_on_until_it_stops(player)

    assert player.stuck == ["each"]
