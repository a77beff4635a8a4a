"""Undoing what was completed: who is undone, in which order, and with which variables."""

import pytest

from tests.engine.builders import (
    diagram,
    end,
    exclusive,
    flow,
    flows,
    multi,
    parallel,
    start,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import Player
from tests.engine.repeated import done_and_undone, end_by, throw, undo, undone_by

AB = (done_and_undone("a"), done_and_undone("b"))


def a_then_b(*more: str, activity: str = "", waits: bool = True, **declared: str) -> bytes:
    """Two tasks, then a throw event `back`, then a task `last`."""
    return diagram(
        start(),
        *AB,
        throw("back", undo(activity, waits=waits)),
        user("last"),
        end(),
        *more,
        flows("start", "a", "b", "back", "last", "end"),
        **declared,
    )


def do(player: Player, *element_ids: str) -> None:
    """Complete these tasks one after the other."""
    for element_id in element_ids:
        player.complete(element_id)


def test_what_was_completed_is_undone_from_the_newest_to_the_oldest(play: Play) -> None:
    """Stock: a compensation throw event has no effect."""
    player = play(a_then_b())
    do(player, "a", "b")
    assert player.waiting == ["un_b"]

    player.complete("un_b")
    assert player.waiting == ["un_a"]
    player.complete("un_a")

    assert player.waiting == ["last"]
    assert player.done[-5:] == ["undo_b", "un_b", "undo_a", "un_a", "back"]


def test_only_the_activity_that_is_named_is_undone(play: Play) -> None:
    player = play(a_then_b(activity="a"))

    do(player, "a", "b", "un_a")

    assert player.waiting == ["last"]


def test_a_second_throw_undoes_nothing_twice(play: Play) -> None:
    source = diagram(
        start(),
        *AB,
        throw("back", undo("a")),
        throw("again", undo()),
        user("last"),
        end(),
        flows("start", "a", "b", "back", "again", "last", "end"),
    )
    player = play(source)

    do(player, "a", "b", "un_a", "un_b")

    assert player.waiting == ["last"]


@pytest.mark.parametrize("activity", ["", "a"])
def test_where_nothing_was_completed_nothing_is_undone(play: Play, activity: str) -> None:
    source = diagram(
        start(), throw("back", undo(activity)), *AB, end(), flows("start", "back", "a", "b", "end")
    )

    player = play(source)

    assert player.waiting == ["a"]


def test_without_waiting_the_way_on_begins_at_once(play: Play) -> None:
    player = play(a_then_b(waits=False))
    do(player, "a", "b")
    assert player.waiting == ["last", "un_b"]

    player.complete("last")
    assert player.waiting == ["un_b"]
    do(player, "un_b", "un_a")

    assert player.ending is not None
    assert player.done.count("last") == 1


def test_an_end_event_undoes_and_then_ends(play: Play) -> None:
    source = diagram(start(), *AB, end_by("back", undo()), flows("start", "a", "b", "back"))
    player = play(source)

    do(player, "a", "b", "un_b", "un_a")

    assert player.ending is not None
    assert player.done[-1] == "back"


def test_an_activity_that_was_completed_often_is_undone_as_often(play: Play) -> None:
    source = diagram(
        start(),
        exclusive("merge"),
        done_and_undone("a"),
        exclusive("more", default="more_back"),
        throw("back", undo()),
        end(),
        flows("start", "merge", "a", "more", "back", "end"),
        flow("round", "more", "merge", "=again"),
    )
    player = play(source, again=True)
    do(player, "a", "a")
    player.complete("a", again=False)

    do(player, "un_a", "un_a", "un_a")

    assert player.ending is not None


def test_a_running_or_ended_activity_is_not_undone(play: Play) -> None:
    source = diagram(
        start(),
        parallel("split"),
        *AB,
        user("c"),
        throw("back", undo()),
        end(),
        flows("start", "split", "a", "end"),
        flows("split", "b", "end"),
        flows("split", "c", "back", "end"),
    )
    player = play(source)
    player.complete("a")
    player.terminate("b")

    player.complete("c")

    assert player.waiting == ["un_a"]


def test_the_handler_of_a_repeated_activity_is_called_once_for_all(play: Play) -> None:
    each = user("a", inside=multi("=items", item="item"))
    source = diagram(
        start(),
        each,
        undone_by("a", user("un_a")),
        throw("back", undo()),
        user("last"),
        end(),
        flows("start", "a", "back", "last", "end"),
    )
    player = play(source, items=[1, 2, 3])
    do(player, "a", "a")
    assert player.waiting == ["a"]

    do(player, "a", "un_a")

    assert player.waiting == ["last"]


def test_a_handler_can_repeat(play: Play) -> None:
    handler = user("un_a", inside=multi("=items", item="item"))
    source = diagram(
        start(),
        user("a"),
        undone_by("a", handler),
        throw("back", undo()),
        user("last"),
        end(),
        flows("start", "a", "back", "last", "end"),
    )
    player = play(source, items=[1, 2])

    do(player, "a", "un_a", "un_a")

    assert player.waiting == ["last"]
