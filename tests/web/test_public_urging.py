"""催办 from outside: of one's own application, now and then; and no name comes back."""

import pytest

from service.commands import suspension
from service.domain.actors import SYSTEM
from service.domain.values import Json
from service.jobs.runner import JobRunner
from service.store.tables import HistoryEntry, Notification
from tests.fixtures_commands import Stage
from tests.fixtures_events import bring
from tests.web.conftest import Visit, Visitor
from tests.web.public import Outsider, apply, case_of, guest, offered, outsider, settings, text

__all__ = ["bring", "guest", "offered", "outsider", "settings"]


def urge(visitor: Visitor, key: int) -> str:
    """What the page says then."""
    answer = visitor.post(f"/public/applications/{key}/urge")
    assert answer.location == f"/public/applications/{key}"
    return text(visitor.get(f"/public/applications/{key}"))


def told(stage: Stage) -> list[str]:
    JobRunner(stage.rooms, owner="w").run_due()
    return [str(row["text"]) for row in stage.rows(Notification, kind="urged")]


@pytest.mark.usefixtures("offered")
def test_who_waits_urges_the_house_once_in_a_while(outsider: Outsider, stage: Stage) -> None:
    visitor, actor = outsider()
    key = case_of(apply(visitor, stage))
    assert f'action="/public/applications/{key}/urge"' in text(
        visitor.get(f"/public/applications/{key}")
    )

    said = urge(visitor, key)

    assert "已催办，办理人会收到提醒。" in said
    assert "已经催办过" in said
    [notice] = told(stage)
    assert notice.startswith("申请人催办“")
    assert actor.username not in notice
    assert stage.row(HistoryEntry, act="user-task.urged")["actor"] == actor.username
    assert "这项申请刚催办过" in urge(visitor, key)
    assert len(told(stage)) == 1
    stage.clock.forward(hours=4)
    later, _same = outsider()
    assert "已催办" in urge(later, key)
    assert len(told(stage)) == 2


@pytest.mark.usefixtures("offered")
def test_nobody_urges_for_another(outsider: Outsider, stage: Stage, visit: Visit) -> None:
    key = case_of(apply(outsider()[0], stage))
    other, _actor = outsider("13900139000")
    path = f"/public/applications/{key}/urge"
    answers = [other.post(path), other.post("/public/applications/1/urge")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert visit(None).send("POST", path, {}).status_code == 401
    for actor in (stage.cast.officer, stage.cast.stranger):
        assert visit(actor).send("POST", path, {}).status_code == 401
    assert told(stage) == []


@pytest.mark.usefixtures("offered")
def test_where_the_applicant_is_next_there_is_nobody_to_urge(
    outsider: Outsider, stage: Stage
) -> None:
    visitor, _actor = outsider()
    key = case_of(apply(visitor, stage))
    stage.complete(stage.task(key, "check"), stage.cast.officer, {}, outcome="approve")
    assert "/urge" not in text(visitor.get(f"/public/applications/{key}"))
    assert "没有等受理单位办理的步骤，没有发出催办" in urge(visitor, key)
    assert told(stage) == []


@pytest.mark.usefixtures("offered")
def test_of_a_suspended_application_no_operator_is_named(outsider: Outsider, stage: Stage) -> None:
    visitor, _actor = outsider()
    key = case_of(apply(visitor, stage))
    stage.complete(stage.task(key, "check"), stage.cast.officer, {}, outcome="approve")
    task = stage.task(key, "confirm")
    with stage.rooms.write() as tools:
        suspension.suspend(tools, key, reason="等批复", actor=SYSTEM, now=stage.clock.now)
    assert "没有发出催办" in urge(visitor, key)
    body: Json = {"revision": 0, "outcome": None, "data": {"已知悉": True}}
    refused = visitor.send("POST", f"/public/tasks/{task}/complete", body)
    assert refused.status_code == 409
    assert refused.get_json()["detail"].startswith("这项申请暂停办理，没有改动。")
    assert "你填写的内容已保留" in refused.get_json()["detail"]
