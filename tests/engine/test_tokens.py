"""Tokens at parallel gateways: BPMN 2.0.2, 13.4.1."""

from collections import Counter

from service.domain.events import InstanceCompleted
from tests.engine.builders import diagram, end, exclusive, flow, flows, parallel, start, user
from tests.engine.conftest import Play


def test_a_join_waits_for_each_of_its_flows(play: Play) -> None:
    player = play("parallel_join.bpmn")

    assert player.waiting == ["one", "three", "two"]
    player.complete("two")
    player.complete("one")
    assert player.waiting == ["three"]
    player.complete("three")
    assert player.waiting == ["after"]


def test_a_join_is_activated_once_when_it_fires(play: Play) -> None:
    player = play("parallel_join.bpmn")
    for task in ("one", "two", "three", "after"):
        player.complete(task)

    assert Counter(player.done)["join"] == 1
    assert player.ending is not None


def test_two_flows_from_the_same_gateway_into_the_same_join_are_two(play: Play) -> None:
    player = play("two_flows_one_join.bpmn")

    assert player.waiting == ["task"]
    assert Counter(player.taken)["second"] == 1
    player.complete("task")
    assert player.ending is not None
    assert player.done.count("end") == 1


def test_a_second_token_on_the_same_flow_waits_for_its_own_partners(play: Play) -> None:
    player = play("excess_tokens.bpmn")

    player.complete("fast")
    player.complete("fast")
    assert player.waiting == ["slow", "slow"]
    player.complete("slow")
    assert player.waiting == ["after", "slow"]
    player.complete("slow")
    assert player.waiting == ["after", "after"]


def test_a_join_inside_a_loop_fires_in_each_turn(play: Play) -> None:
    player = play("join_in_loop.bpmn", again=True)

    for turn in range(3):
        assert player.waiting == ["left", "right"]
        player.complete("right")
        player.complete("left")
        player.complete("decide", again=turn < 2)

    assert player.ending is not None
    assert Counter(player.done)["join"] == 3


def test_a_join_reached_by_one_branch_only_waits_and_the_instance_is_not_over(play: Play) -> None:
    player = play(
        diagram(
            start(),
            exclusive("pick", default="pick_one"),
            user("one"),
            user("two"),
            parallel("join"),
            end(),
            flows("start", "pick", "one", "join", "end"),
            flow("pick_two", "pick", "two", "=false"),
            flows("two", "join"),
        )
    )

    player.complete("one")

    assert player.waiting == []
    assert player.ending is None
    assert "join" not in player.done
    assert player.stuck == ["join"]


def test_a_gateway_may_join_and_split_at_once(play: Play) -> None:
    player = play(
        diagram(
            start(),
            parallel("split"),
            user("a"),
            user("b"),
            parallel("middle"),
            user("c"),
            user("d"),
            end(),
            flows("start", "split", "a", "middle", "c", "end"),
            flows("split", "b", "middle", "d", "end"),
        )
    )

    player.complete("a")
    assert player.waiting == ["b"]
    player.complete("b")
    assert player.waiting == ["c", "d"]


def test_the_instance_ends_with_its_last_token_and_names_the_ends_reached(play: Play) -> None:
    player = play(
        diagram(
            start(),
            parallel("split"),
            user("a"),
            user("b"),
            end("first"),
            end("second"),
            flows("start", "split", "a", "first"),
            flows("split", "b", "second"),
        )
    )

    player.complete("b")
    player.complete("a")

    assert player.ending == InstanceCompleted(end_events=("second", "first"))


def test_joins_merge_no_variable_of_one_branch_over_that_of_another(play: Play) -> None:
    player = play("parallel_join.bpmn", first=0, second=0, rows=[1])

    player.complete("one", first=1, rows=[1, 2])
    player.complete("two", second=2)
    player.complete("three", rows=[3])

    assert player.variables == {"first": 1, "second": 2, "rows": [3]}


def test_many_blocks_in_a_row_leave_one_token(play: Play) -> None:
    blocks = [
        parallel(f"s{i}")
        + user(f"a{i}")
        + user(f"b{i}")
        + parallel(f"j{i}")
        + flows(f"s{i}", f"a{i}", f"j{i}")
        + flows(f"s{i}", f"b{i}", f"j{i}")
        for i in range(10)
    ]
    links = [flows(f"j{i}", f"s{i + 1}") for i in range(9)]
    player = play(
        diagram(start(), *blocks, *links, end(), flows("start", "s0"), flows("j9", "end"))
    )

    for i in range(10):
        assert len(player.state) < 400
        player.complete(f"a{i}")
        player.complete(f"b{i}")

    assert player.ending is not None
