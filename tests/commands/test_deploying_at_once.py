"""What others do while files are checked: nobody waits for the check, and it never lies."""

from dataclasses import replace

import pytest

from service.commands import deployments, rights
from service.commands.deployments import DeploymentReceipt, Upload
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.deployments import DeploymentForbidden, DeploymentRefused
from service.domain.values import Json
from service.feel import FeelPool, FormProblem
from service.store.tables import Deployment, ProcessDefinition
from tests.fixtures_commands import DIAGRAMS, RATING, Deploy, Stage
from tests.fixtures_store import CountStatements


def files(*names: str) -> list[Upload]:
    return [Upload(name, (DIAGRAMS / name).read_bytes()) for name in names]


def test_others_write_while_files_are_checked(stage: Stage, deploy: Deploy) -> None:
    class Interrupted(FeelPool):
        """Somebody else deploys during the check of a form."""

        def check_form(self, schema: Json) -> list[FormProblem]:
            deploy("errand.bpmn")
            return super().check_form(schema)

    pool = Interrupted()
    try:
        rooms = replace(stage.rooms, feel=pool)
        deployments.deploy(rooms, files("score.form"), actor=SYSTEM, now=stage.clock.now)
    finally:
        pool.close()

    assert len(stage.rows(Deployment)) == 2


def test_a_form_that_is_deleted_after_the_check_is_missed(stage: Stage, deploy: Deploy) -> None:
    [form] = deploy("score.form").forms

    def delete() -> None:
        with stage.rooms.write() as tools:
            deployments.delete_resource(tools, form.resource_key, actor=SYSTEM, now=stage.clock.now)

    overtaken = stage.after_the_check(delete).rooms
    with pytest.raises(DeploymentRefused) as refused:
        deployments.deploy(
            overtaken, files("rating.bpmn", "level.dmn"), actor=SYSTEM, now=stage.clock.now
        )

    assert {problem.rule for problem in refused.value.problems} == {"form-known"}
    assert stage.rows(ProcessDefinition) == []


def test_a_new_version_of_a_form_is_checked_against(stage: Stage, deploy: Deploy) -> None:
    deploy("score.form", "level.dmn")
    reading = (DIAGRAMS / "rating.bpmn").read_text().replace('level = "合格"', "分数 &gt; 60")
    renaming = (DIAGRAMS / "score.form").read_text().replace("分数", "得分")

    def sent(rooms: Rooms, name: str, text: str) -> DeploymentReceipt:
        upload = Upload(name, text.encode())
        return deployments.deploy(rooms, [upload], actor=SYSTEM, now=stage.clock.now)

    assert sent(stage.rooms, "rating.bpmn", reading).problems == ()
    overtaken = stage.after_the_check(lambda: sent(stage.rooms, "score.form", renaming)).rooms
    receipt = sent(overtaken, "rating.bpmn", reading.replace("评定等次", "评定"))

    assert [problem.rule for problem in receipt.problems] == ["feel-name"]


def test_a_right_that_is_withdrawn_after_the_check_counts_no_more(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    right = Grant(GranteeKind.PERSON, operator.username, ALL, ObjectKind.DEPLOYMENT, Action.ACT)

    def revoke() -> None:
        with stage.rooms.write() as tools:
            rights.revoke(tools, right, actor=SYSTEM, now=stage.clock.now)

    overtaken = stage.after_the_check(revoke).rooms

    with pytest.raises(DeploymentForbidden):
        deployments.deploy(overtaken, files("errand.bpmn"), actor=operator, now=stage.clock.now)

    assert stage.rows(Deployment) == []


def test_the_same_files_deployed_twice_at_once_are_one_version(
    stage: Stage, deploy: Deploy
) -> None:
    overtaken = stage.after_the_check(lambda: deploy(*RATING)).rooms

    receipt = deployments.deploy(overtaken, files(*RATING), actor=SYSTEM, now=stage.clock.now)

    assert [one.duplicate for one in receipt.processes] == [True]
    assert [row["version"] for row in stage.rows(ProcessDefinition)] == [1]


def test_an_unchanged_world_costs_two_statements_more(
    stage: Stage, deploy: Deploy, count_statements: CountStatements
) -> None:
    deploy(*RATING)
    with count_statements() as statements:
        deploy(*RATING)

    # Three of them record who deployed.
    assert len(statements) <= 11, statements.texts
    assert statements.commits == 1
