"""A decision that may be changed is looked at again before what cannot be taken back."""

from dataclasses import replace

import pytest

from service.domain.guards import Guard
from service.domain.problems import Problem
from service.engine import check_bpmn
from service.feel import FeelPool
from tests.engine.builders import (
    boundary,
    call,
    catch,
    diagram,
    element,
    end,
    event_sub,
    exclusive,
    flow,
    flows,
    inner,
    mapping,
    message,
    on,
    parallel,
    properties,
    script,
    service,
    start,
    sub,
    user,
)
from tests.engine.checking import KNOWN, errors

GUARD = Guard("decided", "item", "put-up", "standing", "核对决定", "党组决定")
AMONG = replace(
    KNOWN,
    guards=(GUARD,),
    processes={"standing", "other"},
    task_types=KNOWN.task_types | {"put-up"},
)
DECIDED = catch("decided", on("message", "decided"))
MESSAGES = message("decided", "=item") + message("again", "=item")


def done(step: str = "done", **more: str) -> str:
    return script(step, "=1", extensions=properties(irreversible="更正", **more))


def check(feel: FeelPool, *parts: str, process_id: str = "P") -> list[Problem]:
    put_up = service("put_up", task_type="put-up", extensions=mapping(outputs={"item": '="1"'}))
    source = diagram(start(), put_up, *parts, end(), declared=MESSAGES, process_id=process_id)
    found = check_bpmn(source, resource="test.bpmn", known=AMONG, feel=feel)
    return [one for one in found if one.rule.startswith("guard")]


def row(*steps: str) -> str:
    return flows("start", "put_up", "decided", *steps, "end")


STANDING = call("standing", "standing")
UNSURE: dict[str, tuple[str, ...]] = {
    "not looked at": (DECIDED, done(), row("done")),
    "a person waits behind the look": (
        DECIDED, STANDING, user("sign"), done(), row("standing", "sign", "done"),
    ),
    "a timer behind the look": (
        DECIDED, STANDING, catch("later", on("timeDuration", "P1D")), done(),
        row("standing", "later", "done"),
    ),
    "another process behind the look": (
        DECIDED, STANDING, call("other"), done(), row("standing", "other", "done"),
    ),
    "work of an outside program behind the look": (
        DECIDED, STANDING, service("file", task_type="elsewhere"), done(),
        row("standing", "file", "done"),
    ),
    "a way round the look": (
        DECIDED, exclusive("way", default="way_standing"), STANDING, done(),
        row("way", "standing", "done"), flow("short", "way", "done", "=1 = 2"),
    ),
    "by the border of what is looked at": (
        DECIDED, STANDING, boundary("gone", "standing", on("message", "again")), done(),
        row("standing", "end"), flows("gone", "done", "end"),
    ),
    "by the border of a task": (
        DECIDED, STANDING, user("sign"), boundary("late", "sign", on("timeDuration", "P1D")),
        done(), row("standing", "sign", "end"), flows("late", "done", "end"),
    ),
    "within a subprocess": (
        DECIDED, STANDING, user("sign"),
        sub("part", start("s"), done(), end("e"), flows("s", "done", "e")),
        row("standing", "sign", "part"),
    ),
    "behind a subprocess in which a person waits": (
        DECIDED, STANDING, inner("part", "sign"), done(), row("standing", "part", "done"),
    ),
    "in an event subprocess": (
        DECIDED, STANDING, user("sign"),
        sub(
            "aside", element("startEvent", "s", inside=on("message", "again")), done(), end("e"),
            flows("s", "done", "e"), triggeredByEvent="true",
        ),
        row("standing", "sign"),
    ),
    "beside somebody who waits": (
        DECIDED, parallel("fork"), STANDING, user("sign"), parallel("join"), done(),
        row("fork", "standing", "join", "done"), flows("fork", "sign", "join"),
    ),
}  # fmt: skip
SURE: dict[str, tuple[str, ...]] = {
    "looked at": (DECIDED, STANDING, done(), row("standing", "done")),
    "looked at behind the wait": (
        DECIDED, user("sign"), STANDING, done(), row("sign", "standing", "done"),
    ),
    "work of ours behind the look": (
        DECIDED, STANDING, service("note"), exclusive("way", default="way_done"), done(),
        row("standing", "note", "way", "done"), flow("other", "way", "end", "=1 = 2"),
    ),
    "looked at and done in a subprocess": (
        DECIDED, user("sign"),
        sub("part", start("s"), STANDING, done(), end("e"), flows("s", "standing", "done", "e")),
        row("sign", "part"),
    ),
    "done before anything is decided": (
        done("early"), DECIDED, event_sub("aside", on("message", "again"), "hear"),
        flows("start", "early", "put_up", "decided", "end"),
    ),
    "it says why it rests on no decision": (
        DECIDED, done(rests_on_no_decision="告知未通过"), row("done"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSURE)
def test_what_is_reached_unsure_is_refused(feel: FeelPool, name: str) -> None:
    assert errors(check(feel, *UNSURE[name])) == {("guard", "done")}


@pytest.mark.parametrize("name", SURE)
def test_what_was_looked_at_just_before_is_not(feel: FeelPool, name: str) -> None:
    assert check(feel, *SURE[name]) == []


def test_the_finding_names_the_wait_and_the_way_out(feel: FeelPool) -> None:
    (problem,) = check(feel, *UNSURE["a person waits behind the look"])
    assert problem.message == (
        "“done”不可撤回，它执行的党组决定可能已经改变：从“sign”到这一步，有的走法不经过“核对决定”。"
    )
    assert "用调用活动调用“核对决定”（standing）" in problem.remedy


def called(feel: FeelPool, *parts: str, process_id: str = "P") -> set[tuple[str, str]]:
    source = diagram(start(), *parts, end(), process_id=process_id)
    found = check_bpmn(source, resource="test.bpmn", known=AMONG, feel=feel)
    return {one for one in errors(found) if one[0] == "guard"}


@pytest.mark.parametrize("process_id", ["P", "standing"])
def test_who_is_called_with_a_decision_looks_too(feel: FeelPool, process_id: str) -> None:
    named = service("note", extensions=mapping(inputs={"of": "=item + 1"}))
    parts = (named, done(), flows("start", "note", "done", "end"))
    expected = {("guard", "done")} if process_id == "P" else set()
    assert called(feel, *parts, process_id=process_id) == expected, "the guard itself need not"


def test_who_knows_of_no_decision_is_asked_nothing(feel: FeelPool) -> None:
    told = element("scriptTask", "done", (
        '<zeebe:script expression="=items" resultVariable="result" />'
        + properties(irreversible="更正")
    ))  # fmt: skip
    assert called(feel, told, flows("start", "done", "end")) == set()


@pytest.mark.parametrize("reason", ["", " ", "true", "由" * 101])
def test_a_reason_is_written_out(feel: FeelPool, reason: str) -> None:
    found = errors(check(feel, DECIDED, done(rests_on_no_decision=reason), row("done")))
    assert found == {("guard-reason", "done")}


def test_a_reason_where_nothing_is_irreversible_does_nothing(feel: FeelPool) -> None:
    idle = script("done", "=1", extensions=properties(rests_on_no_decision="告知未通过"))
    assert errors(check(feel, DECIDED, idle, row("done"))) == {("guard-reason", "done")}
