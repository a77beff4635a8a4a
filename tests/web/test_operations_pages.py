"""Incidents: shown to who oversees the running, without a word of the case, and tried again."""

import re

import pytest

from service.commands.handlers import BpmnError
from service.domain.actors import Actor
from tests.fixtures_commands import Deploy, Desk, Stage
from tests.fixtures_store import Cast
from tests.web.conftest import Visit


@pytest.fixture
def stopped(stage: Stage, deploy: Deploy, desk: Desk, cast: Cast) -> int:
    """A case whose service task reports an error that its diagram does not provide for."""
    desk.fails(BpmnError("没有连上登记系统", "登记系统停机"))
    deploy("errand.bpmn")
    key = stage.start("errand").instance_key
    stage.complete(stage.task(key, "ask"), cast.applicant)
    return key


def test_an_operator_sees_where_it_stopped_and_why(
    visit: Visit, stopped: int, operator: Actor
) -> None:
    office = visit(operator)
    assert ">运行监控<" in office.get("/").text
    page = office.get("/operations").text
    assert "办理" in page
    assert "登记系统停机" in page
    assert f'href="/instances/{stopped}"' in page


def test_the_case_itself_says_that_it_is_looked_after(
    visit: Visit, cast: Cast, stopped: int
) -> None:
    page = visit(cast.applicant).get(f"/instances/{stopped}").text
    assert "运维人员会处理" in page
    assert "登记系统停机" not in page


def test_trying_again_lets_the_case_go_on(
    visit: Visit, stopped: int, operator: Actor, stage: Stage
) -> None:
    office = visit(operator)
    found = re.search(r"/operations/incidents/(\d+)/retry", office.get("/operations").text)
    assert found
    assert office.post(found[0]).location == "/operations"
    page = office.get("/operations").text
    assert "重试成功" in page
    assert "没有异常" in page
    assert stage.open_tasks(stopped) == ["read"]


def test_a_retry_that_fails_again_is_said_so(
    visit: Visit, stopped: int, operator: Actor, desk: Desk
) -> None:
    desk.fails(BpmnError("没有连上登记系统", "还在停机"))
    office = visit(operator)
    found = re.search(r"/operations/incidents/(\d+)/retry", office.get("/operations").text)
    assert found
    office.post(found[0])
    assert "问题还在" in office.get("/operations").text


def test_nobody_else_gets_in(visit: Visit, cast: Cast, stopped: int) -> None:
    for actor in (cast.applicant, cast.stranger):
        assert ">运行监控<" not in visit(actor).get("/").text
        assert visit(actor).get("/operations").status_code == 403
        assert visit(actor).post("/operations/incidents/1/retry").status_code == 404
