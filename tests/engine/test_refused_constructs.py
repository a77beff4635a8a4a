"""What does not run is refused at deployment, by rule and element: a fixture each."""

import re

import pytest

from service.feel import FeelPool
from tests.engine.builders import (
    HEAD,
    diagram,
    element,
    end,
    exclusive,
    flow,
    flows,
    mapping,
    script,
    service,
    start,
    user,
)
from tests.engine.checking import around, check, errors, sound

REFUSED = {
    "a potential owner": (
        around(
            user("it").replace(
                "</bpmn:userTask>", '<bpmn:potentialOwner id="who" /></bpmn:userTask>'
            )
        ),
        ("element-supported", "it"),
    ),
    "a native script": (
        around(
            script("it", "=1").replace(
                "</bpmn:scriptTask>", "<bpmn:script>print(1)</bpmn:script></bpmn:scriptTask>"
            )
        ),
        ("element-supported", "it"),
    ),
    "a condition in another language": (
        diagram(
            start(form="application"),
            exclusive("pick", default="no"),
            end(),
            end("other"),
            flows("start", "pick"),
            flow("yes", "pick", "end", "=score > 1").replace(
                'xsi:type="bpmn:tFormalExpression"',
                'xsi:type="bpmn:tFormalExpression" language="javascript"',
            ),
            flow("no", "pick", "other"),
        ),
        ("attribute-supported", "yes"),
    ),
    "an attribute of Camunda 7": (
        around(user("it").replace(' id="it"', ' id="it" c7:assignee="kim"', 1)).replace(
            b" xmlns:xsi=", b' xmlns:c7="http://camunda.org/schema/1.0/bpmn" xmlns:xsi='
        ),
        ("attribute-foreign", "it"),
    ),
    "an extension of Camunda 7": (
        around(
            user("it", extensions='<c7:formData xmlns:c7="http://camunda.org/schema/1.0/bpmn" />')
        ),
        ("extension-known", "it"),
    ),
    "an extension without a namespace": (
        around(user("it", extensions="<formData />")),
        ("extension-known", "it"),
    ),
    "an extension that nobody knows": (
        around(user("it", extensions="<zeebe:asignment />")),
        ("extension-known", "it"),
    ),
    "an unknown child of an extension": (
        around(user("it", extensions="<zeebe:ioMapping><zeebe:inputs /></zeebe:ioMapping>")),
        ("extension-known", "it"),
    ),
    "an extension where it says nothing": (
        around(user("it", extensions='<zeebe:taskDefinition type="work" />')),
        ("extension-place", "it"),
    ),
    "an extension on a gateway": (
        around(element("parallelGateway", "it", mapping(inputs={"a": "=1"}))),
        ("extension-place", "it"),
    ),
    "an unknown attribute of an extension": (
        around(user("it", extensions='<zeebe:taskSchedule due="=now()" />')),
        ("extension-supported", "it"),
    ),
    "an embedded form key": (
        around(user("it", extensions='<zeebe:formDefinition formKey="camunda-forms:x" />')),
        ("extension-supported", "it"),
    ),
    "the same extension twice": (
        around(user("it", extensions="<zeebe:userTask />")),
        ("extension-once", "it"),
    ),
    "a version tag of a form": (
        around(
            user(
                "it",
                extensions='<zeebe:formDefinition formId="application" bindingType="versionTag" />',
            )
        ),
        ("binding-supported", "it"),
    ),
    "an unknown property of ours": (
        around(
            user(
                "it",
                extensions="<zeebe:properties>"
                '<zeebe:property name="jiaoyan.deadline" value="5" /></zeebe:properties>',
            )
        ),
        ("property-known", "it"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_construct(feel: FeelPool, name: str) -> None:
    source, expected = REFUSED[name]

    problems = check(source, feel)

    assert expected in errors(problems)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (
            '<bpmn:import namespace="x" location="x" importType="x" />',
            ("element-supported", "definitions"),
        ),
    ],
)  # fmt: skip
def test_beside_the_process(feel: FeelPool, inside: str, expected: tuple[str, str]) -> None:
    source = sound().replace(HEAD.encode(), (HEAD + inside).encode())

    assert expected in errors(check(source, feel))


def test_every_problem_says_where_why_and_what_to_do_in_chinese(feel: FeelPool) -> None:
    for source, _ in REFUSED.values():
        for problem in check(source, feel):
            assert problem.resource == "test.bpmn"
            assert re.search(r"[\u4e00-\u9fff].*。$", problem.message), problem
            assert re.search(r"[\u4e00-\u9fff].*。$", problem.remedy), problem


def test_everything_wrong_is_told_at_once(feel: FeelPool) -> None:
    source = diagram(
        element("complexGateway", "inner", name="内部"),
        start(),
        user("check", assignee=""),
        service("send", task_type=""),
        flow("f", "start", "nowhere"),
    )

    rules = {problem.rule for problem in check(source, feel)}

    assert rules >= {
        "complex-gateway",
        "end-missing",
        "flow-ends",
        "user-task-assignment",
        "service-task-type",
    }
