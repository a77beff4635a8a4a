"""Publishing: the check first, a new version with its note, the working copy goes."""

import pytest

from service.commands import publishing, rights, working_copies
from service.commands.publishing import Chosen, NoteMissing, Published
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.deployments import DeploymentForbidden, DeploymentRefused
from service.domain.designs import (
    DesignKind,
    DesignNotFound,
    VersionOvertaken,
    WorkingCopyChanged,
    WorkingCopyGone,
)
from service.domain.problems import Problem, Severity
from service.store.tables import Deployment, ProcessDefinition, WorkingCopy
from tests.fixtures_commands import DIAGRAMS, Deploy, Stage

ERRAND = (DIAGRAMS / "errand.bpmn").read_text()
CHANGED = ERRAND.replace("办一件事", "办两件事")


def save(stage: Stage, actor: Actor, content: str, *, revision: int = 0) -> None:
    with stage.rooms.write() as tools:
        working_copies.save(
            tools,
            DesignKind.PROCESS,
            "errand",
            content=content,
            revision=revision,
            base_version=None,
            actor=actor,
            now=stage.clock.now,
        )


def publish(
    stage: Stage,
    actor: Actor,
    *,
    revision: int = 1,
    replaces: int | None = 1,
    note: str = "改了名称",
) -> tuple[Published, ...]:
    chosen = [Chosen(DesignKind.PROCESS, "errand", revision, replaces)]
    return publishing.publish(stage.rooms, chosen, note=note, actor=actor, now=stage.clock.now)


def check(stage: Stage, actor: Actor, content: str, base: int | None = 1) -> list[Problem]:
    found = publishing.check(
        stage.rooms,
        DesignKind.PROCESS,
        "errand",
        content=content,
        base_version=base,
        actor=actor,
    )
    return list(found.problems)


def test_a_working_copy_becomes_a_version_with_its_note(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    save(stage, operator, CHANGED)

    published = publish(stage, operator, note=" 改了名称 ")

    [one] = published
    assert one == Published(DesignKind.PROCESS, "errand", "办两件事", 2, duplicate=False)
    assert stage.rows(WorkingCopy) == []
    newest = stage.rows(Deployment)[-1]
    assert (newest["note"], newest["deployed_by"]) == ("改了名称", operator.username)
    assert stage.start("errand").version == 2


def test_errors_are_listed_and_nothing_is_published(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    save(stage, operator, "<broken")

    with pytest.raises(DeploymentRefused) as refusal:
        publish(stage, operator)

    assert [problem.severity for problem in refusal.value.problems] == [Severity.ERROR]
    assert len(stage.rows(ProcessDefinition)) == 1
    assert stage.row(WorkingCopy)["content"] == "<broken"


def test_the_check_names_the_element(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy("errand.bpmn")
    broken = ERRAND.replace('type="work"', 'type="nobody"')
    assert broken != ERRAND

    assert check(stage, operator, ERRAND) == []
    [problem] = check(stage, operator, broken)

    assert problem.element_id
    assert problem.remedy


def test_content_that_is_the_version_already_makes_none(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    save(stage, operator, ERRAND)

    assert [one.duplicate for one in publish(stage, operator)] == [True]

    assert stage.rows(WorkingCopy) == []
    assert len(stage.rows(ProcessDefinition)) == 1


def test_a_version_that_the_designer_has_not_seen_is_not_replaced(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    save(stage, operator, CHANGED)
    publish(stage, operator)
    save(stage, operator, ERRAND)

    with pytest.raises(VersionOvertaken, match=r"赵刚.*第 2 版"):
        publish(stage, operator, replaces=1)
    assert [one.version for one in publish(stage, operator, replaces=2)] == [3]


def test_a_copy_that_somebody_saved_meanwhile_is_not_published_unseen(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    save(stage, operator, CHANGED)
    save(stage, operator, ERRAND, revision=1)

    with pytest.raises(WorkingCopyChanged):
        publish(stage, operator, revision=1)
    publish(stage, operator, revision=2)
    with pytest.raises(WorkingCopyGone):
        publish(stage, operator, revision=2)


@pytest.mark.parametrize("note", ["", "  ", "字" * 501])
def test_a_version_needs_a_note(stage: Stage, deploy: Deploy, operator: Actor, note: str) -> None:
    deploy("errand.bpmn")
    save(stage, operator, CHANGED)

    with pytest.raises(NoteMissing):
        publish(stage, operator, note=note)


def test_another_id_and_an_old_base_are_warned_of(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    save(stage, operator, CHANGED)
    publish(stage, operator)
    renamed = ERRAND.replace('"errand"', '"errands"')

    found = {problem.rule: problem.severity for problem in check(stage, operator, renamed)}

    assert found["design-id-changed"] is Severity.WARNING
    assert found["design-base-outdated"] is Severity.WARNING


def test_a_changed_id_is_another_design_and_needs_its_right(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    designer = stage.cast.officer
    with stage.rooms.write() as tools:
        for action in (Action.READ, Action.ACT):
            right = Grant(
                GranteeKind.PERSON, designer.username, "errand", ObjectKind.DEPLOYMENT, action
            )
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    save(stage, designer, ERRAND.replace('"errand"', '"errands"'))

    with pytest.raises(DeploymentForbidden):
        publish(stage, designer)


@pytest.mark.parametrize("who", ["stranger", "applicant", "officer"])
def test_who_is_no_designer_can_do_nothing(
    stage: Stage, deploy: Deploy, operator: Actor, who: str
) -> None:
    deploy("errand.bpmn")
    save(stage, operator, CHANGED)
    actor: Actor = getattr(stage.cast, who)

    with pytest.raises(DesignNotFound):
        check(stage, actor, CHANGED)
    with pytest.raises(DesignNotFound):
        publish(stage, actor)
    assert len(stage.rows(ProcessDefinition)) == 1
