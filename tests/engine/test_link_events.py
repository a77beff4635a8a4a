"""Link events: BPMN 2.0.2, 10.5.5. A throw goes on at the catch of its name in the same level."""

from tests.engine.builders import (
    catch,
    diagram,
    end,
    exclusive,
    flow,
    flows,
    inclusive,
    on,
    parallel,
    start,
    sub,
    throw,
    user,
)
from tests.engine.conftest import Play


def test_the_token_goes_on_behind_the_target(play: Play) -> None:
    """Stock: the process completes at the throw, nothing behind the catch runs."""
    there, here = throw("out", on("link", "far")), catch("in", on("link", "far"))
    ways = flows("start", "work", "out") + flows("in", "after", "end")
    player = play(diagram(start(), user("work"), there, here, user("after"), end(), ways))

    player.complete("work")

    assert player.waiting == ["after"]
    assert player.taken == ["start_work", "work_out", "in_after"]
    player.complete("after")
    assert player.ending is not None


def test_several_lead_to_one_target(play: Play) -> None:
    links = throw("out1", on("link", "far")) + throw("out2", on("link", "far"))
    ways = flows("start", "split", "out1") + flows("split", "out2") + flows("in", "after", "end")
    target = catch("in", on("link", "far"))
    source = diagram(start(), parallel("split"), links, target, user("after"), end(), ways)
    player = play(source)

    assert player.waiting == ["after", "after"]


def test_names_are_told_apart(play: Play) -> None:
    links = throw("out", on("link", "b")) + catch("a_in", on("link", "a"))
    ways = flows("start", "out") + flows("a_in", "a", "end") + flows("b_in", "b", "end")
    target = catch("b_in", on("link", "b"))
    player = play(diagram(start(), links, target, user("a"), user("b"), end(), ways))

    assert player.waiting == ["b"]


def test_a_link_leads_back_as_a_loop(play: Play) -> None:
    turn = flow("again", "pick", "out", "=not(stop)") + flow("on", "pick", "end", "=stop")
    links = throw("out", on("link", "back")) + catch("in", on("link", "back"))
    ways = flows("start", "work", "pick") + flows("in", "work")
    player = play(diagram(start(), user("work"), exclusive("pick"), links, end(), ways, turn))
    player.complete("work", stop=False)
    before = len(player.state)

    for _ in range(20):
        player.complete("work", stop=False)
    assert len(player.state) == before
    player.complete("work", stop=True)

    assert player.ending is not None


def test_the_same_name_in_a_subprocess_is_another_link(play: Play) -> None:
    inside = sub(
        "box",
        start("s"),
        throw("out2", on("link", "far")),
        catch("in2", on("link", "far")),
        user("near"),
        end("e"),
        flows("s", "out2") + flows("in2", "near", "e"),
    )
    links = throw("out", on("link", "far")) + catch("in", on("link", "far"))
    ways = flows("start", "box", "out") + flows("in", "after", "end")
    player = play(diagram(start(), inside, links, user("after"), end(), ways))
    assert player.waiting == ["near"]

    player.complete("near")

    assert player.waiting == ["after"]


def test_an_inclusive_join_sees_what_can_come_by_a_link(play: Play) -> None:
    links = throw("out", on("link", "far")) + catch("in", on("link", "far"))
    ways = flows("start", "split", "a", "join", "after", "end")
    more = flows("split", "b", "out") + flows("in", "join")
    tasks = user("a") + user("b") + user("after")
    source = diagram(start(), parallel("split"), tasks, links, inclusive("join"), end(), ways, more)
    player = play(source)

    player.complete("a")
    assert player.waiting == ["b"]
    player.complete("b")

    assert player.waiting == ["after"]


def test_a_link_without_a_target_holds_its_token(play: Play) -> None:
    """The check refuses it; a token that vanished would be a wrong end."""
    source = diagram(start(), throw("out", on("link", "far")), flows("start", "out"))
    player = play(source)

    assert player.stuck == ["out"]
    assert player.ending is None
