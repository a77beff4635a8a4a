"""Applying from outside, and what nobody else sees of it."""

import io
import re

from service.commands import notices
from service.commands.case_acts import note_act
from service.domain.notices import NoticeText
from service.domain.values import Json
from service.store.tables import Draft, Notice, ProcessInstance
from tests.fixtures_commands import EVIDENCE, Deploy, Stage
from tests.fixtures_events import bring
from tests.fixtures_public import let_office_publish, let_public_start
from tests.web.conftest import Visitor
from tests.web.public import (
    PDF,
    Outsider,
    apply,
    case_of,
    content,
    guest,
    offered,
    outsider,
    settings,
    text,
)

__all__ = ["bring", "guest", "offered", "outsider", "settings"]


def test_from_the_form_to_the_number(outsider: Outsider, stage: Stage, offered: str) -> None:
    visitor, actor = outsider()
    key = case_of(apply(visitor, stage))
    page = text(visitor.get(f"/public/applications/{key}"))
    assert re.search(r"SQ-[0-9A-Z-]{8,}", page)
    assert stage.row(ProcessInstance)["started_by"] == actor.username


def test_nothing_of_the_house_is_shown(outsider: Outsider, stage: Stage, offered: str) -> None:
    visitor, _actor = outsider()
    key = case_of(apply(visitor, stage))
    task = stage.task(key, "check")
    stage.complete(task, stage.cast.officer, {}, outcome="approve", comment="内部意见：先压一压")
    page = text(visitor.get(f"/public/applications/{key}"))
    for secret in ("李娜", "人事科", "内部意见", "核对材料", "li.na"):
        assert secret not in page


def test_what_was_decided_later_is_read_in_the_words_for_the_applicant(
    outsider: Outsider, stage: Stage, offered: str
) -> None:
    # given an act on a page of the house, of which one part is for the applicant
    visitor, _actor = outsider()
    key = case_of(apply(visitor, stage))
    said = {"public": "你的资格已撤销。", "actor": stage.cast.officer, "now": stage.clock.now}
    with stage.rooms.write() as tools:
        note_act(tools, key, "内部记录：核实材料", actor=stage.cast.officer, now=stage.clock.now)
        note_act(tools, key, "撤销资格，见内部卷宗", **said)  # type: ignore[arg-type]
    page = text(visitor.get(f"/public/applications/{key}"))
    assert "结果有变动" in page
    assert "你的资格已撤销。" in page
    for secret in ("内部记录", "内部卷宗", "李娜"):
        assert secret not in page


def test_a_draft_is_kept_and_found_again(outsider: Outsider, stage: Stage, offered: str) -> None:
    visitor, _actor = outsider()
    saved = visitor.send("PUT", "/public/apply/review/draft", {"data": {"姓名": "写到一半"}})
    assert saved.status_code == 200
    assert "写到一半" in text(visitor.get("/public/apply/review"))
    assert "继续填写" in text(visitor.get("/public/applications"))
    assert visitor.post("/public/apply/review/draft/discard").status_code == 303
    assert stage.rows(Draft) == []


def test_when_the_notice_is_over_nothing_is_taken_and_nothing_lost(
    outsider: Outsider, stage: Stage, offered: str, deploy: Deploy
) -> None:
    visitor, _actor = outsider()
    visitor.send("PUT", "/public/apply/review/draft", {"data": {"姓名": "写到一半"}})
    page = text(visitor.get("/public/apply/review"))
    found = re.search(r'"definitionKey": "(\d+)"', page)
    assert found is not None
    with stage.rooms.write() as tools:
        [row] = stage.rows(Notice)
        notices.withdraw(
            tools, int(str(row["key"])), "不再受理", actor=stage.cast.officer, now=stage.clock.now
        )
    body: Json = {"definitionKey": found[1], "requestId": "r" * 16, "data": {"姓名": "乙"}}
    refused = visitor.send("POST", "/public/apply/review", body)
    assert refused.status_code == 409
    assert "没有在有效期内的公告" in refused.get_json()["detail"]
    assert stage.rows(ProcessInstance) == []
    assert len(stage.rows(Draft)) == 1


def test_a_version_of_another_process_is_not_started(
    outsider: Outsider, stage: Stage, offered: str, deploy: Deploy
) -> None:
    [other] = [p.key for p in deploy("errand.bpmn").processes]
    let_public_start(stage.rooms, "errand")
    visitor, _actor = outsider()
    body: Json = {"definitionKey": str(other), "requestId": "r" * 16, "data": {}}
    assert visitor.send("POST", "/public/apply/review", body).status_code == 404
    assert visitor.get("/public/apply/errand").status_code == 409
    assert stage.rows(ProcessInstance) == []


def test_another_applicant_finds_nothing(outsider: Outsider, stage: Stage, offered: str) -> None:
    mine, _actor = outsider()
    key = case_of(apply(mine, stage))
    stage.complete(stage.task(key, "check"), stage.cast.officer, {}, outcome="approve")
    task = stage.task(key, "confirm")
    other, _other = outsider("13900139000")
    for method, path in (
        ("GET", f"/public/applications/{key}"),
        ("GET", f"/public/tasks/{task}"),
        ("POST", f"/public/tasks/{task}/complete"),
        ("PUT", f"/public/tasks/{task}/draft"),
        ("POST", f"/public/tasks/{task}/draft/discard"),
        ("GET", f"/public/tasks/{task}/documents/1"),
        ("GET", f"/instances/{key}"),
        ("GET", f"/tasks/{task}"),
    ):
        body: Json = {"revision": 0, "data": {}} if "complete" in path else {"data": {}}
        answer = other.send(method, path, body if method != "GET" else None)
        assert answer.status_code == 404, (method, path)
    assert "王小明" not in text(other.get("/public/applications"))


def test_without_a_session_there_is_the_sign_in_page(guest: Visitor, offered: str) -> None:
    for path in ("/public/applications", "/public/apply/review", "/public/tasks/1"):
        assert "/public/sign-in" in guest.get(path).location
    for method, path in (
        ("POST", "/public/apply/review"),
        ("PUT", "/public/apply/review/draft"),
        ("POST", "/public/tasks/1/complete"),
        ("POST", "/public/documents"),
        ("DELETE", "/public/documents/1"),
    ):
        assert guest.send(method, path, {}).status_code == 401


def test_what_is_asked_is_answered_on_the_public_side(
    outsider: Outsider, stage: Stage, offered: str
) -> None:
    visitor, _actor = outsider()
    key = case_of(apply(visitor, stage))
    stage.complete(stage.task(key, "check"), stage.cast.officer, {}, outcome="approve")
    task = stage.task(key, "confirm")
    assert f"/public/tasks/{task}" in text(visitor.get(f"/public/applications/{key}"))
    page = text(visitor.get(f"/public/tasks/{task}"))
    found = re.search(r'"revision": (\d+)', page)
    assert found is not None
    done = visitor.send(
        "POST",
        f"/public/tasks/{task}/complete",
        {"revision": int(found[1]), "outcome": None, "data": {"已知悉": True}},
    )
    assert done.get_json()["location"] == f"/public/applications/{key}"
    assert "已办结" in text(visitor.get("/public/applications"))
    assert visitor.get(f"/public/tasks/{task}").status_code == 200


def test_only_their_own_files_are_given_out(
    outsider: Outsider, stage: Stage, deploy: Deploy
) -> None:
    receipt = deploy(*EVIDENCE)
    let_public_start(stage.rooms, "evidence")
    let_office_publish(stage.rooms)
    notices.publish(
        stage.rooms,
        NoticeText("受理", "受理。", stage.clock.now, None, ("evidence",)),
        actor=stage.cast.officer,
        now=stage.clock.now,
    )
    visitor, _actor = outsider()
    sent = visitor.client.post(
        "/public/documents",
        data={
            "csrf_token": visitor.token(),
            "subject": str(receipt.processes[0].key),
            "field": "证明",
            "file": (io.BytesIO(PDF), "证明.pdf"),
        },
    )
    assert sent.status_code == 201
    key = sent.get_json()["key"]
    assert content(visitor.get(f"/public/documents/{key}")) == PDF
    other, _other = outsider("13900139000")
    assert other.get(f"/public/documents/{key}").status_code == 404
    assert other.send("DELETE", f"/public/documents/{key}").status_code == 404
    assert visitor.get(f"/documents/{key}").status_code == 404
    assert visitor.send("DELETE", f"/public/documents/{key}").status_code == 204
