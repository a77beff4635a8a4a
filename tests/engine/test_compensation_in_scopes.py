"""Undoing subprocesses, and undoing from event subprocesses: scopes and their variables."""

from tests.engine.builders import (
    boundary,
    diagram,
    end,
    flows,
    mapping,
    multi,
    on,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.repeated import done_and_undone, throw, undo, undone_by
from tests.engine.test_compensation import AB, do


def with_box(*inside: str, handler: str = "", **declared: str) -> bytes:
    """A subprocess `box`, then a throw event outside of it."""
    return diagram(
        start(),
        sub("box", *inside),
        handler,
        throw("back", undo()),
        user("last"),
        end(),
        flows("start", "box", "back", "last", "end"),
        **declared,
    )


BOX = (start("s"), *AB, end("e"), flows("s", "a", "b", "e"))


def test_a_completed_subprocess_is_undone_from_outside(play: Play) -> None:
    player = play(with_box(*BOX))

    do(player, "a", "b", "un_b", "un_a")

    assert player.waiting == ["last"]


def test_its_own_handler_stands_for_everything_in_it(play: Play) -> None:
    player = play(with_box(*BOX, handler=undone_by("box", user("un_box"))))
    do(player, "a", "b")
    assert player.waiting == ["un_box"]

    player.complete("un_box")

    assert player.waiting == ["last"]


def test_a_throw_within_a_subprocess_undoes_nothing_around_it(play: Play) -> None:
    box = sub(
        "box",
        start("s"),
        done_and_undone("b"),
        throw("back", undo()),
        end("e"),
        flows("s", "b", "back", "e"),
    )
    player = play(
        diagram(
            start(),
            done_and_undone("a"),
            box,
            user("last"),
            end(),
            flows("start", "a", "box", "last", "end"),
        )
    )

    do(player, "a", "b", "un_b")

    assert player.waiting == ["last"]


def test_each_pass_of_a_subprocess_is_undone_with_its_own_variables(play: Play) -> None:
    loop = multi("=items", item="item", sequential=True)
    handler = user("un_a", assignee="=item")
    box = (start("s"), user("a"), undone_by("a", handler), end("e"), flows("s", "a", "e"), loop)
    player = play(with_box(*box), items=["an", "bo"])
    do(player, "a", "a")
    assert [task.assignee for task in player.tasks.values()] == ["bo"]

    player.complete("un_a")

    assert [task.assignee for task in player.tasks.values()] == ["an"]


def nested(*, depth: int) -> str:
    """Subprocesses in each other; the innermost holds `a`; each has a variable of its own."""
    inner = (
        user("a") + undone_by("a", user("un_a")) + start("s0") + end("e0") + flows("s0", "a", "e0")
    )
    for level in range(1, depth + 1):
        local = mapping(
            inputs={f"v{level}": f"={'base' if level == depth else f'v{level + 1}'} + 1"}
        )
        box = sub(f"box{level}", f"<bpmn:extensionElements>{local}</bpmn:extensionElements>", inner)
        inner = (
            box
            + start(f"s{level}")
            + end(f"e{level}")
            + flows(f"s{level}", f"box{level}", f"e{level}")
        )
    return sub("outer", inner)


def test_three_levels_deep_the_variables_are_as_they_were(play: Play) -> None:
    """What changed outside afterwards is not seen where the subprocess had its own."""
    source = diagram(
        start(),
        nested(depth=3),
        user("between"),
        throw("back", undo()),
        user("last"),
        end(),
        flows("start", "outer", "between", "back", "last", "end"),
    )
    player = play(source, base=1)
    player.complete("a")
    assert player.variables == {"base": 1}

    player.complete("between", base=100, v1=7)

    seen = player.resume().visible(player.key_of("un_a"))
    assert seen == {"base": 100, "v3": 2, "v2": 3, "v1": 4}
    player.complete("un_a")
    assert player.waiting == ["last"]


def test_what_a_handler_writes_to_a_completed_subprocess_goes_with_it(play: Play) -> None:
    source = diagram(
        start(),
        nested(depth=1),
        throw("back", undo()),
        user("last"),
        end(),
        flows("start", "outer", "back", "last", "end"),
    )
    player = play(source, base=1)
    player.complete("a")

    player.complete("un_a", v1=9, base=5, new=1)

    assert player.variables == {"base": 5, "new": 1}
    assert set(player.scopes) == {1}


def test_kept_variables_go_with_the_instance(play: Play) -> None:
    source = diagram(start(), nested(depth=3), end(), flows("start", "outer", "end"))

    player = play(source, base=1)
    player.complete("a")

    assert player.ending is not None


def test_kept_variables_go_with_the_scope_that_is_ended(play: Play) -> None:
    box = sub(
        "box", nested(depth=2), user("b"), start("s"), end("e"), flows("s", "outer", "b", "e")
    )
    player = play(
        diagram(
            start(),
            box,
            boundary("late", "box", on("timeDuration", "P1D")),
            user("last"),
            end(),
            flows("start", "box", "end"),
            flows("late", "last", "end"),
        ),
        base=1,
    )
    player.complete("a")
    assert len(player.scopes) == 3

    player.trigger("late")

    assert set(player.scopes) == {1}
    assert player.waiting == ["last"]
