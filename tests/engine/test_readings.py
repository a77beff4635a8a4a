"""How diagrams are read: flags and references as XML Schema writes them, reusable definitions."""

from tests.engine.builders import boundary, element, end, flows, on, script, sub, user
from tests.engine.conftest import Play
from tests.engine.everything import catch, piece


def test_a_flag_may_be_a_number(play: Play) -> None:
    player = play(
        piece(
            user("it"),
            boundary("b", "bpmn:it", on("signal", "alarm")).replace('"true"', '"0"'),
            end(),
            end("other"),
            flows("start", "it", "end"),
            flows("b", "other"),
        ).replace(b'isExecutable="true"', b'isExecutable="1"')
    )

    player.trigger("b")

    assert player.waiting == ["it"]
    assert "b" in player.done


def test_an_event_subprocess_may_be_marked_by_a_number(play: Play) -> None:
    player = play(
        piece(
            user("it"),
            end(),
            sub(
                "es",
                element("startEvent", "in", inside=on("signal", "alarm")),
                end("out"),
                flows("in", "out"),
                triggeredByEvent="1",
            ),
            flows("start", "it", "end"),
        )
    )

    player.trigger("in")

    assert player.terminated == ["it"]


def test_an_event_may_refer_to_its_definition(play: Play) -> None:
    wait = catch("wait", "<bpmn:eventDefinitionRef>tomorrow</bpmn:eventDefinitionRef>")
    player = play(piece(wait, end(), flows("start", "wait", "end")))

    assert player.awaited == ["wait"]


def test_the_outcome_of_an_id_with_a_dash_is_a_variable(play: Play) -> None:
    player = play(
        piece(
            user("check-1.a"),
            script("copy", "=check_1_a_outcome"),
            end(),
            flows("start", "check-1.a", "copy", "end"),
        )
    )

    player.complete("check-1.a", check_1_a_outcome="yes")

    assert player.variables["result"] == "yes"
