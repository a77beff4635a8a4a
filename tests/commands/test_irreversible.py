"""An irreversible step is a barrier: nobody ends the case behind it."""

import pytest

from service.domain.actors import Actor
from service.domain.disclosures import DisclosureOver, ObjectionsOpen
from service.domain.irreversible import InstanceIrreversible
from service.store.tables import Disclosure, ProcessInstance
from tests.commands.objecting import answer, disclosed, object_to
from tests.engine.builders import diagram, element, end, flows, start, user
from tests.fixtures_commands import Stage
from tests.fixtures_events import CALLED, Bring, RunDue, begin_with, child_of

__all__ = ["disclosed"]

_MARK = '<zeebe:properties><zeebe:property name="jiaoyan.irreversible" value="复议" />' \
    "</zeebe:properties>"  # fmt: skip
DECIDES = diagram(
    start(), user("ask", assignee="zhang.min"), element("manualTask", "decide", _MARK),
    user("after", assignee="zhang.min"), end(), flows("start", "ask", "decide", "after", "end"),
    process_id="decides",
)  # fmt: skip
CALLER = diagram(
    start(), element("callActivity", "call", '<zeebe:calledElement processId="decides" />'), end(),
    flows("start", "call", "end"), process_id="caller",
)  # fmt: skip


def state(stage: Stage, key: int) -> object:
    return stage.row(ProcessInstance, key=key)["state"]


def test_before_it_the_case_can_be_ended(stage: Stage, bring: Bring, operator: Actor) -> None:
    bring(DECIDES)
    key = begin_with(stage, "decides")
    stage.cancel(key, operator)
    assert state(stage, key) == "TERMINATED"


def test_behind_it_the_refusal_names_step_time_and_act(
    stage: Stage, bring: Bring, operator: Actor
) -> None:
    bring(DECIDES)
    key = begin_with(stage, "decides")
    stage.complete(stage.task(key, "ask"), stage.cast.applicant)
    with pytest.raises(InstanceIrreversible) as refusal:
        stage.cancel(key, operator)
    assert "“decide”已于 2026年3月2日 09:30 完成" in refusal.value.message
    assert "请依法办理：复议" in refusal.value.message
    assert state(stage, key) == "ACTIVE"
    assert stage.open_tasks(key) == ["after"]


def test_what_a_called_process_has_decided_holds_its_caller(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(CALLER, DECIDES, CALLED)
    key = begin_with(stage, "caller")
    run_due()
    child = child_of(stage, key)
    stage.complete(stage.task(child, "ask"), stage.cast.applicant)
    with pytest.raises(InstanceIrreversible):
        stage.cancel(key, operator)
    stage.complete(stage.task(child, "after"), stage.cast.applicant)
    assert state(stage, child) == "COMPLETED"
    with pytest.raises(InstanceIrreversible):
        stage.cancel(key, operator)


def test_a_disclosure_with_an_open_objection_is_not_ended_by_its_case(
    stage: Stage, disclosed: tuple[int, str], operator: Actor
) -> None:
    key, slug = disclosed
    object_to(stage, slug)
    with pytest.raises(ObjectionsOpen):
        stage.cancel(key, operator)
    assert state(stage, key) == "ACTIVE"
    answer(stage)
    stage.cancel(key, operator)
    assert state(stage, key) == "TERMINATED"


def test_a_case_that_is_ended_takes_no_objections_any_more(
    stage: Stage, disclosed: tuple[int, str], operator: Actor
) -> None:
    key, slug = disclosed
    stage.cancel(key, operator)
    assert stage.row(Disclosure)["conclusion"] == "本次公示已终止，不作结论。"
    with pytest.raises(DisclosureOver):
        object_to(stage, slug)
