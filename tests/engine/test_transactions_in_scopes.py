"""Transactions that are cancelled from within other scopes, that repeat, or that fail."""

import pytest

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
    parallel,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import Player
from tests.engine.repeated import done_and_undone, job, start_by, throw, undo, undone_by
from tests.engine.test_compensation import do
from tests.engine.test_transactions import AB, CANCEL, DECIDE, PLAIN, around, transaction


def test_within_a_nested_subprocess_what_was_completed_there_is_undone_too(play: Play) -> None:
    """It is open, but its activities were completed within the transaction."""
    local = mapping(inputs={"own": "=1"})
    inner = sub(
        "inner",
        f"<bpmn:extensionElements>{local}</bpmn:extensionElements>",
        start("s2"),
        done_and_undone("b"),
        CANCEL,
        flows("s2", "b", "cancelled"),
    )
    box = sub(
        "box",
        start("s"),
        done_and_undone("a"),
        inner,
        end("e"),
        flows("s", "a", "inner", "e"),
        tag="transaction",
    )
    player = play(around(box))
    do(player, "a", "b")
    assert player.waiting == ["un_b"]
    assert player.resume().visible(player.key_of("un_b")) == {"own": 1}

    do(player, "un_b", "un_a")

    assert player.waiting == ["sorry"]
    assert set(player.scopes) == {1}


def test_an_open_subprocess_beside_the_cancel_event_is_undone_too(play: Play) -> None:
    inner = sub(
        "inner",
        start("s2"),
        done_and_undone("b"),
        user("c"),
        end("e2"),
        flows("s2", "b", "c", "e2"),
    )
    box = transaction(
        parallel("split"),
        inner,
        user("a"),
        flows("s", "split", "a", "ok"),
        flows("split", "inner", "e"),
    )
    player = play(around(box), cancel=True)
    player.complete("b")

    player.complete("a")

    assert player.waiting == ["un_b"]
    player.complete("un_b")
    assert player.waiting == ["sorry"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_subprocess_can_cancel_it(play: Play, interrupting: bool) -> None:
    handler = sub(
        "handler",
        start_by("h", on("message", "stop"), interrupting=interrupting),
        done_and_undone("c"),
        CANCEL,
        flows("h", "c", "cancelled"),
        triggeredByEvent="true",
    )
    box = sub(
        "box", start("s"), *AB, end("e"), flows("s", "a", "b", "e"), handler, tag="transaction"
    )
    player = play(around(box, declared=message("stop", "=id")), id="i")
    player.complete("a")
    player.trigger("h")

    player.complete("c")
    assert player.waiting == ["un_c"]
    do(player, "un_c", "un_a")

    assert player.waiting == ["sorry"]


def test_what_was_about_to_be_undone_is_undone_by_the_cancel(play: Play) -> None:
    """A throw event works through its row; the rest of it is not lost."""
    box = transaction(
        parallel("split"),
        *AB,
        throw("back", undo()),
        user("c"),
        flows("s", "a", "b", "split", "back", "e"),
        flows("split", "c", "ok"),
    )
    player = play(around(box), cancel=True)
    do(player, "a", "b")
    assert player.waiting == ["c", "un_b"]
    player.complete("un_b")

    player.complete("c")

    assert player.waiting == ["un_a"], "it was begun, not done: it begins again"
    player.complete("un_a")
    assert player.waiting == ["sorry"]


def test_a_transaction_within_a_transaction_is_cancelled_alone(play: Play) -> None:
    inner = sub(
        "inner",
        start("s2"),
        done_and_undone("b"),
        CANCEL,
        flows("s2", "b", "cancelled"),
        tag="transaction",
    )
    box = sub(
        "box",
        start("s"),
        done_and_undone("a"),
        inner,
        boundary("mild", "inner", on("cancel")),
        user("next"),
        end("e"),
        flows("s", "a", "inner", "e"),
        flows("mild", "next", "e"),
        tag="transaction",
    )
    player = play(around(box))

    do(player, "a", "b", "un_b")

    assert player.waiting == ["next"]


def test_one_pass_of_a_repeated_transaction_cancels_all(play: Play) -> None:
    loop = multi("=items", item="item")
    handler = user("un_a", assignee="=item")
    box = sub(
        "box",
        start("s"),
        user("a"),
        undone_by("a", handler),
        user("b"),
        DECIDE,
        end("e"),
        CANCEL,
        flows("s", "a", "b", "ok"),
        loop,
        tag="transaction",
    )
    player = play(around(box), items=["an", "bo", "ci"], cancel=False)
    do(player, "a", "a", "a", "b")

    player.complete("b", cancel=True)

    undone = []
    while "un_a" in player.waiting:
        undone += [task.assignee for task in player.tasks.values()]
        player.complete("un_a")
    assert sorted(map(str, undone)) == ["an", "bo", "ci"]
    assert player.waiting == ["sorry"]


def test_while_it_is_undone_its_border_waits_for_nothing_else(play: Play) -> None:
    late = boundary("late", "box", on("timeDuration", "P1D")) + flows("late", "end")
    player = play(around(PLAIN, late), cancel=True)
    assert player.awaited == ["late"]

    do(player, "a", "b")

    assert player.awaited == []
    do(player, "un_b", "un_a")
    assert player.waiting == ["sorry"]


def with_error(play: Play) -> Player:
    """A transaction with an error event at its border, one task of which can fail."""
    box = transaction(done_and_undone("a"), job("risky"), flows("s", "a", "risky", "ok"))
    more = (
        boundary("hazard", "box", on("error", "E"))
        + user("alarm")
        + flows("hazard", "alarm", "end")
    )
    return play(around(box, more, declared=declare("error", "E")), cancel=False)


def test_an_error_out_of_it_ends_it_and_undoes_nothing(play: Play) -> None:
    """BPMN 2.0.2, 10.3.5: a hazard."""
    player = with_error(play)
    player.complete("a")

    player.throw_error("risky", "E")

    assert player.waiting == ["alarm"]


def test_an_error_of_a_handler_is_caught_at_its_border(play: Play) -> None:
    box = transaction(user("a"), undone_by("a", job("un_a")), flows("s", "a", "ok"))
    more = (
        boundary("hazard", "box", on("error", "E"))
        + user("alarm")
        + flows("hazard", "alarm", "end")
    )
    player = play(around(box, more, declared=declare("error", "E")), cancel=True)
    player.complete("a")

    player.throw_error("un_a", "E")

    assert player.waiting == ["alarm"]


def test_a_completed_transaction_can_be_undone_from_outside(play: Play) -> None:
    source = diagram(
        start(),
        PLAIN,
        boundary("caught", "box", on("cancel")),
        throw("back", undo()),
        user("last"),
        end(),
        flows("start", "box", "back", "last", "end"),
        flows("caught", "end"),
    )
    player = play(source, cancel=False)

    do(player, "a", "b", "un_b", "un_a")

    assert player.waiting == ["last"]


def test_without_a_cancel_event_at_its_border_it_stops_as_an_incident(play: Play) -> None:
    """It never goes on by the way of success."""
    source = diagram(start(), PLAIN, user("last"), end(), flows("start", "box", "last", "end"))
    player = play(source, cancel=True)

    do(player, "a", "b", "un_b", "un_a")
    assert player.stuck == ["box"]
    player.retry("box")

    assert player.stuck == ["box"]
    assert player.waiting == []
