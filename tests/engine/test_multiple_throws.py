"""Events with several definitions: each is thrown, once, and what ends the scope comes last.

BPMN 2.0.2, 10.5.3 and 10.5.4.
"""

from service.domain.events import EscalationUncaught
from tests.engine.builders import (
    boundary,
    catch,
    declare,
    diagram,
    end,
    end_on,
    exclusive,
    flow,
    flows,
    message,
    on,
    start,
    sub,
    throw,
    user,
)
from tests.engine.conftest import Play
from tests.engine.repeated import done_and_undone, undo

DECLARED = (
    message("order", "=1")
    + "".join(declare(kind, "x") for kind in ("signal", "error", "escalation"))
    + declare("error", "y")
)
A, B = done_and_undone("a"), done_and_undone("b")


def process(*elements: str) -> bytes:
    return diagram(*elements, declared=DECLARED)


def between(*definitions: str) -> bytes:
    """Two tasks that can be undone, an event `it` with these definitions, and a task."""
    it = throw("it", "".join(definitions))
    ways = flows("start", "a", "b", "it", "last", "end")
    return process(start(), A, B, it, user("last"), end(), ways)


def boxed(it: str, *borders: str, tag: str = "subProcess") -> bytes:
    """A subprocess with a task that can be undone, which ends at `it`, and what is at its border.

    Each border leads to a task of its name with an `s` behind it.
    """
    box = sub("box", start("in"), A, it, flows("in", "a", "it"), tag=tag)
    names = [name for name in ("caught", "told", "cancelled") if f'id="{name}"' in "".join(borders)]
    handlers = "".join(user(f"{name}s") + flows(name, f"{name}s", "end") for name in names)
    return process(start(), box, *borders, handlers, end(), flows("start", "box", "end"))


ERROR = boundary("caught", "box", on("error", "x"))
TOLD = boundary("told", "box", on("escalation", "x"), interrupting=False)
CANCELLED = boundary("cancelled", "box", on("cancel"))


def test_a_signal_goes_out_and_what_was_done_is_undone(play: Play) -> None:
    player = play(between(undo(), on("signal", "x")))

    player.complete("a")
    player.complete("b")

    assert [one.name for one in player.sent] == ["x"]
    assert player.waiting == ["un_b"]
    player.complete("un_b")
    player.complete("un_a")
    assert player.waiting == ["last"]
    assert len(player.sent) == 1
    assert player.done.count("it") == 1


def test_two_activities_are_undone_one_after_the_other(play: Play) -> None:
    player = play(between(undo("a"), undo("b")))
    player.complete("a")
    player.complete("b")

    assert player.waiting == ["un_a"]
    player.complete("un_a")
    assert player.waiting == ["un_b"]
    player.complete("un_b")

    assert player.waiting == ["last"]


def test_who_is_told_is_told_when_everything_is_undone(play: Play) -> None:
    it = throw("it", on("escalation", "x") + undo())
    inside = (start("in"), A, it, user("more"), end("out"), flows("in", "a", "it", "more", "out"))
    box = sub("box", *inside)
    ways = flows("start", "box", "end") + flows("told", "tolds", "end")
    player = play(process(start(), box, TOLD, user("tolds"), end(), ways))

    player.complete("a")
    assert player.waiting == ["un_a"]
    player.complete("un_a")

    assert player.waiting == ["more", "tolds"]


def test_the_way_on_goes_on_once_beside_what_nobody_waits_for(play: Play) -> None:
    player = play(between(undo("a", waits=False), undo("b", waits=False), on("escalation", "x")))

    player.complete("a")
    player.complete("b")

    assert player.waiting == ["last", "un_a"]
    assert [type(one) for one in player.events].count(EscalationUncaught) == 1
    player.complete("un_a")
    assert player.waiting == ["last", "un_b"]
    player.complete("un_b")
    assert player.taken.count("it_last") == 1
    player.complete("last")
    assert player.ending is not None


def test_an_end_undoes_before_it_fails(play: Play) -> None:
    player = play(boxed(end_on("it", on("error", "x") + undo()), ERROR))
    player.complete("a")
    assert player.waiting == ["un_a"]

    player.complete("un_a")

    assert player.waiting == ["caughts"]
    assert player.done.count("it") == 1


def test_an_end_tells_somebody_before_it_fails(play: Play) -> None:
    source = boxed(end_on("it", on("error", "x") + on("escalation", "x")), ERROR, TOLD)
    player = play(source)

    player.complete("a")

    assert player.waiting == ["caughts", "tolds"]
    assert "it" in player.done


def test_an_end_cancels_its_transaction_after_what_it_sends(play: Play) -> None:
    it = end_on("it", on("cancel") + on("signal", "x") + on("escalation", "x"))
    player = play(boxed(it, CANCELLED, TOLD, tag="transaction"))

    player.complete("a")

    assert [one.name for one in player.sent] == ["x"]
    assert player.waiting == ["tolds", "un_a"]
    player.complete("un_a")
    assert player.waiting == ["cancelleds", "tolds"]


def test_an_end_ends_all_else_when_everything_is_undone(play: Play) -> None:
    it = end_on("it", on("terminate") + undo())
    ways = flows("start", "a", "it") + flows("start", "other", "end")
    player = play(process(start(), A, user("other"), it, end(), ways))
    player.complete("a")
    assert player.waiting == ["other", "un_a"]

    player.complete("un_a")

    assert player.ending is not None
    assert player.terminated == ["other"]


def test_a_retry_throws_only_what_was_not_thrown(play: Play) -> None:
    """The error that nobody catches is an incident; the signal went out and goes out once."""
    it = end_on("it", on("error", "y") + on("signal", "x") + undo())
    player = play(boxed(it, ERROR))
    player.complete("a")
    player.complete("un_a")
    assert player.stuck == ["it"]

    player.retry("it")

    assert player.stuck == ["it"]
    assert len(player.sent) == 1
    assert player.done.count("un_a") == 1


def test_a_link_is_followed_when_the_rest_is_thrown(play: Play) -> None:
    it = throw("it", on("link", "there") + undo() + on("signal", "x"))
    target = catch("target", on("link", "there"))
    ways = flows("start", "a", "it") + flows("target", "last", "end")
    player = play(process(start(), A, it, target, user("last"), end(), ways))
    player.complete("a")
    assert player.waiting == ["un_a"]

    player.complete("un_a")

    assert player.waiting == ["last"]
    assert [one.name for one in player.sent] == ["x"]
    assert player.done[-2:] == ["it", "target"]


def test_two_links_lead_to_two_places(play: Play) -> None:
    it = throw("it", on("link", "there") + on("link", "here"))
    targets = catch("t", on("link", "there")) + catch("h", on("link", "here"))
    ways = flows("start", "it") + flows("t", "a1", "end") + flows("h", "a2", "end")
    player = play(process(start(), it, targets, user("a1"), user("a2"), end(), ways))

    assert player.waiting == ["a1", "a2"]


def test_two_links_meet_at_one_target(play: Play) -> None:
    """A target may have two names."""
    sides = throw("one", on("link", "there")) + throw("two", on("link", "here"))
    target = catch("t", on("link", "there") + on("link", "here"))
    turn = flow("up", "pick", "one", "=up") + flow("down", "pick", "two", "=not(up)")
    ways = flows("start", "pick") + flows("t", "last", "end")
    player = play(process(start(), exclusive("pick"), sides, target, user("last"), end(), ways,
                          turn), up=False)  # fmt: skip

    assert player.waiting == ["last"]
    assert player.done == ["start", "pick", "two", "t"]


def test_a_border_catches_cancellation_or_a_signal(play: Play) -> None:
    either = boundary("cancelled", "box", on("cancel") + on("signal", "x"))
    source = boxed(end_on("it", on("cancel")), either, tag="transaction")
    cancelled, told = play(source), play(source)

    told.trigger("cancelled", 1)
    assert told.waiting == ["cancelleds"]
    cancelled.complete("a")
    assert cancelled.awaited == []
    cancelled.complete("un_a")

    assert cancelled.waiting == ["cancelleds"]
