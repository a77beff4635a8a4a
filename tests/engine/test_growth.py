"""Nothing grows with what is over: state and open nodes are those of the live tokens."""

from tests.engine.builders import diagram, end, exclusive, flow, flows, parallel, start, user
from tests.engine.conftest import Play
from tests.engine.player import Player


def turns(player: Player, count: int) -> int:
    """Go round the loop; the size of the state with its keys left out."""
    for _ in range(count):
        player.complete("form")
    return len(player.state)


def test_the_state_of_a_loop_is_the_same_at_the_tenth_and_the_thousandth_turn(play: Play) -> None:
    player = play("loop.bpmn", stop=False)

    tenth = turns(player, 10)
    thousandth = turns(player, 990)

    assert tenth == thousandth
    assert tenth < 100


def test_a_resumed_instance_holds_its_live_tokens_and_the_root(play: Play) -> None:
    player = play("loop.bpmn", stop=False)
    turns(player, 50)

    execution = player.resume()

    assert len(execution._workflow.tasks) == 2


def test_a_loop_round_a_join_does_not_grow(play: Play) -> None:
    player = play(
        diagram(
            start(),
            exclusive("again"),
            parallel("split"),
            user("form"),
            user("other"),
            parallel("join"),
            exclusive("enough", default="enough_again"),
            end(),
            flows("start", "again", "split", "form", "join", "enough", "again"),
            flows("split", "other", "join"),
            flow("enough_end", "enough", "end", "=stop"),
        ),
        stop=False,
    )
    sizes = set()

    for _ in range(100):
        player.complete("other")
        sizes.add(turns(player, 1))

    assert len(sizes) == 1


def test_within_one_run_finished_nodes_go_at_once(play: Play) -> None:
    names = [f"g{i}" for i in range(500)]
    player = play(
        diagram(
            start(),
            user("first"),
            *map(exclusive, names),
            user("last"),
            end(),
            flows("start", "first", *names, "last", "end"),
        )
    )
    execution = player.resume()

    execution.complete(player.key_of("first"), {})
    execution.advance()

    assert len(execution._workflow.tasks) == 2
