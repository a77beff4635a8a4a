"""Faults of the stock engine at the elements that run here, each seen there and mended."""

import subprocess
import sys

import pytest

from service.domain.values import Json
from tests.engine.builders import (
    diagram,
    end,
    exclusive,
    flow,
    flows,
    parallel,
    script,
    start,
    user,
)
from tests.engine.conftest import Play


def test_a_loop_beyond_five_hundred_turns_loses_no_token(play: Play) -> None:
    """Stock: the iterator stops at depth 1,000 and a ready task vanishes."""
    player = play("loop.bpmn", stop=False)

    for _ in range(600):
        player.complete("form")

    assert player.waiting == ["form"]
    player.complete("form", stop=True)
    assert player.ending is not None


def test_the_branch_that_finishes_last_brings_back_no_stale_value(play: Play) -> None:
    """Stock: it overwrites the other branch's change with its own older copy."""
    player = play("parallel_join.bpmn", value="old", rows=[1, 2, 3])

    player.complete("one", value="new", rows=[9])
    player.complete("two")
    player.complete("three")

    assert player.variables == {"value": "new", "rows": [9]}


def test_ten_blocks_in_a_row_predict_nothing(play: Play) -> None:
    """Stock: ten 2-way blocks in a row make 8,189 nodes."""
    blocks = "".join(
        parallel(f"s{i}")
        + user(f"a{i}")
        + user(f"b{i}")
        + parallel(f"j{i}")
        + flows(f"s{i}", f"a{i}", f"j{i}", f"s{i + 1}" if i < 9 else "end")
        + flows(f"s{i}", f"b{i}", f"j{i}")
        for i in range(10)
    )
    player = play(diagram(start(), blocks, end(), flows("start", "s0")))

    assert len(player.resume()._workflow.tasks) == 3


def test_an_error_while_a_branch_is_entered_leaves_its_brothers_started(play: Play) -> None:
    """Stock: the brothers stay in the future for ever."""
    player = play(
        diagram(
            start(),
            parallel("split"),
            user("broken", assignee="=missing"),
            user("sound"),
            end(),
            flows("start", "split", "broken", "end"),
            flows("split", "sound", "end"),
        )
    )

    assert player.waiting == ["sound"]


@pytest.mark.parametrize("name", ["typename", "__builtins__", "data_objects", "children"])
def test_a_variable_may_have_any_plain_name(play: Play, name: str) -> None:
    """Stock: `typename` cannot be loaded again, `__builtins__` overrides Python's."""
    player = play("parallel_join.bpmn", **{name: {name: 1}})

    changed: dict[str, Json] = {name: [2]}
    player.complete("one", **changed)

    assert player.resume().visible(1) == {name: [2]}


@pytest.mark.parametrize(
    "text", ["=__import__('os').system('touch /tmp/x')", '=open("/etc/passwd")', "import os"]
)
def test_no_text_of_a_designer_meets_python(play: Play, text: str) -> None:
    """Stock: a script and a condition each run a shell command."""
    player = play(
        diagram(
            start(),
            script("evil", text),
            user("after"),
            end(),
            flows("start", "evil", "after", "end"),
        )
    )

    value: Json = player.variables.get("result")
    assert player.stuck == ["evil"] or value == text


def test_the_engine_never_calls_eval_or_exec() -> None:
    """The wheel's own script engine is imported, and nothing of ours ever asks it."""
    program = (
        "import builtins, sys\n"
        "import SpiffWorkflow.bpmn.script_engine.python_environment as environment\n"
        "def trap(*a, **k): raise SystemExit('eval or exec was called')\n"
        "environment.eval = environment.exec = trap\n"
        "from tests.engine.conftest import read_model\n"
        "from tests.engine.player import Player\n"
        "from service.feel import FeelPool\n"
        "feel = FeelPool()\n"
        "p = Player(read_model('mappings.bpmn'), feel, amount=50, boss='lin')\n"
        "p.complete('check', ok=True)\n"
        "assert p.waiting == ['large'], p.waiting\n"
        "feel.close()\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


def test_branches_leave_in_the_order_of_the_file_not_of_the_picture(play: Play) -> None:
    """Stock: children are sorted by their y coordinate, so moving a shape changes the process."""
    shapes = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><bpmndi:BPMNPlane bpmnElement="P">'
        '<bpmndi:BPMNShape bpmnElement="a"><dc:Bounds x="0" y="900" width="9" height="9"/>'
        '</bpmndi:BPMNShape><bpmndi:BPMNShape bpmnElement="b">'
        '<dc:Bounds x="0" y="10" width="9" height="9"/></bpmndi:BPMNShape>'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"
    )
    source = diagram(
        start(),
        exclusive("pick"),
        user("a"),
        user("b"),
        end(),
        flows("start", "pick"),
        flow("first", "pick", "a", "=true"),
        flow("second", "pick", "b", "=true"),
        flows("a", "end"),
        flows("b", "end"),
    )

    player = play(source.replace(b"</bpmn:definitions>", shapes.encode()))

    assert player.waiting == ["a"]


def test_unreachable_elements_do_not_disturb_the_others(play: Play) -> None:
    player = play(
        diagram(
            start(),
            user("a"),
            user("island"),
            end(),
            flows("start", "a", "end"),
            flows("island", "end"),
        )
    )

    player.complete("a")

    assert player.ending is not None
