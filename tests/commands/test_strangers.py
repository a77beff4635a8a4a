"""Whoever may not see something learns nothing of it; whoever may see it may not yet act on it."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from service.commands import (
    deployments,
    documents,
    drafts,
    incidents,
    process_instances,
    rights,
    user_tasks,
)
from service.commands.deployments import Upload
from service.commands.handlers import BpmnError
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.deployments import DeploymentForbidden
from service.domain.errors import Forbidden, NotFound
from service.domain.instances import InstanceForbidden
from service.domain.user_tasks import TaskNotFound, TaskNotYours
from service.store.tables import Incident, Resource, UserTask
from tests.fixtures_commands import EVIDENCE, REVIEW, Deploy, Desk, Stage


@dataclass(frozen=True, slots=True)
class Case:
    """A running instance with everything one can act on."""

    instance: int
    task: int
    definition: int
    incident: int
    resource: int
    document: int


@pytest.fixture
def case(stage: Stage, deploy: Deploy, desk: Desk) -> Case:
    receipt = deploy(*REVIEW, "errand.bpmn", *EVIDENCE)
    definition = next(p.key for p in receipt.processes if p.process_id == "evidence")
    upload = documents.upload(
        stage.rooms,
        definition,
        field="证明",
        file_name="证明.pdf",
        stream=io.BytesIO(b"%PDF-1.7\n1 0 obj"),
        actor=stage.cast.applicant,
        now=stage.clock.now,
    )
    desk.fails(BpmnError("坏了"))
    stage.complete(stage.task(stage.start("errand").instance_key, "ask"), stage.cast.applicant)
    started = stage.start("review", variables={"姓名": "王小明"})
    return Case(
        instance=started.instance_key,
        task=stage.task(started.instance_key, "check"),
        definition=definition,
        incident=stage.key(Incident),
        resource=stage.key(Resource, name="review.bpmn"),
        document=upload.key,
    )


Act = Callable[[Stage, Case, Actor], object]


def in_a_transaction(command: Callable[..., object], key: str, **more: object) -> Act:
    def act(stage: Stage, case: Case, actor: Actor) -> object:
        with stage.rooms.write() as tools:
            return command(tools, getattr(case, key), actor=actor, now=stage.clock.now, **more)

    return act


def complete(stage: Stage, case: Case, actor: Actor) -> object:
    return stage.complete(case.task, actor, outcome="approve")


def upload(subject: str) -> Act:
    def act(stage: Stage, case: Case, actor: Actor) -> object:
        return documents.upload(
            stage.rooms,
            getattr(case, subject),
            field="证明",
            file_name="a.pdf",
            stream=io.BytesIO(b"%PDF-1.7"),
            actor=actor,
            now=stage.clock.now,
        )

    return act


def open_document(stage: Stage, case: Case, actor: Actor) -> object:
    return documents.open_for(stage.rooms, case.document, actor=actor, now=stage.clock.now)


def delete_document(stage: Stage, case: Case, actor: Actor) -> object:
    with stage.rooms.write() as tools:
        documents.delete(tools, case.document, actor=actor)
    return None


def start(stage: Stage, case: Case, actor: Actor) -> object:
    return stage.start("evidence", actor)


COMMANDS: dict[str, Act] = {
    "complete": complete,
    "claim": in_a_transaction(user_tasks.claim, "task"),
    "release": in_a_transaction(user_tasks.release, "task"),
    "assign": in_a_transaction(user_tasks.assign, "task", assignee="wang.wei"),
    "save a task's draft": in_a_transaction(drafts.save, "task", data={}),
    "save a start form's draft": in_a_transaction(drafts.save, "definition", data={}),
    "upload to a task": upload("task"),
    "upload to a start form": upload("definition"),
    "open a document": open_document,
    "delete a document": delete_document,
    "start": start,
    "cancel": in_a_transaction(process_instances.cancel, "instance", reason="捣乱"),
    "retry": in_a_transaction(incidents.retry, "incident"),
    "delete a resource": in_a_transaction(deployments.delete_resource, "resource"),
}


def answers(stage: Stage, case: Case, actor: Actor) -> dict[str, object]:
    """What every command gives this actor, or the kind of its refusal."""
    given: dict[str, object] = {}
    for name, command in COMMANDS.items():
        try:
            given[name] = command(stage, case, actor)
        except (NotFound, Forbidden) as refusal:
            given[name] = NotFound if isinstance(refusal, NotFound) else Forbidden
    return given


def test_a_stranger_finds_nothing(stage: Stage, case: Case) -> None:
    assert answers(stage, case, stage.cast.stranger) == dict.fromkeys(COMMANDS, NotFound)


def test_a_key_that_is_none_looks_the_same(stage: Stage, case: Case) -> None:
    for wrong in (7, 0, -1, 2**63, 10**30):
        found = answers(stage, Case(*[wrong] * 6), stage.cast.stranger)
        assert found == dict.fromkeys(COMMANDS, NotFound)


def test_a_stranger_keeps_no_draft(stage: Stage, case: Case) -> None:
    for key in (case.task, case.definition, 7, 2**63):
        kept = drafts.keep(
            stage.rooms, key, data={}, actor=stage.cast.stranger, now=stage.clock.now
        )
        assert not kept


def test_a_stranger_deploys_nothing_and_learns_no_problem(stage: Stage, case: Case) -> None:
    upload = Upload("review.bpmn", b"<broken")

    with pytest.raises(DeploymentForbidden):
        deployments.deploy(stage.rooms, [upload], actor=stage.cast.stranger, now=stage.clock.now)


def test_a_designer_of_one_process_leaves_the_others(
    stage: Stage, case: Case, deploy: Deploy
) -> None:
    stranger = stage.cast.stranger
    grant(stage, stranger, ObjectKind.DEPLOYMENT, Action.ACT, "errand")

    deploy("errand.bpmn", actor=stranger)
    with pytest.raises(DeploymentForbidden, match="rating"):
        deploy("rating.bpmn", "score.form", "level.dmn", actor=stranger)


def test_a_reader_of_cases_may_not_act_on_tasks(stage: Stage, case: Case) -> None:
    grant(stage, stage.cast.stranger, ObjectKind.CASE, Action.READ, "review")

    for command in ("complete", "claim", "release", "assign"):
        with pytest.raises(TaskNotYours):
            COMMANDS[command](stage, case, stage.cast.stranger)


def test_who_sees_what_runs_may_not_yet_touch_it(stage: Stage, case: Case) -> None:
    grant(stage, stage.cast.stranger, ObjectKind.RUNNING, Action.READ, "*")

    for command in ("cancel", "retry"):
        with pytest.raises(InstanceForbidden):
            COMMANDS[command](stage, case, stage.cast.stranger)


def test_the_applicant_does_not_see_the_offices_task(stage: Stage, case: Case) -> None:
    with pytest.raises(TaskNotFound):
        stage.complete(case.task, stage.cast.applicant, outcome="approve")
    assert stage.row(UserTask, key=case.task)["state"] == "CREATED"


def grant(stage: Stage, actor: Actor, kind: ObjectKind, action: Action, process_id: str) -> None:
    right = Grant(GranteeKind.PERSON, actor.username, process_id, kind, action)
    with stage.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
