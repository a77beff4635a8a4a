"""Nothing is written from outside into what bears the seal, whatever right one has."""

import pytest

from service.commands import element_instances, messages, signals
from service.commands.deployments import Upload, check
from service.commands.element_instances import Activity
from service.domain.actors import SYSTEM, Actor
from service.domain.instances import ElementInstanceNotFound, InstanceForbidden, InstanceSealed
from service.domain.problems import Severity
from service.store.tables import ElementInstance
from tests.engine.builders import (
    catch,
    declare,
    diagram,
    end,
    flows,
    message,
    on,
    parallel,
    properties,
    start,
    sub,
    user,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue, begin_with

DECLARED = message("told", "=id") + declare("signal", "term")


def decides(*, sealed: bool) -> bytes:
    """Waits for a person, a message and a signal, and has activities that somebody may begin."""
    return diagram(
        start(), parallel("fork"), user("judge", assignee="li.na"),
        catch("hear", on("message", "told")), catch("term", on("signal", "term")),
        sub("free", user("extra", assignee="li.na"), user("other", assignee="li.na"),
            tag="adHocSubProcess"),
        end(), flows("start", "fork", "judge", "end"), flows("fork", "hear", "end"),
        flows("fork", "term", "end"), flows("fork", "free", "end"),
        process_id="decides", declared=DECLARED,
        extensions=properties(sealed="true") if sealed else "",
    )  # fmt: skip


def write(stage: Stage, key: int, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        element_instances.set_variables(
            tools, key, {"votes": 9}, local=False, actor=actor, now=stage.clock.now
        )


def begin_extra(stage: Stage, actor: Actor) -> None:
    [free] = stage.rows(ElementInstance, element_id="free")
    with stage.rooms.write() as tools:
        element_instances.activate(
            tools, int(str(free["key"])), [Activity("extra", {"votes": 9})], actor=actor,
            now=stage.clock.now,
        )  # fmt: skip


def tell(stage: Stage, actor: Actor) -> tuple[int, ...]:
    with stage.rooms.write() as tools:
        return messages.publish(
            tools, "told", correlation_key="7", variables={"votes": 9}, actor=actor,
            now=stage.clock.now,
        ).instance_keys  # fmt: skip


def shout(stage: Stage, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        signals.broadcast(tools, "term", variables={"votes": 9}, actor=actor, now=stage.clock.now)


def waits_for(stage: Stage) -> set[object]:
    return {one["element_id"] for one in stage.rows(ElementInstance, state="ACTIVE")}


def test_an_operator_writes_into_what_is_not_sealed(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(decides(sealed=False))
    key = begin_with(stage, "decides", id="7")
    write(stage, key, operator)
    begin_extra(stage, operator)
    assert tell(stage, operator) == (key,)
    shout(stage, operator)
    run_due()
    assert not waits_for(stage) & {"hear", "term"}
    assert stage.variables(key)["votes"] == 9


def test_nobody_writes_into_what_is_sealed(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(decides(sealed=True))
    key = begin_with(stage, "decides", id="7")
    with pytest.raises(InstanceSealed):
        write(stage, key, operator)
    with pytest.raises(InstanceSealed):
        begin_extra(stage, operator)
    assert tell(stage, operator) == ()
    shout(stage, operator)
    run_due()
    assert waits_for(stage) >= {"judge", "hear", "term", "free"}
    assert "votes" not in stage.variables(key)
    # the seal tells a stranger nothing
    with pytest.raises(ElementInstanceNotFound):
        write(stage, key, stage.cast.stranger)
    with pytest.raises(InstanceForbidden):
        write(stage, key, stage.cast.applicant)


def test_a_message_that_waits_reaches_nobody_later_either(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(decides(sealed=True))
    tell(stage, operator)
    begin_with(stage, "decides", id="7")
    run_due()
    assert "hear" in waits_for(stage)


def test_the_steps_of_cases_and_the_pages_of_procedures_still_reach_it(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(decides(sealed=True))
    key = begin_with(stage, "decides", id="7")
    assert tell(stage, SYSTEM) == (key,)
    shout(stage, SYSTEM)
    run_due()
    assert not waits_for(stage) & {"hear", "term"}


def test_one_version_seals_all_cases_and_none_opens_them(
    stage: Stage, bring: Bring, operator: Actor
) -> None:
    bring(decides(sealed=False))
    old = begin_with(stage, "decides", id="7")
    bring(decides(sealed=True))
    with pytest.raises(InstanceSealed):
        write(stage, old, operator)
    without = decides(sealed=False).replace(b'id="judge"', b'id="judge" name="x"')
    found = check(stage.rooms, [Upload("decides.bpmn", without)])
    assert [(one.rule, one.severity) for one in found if "sealed" in one.rule] == [
        ("process-sealed-kept", Severity.WARNING)
    ]
    bring(without)
    new = begin_with(stage, "decides", id="8")
    with pytest.raises(InstanceSealed):
        write(stage, new, operator)
