"""Exclusive gateways: the first true condition in the order of the file, else the default."""

import pytest

from service.domain.events import ElementActivated, IncidentType
from service.domain.values import Json
from tests.engine.builders import diagram, end, exclusive, flow, flows, start, user
from tests.engine.conftest import Play


def choice(*conditions: str, default: bool = False) -> bytes:
    """A gateway with a task behind each condition: `t0`, `t1` …, and `other` by default."""
    parts = [start(), exclusive("pick", default="other_flow" if default else ""), end()]
    for i, condition in enumerate(conditions):
        parts += [user(f"t{i}"), flow(f"f{i}", "pick", f"t{i}", condition), flows(f"t{i}", "end")]
    if default:
        parts += [user("other"), flow("other_flow", "pick", "other"), flows("other", "end")]
    return diagram(*parts, flows("start", "pick"))


def test_the_first_true_condition_wins(play: Play) -> None:
    player = play(choice("=amount > 100", "=amount > 10", "=amount > 1"), amount=50)

    assert player.waiting == ["t1"]
    assert player.taken == ["start_pick", "f1"]


def test_without_a_true_condition_the_default_is_taken(play: Play) -> None:
    player = play(choice("=amount > 100", default=True), amount=50)

    assert player.waiting == ["other"]


def test_without_a_default_it_is_an_incident(play: Play) -> None:
    player = play(choice("=amount > 100", "=amount > 70"), amount=50)

    assert player.stuck == ["pick"]
    [incident] = player.incidents.values()
    assert incident.failure.type is IncidentType.CONDITION_ERROR
    assert "没有一个出口的条件成立" in incident.failure.message


def test_a_failing_condition_behind_the_first_true_one_is_not_asked(play: Play) -> None:
    player = play(choice("=amount > 10", "=missing > 1"), amount=50)

    assert player.waiting == ["t0"]


def test_a_failing_condition_before_a_true_one_is_an_incident(play: Play) -> None:
    player = play(choice("=missing > 1", "=amount > 10"), amount=50)

    [incident] = player.incidents.values()
    assert incident.failure.type is IncidentType.CONDITION_ERROR
    assert "missing" in incident.failure.message


@pytest.mark.parametrize("expression", ["=amount", '="true"', "=null", "=amount > null"])
def test_a_condition_that_is_neither_true_nor_false_is_an_incident(
    play: Play, expression: str
) -> None:
    player = play(choice(expression, default=True), amount=50)

    [incident] = player.incidents.values()
    assert incident.failure.type is IncidentType.CONDITION_ERROR
    assert "f0" in incident.failure.message


@pytest.mark.parametrize(("value", "task"), [(None, "t1"), (3, "t0")])
def test_a_condition_may_ask_whether_a_variable_is_there(
    play: Play, value: Json, task: str
) -> None:
    variables = {} if value is None else {"amount": value}
    player = play(choice("=is defined(amount) and amount > 1", "=true"), **variables)

    assert player.waiting == [task]


def test_a_gateway_with_one_exit_lets_every_token_through(play: Play) -> None:
    player = play(
        diagram(start(), exclusive("merge"), user("a"), end(), flows("start", "merge", "a", "end"))
    )

    assert player.waiting == ["a"]


def test_a_retry_asks_the_conditions_again(play: Play) -> None:
    player = play(choice("=amount > 100"), amount=50)
    key = next(iter(player.incidents))
    player.variables["amount"] = 500

    player.retry("pick")

    assert player.waiting == ["t0"]
    assert player.incidents == {}
    passages = [e for e in player.events if isinstance(e, ElementActivated)]
    assert [p.element_instance_key for p in passages if p.element_id == "pick"] == [key]
