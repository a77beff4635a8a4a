"""A case: who sees how much of it, and ending it from outside."""

import pytest

from service.domain.actors import Actor
from service.jobs.runner import JobRunner
from service.store.tables import ProcessInstance
from tests.engine.builders import diagram, end, flows, multi, start, user
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_events import CALLED, CALLS, begin_with, bring_in, child_of
from tests.fixtures_store import Cast
from tests.web.conftest import Visit
from tests.web.test_task_pages import form


@pytest.fixture
def case(stage: Stage, deploy: Deploy, cast: Cast) -> int:
    """A case that the office has decided, with an opinion."""
    deploy(*REVIEW)
    key = stage.start("review", variables={"姓名": "张敏"}).instance_key
    check = stage.task(key, "check")
    stage.complete(check, cast.officer, outcome="approve", comment="材料齐全")
    return key


def test_who_started_it_sees_what_happened_and_what_it_waits_for(
    visit: Visit, cast: Cast, case: int
) -> None:
    page = visit(cast.applicant).get(f"/instances/{case}").text
    assert "张敏的材料核对" in page
    assert "办理“核对材料”，结论：核对属实" in page
    assert "材料齐全" in page
    assert "确认结果" in page
    assert form(page)["data"] == {"姓名": "张敏", "教龄": None}


def test_who_started_it_cannot_open_the_offices_form(
    visit: Visit, cast: Cast, case: int, stage: Stage
) -> None:
    check = stage.task(case, "check")
    assert f"/tasks/{check}" not in visit(cast.applicant).get(f"/instances/{case}").text
    assert f"/tasks/{check}" in visit(cast.officer).get(f"/instances/{case}").text


def test_a_stranger_learns_of_no_case(visit: Visit, cast: Cast, case: int) -> None:
    stranger = visit(cast.stranger)
    assert stranger.get(f"/instances/{case}").status_code == 404
    assert stranger.get(f"/instances/{case}/diagram").status_code == 404
    assert stranger.post(f"/instances/{case}/cancel", {"reason": "x"}).status_code == 404


def test_an_operator_sees_how_far_it_is_and_no_word_of_its_content(
    visit: Visit, case: int, operator: Actor
) -> None:
    page = visit(operator).get(f"/instances/{case}").text
    assert "确认结果" in page
    assert "材料齐全" not in page
    assert "张敏的" not in page  # the case's title is made of its variables
    assert 'data-island="form"' not in page


def test_the_diagram_tells_what_is_done_and_what_is_current(
    visit: Visit, cast: Cast, case: int
) -> None:
    drawn = visit(cast.applicant).get(f"/instances/{case}/diagram").get_json()
    assert drawn["xml"].startswith("<?xml")
    assert drawn["done"] == ["check", "record", "start"]
    assert drawn["current"] == [{"id": "confirm", "label": "当前"}]


def test_the_steps_are_told_in_words_too(visit: Visit, cast: Cast, case: int) -> None:
    page = visit(cast.applicant).get(f"/instances/{case}").text
    steps = page.split("用文字查看步骤")[1].split("</ol>")[0]
    assert "核对材料：已完成（2026年3月2日 09:30）" in steps
    assert "确认结果：当前（自 2026年3月2日 09:30）" in steps


def test_a_step_that_was_ended_from_outside_is_not_told_as_done(
    visit: Visit, cast: Cast, case: int, operator: Actor, stage: Stage
) -> None:
    stage.cancel(case, operator)
    applicant = visit(cast.applicant)
    page = applicant.get(f"/instances/{case}").text
    steps = page.split("用文字查看步骤")[1].split("</ol>")[0]
    assert "核对材料：已完成（" in steps
    assert "确认结果：已终止（2026年3月2日 09:30）" in steps
    assert "legend-terminated" in page
    drawn = applicant.get(f"/instances/{case}/diagram").get_json()
    assert drawn["terminated"] == [{"id": "confirm", "label": "已终止"}]
    assert "confirm" not in drawn["done"]


def test_an_operator_ends_it_with_a_reason_that_stays(
    visit: Visit, cast: Cast, case: int, operator: Actor, stage: Stage
) -> None:
    visit(operator).post(f"/instances/{case}/cancel", {"reason": "申请人撤回"})
    assert stage.row(ProcessInstance)["state"] == "TERMINATED"
    page = visit(cast.applicant).get(f"/instances/{case}").text
    assert "原因：申请人撤回" in page
    assert "已终止" in page


def test_whose_turn_it_is_is_told_at_the_top(visit: Visit, cast: Cast, case: int) -> None:
    mine = visit(cast.applicant).get(f"/instances/{case}").text
    assert "这件事项等你办理：" in mine
    assert "← 我发起的" in mine
    others = visit(cast.officer).get(f"/instances/{case}").text
    assert "这件事项等你办理：" not in others
    assert "← 工作台" in others


def test_it_is_not_ended_without_a_reason(
    visit: Visit, case: int, operator: Actor, stage: Stage
) -> None:
    response = visit(operator).post(f"/instances/{case}/cancel", {"reason": "  "})
    assert response.status_code == 422
    assert "填写原因" in response.text
    assert stage.row(ProcessInstance)["state"] == "ACTIVE"


def test_who_may_see_but_not_end_it_is_told_so(visit: Visit, cast: Cast, case: int) -> None:
    applicant = visit(cast.applicant)
    assert "cancel-dialog" not in applicant.get(f"/instances/{case}").text
    assert applicant.post(f"/instances/{case}/cancel", {"reason": "x"}).status_code == 403


def test_it_is_ended_once(visit: Visit, case: int, operator: Actor) -> None:
    office = visit(operator)
    office.post(f"/instances/{case}/cancel", {"reason": "重复"})
    assert office.post(f"/instances/{case}/cancel", {"reason": "重复"}).status_code == 409


def test_the_pages_of_caller_and_called_lead_to_each_other(
    visit: Visit, cast: Cast, stage: Stage, deploy: Deploy
) -> None:
    bring_in(stage.rooms, CALLS, CALLED)
    key = begin_with(stage, "calls")
    JobRunner(stage.rooms, owner="worker").run_due()
    called = child_of(stage, key)

    assert f'/instances/{called}"' in visit(cast.applicant).get(f"/instances/{key}").text
    page = visit(cast.applicant).get(f"/instances/{called}").text
    assert "由上级流程调用而启动" in page
    assert f'/instances/{key}"' in page
    assert f'/instances/{key}"' not in visit(cast.stranger).get(f"/instances/{called}").text


def test_a_repeated_step_is_one_with_its_items(
    visit: Visit, cast: Cast, stage: Stage, deploy: Deploy
) -> None:
    loop = multi("=[1, 2, 3]")
    each = user("each", assignee="zhang.min").replace("</bpmn:userTask>", f"{loop}</bpmn:userTask>")
    bring_in(
        stage.rooms,
        diagram(start(), each, end(), flows("start", "each", "end"), process_id="row"),
    )
    key = begin_with(stage, "row")
    stage.complete(stage.task(key, "each"), cast.applicant)

    page = visit(cast.applicant).get(f"/instances/{key}").text
    assert "逐项办理：已开始 3 项，其中完成 1 项，当前" in page
    drawn = visit(cast.applicant).get(f"/instances/{key}/diagram").get_json()
    assert [one["id"] for one in drawn["current"]] == ["each"]
