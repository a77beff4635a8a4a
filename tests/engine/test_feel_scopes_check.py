"""Names in expressions are known in the scope in which something sets them, and only there."""

import pytest

from service.domain.problems import Severity
from service.feel import FeelPool
from tests.engine.builders import (
    boundary,
    element,
    end,
    flow,
    flows,
    mapping,
    message,
    multi,
    on,
    script,
    start,
    sub,
    user,
)
from tests.engine.checking import Found, check, errors, found
from tests.engine.everything import DECLARED, begin, call, catch, piece, throw
from tests.engine.faults_flows import event_sub, row


def extended(tag: str, extensions: str) -> str:
    """An element with these extensions, put into its opening tag's end."""
    return tag.replace(">", f"><bpmn:extensionElements>{extensions}</bpmn:extensionElements>", 1)


LOOP = multi("=[1]", item="one", outputs="all", output="=answer")
TASK = user("it", form="application", inside=LOOP)

SEEN = {
    "an item in its pass": row(user("it", assignee="=string(one)", form="application",
                                    inside=multi("=[1]", item="one"))),
    "the number of a pass": row(user("it", assignee="=string(loopCounter)", form="application",
                                     inside=multi(times="2"))),
    "counters in a completion condition": row(
        user("it", form="application",
             inside=multi(times="2", until="=numberOfCompletedInstances + numberOfInstances > 1"
                                           " or numberOfActiveInstances = loopCounter"
                                           " or numberOfTerminatedInstances = 1"))
    ),
    "an output collection behind its activity": piece(
        user("it", form="application",
             inside=multi("=[1]", item="one", outputs="all", output="=score")),
        end(), flows("start", "it"), flow("on", "it", "end", "=count(all) > 0"),
        flow("off", "it", "end"),
    ),
    "an item deep inside a repeated subprocess": row(
        sub("it", multi("=[1]", item="one"), start("in"),
            sub("s", start("sin"), script("deep", "=one + loopCounter"), end("sout"),
                flows("sin", "deep", "sout")), end("out"), flows("in", "s", "out"))
    ),
    "an input of a subprocess inside it": row(
        extended(sub("it", start("in"), script("deep", "=given"), end("out"),
                     flows("in", "deep", "out")), mapping(inputs={"given": "=score"}))
    ),
    "an input of an event subprocess inside it": row(
        user("it", form="application"),
        extended(
            event_sub(begin("in", on("signal", "alarm")), script("deep", "=given"), end("out"),
                      flows("in", "deep", "out")),
            mapping(inputs={"given": "=score"}),
        ),
    ),
    "a host's input at its border": row(
        extended(user("u").replace('id="u"', 'id="it"'), "")
        .replace("<bpmn:extensionElements></bpmn:extensionElements>", "", 1)
        .replace("<zeebe:userTask />", "<zeebe:userTask />" + mapping(inputs={"wait": "=score"})),
        boundary("b", "it", on("timeDuration", "=wait")), flows("b", "end"),
    ),
    "what an error says in its mapping": row(
        user("it", form="application"),
        extended(boundary("b", "it", on("error")),
                 mapping(outputs={"why": "=errorCode + errorMessage"})),
        flows("b", "end"),
    ),
    "what an escalation says in its mapping": row(
        user("it", form="application"),
        extended(boundary("b", "it", on("escalation")),
                 mapping(outputs={"why": "=escalationCode"})),
        flows("b", "end"),
    ),
    "what a message brings in its mapping": row(
        catch("it", on("message", "paid"), extensions=mapping(outputs={"paid": "=anything"}))
    ),
    "what a call brings in its mapping": row(
        call("it", propagateAllChildVariables="false").replace(
            "</bpmn:extensionElements>", mapping(outputs={"x": "=anything"})
            + "</bpmn:extensionElements>")
    ),
    "a mapping of a start event with a trigger": row(
        script("it", "=amount"),
        begin("second", on("message", "order"), extensions=mapping(outputs={"amount": "=body"})),
        flows("second", "it"),
    ),
    "an input of a throw event in its message": row(
        throw("it", on("message", "m"), extensions=mapping(inputs={"who": "=score"}))
    ).replace(DECLARED.encode(), (DECLARED + message("m", "=string(who)")).encode()),
}  # fmt: skip


@pytest.mark.parametrize("name", SEEN)
def test_a_name_is_known_where_it_is_seen(feel: FeelPool, name: str) -> None:
    assert check(SEEN[name], feel) == []


UNSEEN: dict[str, tuple[bytes, Found]] = {
    "an item behind its activity": (
        piece(user("it", form="application", inside=multi("=[1]", item="one")), end(),
              flows("start", "it"), flow("on", "it", "end", "=one > 0"), flow("off", "it", "end")),
        ("feel-name", "on"),
    ),
    "counters outside of a condition": (
        row(user("it", assignee="=string(numberOfInstances)", form="application",
                 inside=multi(times="2"))),
        ("feel-name", "it"),
    ),
    "an item in its collection": (
        row(user("it", form="application", inside=multi("=[one]", item="one"))),
        ("feel-name", "it"),
    ),
    "an input of a subprocess behind it": (
        row(extended(sub("s", start("in"), end("out"), flows("in", "out")),
                     mapping(inputs={"given": "=score"})), script("it", "=given"),
            flows("start", "s", "it")).replace(b'<bpmn:sequenceFlow id="start_it"'
                                               b' sourceRef="start" targetRef="it">'
                                               b"</bpmn:sequenceFlow>", b""),
        ("feel-name", "it"),
    ),
    "the code of an error behind its event": (
        row(user("it", form="application"),
            extended(boundary("b", "it", on("error")), mapping(outputs={"why": "=errorCode"})),
            script("s", "=errorCode"), flows("b", "s", "end")),
        ("feel-name", "s"),
    ),
    "a variable in the name of a message that starts": (
        row(user("it", form="application"), begin("second", on("message", "m")),
            flows("second", "it")).replace(
            DECLARED.encode(),
            (DECLARED + '<bpmn:message id="m_m" name="=score" />').encode()),
        ("feel-name", "second"),
    ),
    "an unknown name in an event subprocess": (
        row(user("it", form="application"),
            event_sub(begin("in", on("conditional", "=scoer > 1")), end("out"),
                      flows("in", "out"))),
        ("feel-name", "in"),
    ),
    "an unknown name in a correlation key": (
        row(catch("it", on("message", "m"), extensions=mapping(outputs={"a": "=1"}))).replace(
            DECLARED.encode(), (DECLARED + message("m", "=numbr")).encode()),
        ("feel-name", "it"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_is_unknown_where_it_is_not_seen(feel: FeelPool, name: str) -> None:
    source, expected = UNSEEN[name]

    assert errors(check(source, feel)) == {expected}


OPEN = {
    "a message without a mapping": catch("it", on("message", "paid")),
    "an ad-hoc subprocess": sub("it", user("a", form="application"), tag="adHocSubProcess"),
    "a call that passes everything on": call("it"),
    "a job": element("sendTask", "it", '<zeebe:taskDefinition type="work" />'),
    "a start event that a signal triggers": (
        user("it", form="application") + begin("second", on("signal", "alarm"))
        + flows("second", "it")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_what_may_bring_anything_makes_an_unknown_name_a_doubt(feel: FeelPool, name: str) -> None:
    source = piece(
        OPEN[name],
        end(),
        flows("start", "it"),
        flow("on", "it", "end", "=brought > 1"),
        flow("off", "it", "end"),
    )
    if "<bpmn:intermediateCatchEvent" in OPEN[name]:
        source = piece(OPEN[name], script("s", "=brought"), end(), flows("start", "it", "s", "end"))

    problems = check(source, feel)

    assert errors(problems) == set()
    assert {rule for rule, _ in found(problems, Severity.WARNING)} == {"feel-name"}


def test_without_a_start_event_anything_may_be_given(feel: FeelPool) -> None:
    source = piece(script("s", "=brought")).replace(start(form="application").encode(), b"")

    assert errors(check(source, feel)) == set()


EXPRESSIONS = {
    "collection": row(user("it", inside=multi("=1 +"))),
    "cardinality": row(user("it", inside=multi(times="=1 +"))),
    "completion": row(user("it", inside=multi(times="2", until="=1 +"))),
    "output element": row(user("it", inside=multi("=[1]", outputs="a", output="=1 +"))),
    "timer": row(catch("it", on("timeDuration", "=1 +"))),
    "condition": row(catch("it", on("conditional", "=1 +"))),
    "correlation key": row(catch("it", on("message", "m"))).replace(
        DECLARED.encode(), (DECLARED + message("m", "=1 +")).encode()
    ),
    "called process": row(call("it", "=1 +")),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_expression_is_read(feel: FeelPool, name: str) -> None:
    assert ("feel-syntax", "it") in errors(check(EXPRESSIONS[name], feel))
