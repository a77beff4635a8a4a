"""Suspending a case on its page, and what those see who have a task there."""

import pytest

from service.domain.actors import Actor
from service.store.tables import ProcessInstance
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import Cast
from tests.web.conftest import Visit


@pytest.fixture
def case(stage: Stage, deploy: Deploy) -> int:
    deploy(*REVIEW)
    return stage.start("review", variables={"姓名": "张敏"}).instance_key


def test_an_operator_suspends_with_a_reason_and_resumes(
    visit: Visit, case: int, operator: Actor, stage: Stage
) -> None:
    office = visit(operator)
    assert "挂起流程…" in office.get(f"/instances/{case}").text

    office.post(f"/instances/{case}/suspend", {"reason": "等上级批复"})

    page = office.get(f"/instances/{case}").text
    assert "已挂起" in page
    assert "这件事项已由赵刚于 2026年3月2日 09:30 挂起" in page
    assert "等上级批复" in page
    assert "恢复流程…" in page
    assert "挂起流程…" not in page

    office.post(f"/instances/{case}/resume", {"reason": ""})

    page = office.get(f"/instances/{case}").text
    assert "办理中" in page
    assert "恢复流程" in page  # in the record
    assert stage.row(ProcessInstance)["suspended_at"] is None


def test_who_has_a_task_there_reads_why_and_keeps_what_they_write(
    visit: Visit, case: int, operator: Actor, stage: Stage, cast: Cast
) -> None:
    task = stage.task(case, "check")
    visit(operator).post(f"/instances/{case}/suspend", {"reason": "等上级批复"})
    officer = visit(cast.officer)

    assert "已挂起" in officer.get("/inbox/claimable").text
    officer.post(f"/tasks/{task}/claim", {})
    assert "已挂起" in officer.get("/inbox/todo").text
    started = visit(cast.applicant)
    assert "已挂起</span>" in started.get("/inbox/started", state="SUSPENDED").text
    assert "没有符合条件的事项" in started.get("/inbox/started", state="ACTIVE").text
    page = officer.get(f"/tasks/{task}").text
    assert "等上级批复" in page
    assert "现在不能提交" in page
    assert 'data-outcome="approve" disabled' in page


def test_a_reason_is_asked_for(visit: Visit, case: int, operator: Actor, stage: Stage) -> None:
    refused = visit(operator).post(f"/instances/{case}/suspend", {"reason": "  "})
    assert refused.status_code == 422
    assert "原因" in refused.text
    assert stage.row(ProcessInstance)["suspended_at"] is None


def test_strangers_and_who_started_it_may_not(visit: Visit, case: int, cast: Cast) -> None:
    for verb in ("suspend", "resume"):
        path = f"/instances/{case}/{verb}"
        assert visit(cast.stranger).post(path, {"reason": "x"}).status_code == 404
        assert visit(cast.applicant).post(path, {"reason": "x"}).status_code == 403
    assert "挂起流程…" not in visit(cast.applicant).get(f"/instances/{case}").text


def test_it_takes_the_pages_token(visit: Visit, case: int, operator: Actor, stage: Stage) -> None:
    visit(operator).client.post(f"/instances/{case}/suspend", data={"reason": "x"})
    assert stage.row(ProcessInstance)["suspended_at"] is None
