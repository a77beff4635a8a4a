"""Transactions: cancelled, everything in them ends and what was completed is undone."""

from service.domain.events import EventCaught
from tests.engine.builders import (
    boundary,
    diagram,
    end,
    exclusive,
    flow,
    flows,
    on,
    parallel,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.repeated import done_and_undone, end_by
from tests.engine.test_compensation import do

AB = (done_and_undone("a"), done_and_undone("b"))
CANCEL = end_by("cancelled", on("cancel"))
DECIDE = (
    exclusive("ok", default="ok_e") + flow("no", "ok", "cancelled", "=cancel") + flows("ok", "e")
)


def around(transaction: str, *more: str, **declared: str) -> bytes:
    """A transaction `box`, behind it `last`, behind its cancel event `sorry`."""
    return diagram(
        start(),
        transaction,
        boundary("caught", "box", on("cancel")),
        user("last"),
        user("sorry"),
        end(),
        *more,
        flows("start", "box", "last", "end"),
        flows("caught", "sorry", "end"),
        **declared,
    )


def transaction(*inside: str) -> str:
    """A transaction with an end `e` and a cancel end `cancelled` behind the gateway `ok`."""
    return sub("box", start("s"), *inside, DECIDE, end("e"), CANCEL, tag="transaction")


PLAIN = transaction(*AB, flows("s", "a", "b", "ok"))


def test_a_transaction_that_is_not_cancelled_is_a_subprocess(play: Play) -> None:
    player = play(around(PLAIN), cancel=False)

    do(player, "a", "b")

    assert player.waiting == ["last"]


def test_a_cancelled_transaction_is_undone_in_reverse_before_it_leaves(play: Play) -> None:
    player = play(around(PLAIN), cancel=True)
    do(player, "a", "b")
    assert player.waiting == ["un_b"]

    player.complete("un_b")
    assert player.waiting == ["un_a"]
    player.complete("un_a")

    assert player.waiting == ["sorry"]
    assert "box" in player.terminated
    assert [e.element_id for e in player.events if isinstance(e, EventCaught)] == ["caught"]


def test_with_nothing_completed_it_leaves_at_once(play: Play) -> None:
    player = play(around(transaction(flows("s", "ok"))), cancel=True)

    assert player.waiting == ["sorry"]


def test_what_runs_beside_the_cancel_event_ends(play: Play) -> None:
    box = transaction(
        parallel("split"),
        *AB,
        user("c"),
        flows("s", "split", "a", "ok"),
        flows("split", "b", "e"),
        flows("split", "c", "e"),
    )
    player = play(around(box), cancel=True)
    player.complete("b")

    player.complete("a")

    assert player.waiting == ["un_a"]
    assert "c" in player.terminated
    do(player, "un_a", "un_b")
    assert player.waiting == ["sorry"]


def test_it_can_be_done_again_after_it_was_cancelled(play: Play) -> None:
    box = sub(
        "box",
        start("s"),
        done_and_undone("a"),
        DECIDE,
        end("e"),
        CANCEL,
        flows("s", "a", "ok"),
        tag="transaction",
    )
    source = diagram(
        start(),
        exclusive("again"),
        box,
        boundary("caught", "box", on("cancel")),
        user("last"),
        end(),
        flows("start", "again", "box", "last", "end"),
        flows("caught", "again"),
    )
    player = play(source, cancel=True)
    do(player, "a", "un_a")
    assert player.waiting == ["a"]

    player.complete("a", cancel=False)

    assert player.waiting == ["last"]
