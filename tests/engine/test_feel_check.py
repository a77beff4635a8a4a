"""Rules about expressions: they parse everywhere, and their names can have values."""

import pytest

from service.domain.problems import Severity
from service.feel import FeelPool
from tests.engine.builders import (
    diagram,
    end,
    exclusive,
    flow,
    flows,
    mapping,
    properties,
    rule,
    script,
    service,
    start,
    user,
)
from tests.engine.checking import check, errors, found, with_user_task

FORM = start(form="application")
BROKEN = "=1 +"


def gateway(condition: str, *, task: str = "") -> bytes:
    """A gateway with one condition and a default, behind a task if there is one."""
    return diagram(
        FORM,
        task or user("check", form="application"),
        exclusive("pick", default="no"),
        end(),
        end("other"),
        flows("start", "check", "pick"),
        flow("yes", "pick", "end", condition),
        flow("no", "pick", "other"),
    )


def user_with(extensions: str) -> bytes:
    """The user task `check` with these extensions."""
    return with_user_task(user("check", form="application", extensions=extensions))


EVERYWHERE = {
    "condition": (gateway(BROKEN), "yes"),
    "assignee": (with_user_task(user("check", assignee=BROKEN)), "check"),
    "due date": (user_with(f'<zeebe:taskSchedule dueDate="{BROKEN}" />'), "check"),
    "follow-up date": (user_with(f'<zeebe:taskSchedule followUpDate="{BROKEN}" />'), "check"),
    "priority": (user_with(f'<zeebe:priorityDefinition priority="{BROKEN}" />'), "check"),
    "input": (user_with(mapping(inputs={"a": BROKEN})), "check"),
    "output": (user_with(mapping(outputs={"a": BROKEN})), "check"),
    "script": (diagram(FORM, script("it", BROKEN), end(), flows("start", "it", "end")), "it"),
    "task type": (
        diagram(FORM, service("it", task_type=BROKEN), end(), flows("start", "it", "end")),
        "it",
    ),
    "decision": (diagram(FORM, rule("it", BROKEN), end(), flows("start", "it", "end")), "it"),
    "title": (
        diagram(
            FORM, user("check"), end(), flows("start", "check", "end"),
            extensions=properties(title=BROKEN),
        ),
        "P",
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", EVERYWHERE)
def test_a_text_that_is_no_feel_is_refused_with_its_place(feel: FeelPool, place: str) -> None:
    source, element_id = EVERYWHERE[place]

    problems = check(source, feel)

    assert errors(problems) == {("feel-syntax", element_id)}
    assert "第 4 个字符处" in problems[0].message


def test_a_function_that_does_not_exist_is_refused(feel: FeelPool) -> None:
    assert errors(check(gateway("=sume(score) > 1"), feel)) == {("feel-function", "yes")}


def test_a_text_that_is_too_long_is_refused(feel: FeelPool) -> None:
    source = gateway("=score > " + "1 + " * 5_000 + "1")

    assert errors(check(source, feel)) == {("feel-syntax", "yes")}


@pytest.mark.parametrize(
    "condition",
    [
        "=score > 1",
        '=check_outcome = "approve"',
        '=initiator = "kim"',
        "=is defined(anything) and score > 1",
        "=count([1, 2][item > 1]) > 0",
    ],
)
def test_names_that_something_sets_are_fine(feel: FeelPool, condition: str) -> None:
    assert check(gateway(condition), feel) == []


def test_a_name_that_nothing_can_set_is_refused(feel: FeelPool) -> None:
    problems = check(gateway("=scoer > 1"), feel)

    assert errors(problems) == {("feel-name", "yes")}
    assert "scoer" in problems[0].message


@pytest.mark.parametrize(
    "task",
    [
        service("check"),
        user("check"),
    ],
    ids=["a service task may set anything", "a task without a form may set anything"],
)
def test_a_doubtful_name_is_a_warning(feel: FeelPool, task: str) -> None:
    problems = check(gateway("=scoer > 1", task=task), feel)

    assert errors(problems) == set()
    assert found(problems, Severity.WARNING) == {("feel-name", "yes")}


def test_without_a_start_form_anything_may_be_set_at_the_start(feel: FeelPool) -> None:
    source = gateway("=scoer > 1").replace(b'<zeebe:formDefinition formId="application" />', b"", 1)

    assert found(check(source, feel), Severity.WARNING) == {("feel-name", "yes")}


def test_output_mappings_say_all_that_a_service_task_sets(feel: FeelPool) -> None:
    task = service("check", extensions=mapping(outputs={"kept": "=whatever.it.gave"}))

    assert errors(check(gateway("=kept > 1", task=task), feel)) == set()
    assert errors(check(gateway("=scoer > 1", task=task), feel)) == {("feel-name", "yes")}


def test_a_doubtful_name_is_told_once(feel: FeelPool) -> None:
    task = service("check", extensions=mapping(inputs={"a": "=scoer", "b": "=scoer"}))

    problems = check(gateway("=scoer > 1", task=task), feel)

    [problem] = [p for p in problems if p.rule == "feel-name"]
    assert "3 处" in problem.message


def test_a_local_name_is_known_in_its_element_alone(feel: FeelPool) -> None:
    inputs = mapping(inputs={"local": "=score"})
    task = user("check", assignee="=local", form="application", extensions=inputs)

    assert check(gateway("=score > 1", task=task), feel) == []
    assert errors(check(gateway("=local > 1", task=task), feel)) == {("feel-name", "yes")}


def test_results_of_scripts_and_decisions_are_names(feel: FeelPool) -> None:
    graded = rule("check", "grade", result="level")

    assert check(gateway("=level > 1", task=graded), feel) == []
    assert (
        check(gateway("=half > 1", task=script("check", "=score / 2", result="half")), feel) == []
    )


def test_a_result_that_an_output_mapping_keeps_back_is_no_name(feel: FeelPool) -> None:
    kept = script("check", "=score / 2", result="half", extensions=mapping(outputs={"x": "=half"}))

    assert errors(check(gateway("=half > 1", task=kept), feel)) == {("feel-name", "yes")}


def test_hundreds_of_expressions_are_all_read(feel: FeelPool) -> None:
    names = [f"s{i}" for i in range(250)]
    scripts = [script(name, "=score + 1") for name in names[:-1]] + [script(names[-1], BROKEN)]
    source = diagram(FORM, *scripts, end(), flows("start", *names, "end"))

    assert errors(check(source, feel)) == {("feel-syntax", "s249")}
