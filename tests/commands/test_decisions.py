"""Business rule tasks ask decision tables; the history says which rules met."""

import pytest

from service.commands import incidents
from service.commands.deployments import Upload
from service.commands.deployments import deploy as deploy_files
from service.domain.actors import SYSTEM, Actor
from service.store.tables import Incident, ProcessInstance
from tests.fixtures_commands import DIAGRAMS, RATING, Deploy, Stage


@pytest.mark.parametrize(
    ("score", "level", "end", "rule"),
    [(60, "合格", "合格", "level_good"), (59, "不合格", "不合格", "level_bad")],
)
def test_a_table_decides(
    stage: Stage, deploy: Deploy, score: int, level: str, end: str, rule: str
) -> None:
    deploy(*RATING)
    key = stage.start("rating").instance_key

    stage.complete(stage.task(key, "score"), stage.cast.applicant, {"分数": score})

    assert stage.row(ProcessInstance)["end_event"] == end
    assert stage.value(key, "decision.evaluated") == {
        "name": "评定",
        "decision_id": "level",
        "matched_rules": [rule],
        "output": level,
    }


def redeploy(stage: Stage, old: str, new: str, file: str = "level.dmn") -> None:
    text = (DIAGRAMS / file).read_text()
    assert old in text
    upload = Upload(file, text.replace(old, new).encode())
    deploy_files(stage.rooms, [upload], actor=SYSTEM, now=stage.clock.forward(minutes=1))


def test_the_newest_version_is_asked(stage: Stage, deploy: Deploy) -> None:
    deploy(*RATING)
    key = stage.start("rating").instance_key
    redeploy(stage, "60", "80")

    stage.complete(stage.task(key, "score"), stage.cast.applicant, {"分数": 70})

    assert stage.variables(key)["level"] == "不合格"


def test_a_decision_that_cannot_be_made_is_an_incident_that_a_new_version_mends(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy(*RATING)
    key = stage.start("rating").instance_key
    redeploy(stage, "<text>分数</text>", "<text>得分</text>")

    done = stage.complete(stage.task(key, "score"), stage.cast.applicant, {"分数": 70})

    assert done.incident
    assert "70" not in str(stage.row(Incident)["message"])
    redeploy(stage, '"合格"', '"优秀"')
    with stage.rooms.write() as tools:
        incidents.retry(tools, stage.key(Incident), actor=operator, now=stage.clock.now)
    assert stage.variables(key)["level"] == "优秀"


def test_the_history_says_what_a_decision_rests_on(stage: Stage, deploy: Deploy) -> None:
    deploy("rating.bpmn", "score.form", "level_by_points.dmn")
    key = stage.start("rating").instance_key

    stage.complete(stage.task(key, "score"), stage.cast.applicant, {"分数": 60})

    noted = stage.value(key, "decision.evaluated")
    assert (noted["output"], noted["matched_rules"]) == ("合格", [])
    assert noted["required"] == [
        {"decision_id": "points", "matched_rules": ["points_half", "points_more"], "output": 70}
    ]


def test_an_incident_names_the_decision_that_failed(stage: Stage, deploy: Deploy) -> None:
    deploy("rating.bpmn", "score.form", "level_by_points.dmn")
    key = stage.start("rating").instance_key
    redeploy(stage, "<text>分数</text></output", "<text>得分</text></output", "level_by_points.dmn")

    done = stage.complete(stage.task(key, "score"), stage.cast.applicant, {"分数": 60})

    assert done.incident
    assert "「折算分」" in str(stage.row(Incident)["message"])
