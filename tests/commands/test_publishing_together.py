"""A process with the unpublished forms and decisions it refers to: one check, one deployment."""

from collections.abc import Iterable

import pytest

from service.commands import publishing, rights, working_copies
from service.commands.deployments import Upload
from service.commands.publishing import Checkup, Chosen
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.deployments import DeploymentRefused
from service.domain.designs import CompanionChanged, DesignKind, DesignNotFound, WorkingCopyGone
from service.domain.problems import Severity
from service.store.tables import (
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    WorkingCopy,
)
from tests.commands.test_publishing import ERRAND
from tests.fixtures_commands import DIAGRAMS, RATING, Deploy, Stage

PROCESS, DECISION, FORM = DesignKind
CALLER = ERRAND.replace('"errand"', '"caller"').replace(
    "</bpmn:process>",
    '<bpmn:callActivity id="sub"><bpmn:extensionElements><zeebe:calledElement processId="rating"/>'
    "</bpmn:extensionElements></bpmn:callActivity></bpmn:process>",
)


def content(name: str) -> str:
    return (DIAGRAMS / name).read_text()


def bring(stage: Stage, actor: Actor, names: Iterable[str] = RATING) -> None:
    """Begin a working copy of each file."""
    for name in names:
        with stage.rooms.write() as tools:
            upload = Upload(name, content(name).encode())
            working_copies.import_file(tools, upload, actor=actor, now=stage.clock.now)


def edit(stage: Stage, actor: Actor, kind: DesignKind, id: str, text: str) -> None:
    with stage.rooms.write() as tools:
        working_copies.save(
            tools,
            kind,
            id,
            content=text,
            revision=1,
            base_version=None,
            actor=actor,
            now=stage.clock.now,
        )


def check(stage: Stage, actor: Actor, text: str | None = None, id: str = "rating") -> Checkup:
    return publishing.check(
        stage.rooms,
        PROCESS,
        id,
        content=content("rating.bpmn") if text is None else text,
        base_version=None,
        actor=actor,
    )


def publish(stage: Stage, actor: Actor, *beside: Chosen) -> list[tuple[DesignKind, str, int]]:
    chosen = [Chosen(PROCESS, "rating", 1, None), *beside]
    published = publishing.publish(
        stage.rooms, chosen, note="一起改", actor=actor, now=stage.clock.now
    )
    return [(one.kind, one.resource_id, one.version) for one in published]


SCORE = Chosen(FORM, "score", 1, None)
LEVEL = Chosen(DECISION, "level", 1, None)


def test_what_a_process_refers_to_is_checked_with_it(stage: Stage, operator: Actor) -> None:
    bring(stage, operator)

    found = check(stage, operator)

    assert found.problems == ()
    assert [(c.kind, c.resource_id, c.revision) for c in found.companions] == [
        (DECISION, "level", 1),
        (FORM, "score", 1),
    ]


def test_it_is_published_with_it_in_one_deployment(stage: Stage, operator: Actor) -> None:
    bring(stage, operator)

    published = publish(stage, operator, SCORE, LEVEL)

    assert published == [(PROCESS, "rating", 1), (FORM, "score", 1), (DECISION, "level", 1)]
    assert [row["note"] for row in stage.rows(Deployment)] == ["一起改"]
    assert stage.rows(WorkingCopy) == []


def test_without_what_it_needs_a_process_is_refused_and_everything_stays(
    stage: Stage, operator: Actor
) -> None:
    bring(stage, operator)

    with pytest.raises(DeploymentRefused) as refusal:
        publish(stage, operator, SCORE)

    assert [problem.rule for problem in refusal.value.problems] == ["decision-known"]
    assert len(stage.rows(WorkingCopy)) == 3
    assert stage.rows(ProcessDefinition) == []


def test_what_is_wrong_with_a_companion_is_told_as_its_own(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy(*RATING)
    bring(stage, operator)
    edit(stage, operator, FORM, "score", "{}")

    found = check(stage, operator)

    errors = [one for one in found.problems if one.severity is Severity.ERROR]
    assert {found.places[one.resource].resource_id for one in errors} == {"score"}
    # and the process need not wait for it
    one = Chosen(PROCESS, "rating", 1, 1)
    publishing.publish(stage.rooms, [one], note="x", actor=operator, now=stage.clock.now)


def test_a_companion_that_was_changed_after_the_check_is_not_published_unseen(
    stage: Stage, operator: Actor
) -> None:
    bring(stage, operator)
    edit(stage, operator, FORM, "score", content("score.form") + " ")

    with pytest.raises(CompanionChanged, match="score"):
        publish(stage, operator, LEVEL, SCORE)
    assert (stage.rows(DecisionDefinition), stage.rows(FormDefinition)) == ([], [])
    with pytest.raises(WorkingCopyGone):
        publishing.publish(
            stage.rooms,
            [Chosen(PROCESS, "nothing", 1, None)],
            note="x",
            actor=operator,
            now=stage.clock.now,
        )


def test_companions_of_called_processes_come_along(stage: Stage, operator: Actor) -> None:
    bring(stage, operator)

    found = check(stage, operator, CALLER, id="caller")

    assert {c.resource_id for c in found.companions} == {"rating", "score", "level"}


def test_a_decision_beside_another_in_its_file_is_found(stage: Stage, operator: Actor) -> None:
    bring(stage, operator)
    other = (
        '<decision id="other" name="别的"><literalExpression id="other_text"><text>1</text>'
        "</literalExpression></decision><decision "
    )
    two = content("level.dmn").replace("<decision ", other, 1)
    with stage.rooms.write() as tools:
        working_copies.discard(tools, DECISION, "level", revision=1, actor=operator)
        upload = Upload("two.dmn", two.encode())
        saved = working_copies.import_file(tools, upload, actor=operator, now=stage.clock.now)
    assert saved.resource_id == "other"

    assert "other" in {c.resource_id for c in check(stage, operator).companions}


def test_files_of_one_name_do_not_stand_in_each_others_way(stage: Stage, operator: Actor) -> None:
    bring(stage, operator)
    with stage.rooms.write() as tools:
        for copy in tools.session.query(WorkingCopy).where(WorkingCopy.kind == FORM):
            copy.file_name = "rating.bpmn"

    assert check(stage, operator).problems == ()


def test_what_one_may_not_design_is_neither_told_nor_published(
    stage: Stage, operator: Actor
) -> None:
    bring(stage, operator)
    officer = stage.cast.officer
    with stage.rooms.write() as tools:
        for action in (Action.READ, Action.ACT):
            right = Grant(
                GranteeKind.PERSON, officer.username, "rating", ObjectKind.DEPLOYMENT, action
            )
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)

    assert check(stage, officer).companions == ()
    with pytest.raises(DesignNotFound):
        publish(stage, officer, SCORE, LEVEL)
    assert len(stage.rows(WorkingCopy)) == 3
