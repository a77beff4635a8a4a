"""A call activity starts an instance of its own, and hears what became of it."""

import pytest

from service.commands import incidents
from service.domain.actors import Actor
from service.domain.instances import InstanceCalled
from service.store.tables import Incident, ProcessInstance
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    element,
    end,
    flows,
    mapping,
    multi,
    on,
    start,
    user,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue, begin_with, child_of

DECLARED = declare("error", "E1") + declare("escalation", "up")


def call(element_id: str, process: str, extensions: str = "", inside: str = "", **more: str) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in more.items())
    called = f'<zeebe:calledElement processId="{process}"{attributes} />'
    return element("callActivity", element_id, called + extensions, inside)


def calling(activity: str, *more: str, process_id: str = "parent") -> bytes:
    return diagram(
        start(), activity, user("after", assignee="zhang.min"), end(), *more,
        flows("start", "call", "after", "end"), process_id=process_id, declared=DECLARED,
    )  # fmt: skip


PARENT = calling(call("call", "child"))
CHILD = diagram(
    start(), user("work", assignee="zhang.min"), end(), flows("start", "work", "end"),
    process_id="child",
)  # fmt: skip
FAILS = diagram(
    start(), user("work", assignee="zhang.min"),
    element("endEvent", "bad", mapping(inputs={"why": '="不合格"'}), inside=on("error", "E1")),
    flows("start", "work", "bad"), process_id="child", declared=DECLARED,
)  # fmt: skip
CATCHES = calling(
    call("call", "child"),
    boundary("caught", "call", on("error", "E1")), user("mend", assignee="zhang.min"), end("m"),
    flows("caught", "mend", "m"),
)  # fmt: skip
ESCALATES = diagram(
    start(), element("intermediateThrowEvent", "tell", inside=on("escalation", "up")),
    user("work", assignee="zhang.min"), end(), flows("start", "tell", "work", "end"),
    process_id="child", declared=DECLARED,
)  # fmt: skip
HEARS = calling(
    call("call", "child"),
    boundary("heard", "call", on("escalation", "up"), interrupting=False),
    user("look", assignee="zhang.min"), end("l"), flows("heard", "look", "l"),
)  # fmt: skip
ITSELF = calling(call("call", "parent"))


def state(stage: Stage, key: int) -> object:
    return stage.row(ProcessInstance, key=key)["state"]


def test_the_child_has_its_own_row_and_the_parents_initiator(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(PARENT, CHILD)
    key = begin_with(stage, "parent", name="王小明")
    run_due()

    child = stage.row(ProcessInstance, key=child_of(stage, key))
    assert (child["process_id"], child["started_by"]) == ("child", "zhang.min")
    assert (child["root_key"], child["call_depth"]) == (key, 1)
    assert stage.variables(child_of(stage, key)) == {"name": "王小明"}
    assert stage.acts(child_of(stage, key))[0] == "instance.called"


def test_the_parent_goes_on_with_the_childs_variables(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(PARENT, CHILD.replace(b'id="work"', b'id="work" name="w"'))
    key = begin_with(stage, "parent")
    run_due()
    child = child_of(stage, key)
    assert stage.open_tasks(key) == []

    stage.complete(stage.task(child, "work"), stage.cast.applicant)
    run_due()

    assert state(stage, child) == "COMPLETED"
    assert stage.open_tasks(key) == ["after"]
    assert [a for a in stage.acts(key) if a.startswith("call.")] == ["call.started", "call.ended"]


def test_an_error_of_the_child_is_caught_at_the_call(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(CATCHES, FAILS)
    key = begin_with(stage, "parent")
    run_due()
    child = child_of(stage, key)

    stage.complete(stage.task(child, "work"), stage.cast.applicant)
    run_due()

    assert state(stage, child) == "TERMINATED"
    assert stage.open_tasks(key) == ["mend"]
    assert stage.variables(key)["why"] == "不合格"
    assert stage.rows(Incident) == []


def test_an_error_that_no_caller_catches_is_an_incident_in_the_child(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(PARENT, FAILS)
    key = begin_with(stage, "parent")
    run_due()
    child = child_of(stage, key)

    stage.complete(stage.task(child, "work"), stage.cast.applicant)
    run_due()

    assert stage.row(Incident)["instance_key"] == child
    assert (state(stage, child), state(stage, key)) == ("ACTIVE", "ACTIVE")


def test_an_error_goes_up_to_the_callers_caller(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    middle = calling(call("call", "child"), process_id="middle")
    bring(CATCHES.replace(b'processId="child"', b'processId="middle"'), middle, FAILS)
    key = begin_with(stage, "parent")
    run_due()
    child = child_of(stage, child_of(stage, key))

    stage.complete(stage.task(child, "work"), stage.cast.applicant)
    run_due()

    assert stage.open_tasks(key) == ["mend"]
    assert state(stage, child_of(stage, key)) == "TERMINATED"


def test_an_escalation_is_heard_while_the_child_goes_on(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(HEARS, ESCALATES)
    key = begin_with(stage, "parent")
    run_due()
    child = child_of(stage, key)

    assert stage.open_tasks(key) == ["look"]
    assert stage.open_tasks(child) == ["work"]
    stage.complete(stage.task(child, "work"), stage.cast.applicant)
    run_due()
    assert stage.open_tasks(key) == ["after", "look"]


def test_ending_the_parent_ends_its_children(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    middle = calling(call("call", "child"), process_id="middle")
    bring(calling(call("call", "middle")), middle, CHILD)
    key = begin_with(stage, "parent")
    run_due()
    below = child_of(stage, key)
    child = child_of(stage, below)

    stage.cancel(key, operator)

    assert [state(stage, one) for one in (key, below, child)] == ["TERMINATED"] * 3
    assert stage.open_tasks(child) == []
    assert stage.value(child, "instance.cancelled")["reason"] == "随上级流程终止：不再需要"
    assert run_due() == 0


def test_a_child_that_has_not_begun_ends_too(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(PARENT, CHILD)
    key = begin_with(stage, "parent")

    stage.cancel(key, operator)

    assert state(stage, child_of(stage, key)) == "TERMINATED"
    assert run_due() == 0
    assert stage.acts(child_of(stage, key)) == ["instance.cancelled"]


def test_a_child_cannot_be_ended_alone(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(PARENT, CHILD)
    key = begin_with(stage, "parent")
    run_due()

    with pytest.raises(InstanceCalled, match=str(key)):
        stage.cancel(child_of(stage, key), operator)


def test_what_is_not_deployed_is_an_incident_and_a_retry_calls_it(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(CATCHES)
    key = begin_with(stage, "parent")
    incident = stage.row(Incident)
    assert incident["type"] == "CALLED_ELEMENT_ERROR"
    assert "「child」" in str(incident["message"])

    bring(CHILD)
    with stage.rooms.write() as tools:
        incident_key = stage.key(Incident)
        incidents.retry(tools, incident_key, actor=operator, now=stage.clock.now)
    run_due()

    assert stage.open_tasks(child_of(stage, key)) == ["work"]
    assert stage.row(Incident)["state"] == "RESOLVED"


def test_a_process_that_calls_itself_ends_in_an_incident(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(ITSELF)
    key = begin_with(stage, "parent")
    run_due()

    assert len(stage.rows(ProcessInstance)) == 101
    assert "100 层" in str(stage.row(Incident)["message"])
    stage.cancel(key, operator)
    assert len(stage.rows(ProcessInstance, state="TERMINATED")) == 101


def test_the_version_is_the_newest_or_that_of_the_same_deployment(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bound = calling(call("call", "child", bindingType="deployment"), process_id="bound")
    bring(PARENT, bound, CHILD)
    stage.clock.forward(hours=1)
    bring(CHILD.replace(b'"work"', b'"other"'))

    newest, same = begin_with(stage, "parent"), begin_with(stage, "bound")
    run_due()

    assert stage.open_tasks(child_of(stage, newest)) == ["other"]
    assert stage.open_tasks(child_of(stage, same)) == ["work"]


def test_each_of_many_items_calls_an_instance(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    loop = multi("=[1, 2, 3]", item="n")
    bring(calling(call("call", "child", inside=loop)), CHILD)
    key = begin_with(stage, "parent")
    run_due()
    children = [r for r in stage.rows(ProcessInstance, parent_key=key)]
    assert sorted(stage.variables(int(str(r["key"])))["n"] for r in children) == [1, 2, 3]  # type: ignore[type-var]

    for row in children:
        stage.complete(stage.task(int(str(row["key"])), "work"), stage.cast.applicant)
    run_due()

    assert stage.open_tasks(key) == ["after"]
