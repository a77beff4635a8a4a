"""Deploying: all or nothing, versions that never change, the same content once."""

import pytest
from sqlalchemy import select

from service.commands import deployments
from service.commands.deployments import DeploymentReceipt, Upload
from service.domain.actors import SYSTEM, Actor
from service.domain.deployments import DeploymentRefused, ResourceInUse, ResourceNotFound
from service.domain.errors import NotFound
from service.domain.problems import Problem
from service.store.tables import (
    Deployment,
    FormDefinition,
    ProcessDefinition,
    ProcessInstance,
    Resource,
    UserTask,
)
from tests.engine.builders import declare, diagram, element, end, flows, on, start, start_on
from tests.fixtures_commands import DIAGRAMS, PARALLEL, RATING, REVIEW, Deploy, Stage


def file(name: str, *changes: tuple[str, str]) -> Upload:
    """A file beside the tests, with pieces of its text replaced."""
    text = (DIAGRAMS / name).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Upload(name, text.encode())


def deploy_all(stage: Stage, *uploads: Upload, actor: Actor = SYSTEM) -> DeploymentReceipt:
    return deployments.deploy(stage.rooms, uploads, actor=actor, now=stage.clock.now)


def refused(stage: Stage, *uploads: Upload) -> list[Problem]:
    """The problems that keep these files out; nothing of them is kept."""
    with pytest.raises(DeploymentRefused) as refusal:
        deploy_all(stage, *uploads)
    assert stage.rows(Deployment) == []
    assert stage.rows(Resource) == []
    return list(refusal.value.problems)


def delete(stage: Stage, key: int, actor: Actor = SYSTEM) -> None:
    with stage.rooms.write() as tools:
        deployments.delete_resource(tools, key, actor=actor, now=stage.clock.now)


def test_files_that_need_each_other_deploy_together(deploy: Deploy) -> None:
    receipt = deploy(*RATING)

    assert [(p.process_id, p.version) for p in receipt.processes] == [("rating", 1)]
    assert [(d.decision_id, d.requirements_id) for d in receipt.decisions] == [("level", "levels")]
    assert [(f.form_id, f.version) for f in receipt.forms] == [("score", 1)]


def calling(process: str) -> Upload:
    """A diagram that calls this process."""
    called = f'<zeebe:calledElement processId="{process}" />'
    task = element("callActivity", "call", called)
    source = diagram(start(), task, end(), flows("start", "call", "end"), process_id="caller")
    return Upload("caller.bpmn", source)


def test_a_called_process_must_exist(stage: Stage) -> None:
    assert {p.rule for p in refused(stage, calling("errand"))} == {"call-known"}


def test_a_called_process_beside_it_begins_without_an_event(stage: Stage) -> None:
    first = start_on("begun", on("signal", "x"))
    source = diagram(
        first, end(), flows("begun", "end"), process_id="errand", declared=declare("signal", "x")
    )

    problems = refused(stage, calling("errand"), Upload("errand.bpmn", source))

    assert {p.rule for p in problems} == {"call-begins"}


def test_a_called_process_may_be_beside_it_or_deployed_before(stage: Stage) -> None:
    deploy_all(stage, calling("caller"))
    deploy_all(stage, calling("errand"), file("errand.bpmn"))
    deploy_all(stage, Upload("caller.bpmn", calling("errand").content + b" "))

    assert len(stage.rows(Deployment)) == 3


def test_a_called_process_that_was_deleted_is_missed(stage: Stage, deploy: Deploy) -> None:
    [process] = deploy("errand.bpmn").processes
    delete(stage, process.resource_key)

    with pytest.raises(DeploymentRefused) as refusal:
        deploy_all(stage, calling("errand"))

    assert {p.rule for p in refusal.value.problems} == {"call-known"}


def test_what_was_deployed_before_counts(deploy: Deploy) -> None:
    deploy("score.form", "level.dmn")

    assert deploy("rating.bpmn").processes[0].version == 1


def test_a_form_that_is_missing_is_named(stage: Stage) -> None:
    problems = refused(stage, file("rating.bpmn"), file("level.dmn"))

    assert any(problem.element_id == "score" for problem in problems)


def test_all_problems_come_at_once(stage: Stage) -> None:
    problems = refused(
        stage,
        file("review.bpmn"),
        Upload("broken.dmn", b"<definitions"),
        Upload("broken.form", b"{"),
    )

    assert {problem.resource for problem in problems} == {
        "review.bpmn",
        "broken.dmn",
        "broken.form",
    }


def test_the_same_content_keeps_its_version(stage: Stage, deploy: Deploy) -> None:
    first = deploy(*REVIEW)
    again = deploy(*REVIEW)

    assert again.key != first.key
    assert [p.key for p in again.processes] == [p.key for p in first.processes]
    assert [p.duplicate for p in again.processes] == [True]
    assert [f.duplicate for f in again.forms] == [True] * 3
    assert len(stage.rows(ProcessDefinition)) == 1


def test_changed_content_is_a_new_version_beside_the_old(stage: Stage, deploy: Deploy) -> None:
    [first] = deploy("errand.bpmn").processes
    changed = file("errand.bpmn", ("办一件事", "办两件事"))
    [second] = deploy_all(stage, changed).processes

    assert (second.version, second.duplicate) == (2, False)
    names = {row["version"]: row["name"] for row in stage.rows(ProcessDefinition)}
    assert names == {1: "办一件事", 2: "办两件事"}
    assert stage.start("errand").definition_key == second.key
    assert first.key != second.key


def test_going_back_to_older_content_is_a_new_version(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    deploy_all(stage, file("errand.bpmn", ("办一件事", "办两件事")))

    assert deploy("errand.bpmn").processes[0].version == 3


def test_a_running_instance_keeps_its_version(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    key = stage.start("errand").instance_key
    deploy_all(stage, file("errand.bpmn", ('id="read" ', 'id="reread" '), *_RENAMED_FLOWS))

    stage.complete(stage.task(key, "ask"), stage.cast.applicant)

    assert stage.open_tasks(key) == ["read"]


_RENAMED_FLOWS = (
    ('targetRef="read"', 'targetRef="reread"'),
    ('sourceRef="read"', 'sourceRef="reread"'),
    ('bpmnElement="read"', 'bpmnElement="reread"'),
)


def test_a_task_keeps_the_form_it_arose_with(stage: Stage, deploy: Deploy) -> None:
    deploy(*PARALLEL)
    key = stage.start("parallel").instance_key
    deploy_all(stage, file("note_left.form", ("业务意见", "业务科室意见")))
    late = stage.start("parallel").instance_key

    versions = {row["key"]: row["version"] for row in stage.rows(FormDefinition)}
    bound = {
        row["instance_key"]: versions[int(str(row["form_key"]))]
        for row in stage.rows(UserTask, element_id="left")
    }
    assert bound == {key: 1, late: 2}


def test_a_form_of_the_deployment_stays_that_of_the_deployment(
    stage: Stage, deploy: Deploy
) -> None:
    binding = ('formId="note_left"', 'formId="note_left" bindingType="deployment"')
    deploy_all(
        stage,
        file("parallel.bpmn", binding),
        file("note_left.form"),
        file("note_right.form"),
    )
    stage.clock.forward(days=1)
    deploy_all(stage, file("note_left.form", ("业务意见", "业务科室意见")))

    stage.start("parallel")

    versions = {row["key"]: row["version"] for row in stage.rows(FormDefinition)}
    assert versions[int(str(stage.row(UserTask, element_id="left")["form_key"]))] == 1


@pytest.mark.parametrize(
    ("upload", "rule"),
    [
        (Upload("a.txt", b"x"), "resource-kind"),
        (Upload("a", b"x"), "resource-kind"),
        (Upload("x" * 300 + ".bpmn", b"x"), "resource-name"),
        (Upload("a.bpmn", b" " * (5 * 1024 * 1024 + 1)), "resource-size"),
        (Upload("a.bpmn", "<流程/>".encode("gbk")), "resource-encoding"),
        (Upload("a.bpmn", b"<a>\x00</a>"), "resource-encoding"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_no_resource_is_refused(stage: Stage, upload: Upload, rule: str) -> None:
    assert [problem.rule for problem in refused(stage, upload)] == [rule]


def test_nothing_to_deploy_is_refused(stage: Stage) -> None:
    assert [problem.rule for problem in refused(stage)] == ["resource-count"]


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        b"<a>" * 2000 + b"</a>" * 2000,
    ],
    ids=["entities", "an outside entity", "2,000 levels"],
)
def test_hostile_files_are_refused(stage: Stage, content: bytes) -> None:
    for ending in ("bpmn", "dmn"):
        assert refused(stage, Upload(f"x.{ending}", content))


def test_the_same_id_in_two_files_is_refused(stage: Stage) -> None:
    copy = Upload("copy.bpmn", (DIAGRAMS / "errand.bpmn").read_bytes())

    rules = {problem.rule for problem in refused(stage, file("errand.bpmn"), copy)}

    assert "resource-id-repeated" in rules


def test_a_deleted_file_starts_nothing_more(stage: Stage, deploy: Deploy) -> None:
    [process] = deploy("errand.bpmn").processes

    delete(stage, process.resource_key)

    with pytest.raises(NotFound):
        stage.start("errand")
    with pytest.raises(ResourceNotFound):
        delete(stage, process.resource_key)


def test_after_a_deletion_the_version_before_counts(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    [second] = deploy_all(stage, file("errand.bpmn", ("办一件事", "办两件事"))).processes

    delete(stage, second.resource_key)

    assert stage.start("errand").version == 1
    assert (
        deploy_all(stage, file("errand.bpmn", ("办一件事", "办三件事"))).processes[0].version == 3
    )


def test_what_runs_is_not_deleted(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    [process] = deploy("errand.bpmn").processes
    key = stage.start("errand").instance_key

    with pytest.raises(ResourceInUse):
        delete(stage, process.resource_key)
    stage.cancel(key, operator)
    delete(stage, process.resource_key)

    assert stage.row(ProcessInstance)["state"] == "TERMINATED"


def test_a_form_or_decision_that_a_process_names_is_not_deleted(
    deploy: Deploy, stage: Stage
) -> None:
    receipt = deploy(*RATING)

    for key in (receipt.forms[0].resource_key, receipt.decisions[0].resource_key):
        with pytest.raises(ResourceInUse, match="评定等次"):
            delete(stage, key)


def test_content_is_kept_as_it_was_sent(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")

    with stage.rooms.read() as session:
        content = session.execute(select(Resource.content)).scalar_one()
    assert content.encode() == (DIAGRAMS / "errand.bpmn").read_bytes()


def test_a_designer_may_deploy(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy("errand.bpmn", actor=operator)

    assert stage.row(Deployment)["deployed_by"] == operator.username
