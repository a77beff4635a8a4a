"""Starting: once a request, by whoever may, in the version that counts."""

import threading

import pytest

from service.commands import process_instances, starting
from service.commands.process_instances import Started
from service.domain.actors import Actor
from service.domain.instances import InstanceEnded, ProcessNotFound, StartForbidden
from service.domain.submissions import VariablesUndeclared
from service.domain.values import Variables
from service.store.tables import Draft, ProcessInstance
from tests.fixtures_commands import REVIEW, Deploy, Desk, Stage


def start(stage: Stage, actor: Actor, variables: Variables, **more: object) -> Started:
    return starting.start(
        stage.rooms,
        process_id="review",
        variables=variables,
        actor=actor,
        now=stage.clock.now,
        **{"through_form": True, **more},  # type: ignore[arg-type]  # the tests' own arguments
    )


def test_the_same_request_starts_once(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    first = start(stage, stage.cast.applicant, {"姓名": "王小明"}, request_id="r1")
    again = start(stage, stage.cast.applicant, {"姓名": "王小明"}, request_id="r1")

    assert (again.instance_key, again.again, first.again) == (first.instance_key, True, False)
    assert again.title == first.title
    assert len(stage.rows(ProcessInstance)) == 1


def test_the_same_request_twice_at_once_starts_once(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    barrier, keys = threading.Barrier(2), []

    def run() -> None:
        barrier.wait()
        started = start(stage, stage.cast.applicant, {"姓名": "王小明"}, request_id="r1")
        keys.append(started.instance_key)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_anothers_request_of_the_same_name_is_another(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    theirs = start(stage, stage.cast.officer, {"姓名": "甲"}, request_id="r1")
    mine = start(stage, stage.cast.applicant, {"姓名": "乙"}, request_id="r1")

    assert mine.instance_key != theirs.instance_key
    assert not mine.again


@pytest.mark.parametrize("request_id", ["x" * 10_000, "零\x00", "\ud800", "'; --"])
def test_any_text_is_a_request(stage: Stage, deploy: Deploy, request_id: str) -> None:
    deploy(*REVIEW)
    sent: Variables = {"姓名": "王小明"}

    first = start(stage, stage.cast.applicant, sent, request_id=request_id)

    assert start(stage, stage.cast.applicant, sent, request_id=request_id).again
    assert first.version == 1


def test_the_initiator_is_a_variable_the_tasks_can_name(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")

    key = stage.start("errand", stage.cast.officer).instance_key

    stage.complete(stage.task(key, "ask"), stage.cast.officer)
    assert stage.open_tasks(key) == ["read"]


def test_who_may_not_start_learns_so_if_the_process_is_no_secret(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")

    with pytest.raises(StartForbidden, match="办一件事"):
        stage.start("errand", operator)


@pytest.mark.parametrize("process_id", ["nothing", "", "x" * 10_000, "review\x00", "Review"])
def test_a_process_that_is_not_there(stage: Stage, deploy: Deploy, process_id: str) -> None:
    deploy(*REVIEW)

    with pytest.raises(ProcessNotFound):
        stage.start(process_id)


def test_a_version_can_be_named(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)

    assert start(stage, stage.cast.applicant, {"姓名": "甲"}, version=1).version == 1
    for wrong in (2, 0, -1, 2**70):
        with pytest.raises(ProcessNotFound):
            start(stage, stage.cast.applicant, {"姓名": "甲"}, version=wrong)


def test_a_program_is_told_of_what_the_start_form_does_not_declare(
    stage: Stage, deploy: Deploy
) -> None:
    deploy(*REVIEW)

    with pytest.raises(VariablesUndeclared):
        start(stage, stage.cast.applicant, {"姓名": "甲", "乙": 1}, through_form=False)


def test_a_program_starts_a_process_without_a_form_with_any_variables(
    stage: Stage, deploy: Deploy
) -> None:
    deploy("errand.bpmn")
    with stage.rooms.write() as tools:
        started = process_instances.start(
            tools,
            process_id="errand",
            variables={"a": [1, {"b": None}]},
            actor=stage.cast.applicant,
            now=stage.clock.now,
            through_form=False,
        )

    assert stage.variables(started.instance_key) == {"a": [1, {"b": None}]}
    assert stage.rows(Draft) == []


def test_a_title_that_cannot_be_worked_out_stops_nothing(stage: Stage, deploy: Deploy) -> None:
    deploy("bad_title.bpmn")

    assert stage.start("bad_title").title == "标题算不出"


def test_a_title_is_worked_out_anew_behind_the_step_that_knows_it(
    stage: Stage, deploy: Deploy, desk: Desk
) -> None:
    deploy("named_later.bpmn")
    desk.result = {"登记号": "A-7"}

    key = stage.start("named_later").instance_key

    assert stage.row(ProcessInstance, key=key)["title"] == "登记A-7"


def test_a_title_that_cannot_be_worked_out_anew_stays(
    stage: Stage, deploy: Deploy, desk: Desk
) -> None:
    deploy("named_later.bpmn")
    desk.result = {"登记号": 7}

    key = stage.start("named_later").instance_key

    assert stage.row(ProcessInstance, key=key)["title"] == "登记中"


def test_what_has_ended_cannot_be_cancelled(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy("errand.bpmn")
    key = stage.start("errand").instance_key
    stage.cancel(key, operator)

    with pytest.raises(InstanceEnded):
        stage.cancel(key, operator)
