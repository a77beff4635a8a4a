"""Rules about ids, sequence flows and gateways: BPMN 2.0.2, 8.4.13, 10.5 and 10.6."""

import pytest

from service.domain.problems import Severity
from service.feel import FeelPool
from tests.engine.builders import (
    HEAD,
    TAIL,
    diagram,
    element,
    end,
    exclusive,
    flow,
    flows,
    inclusive,
    parallel,
    start,
    user,
)
from tests.engine.checking import check, errors, found, sound

FORM = start(form="application")

FLOWS = {
    "no start event": (diagram(user("a"), end(), flows("a", "end")), {("start-missing", "P")}),
    "two start events": (
        diagram(FORM, start("second"), user("a"), end(), flows("start", "a", "end"),
                flows("second", "a")),
        {("start-count", "second")},
    ),
    "no end event": (
        diagram(FORM, user("a"), flows("start", "a")),
        {("end-missing", "P")},
    ),
    "a flow into the start": (
        diagram(FORM, user("a"), exclusive("g", default="on"), end(), flows("start", "a", "g"),
                flow("on", "g", "end"), flow("back", "g", "start", "=score > 1")),
        {("start-incoming", "start")},
    ),
    "a flow out of the end": (
        diagram(FORM, user("a"), user("b"), end(), end("last"),
                flows("start", "a", "end", "b", "last")),
        {("end-outgoing", "end")},
    ),
    "a flow from nowhere": (
        diagram(FORM, user("a"), end(), flows("start", "a", "end"), flow("f", "gone", "a")),
        {("flow-ends", "f")},
    ),
    "a flow to nowhere": (
        diagram(FORM, user("a"), end(), flows("start", "a", "end"), flow("f", "a", "gone")),
        {("flow-ends", "f")},
    ),
    "a flow to something that is no flow node": (
        diagram(FORM, user("a"), end(), flows("start", "a", "end"), flow("f", "a", "a_end")),
        {("flow-ends", "f")},
    ),
    "an element that nothing leads to": (
        diagram(FORM, user("a"), user("island"), end(), flows("start", "a", "end"),
                flows("island", "end")),
        {("flow-unreachable", "island")},
    ),
    "an element that leads nowhere": (
        diagram(FORM, parallel("split"), user("a"), user("b"), end(),
                flows("start", "split", "a", "end"), flows("split", "b")),
        {("flow-dead-end", "b")},
    ),
    "a default that is not the gateway's": (
        diagram(FORM, exclusive("g", default="start_g"), user("a"), user("b"), end(),
                flows("start", "g"), flow("one", "g", "a", "=score > 1"),
                flow("two", "g", "b", "=score > 2"), flows("a", "end"), flows("b", "end")),
        {("gateway-default", "g")},
    ),
    "an exit without a condition": (
        diagram(FORM, exclusive("g"), user("a"), user("b"), end(),
                flows("start", "g", "a", "end"), flow("two", "g", "b", "=score > 2"),
                flows("b", "end")),
        {("gateway-condition", "g_a")},
    ),
    "a condition without =": (
        diagram(FORM, exclusive("g", default="one"), user("a"), user("b"), end(),
                flows("start", "g"), flow("one", "g", "a"), flow("two", "g", "b", "score > 2"),
                flows("a", "end"), flows("b", "end")),
        {("feel-condition", "two")},
    ),
    "a gateway that is not what it says": (
        diagram(FORM, parallel("g", gatewayDirection="Converging"), user("a"), user("b"), end(),
                flows("start", "g", "a", "end"), flows("g", "b", "end")),
        {("gateway-direction", "g")},
    ),
    "an element that lists a flow of another": (
        diagram(FORM, user("a").replace("</bpmn:userTask>",
                "<bpmn:outgoing>start_a</bpmn:outgoing></bpmn:userTask>"), end(),
                flows("start", "a", "end")),
        {("flow-reference", "a")},
    ),
    "an id twice": (
        diagram(FORM, user("a"), user("a"), end(), flows("start", "a", "end")),
        {("id-unique", "a")},
    ),
    "a task without an id": (
        diagram(FORM, user("a"), user("").replace(' id=""', ""), end(), flows("start", "a", "end")),
        {("id-missing", "P"), ("flow-unreachable", "P"), ("flow-dead-end", "P")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FLOWS)
def test_a_fault_is_found_where_it_is(feel: FeelPool, name: str) -> None:
    source, expected = FLOWS[name]

    assert errors(check(source, feel)) == expected


@pytest.mark.parametrize("reserved", ["Start", "End", "Root"])
def test_ids_of_inner_nodes_are_refused(feel: FeelPool, reserved: str) -> None:
    source = diagram(FORM, user(reserved), end(), flows("start", reserved, "end"))

    assert errors(check(source, feel)) == {("id-reserved", reserved)}


def test_a_flow_may_not_cross_from_one_process_to_another(feel: FeelPool) -> None:
    second = diagram(start("s", form="application"), user("t"), end("e"), flows("s", "t", "e"),
                     flow("over", "t", "check"), process_id="Q")  # fmt: skip
    source = sound().replace(TAIL.encode(), second.removeprefix(HEAD.encode()))

    assert errors(check(source, feel)) >= {("flow-crossing", "over")}


def test_two_processes_with_the_same_id_are_refused(feel: FeelPool) -> None:
    source = sound().replace(TAIL.encode(), sound().removeprefix(HEAD.encode()))

    assert ("id-unique", "P") in errors(check(source, feel))


def test_a_file_without_an_executable_process_is_refused(feel: FeelPool) -> None:
    closed = sound().replace(b'isExecutable="true"', b'isExecutable="false"')
    unsaid = sound().replace(b' isExecutable="true"', b"")

    assert errors(check(closed, feel)) == {("process-executable", "P")}
    assert errors(check(unsaid, feel)) == {("process-executable", "P")}


def test_a_process_beside_it_that_is_not_executable_is_a_notice(feel: FeelPool) -> None:
    draft = '<bpmn:process id="draft"><bpmn:startEvent id="idea" /></bpmn:process>' + TAIL
    problems = check(sound().replace(TAIL.encode(), draft.encode()), feel)

    assert errors(problems) == set()
    assert found(problems, Severity.NOTICE) == {("process-ignored", "draft")}


def test_a_name_of_ten_thousand_characters_is_refused(feel: FeelPool) -> None:
    source = sound().replace(b'<bpmn:userTask id="check"',
                             b'<bpmn:userTask id="check" name="%s"' % (b"x" * 10_000))  # fmt: skip
    [problem] = check(source, feel)

    assert (problem.rule, problem.element_id) == ("text-length", "check")
    assert len(problem.element_name) <= 200


def test_a_model_of_too_many_elements_is_refused(feel: FeelPool) -> None:
    names = [f"g{i}" for i in range(5_001)]
    source = diagram(FORM, *map(exclusive, names), end(), flows("start", *names, "end"))

    assert ("size-nodes", "") in errors(check(source, feel))


def test_a_merging_gateway_needs_no_condition(feel: FeelPool) -> None:
    source = diagram(FORM, inclusive("split", default="split_g"), user("a"), exclusive("g"), end(),
                     flows("start", "split", "g", "end"), flows("a", "g"),
                     flow("more", "split", "a", "=score > 1"))  # fmt: skip

    assert check(source, feel) == []


def test_flows_that_the_elements_list_are_fine(feel: FeelPool) -> None:
    task = element("userTask", "check",
                   '<zeebe:assignmentDefinition assignee="kim" />'
                   '<zeebe:formDefinition formId="application" />',
                   "<bpmn:incoming>start_check</bpmn:incoming>"
                   "<bpmn:outgoing>check_end</bpmn:outgoing>")  # fmt: skip
    source = diagram(FORM, task, end(), flows("start", "check", "end"))

    assert check(source, feel) == []
