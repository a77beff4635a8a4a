"""Inclusive gateways: BPMN 2.0.2, 13.4.3. A join waits for each token that could still come."""

import pytest

from service.domain.events import IncidentType
from tests.engine.builders import (
    boundary,
    diagram,
    end,
    end_on,
    exclusive,
    flow,
    flows,
    inclusive,
    multi,
    on,
    parallel,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play


def split(*, default: str = "", names: str = "abc") -> str:
    """`fork` takes each flow whose variable is true, to a task of its name, then `join`."""
    ways = "".join(
        flow(f"to_{n}", "fork", n, None if default == f"to_{n}" else f"={n}_wanted")
        + flows(n, "join")
        for n in names
    )
    tasks = "".join(user(n) for n in names)
    return inclusive("fork", default=default) + tasks + inclusive("join") + ways


def block(*, default: str = "") -> bytes:
    ways = flows("start", "fork") + flows("join", "after", "end")
    return diagram(start(), split(default=default), user("after"), end(), ways)


@pytest.mark.parametrize("wanted", ["a", "b", "ab", "bc", "abc"])
def test_the_join_waits_for_exactly_those_that_were_sent(play: Play, wanted: str) -> None:
    player = play(block(), **{f"{n}_wanted": n in wanted for n in "abc"})
    assert player.waiting == list(wanted)

    for name in wanted[:-1]:
        player.complete(name)
        assert "after" not in player.waiting
    player.complete(wanted[-1])

    assert player.waiting == ["after"]
    assert player.done.count("join") == 1
    player.complete("after")
    assert player.ending is not None


def test_the_default_is_taken_when_no_condition_is_true(play: Play) -> None:
    player = play(block(default="to_c"), a_wanted=False, b_wanted=False)

    assert player.waiting == ["c"]


def test_the_default_is_not_taken_beside_another(play: Play) -> None:
    player = play(block(default="to_c"), a_wanted=True, b_wanted=False)

    assert player.waiting == ["a"]


def test_without_a_true_condition_and_default_it_is_an_incident(play: Play) -> None:
    player = play(block(), a_wanted=False, b_wanted=False, c_wanted=False)
    assert player.stuck == ["fork"]
    [incident] = player.incidents.values()
    assert incident.failure.type is IncidentType.CONDITION_ERROR
    player.variables["b_wanted"] = True

    player.retry("fork")

    assert player.waiting == ["b"]


@pytest.mark.parametrize("value", [None, 1, "true"])
def test_a_condition_that_is_no_boolean_is_an_incident(play: Play, value: object) -> None:
    player = play(block(), a_wanted=value, b_wanted=True, c_wanted=True)

    assert player.stuck == ["fork"]
    assert player.waiting == []


def test_a_token_that_ends_upstream_is_not_waited_for(play: Play) -> None:
    player = play(block(), a_wanted=True, b_wanted=True, c_wanted=False)
    player.complete("a")

    player.terminate("b")

    assert player.waiting == ["after"]


def died(last: str) -> bytes:
    """One of two branches may end before the join."""
    turn = flow("die", "pick", "last", "=not(go)") + flow("live", "pick", "join", "=go")
    ways = flows("start", "fork", "a", "join", "after", "end") + flows("fork", "b", "pick")
    gates = parallel("fork") + exclusive("pick") + inclusive("join")
    return diagram(start(), gates, user("a"), user("b"), user("after"), last, end(), ways, turn)


def test_a_branch_that_ends_before_the_join_lets_it_fire(play: Play) -> None:
    player = play(died(end("last")))
    player.complete("a")
    assert player.waiting == ["b"]

    player.complete("b", go=False)

    assert player.waiting == ["after"]


def test_a_branch_that_reaches_the_join_is_waited_for(play: Play) -> None:
    player = play(died(end("last")))
    player.complete("a")

    player.complete("b", go=True)

    assert player.waiting == ["after"]
    assert player.done.count("join") == 1


def test_a_token_with_an_incident_upstream_is_waited_for(play: Play) -> None:
    ways = flows("start", "fork", "a", "join", "after", "end") + flows("fork", "b", "join")
    tasks = user("a") + user("b", assignee="=missing") + user("after")
    source = diagram(start(), parallel("fork"), inclusive("join"), tasks, end(), ways)
    player = play(source)
    player.complete("a")
    assert player.waiting == []

    player.variables["missing"] = "lin"
    player.retry("b")
    player.complete("b")

    assert player.waiting == ["after"]


def test_a_path_from_a_border_is_waited_for(play: Play) -> None:
    """A token in an activity could still come by the event at its border."""
    ways = flows("start", "fork", "a", "join", "after", "end") + flows("fork", "b", "end")
    event = boundary("late", "b", on("timeDuration", "PT1H"))
    tasks = user("a") + user("b") + user("c") + user("after")
    more = flows("late", "c", "join")
    gates = parallel("fork") + inclusive("join")
    player = play(diagram(start(), gates, tasks, event, end(), ways, more))
    player.complete("a")
    assert player.waiting == ["b"]

    player.trigger("late")
    assert player.waiting == ["c"]
    player.complete("c")

    assert player.waiting == ["after"]


def test_a_border_that_was_not_crossed_is_not_waited_for(play: Play) -> None:
    ways = flows("start", "fork", "a", "join", "after", "end") + flows("fork", "b", "end")
    event = boundary("late", "b", on("timeDuration", "PT1H"))
    gates = parallel("fork") + inclusive("join")
    tasks = user("a") + user("b") + user("after")
    player = play(diagram(start(), gates, tasks, event, end(), ways, flows("late", "join")))
    player.complete("a")

    player.complete("b")

    assert player.waiting == ["after"]


def test_in_a_loop_it_joins_each_turn(play: Play) -> None:
    turn = flow("again", "pick", "fork", "=not(stop)") + flow("on", "pick", "end", "=stop")
    ways = flows("start", "fork") + flows("join", "pick")
    player = play(
        diagram(start(), split(), exclusive("pick"), end(), ways, turn),
        stop=False,
        a_wanted=True,
        b_wanted=True,
        c_wanted=False,
    )
    size = len(player.state)

    for _ in range(5):
        player.complete("a")
        player.complete("b")
        assert player.waiting == ["a", "b"]
    assert len(player.state) < size + 40
    player.complete("b")
    player.complete("a", stop=True)

    assert player.ending is not None
    assert player.done.count("join") == 6


def test_a_token_that_must_come_by_the_join_itself_is_not_waited_for(play: Play) -> None:
    """The way back leads through the join: it does not wait for what only it can send."""
    turn = flow("again", "pick", "join", "=not(stop)") + flow("on", "pick", "end", "=stop")
    ways = flows("start", "join", "work", "pick")
    gates = inclusive("join") + exclusive("pick")
    player = play(diagram(start(), gates, user("work"), end(), ways, turn))
    assert player.waiting == ["work"]

    player.complete("work", stop=False)
    assert player.waiting == ["work"]
    player.complete("work", stop=True)

    assert player.ending is not None


def test_one_block_inside_another(play: Play) -> None:
    inside = split(names="ab")
    ways = flows("start", "outer", "c", "last", "after", "end") + flows("outer", "fork")
    gates = parallel("outer") + inclusive("last")
    source = diagram(
        start(), gates, inside, user("c"), user("after"), end(), ways, flows("join", "last")
    )
    player = play(source, a_wanted=True, b_wanted=True)
    player.complete("c")
    player.complete("a")
    assert player.waiting == ["b"]

    player.complete("b")

    assert player.waiting == ["after"]


def test_a_token_that_can_only_come_where_one_is_already_is_not_waited_for(play: Play) -> None:
    """Table 13.3: it could reach a flow that has a token as well, so it holds nothing up."""
    turn = flow("p", "pick", "join", "=up") + flow("q", "pick", "join", "=not(up)")
    ways = flows("start", "fork", "a", "pick") + flows("fork", "b", "pick")
    after = flows("join", "after", "end")
    gates = parallel("fork") + exclusive("pick") + inclusive("join")
    tasks = user("a") + user("b") + user("after")
    player = play(diagram(start(), gates, tasks, end(), ways, turn, after))

    player.complete("a", up=True)
    assert player.waiting == ["after", "b"]
    player.complete("b", up=True)

    assert player.waiting == ["after", "after"]


def test_each_instance_of_a_scope_joins_for_itself(play: Play) -> None:
    inside = start("s") + split(names="ab") + end("e") + flows("s", "fork") + flows("join", "e")
    box = sub("box", inside, multi("=[1,2]", item="i"))
    way = flows("start", "box", "after", "end")
    player = play(diagram(start(), box, user("after"), end(), way), a_wanted=True, b_wanted=True)

    player.complete("a")
    player.complete("a")
    assert "join" not in player.done
    player.complete("b")
    assert player.done.count("join") == 1
    player.complete("b")

    assert player.waiting == ["after"]


def test_an_interrupted_subprocess_upstream_lets_it_fire(play: Play) -> None:
    box = sub("box", start("s"), user("deep"), end("e"), flows("s", "deep", "e"))
    event = boundary("late", "box", on("timeDuration", "PT1H"))
    ways = flows("start", "fork", "a", "join", "after", "end") + flows("fork", "box", "join")
    gates = parallel("fork") + inclusive("join")
    last = end_on("gone", on("escalation"))
    tasks = user("a") + user("after")
    player = play(
        diagram(start(), gates, tasks, box, event, end(), last, ways, flows("late", "gone"))
    )
    player.complete("a")
    assert player.waiting == ["deep"]

    player.trigger("late")

    assert player.waiting == ["after"]


def test_it_joins_when_a_run_of_automatic_steps_ends(play: Play) -> None:
    """It is asked when nothing else can move, so the order of the branches does not matter."""
    ways = flows("start", "fork", "x", "join", "after", "end") + flows("fork", "y", "z", "join")
    plain = "".join(f'<bpmn:task id="{n}" />' for n in "xyz")
    gates = inclusive("join") + parallel("fork")
    player = play(diagram(start(), gates, plain, user("after"), end(), ways))

    assert player.waiting == ["after"]
    assert player.done.count("join") == 1
