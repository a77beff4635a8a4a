"""A task: who sees what of it, and what becomes of what they send."""

import json
import re

import pytest

from service.commands import process_instances, user_tasks
from service.domain.actors import Actor
from service.domain.values import Json
from service.store.tables import UserTask
from service.store.tables.tasks import TaskState
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_organization import Bureau
from tests.fixtures_store import Cast, CountStatements
from tests.web.conftest import Visit

COMPLETE: dict[str, Json] = {
    "revision": 2,
    "outcome": "approve",
    "comment": "材料齐全",
    "data": {"核对意见": "属实"},
}


@pytest.fixture
def task(stage: Stage, deploy: Deploy) -> int:
    """The office's task in a case of the applicant."""
    deploy(*REVIEW)
    return stage.task(stage.start("review", variables={"姓名": "张敏"}).instance_key, "check")


@pytest.fixture
def claimed(task: int, visit: Visit, cast: Cast) -> int:
    visit(cast.officer).post(f"/tasks/{task}/claim")
    return task


def form(page: str) -> dict[str, Json]:
    found = re.search(
        r'data-island="form".*?<script type="application/json">(.*?)</script>', page, re.S
    )
    assert found
    content = json.loads(found[1])
    assert isinstance(content, dict)
    return content


def test_what_may_be_claimed_is_shown_to_read(visit: Visit, cast: Cast, task: int) -> None:
    page = visit(cast.officer).get(f"/tasks/{task}").text
    assert ">签收<" in page
    assert "人事科”可以签收" in page
    assert form(page)["readOnly"] is True
    assert "data-outcome" not in page


def test_who_claimed_it_gets_its_form_and_its_buttons(
    visit: Visit, cast: Cast, claimed: int
) -> None:
    page = visit(cast.officer).get(f"/tasks/{claimed}").text
    shown = form(page)
    assert shown["readOnly"] is False
    assert shown["data"] == {"姓名": "张敏"}
    assert re.findall(r'data-outcome="(\w+)"', page) == ["approve", "reject"]
    assert ">核对属实<" in page
    assert re.findall(r'data-outcome="(\w+)" data-comment-required', page) == ["reject"]
    assert "你已签收" in page


def test_only_values_that_the_form_mentions_leave_the_server(
    visit: Visit, cast: Cast, claimed: int
) -> None:
    data = form(visit(cast.officer).get(f"/tasks/{claimed}").text)["data"]
    assert isinstance(data, dict)
    assert "initiator" not in data


def test_a_stranger_learns_of_no_task(visit: Visit, cast: Cast, task: int) -> None:
    stranger = visit(cast.stranger)
    assert stranger.get(f"/tasks/{task}").status_code == 404
    assert stranger.post(f"/tasks/{task}/claim").status_code == 404
    assert stranger.post(f"/tasks/{task}/release").status_code == 404
    assert stranger.send("POST", f"/tasks/{task}/complete", COMPLETE).status_code == 404
    draft: dict[str, Json] = {"data": {}, "comment": ""}
    assert stranger.send("PUT", f"/tasks/{task}/draft", draft).status_code == 404


def test_who_started_the_case_does_not_see_the_offices_form(
    visit: Visit, cast: Cast, task: int
) -> None:
    assert visit(cast.applicant).get(f"/tasks/{task}").status_code == 404


def test_a_submission_is_confirmed_on_the_next_page(
    visit: Visit, cast: Cast, claimed: int, stage: Stage
) -> None:
    office = visit(cast.officer)
    answer = office.send("POST", f"/tasks/{claimed}/complete", COMPLETE)
    assert answer.get_json() == {"location": "/"}
    assert "已提交「核对材料」" in office.get("/").text
    assert stage.row(UserTask, key=claimed)["state"] == TaskState.COMPLETED


def test_a_submission_keeps_to_its_budget_of_statements(
    visit: Visit, cast: Cast, claimed: int, count_statements: CountStatements
) -> None:
    office = visit(cast.officer)
    token = office.token()
    with count_statements() as statements:
        office.client.post(
            f"/tasks/{claimed}/complete", json=COMPLETE, headers={"X-CSRFToken": token}
        )
    assert len(statements) <= 15
    assert statements.commits == 1


def test_after_a_submission_the_next_task_is_offered(
    visit: Visit, cast: Cast, claimed: int, stage: Stage
) -> None:
    second = stage.task(stage.start("review", variables={"姓名": "李娜"}).instance_key, "check")
    office = visit(cast.officer)
    office.post(f"/tasks/{second}/claim")
    office.send("POST", f"/tasks/{claimed}/complete", COMPLETE)
    page = office.get("/").text
    assert f'href="/tasks/{second}">办理下一件' in page


def test_a_case_that_comes_straight_back_is_said_so(
    visit: Visit, cast: Cast, stage: Stage, deploy: Deploy
) -> None:
    deploy("errand.bpmn")
    case = stage.start("errand").instance_key
    applicant = visit(cast.applicant)
    body: dict[str, Json] = {"revision": 1, "outcome": None, "comment": "", "data": {}}
    applicant.send("POST", f"/tasks/{stage.task(case, 'ask')}/complete", body)
    page = applicant.get("/").text
    assert (
        f'这件事项又到了你这里：<a class="alert-link" href="/tasks/{stage.task(case, "read")}">'
        in page
    )


def test_the_last_opinion_stands_above_the_form(
    visit: Visit, cast: Cast, claimed: int, stage: Stage
) -> None:
    stage.complete(claimed, cast.officer, outcome="approve", comment="<b>第二段</b>没有盖章")
    confirm = stage.row(UserTask, element_id="confirm")["key"]
    page = visit(cast.applicant).get(f"/tasks/{confirm}").text
    above = page.split("data-form")[0]
    assert "办理“核对材料”，结论：核对属实，意见：" in above
    assert "&lt;b&gt;第二段&lt;/b&gt;没有盖章" in above


def test_sent_twice_it_is_done_once_and_the_second_says_by_whom(
    visit: Visit, cast: Cast, claimed: int, stage: Stage
) -> None:
    office = visit(cast.officer)
    office.send("POST", f"/tasks/{claimed}/complete", COMPLETE)
    again = office.send("POST", f"/tasks/{claimed}/complete", COMPLETE)
    assert again.status_code == 409
    assert again.get_json()["who"] == "李娜"
    assert "2026年3月2日 09:30" in again.get_json()["detail"]
    assert stage.rows(UserTask, element_id="confirm") != []


def test_who_was_too_slow_can_still_read_what_they_wrote(
    visit: Visit, cast: Cast, task: int, stage: Stage, colleague: Actor, operator: Actor
) -> None:
    slow = visit(colleague)
    slow.post(f"/tasks/{task}/claim")
    with stage.rooms.write() as tools:
        user_tasks.assign(
            tools, task, assignee=cast.officer.username, actor=operator, now=stage.clock.now
        )
    stage.complete(task, cast.officer, outcome="approve")
    body: dict[str, Json] = {**COMPLETE, "data": {"核对意见": "我的长篇意见"}}
    refused = slow.send("POST", f"/tasks/{task}/complete", body)
    assert refused.status_code == 409
    assert refused.get_json()["who"] == "李娜"
    page = slow.get(f"/tasks/{task}").text
    assert "已由李娜于 2026年3月2日 09:30 办理" in page
    assert form(page)["data"] == {"核对意见": "我的长篇意见"}
    assert "材料齐全" in page


def test_a_stale_page_is_refused_and_kept(visit: Visit, cast: Cast, claimed: int) -> None:
    office = visit(cast.officer)
    refused = office.send("POST", f"/tasks/{claimed}/complete", {**COMPLETE, "revision": 1})
    assert refused.status_code == 409
    assert form(office.get(f"/tasks/{claimed}").text)["data"] == {
        "姓名": "张敏",
        "核对意见": "属实",
    }


def test_wrong_fields_are_named_and_nothing_is_lost(
    visit: Visit, cast: Cast, stage: Stage, claimed: int
) -> None:
    stage.complete(claimed, cast.officer, outcome="approve")
    case = stage.row(UserTask, key=claimed)["instance_key"]
    assert isinstance(case, int)
    receipt = stage.task(case, "confirm")
    mine = visit(cast.applicant)
    body: dict[str, Json] = {"revision": 1, "outcome": None, "comment": "看过", "data": {}}
    refused = mine.send("POST", f"/tasks/{receipt}/complete", body)
    assert refused.status_code == 422
    assert refused.get_json()["errors"] == {"已知悉": ["此项必填。"]}
    assert "看过" in mine.get(f"/tasks/{receipt}").text


def test_a_missing_opinion_is_asked_for(visit: Visit, cast: Cast, claimed: int) -> None:
    body: dict[str, Json] = {**COMPLETE, "outcome": "reject", "comment": " "}
    refused = visit(cast.officer).send("POST", f"/tasks/{claimed}/complete", body)
    assert refused.status_code == 422
    assert list(refused.get_json()["errors"]) == ["comment"]


def test_read_only_values_come_from_the_store(
    visit: Visit, cast: Cast, claimed: int, stage: Stage
) -> None:
    body: dict[str, Json] = {**COMPLETE, "data": {"姓名": "冒名者", "核对意见": "属实"}}
    visit(cast.officer).send("POST", f"/tasks/{claimed}/complete", body)
    case = stage.row(UserTask, key=claimed)["instance_key"]
    assert isinstance(case, int)
    assert stage.variables(case)["姓名"] == "张敏"


def test_a_draft_comes_back_with_the_form(visit: Visit, cast: Cast, claimed: int) -> None:
    office = visit(cast.officer)
    draft: dict[str, Json] = {"data": {"核对意见": "写了一半"}, "comment": "也写了一半"}
    saved = office.send("PUT", f"/tasks/{claimed}/draft", draft)
    assert saved.get_json() == {"savedAt": "09:30"}
    page = office.get(f"/tasks/{claimed}").text
    assert form(page)["data"] == {"姓名": "张敏", "核对意见": "写了一半"}
    assert "也写了一半</textarea>" in page
    assert "已恢复 2026年3月2日 09:30 保存的草稿" in page


def test_a_task_can_be_given_back(visit: Visit, cast: Cast, claimed: int, stage: Stage) -> None:
    office = visit(cast.officer)
    assert office.post(f"/tasks/{claimed}/release").location == "/inbox/claimable"
    assert stage.row(UserTask, key=claimed)["assignee"] is None


def test_a_done_task_shows_what_was_submitted(visit: Visit, cast: Cast, claimed: int) -> None:
    office = visit(cast.officer)
    office.send("POST", f"/tasks/{claimed}/complete", COMPLETE)
    page = office.get(f"/tasks/{claimed}").text
    assert form(page)["readOnly"] is True
    assert form(page)["data"] == {"姓名": "张敏", "核对意见": "属实"}
    assert "已由李娜于 2026年3月2日 09:30 办理，结论：核对属实" in page
    assert "材料齐全" in page


def test_html_in_an_opinion_stays_text(visit: Visit, cast: Cast, claimed: int) -> None:
    office = visit(cast.officer)
    body: dict[str, Json] = {**COMPLETE, "comment": "<script>alert(1)</script>"}
    office.send("POST", f"/tasks/{claimed}/complete", body)
    page = office.get(f"/tasks/{claimed}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b'{"revision": NaN, "data": {}}', 400),
        (b'{"revision": "1", "data": {}}', 400),
        (b'{"data": {}}', 400),
        (b'{"revision": 2, "data": {"typename": 1, "__builtins__": {}}}', 400),
        (b'{"revision": 2, "data": {"a b": 1}}', 400),
        (b'{"revision": 2, "data": ' + b"[" * 2000 + b"]" * 2000 + b"}", 400),
        (b'{"revision": 2, "data": {"x": "' + b"x" * 10_000_000 + b'"}}', 413),
    ],
    ids=["half", "NaN", "text", "missing", "no outcome", "odd key", "deep", "10 MB"],
)
def test_bad_input_is_refused_and_changes_nothing(
    visit: Visit, cast: Cast, claimed: int, stage: Stage, content: bytes, status: int
) -> None:
    office = visit(cast.officer)
    response = office.client.post(
        f"/tasks/{claimed}/complete",
        data=content,
        headers={"X-CSRFToken": office.token()},
        content_type="application/json",
    )
    assert response.status_code == status
    assert response.get_json()["detail"]
    assert stage.row(UserTask, key=claimed)["state"] == TaskState.CREATED


def test_without_the_pages_token_nothing_is_submitted(
    visit: Visit, cast: Cast, claimed: int, stage: Stage
) -> None:
    response = visit(cast.officer).client.post(f"/tasks/{claimed}/complete", json=COMPLETE)
    assert response.status_code == 400
    assert response.get_json()["code"] == "page-expired"
    assert stage.row(UserTask, key=claimed)["state"] == TaskState.CREATED


def test_who_has_the_post_is_told_so(
    visit: Visit, stage: Stage, deploy: Deploy, bureau: Bureau, cast: Cast
) -> None:
    bureau.begin(cast.officer.username, "city", "教研员", ["数学", "小学"])
    task = posted(stage, deploy)

    page = visit(cast.officer).get(f"/tasks/{task}").text

    assert "你任市教研机构教研员（小学、数学），所以可以签收" in page
    assert visit(cast.stranger).get(f"/tasks/{task}").status_code == 404


def test_a_case_shows_the_post_that_it_waits_for(
    visit: Visit, stage: Stage, deploy: Deploy, bureau: Bureau, cast: Cast
) -> None:
    task = posted(stage, deploy)
    key = stage.row(UserTask, key=task)["instance_key"]

    page = visit(cast.applicant).get(f"/instances/{key}").text

    assert "教研员 · 小学 · 数学 @ 市教研机构" in page


def test_operations_say_why_nobody_is_meant(
    visit: Visit, stage: Stage, deploy: Deploy, bureau: Bureau, operator: Actor
) -> None:
    posted(stage, deploy)
    posted(stage, deploy, unit="办公室")

    page = visit(operator).get("/operations").text

    assert "现在没有人任“教研员 · 小学 · 数学 @ 市教研机构”" in page
    assert "叫“办公室”的机构有 2 个" in page


def posted(stage: Stage, deploy: Deploy, unit: str = "市教研机构") -> int:
    """A task for who has a certain post."""
    deploy("posted.bpmn")
    with stage.rooms.write() as tools:
        started = process_instances.start(
            tools,
            process_id="posted",
            variables={"subject": "数学 · 小学", "unit": unit},
            through_form=False,
            actor=stage.cast.applicant,
            now=stage.clock.now,
        )
    stage.complete(stage.task(started.instance_key, "ask"), stage.cast.applicant)
    return stage.task(started.instance_key, "review")
