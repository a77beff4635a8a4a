"""Scopes and mappings, with Camunda 8's meaning."""

import pytest

from service.domain.events import IncidentType, ScopeDropped, VariableSet
from service.domain.values import Json
from tests.engine.builders import diagram, end, flows, mapping, rule, script, service, start, user
from tests.engine.conftest import Play
from tests.engine.player import ROOT, Player


def with_mappings(
    inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None
) -> bytes:
    """A user task with mappings, and a task behind it."""
    mapped = user("check", extensions=mapping(inputs=inputs, outputs=outputs))
    return diagram(start(), mapped, user("after"), end(), flows("start", "check", "after", "end"))


def seen(player: Player, element_id: str) -> dict[str, Json]:
    """What an open task sees."""
    return player.resume().visible(player.key_of(element_id))


def changes(player: Player) -> list[tuple[int, str, Json]]:
    """Variables written, in order."""
    return [(e.scope_key, e.name, e.value) for e in player.events if isinstance(e, VariableSet)]


def test_an_input_mapping_makes_a_local_variable(play: Play) -> None:
    player = play("mappings.bpmn", amount=50, boss="lin")

    assert seen(player, "check") == {"amount": 50, "boss": "lin", "doubled": 100, "note": "fixed"}
    assert player.variables == {"amount": 50, "boss": "lin"}


def test_with_output_mappings_only_their_targets_leave_the_task(play: Play) -> None:
    player = play("mappings.bpmn", amount=50, boss="lin", result={"kept": 1})

    player.complete("check", ok=True, noise=1)

    assert player.variables["result"] == {"kept": 1, "approved": True, "by": "lin"}
    assert not {"ok", "noise", "doubled", "note"} & set(player.variables)
    assert player.waiting == ["large"]


def test_the_local_scope_ends_with_the_task(play: Play) -> None:
    player = play("mappings.bpmn", amount=50, boss="lin")
    key = player.key_of("check")

    player.complete("check", ok=True)

    assert list(player.scopes) == [ROOT]
    assert ScopeDropped(key) in player.events


def test_without_output_mappings_results_go_to_the_root(play: Play) -> None:
    player = play(with_mappings(), a=1)

    player.complete("check", a=2, b=3)

    assert player.variables == {"a": 2, "b": 3}


def test_a_local_variable_of_the_same_name_absorbs_a_result(play: Play) -> None:
    player = play(with_mappings(inputs={"a": "=a"}), a=1)

    player.complete("check", a=2, b=3)

    assert player.variables == {"a": 1, "b": 3}


def test_an_input_mapping_sees_the_targets_of_those_before_it(play: Play) -> None:
    player = play(with_mappings(inputs={"a": "=n + 1", "b": "=a * 10", "c": "=b + a"}), n=1)

    assert seen(player, "check") == {"n": 1, "a": 2, "b": 20, "c": 22}


def test_an_input_mapping_may_hide_the_variable_it_reads(play: Play) -> None:
    player = play(with_mappings(inputs={"n": "=n + 1"}), n=1)

    assert seen(player, "check") == {"n": 2}
    assert player.variables == {"n": 1}


def test_nested_input_targets_make_one_new_context(play: Play) -> None:
    inputs = {"order.id": "=n", "order.by.name": "fixed"}
    player = play(with_mappings(inputs=inputs), n=1, order={"old": True})

    assert seen(player, "check")["order"] == {"id": 1, "by": {"name": "fixed"}}
    assert player.variables["order"] == {"old": True}


def test_nested_output_targets_are_merged_into_what_is_there(play: Play) -> None:
    outputs = {"order.state": "=state", "order.by.name": "=who"}
    player = play(with_mappings(outputs=outputs), order={"id": 1, "by": {"role": "x"}})

    player.complete("check", state="done", who="lin")

    assert player.variables["order"] == {
        "id": 1,
        "state": "done",
        "by": {"role": "x", "name": "lin"},
    }


def test_a_nested_output_target_replaces_what_is_no_context(play: Play) -> None:
    player = play(with_mappings(outputs={"order.state": "=state"}), order=5)

    player.complete("check", state="done")

    assert player.variables["order"] == {"state": "done"}


def test_an_output_mapping_sees_the_inputs_and_the_targets_before_it(play: Play) -> None:
    player = play(
        with_mappings(inputs={"half": "=n / 2"}, outputs={"a": "=half + given", "b": "=a + 1"}),
        n=10,
    )

    player.complete("check", given=1)

    assert player.variables == {"n": 10, "a": 6, "b": 7}


def test_the_outcome_of_a_task_leaves_it_whatever_its_mappings_say(play: Play) -> None:
    player = play(with_mappings(outputs={"note": "=check_outcome"}))

    player.complete("check", check_outcome="approve", noise=1)

    assert player.variables == {"note": "approve", "check_outcome": "approve"}


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        (1, 1, False),
        (1, True, True),
        (0, False, True),
        (1, 1.0, False),
        ([1], [True], True),
        ({"a": [1]}, {"a": [1]}, False),
        ({"a": 1}, {"a": 2}, True),
        (None, None, False),
        ("", None, True),
    ],
)
def test_only_real_changes_are_written(
    play: Play, before: Json, after: Json, written: bool
) -> None:
    player = play(with_mappings(), value=before)

    player.complete("check", value=after)

    assert ((ROOT, "value", after) in changes(player)[1:]) == written


def test_a_new_variable_that_is_null_is_written(play: Play) -> None:
    player = play(with_mappings())

    player.complete("check", empty=None)

    assert player.variables == {"empty": None}


def test_a_script_sets_its_result_variable(play: Play) -> None:
    source = diagram(
        start(),
        script("sum_up", "=sum(rows.amount)", result="total"),
        user("after"),
        end(),
        flows("start", "sum_up", "after", "end"),
    )
    player = play(source, rows=[{"amount": 2}, {"amount": 3}])

    assert player.variables["total"] == 5


def test_a_literal_script_is_its_own_value(play: Play) -> None:
    source = diagram(
        start(),
        script("mark", "1 + 1"),
        user("after"),
        end(),
        flows("start", "mark", "after", "end"),
    )

    assert play(source).variables == {"result": "1 + 1"}


def test_script_and_decision_results_follow_the_output_mappings(play: Play) -> None:
    outputs = mapping(outputs={"kept": "=result"})
    source = diagram(
        start(),
        script("one", "=1 + 1", extensions=outputs),
        rule("two", "grade", extensions=mapping(outputs={"grade": "=result"})),
        user("after"),
        end(),
        flows("start", "one", "two", "after", "end"),
    )

    assert play(source).variables == {"kept": 2, "grade": "grade"}


def test_a_context_with_names_that_are_not_plain_is_an_incident(play: Play) -> None:
    source = diagram(start(), script("make", '={"a-b": 1}'), end(), flows("start", "make", "end"))
    player = play(source)

    [incident] = player.incidents.values()
    assert incident.failure.type is IncidentType.EXTRACT_VALUE_ERROR
    assert "a-b" in incident.failure.message


def test_a_handler_sees_its_local_variables(play: Play) -> None:
    source = diagram(
        start(),
        service("send", extensions=mapping(inputs={"to": "=boss", "kind": "mail"})),
        end(),
        flows("start", "send", "end"),
    )
    given: list[dict[str, Json]] = []
    play(source, work=lambda due: given.append(due.variables), boss="lin")

    assert given == [{"boss": "lin", "to": "lin", "kind": "mail"}]


def test_the_start_variables_are_root_variables(play: Play) -> None:
    player = play(with_mappings(), a=1, b=None)

    assert changes(player) == [(ROOT, "a", 1), (ROOT, "b", None)]
    assert player.resume().visible(ROOT) == {"a": 1, "b": None}
