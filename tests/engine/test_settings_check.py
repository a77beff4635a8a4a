"""Rules about people, forms, jobs, decisions, scripts and mappings."""

import pytest

from service.domain.problems import Severity
from service.feel import FeelPool
from tests.engine.builders import (
    element,
    mapping,
    properties,
    rule,
    script,
    user,
)
from tests.engine.checking import around, check, errors, found, with_service_task, with_user_task

SETTINGS = {
    "a user task for nobody": (around(element("userTask", "it")), "user-task-assignment"),
    "an empty assignment": (around(user("it", assignee=" ")), "user-task-assignment"),
    "a form without an id": (
        around(user("it", extensions="<zeebe:formDefinition />")),
        "form-id",
    ),
    "a form chosen by an expression": (around(user("it", form="=which")), "form-id"),
    "a form that does not exist": (around(user("it", form="gone")), "form-known"),
    "a form that writes the initiator": (around(user("it", form="greedy")), "name-reserved"),
    "an outcome with a strange name": (
        around(user("it", extensions=properties(outcomes="同意=同意"))),
        "user-task-outcomes",
    ),
    "an outcome twice": (
        around(user("it", extensions=properties(outcomes="a=甲; a=乙"))),
        "user-task-outcomes",
    ),
    "no outcome at all": (
        around(user("it", extensions=properties(outcomes=" ; "))),
        "user-task-outcomes",
    ),
    "an opinion for an outcome that is none": (
        around(user("it", extensions=properties(outcomes="a=甲", comment_required="b"))),
        "user-task-outcomes",
    ),
    "a post group that cannot be read": (
        around(
            element(
                "userTask",
                "it",
                "<zeebe:userTask /><zeebe:assignmentDefinition"
                ' candidateGroups="office, 教研员 · · 数学 @ 市教研机构" />',
            )
        ),
        "user-task-posts",
    ),
    "a deputy neither forbidden nor allowed": (
        around(user("it", extensions=properties(no_deputy="ja"))),
        "user-task-deputy",
    ),
    "a public opinion for an outcome that is none": (
        around(
            user(
                "it",
                extensions=properties(outcomes="a=甲", public_comment="b", public_name="审核"),
            )
        ),
        "user-task-outcomes",
    ),
    "a public opinion of a step that is not public": (
        around(user("it", extensions=properties(outcomes="a=甲", public_comment="a"))),
        "public-comment",
    ),
    "a public name that is empty": (
        around(user("it", extensions=properties(public_name=" "))),
        "public-name",
    ),
    "a public name that is too long": (
        around(user("it", extensions=properties(public_name="审" * 41))),
        "public-name",
    ),
    "a public name of two lines": (
        around(user("it", extensions=properties(public_name="审\n核"))),
        "public-name",
    ),
    "a public name that would be an expression": (
        around(user("it", extensions=properties(public_name="=name"))),
        "public-name",
    ),
    "negative working days": (
        around(user("it", extensions=properties(due_working_days="-1"))),
        "deadline",
    ),
    "reminders without end": (
        around(user("it", extensions=properties(due_working_days="5", remind_limit="1000"))),
        "deadline",
    ),
    "a reminder each second": (
        around(user("it", extensions=properties(due_working_days="5", remind_every="PT1S"))),
        "deadline",
    ),
    "a level for nobody": (
        around(
            user(
                "it",
                extensions=properties(
                    due_working_days="5", escalate_after="2, 5", escalate_to="superior"
                ),
            )
        ),
        "deadline",
    ),
    "a superior that nobody knows": (
        around(
            user(
                "it",
                extensions=properties(due_working_days="5", escalate_after="2", escalate_to="boss"),
            )
        ),
        "deadline",
    ),
    "two due dates": (
        around(
            user(
                "it",
                extensions='<zeebe:taskSchedule dueDate="2026-03-05" />'
                + properties(due_working_days="5"),
            )
        ),
        "deadline-once",
    ),
    "a due date in the year 9999": (
        around(user("it", extensions='<zeebe:taskSchedule dueDate="9999-12-31" />')),
        "deadline-order",
    ),
    "a follow-up behind the due date": (
        around(
            user(
                "it",
                extensions='<zeebe:taskSchedule dueDate="2026-03-05" followUpDate="2026-03-06" />',
            )
        ),
        "deadline-order",
    ),
    "a literal date that is none": (
        around(user("it", extensions='<zeebe:taskSchedule dueDate="tomorrow" />')),
        "literal-value",
    ),
    "a literal priority out of range": (
        around(user("it", extensions='<zeebe:priorityDefinition priority="101" />')),
        "literal-value",
    ),
    "a decision without an id": (around(rule("it", "")), "decision-id"),
    "a decision that does not exist": (around(rule("it", "gone")), "decision-known"),
    "a decision without a result": (around(rule("it", "grade", result="")), "result-variable"),
    "a decision of a version tag": (
        around(
            rule("it", "grade").replace(
                " resultVariable", ' bindingType="versionTag" resultVariable'
            )
        ),
        "binding-supported",
    ),
    "a script without an expression": (around(script("it", "=")), "script-expression"),
    "a script task without a script": (around(element("scriptTask", "it")), "script-expression"),
    "a result that is no name": (around(script("it", "=1", result="a-b")), "result-variable"),
    "a result onto the initiator": (
        around(script("it", "=1", result="initiator")),
        "name-reserved",
    ),
    "a mapping onto the initiator": (
        around(user("it", extensions=mapping(outputs={"initiator": "=1"}))),
        "name-reserved",
    ),
    "a mapping into the initiator": (
        around(user("it", extensions=mapping(outputs={"initiator.name": "=1"}))),
        "name-reserved",
    ),
    "a mapping onto an outcome": (
        around(user("it", extensions=mapping(outputs={"it_outcome": "=1"}))),
        "name-reserved",
    ),
    "a mapping target that is no name": (
        around(user("it", extensions=mapping(inputs={"a-b": "=1"}))),
        "mapping-target",
    ),
    "a mapping target with an empty part": (
        around(user("it", extensions=mapping(outputs={"a..b": "=1"}))),
        "mapping-target",
    ),
    "a mapping without a source": (
        around(user("it", extensions=mapping(inputs={"a": "="}))),
        "mapping-source",
    ),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_cannot_work_is_refused(feel: FeelPool, name: str) -> None:
    source, expected = SETTINGS[name]

    assert (expected, "it") in errors(check(source, feel))


@pytest.mark.parametrize(
    ("extensions", "task_type", "expected"),
    [
        ("", "", "service-task-type"),
        ("", "=", "service-task-type"),
        (properties(retry="PT1M, soon"), "work", "service-task-retry"),
        (properties(retry=""), "work", "service-task-retry"),
        (properties(retry="PT0S"), "work", "service-task-retry"),
        (properties(retry="PT1M, P400D"), "work", "service-task-retry"),
        (properties(retry="P99999999999999D"), "work", "service-task-retry"),
        (properties(retry=",".join(["PT1M"] * 101)), "work", "service-task-retry"),
        (properties(**{"async": "yes"}), "work", "service-task-retry"),
    ],
)
def test_a_job_that_cannot_work_is_refused(
    feel: FeelPool, extensions: str, task_type: str, expected: str
) -> None:
    source = with_service_task(extensions, task_type=task_type)

    assert (expected, "send") in errors(check(source, feel))


@pytest.mark.parametrize("retries", ["0", "-1", "many", "1.5", "1001", "9" * 400])
def test_retries_are_a_number_of_attempts(feel: FeelPool, retries: str) -> None:
    source = with_service_task("").replace(
        b'type="work"', f'type="work" retries="{retries}"'.encode()
    )

    assert errors(check(source, feel)) == {("service-task-retry", "send")}


def test_a_type_without_a_handler_is_a_notice(feel: FeelPool) -> None:
    problems = check(with_service_task("", task_type="outside"), feel)

    assert errors(problems) == set()
    assert found(problems, Severity.NOTICE) == {("service-task-handler", "send")}


def test_an_input_mapping_may_hide_the_initiator(feel: FeelPool) -> None:
    """It is local to its element: nothing of the instance is written."""
    inputs = user("check", form="application", extensions=mapping(inputs={"initiator": "=name"}))

    assert check(with_user_task(inputs), feel) == []


def test_everything_said_rightly_is_fine(feel: FeelPool) -> None:
    task = user(
        "check",
        assignee="=initiator",
        form="application",
        extensions=(
            '<zeebe:taskSchedule dueDate="=now() + duration(&quot;P3D&quot;)"'
            ' followUpDate="2026-03-01T08:00:00+08:00" />'
            '<zeebe:priorityDefinition priority="80" />'
            + mapping(inputs={"人员.姓名": "=name"}, outputs={"res.approved": "=score > 1"})
            + properties(outcomes="approve=同意; reject=不同意", comment_required="reject")
        ),
    )

    assert check(with_user_task(task), feel) == []
    assert check(with_service_task(properties(retry="PT30S, P1DT2H")), feel) == []


def test_deadlines_said_rightly_are_fine(feel: FeelPool) -> None:
    said = properties(
        due_working_days="=if score > 1 then 1 else 5",
        remind_before="3, 1",
        remind_after="1",
        remind_every="2",
        remind_limit="5",
        remind_at="09:30",
        escalate_after="2, 5, 8",
        escalate_to="superior, owner, 负责人 @ 人事科",
        urge_cooldown="4",
    )
    task = user("check", assignee="=initiator", extensions=said)
    assert check(with_user_task(task), feel) == []


def test_the_reason_names_the_step_and_the_property(feel: FeelPool) -> None:
    source = around(user("it", extensions=properties(due_working_days="-1")))
    [problem] = [one for one in check(source, feel) if one.rule == "deadline"]
    assert problem.element_id == "it"
    assert "“-1”" in problem.message
    assert "jiaoyan.due-working-days" in problem.message
