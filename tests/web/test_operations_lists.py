"""The operators' lists: what they show, to whom, and that nothing of a case is in them."""

import re

import pytest

from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.queries.jobs import KINDS
from service.store.tables import Incident
from service.web import operations_texts
from tests import overseeing
from tests.fixtures_commands import Deploy, Desk, Stage
from tests.fixtures_store import Cast
from tests.overseeing import house
from tests.web.conftest import Visit

__all__ = ["house"]

PAGES = {
    "/operations": "事项停在异常上",
    "/operations/jobs": "到期未办",
    "/operations/instances": "有异常",
    "/operations/escalations": "本周上报",
    "/operations/late": "按办理人",
    "/operations/late/tasks": "逾期的任务",
}


def test_an_operator_sees_no_word_of_a_case(visit: Visit, house: Stage, operator: Actor) -> None:
    house.start("review", variables={"姓名": "王小明"})
    office = visit(operator)
    for path, says in PAGES.items():
        page = office.get(path)
        assert page.status_code == 200, path
        assert says in page.text, path
        assert "王小明" not in page.text, path


def test_a_stranger_is_told_whom_it_is_for(visit: Visit, deploy: Deploy, cast: Cast) -> None:
    deploy("errand.bpmn")
    stranger, nobody = visit(cast.stranger), visit(None)
    assert {stranger.get(path).status_code for path in PAGES} == {403}
    assert {nobody.get(path).status_code for path in PAGES} == {302}


def test_who_hands_out_tasks_alone_gets_what_is_late_and_no_jobs(
    visit: Visit, house: Stage, cast: Cast
) -> None:
    hands = Grant(GranteeKind.PERSON, cast.stranger.username, "*", ObjectKind.TASK, Action.ACT)
    with house.rooms.write() as tools:
        rights.grant(tools, hands, actor=SYSTEM, now=house.clock.now)
    visitor = visit(cast.stranger)
    late = visitor.get("/operations/late").text
    assert "共有 3 件逾期" in late
    assert "/operations/jobs" not in late
    assert visitor.get("/operations/jobs").status_code == 403
    assert visitor.get("/operations").status_code == 200


def test_what_is_asked_for_wrongly_counts_as_not_asked(
    visit: Visit, house: Stage, operator: Actor
) -> None:
    office = visit(operator)
    for path in ("jobs", "instances", "late", "escalations"):
        asked = {"standing": "x", "state": "x", "kind": "x", "process": "x"}
        assert office.get(f"/operations/{path}", **asked).status_code == 200
    assert office.get("/operations/jobs", after="x").status_code == 400


def test_an_empty_list_says_what_to_do(visit: Visit, deploy: Deploy, operator: Actor) -> None:
    deploy("errand.bpmn")
    office = visit(operator)
    assert "没有到期未办的作业" in office.get("/operations/jobs").text
    filtered = office.get("/operations/jobs", kind="timer", standing="failed").text
    assert "没有失败的作业" in filtered
    assert "清除条件，查看全部" in filtered
    assert "没有逾期的任务" in office.get("/operations/late").text
    assert "最近七天没有逾期上报" in office.get("/operations/escalations").text


def test_a_line_of_the_sums_leads_to_its_tasks(
    visit: Visit, house: Stage, operator: Actor, cast: Cast
) -> None:
    office = visit(operator)
    page = office.get("/operations/late").text
    found = re.search(r'href="(/operations/late/tasks\?person=[^"]+)"', page)
    assert found
    listed = office.client.get(found[1]).text
    assert cast.applicant.display_name in listed
    assert "17 个工作日" in listed


def test_every_kind_of_job_has_a_name() -> None:
    other = operations_texts.job_kind("of-tomorrow")
    assert other == "其他作业"
    names = [operations_texts.job_kind(kind) for kind in KINDS]
    assert len({*names, other}) == len(KINDS) + 1


def sent(stage: Stage, **more: str) -> dict[str, object]:
    return {
        "process": "errand", "element": "work", "type": "UNHANDLED_ERROR_EVENT", "step": "办理",
        **more,
    }  # fmt: skip


def test_a_plain_form_tries_all_again_and_says_what_came_of_it(
    visit: Visit, stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    deploy("errand.bpmn")
    overseeing.stopped(stage, desk, 2)
    office = visit(operator)
    assert "同一类的异常" in office.get("/operations").text
    answer = office.post("/operations/incidents/retry", sent(stage))
    assert answer.location == "/operations#incidents"
    assert "已重试 2 处，2 处流程已继续。" in office.get("/operations").text
    assert stage.rows(Incident, state="ACTIVE") == []


def test_where_the_program_fails_at_one_the_page_says_so(
    visit: Visit, stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    deploy("errand.bpmn")
    first, _second = overseeing.stopped(stage, desk, 2)
    stage.break_state(first, '{"v":3,"e":[],"o":0,"r":7,"t":[]}')
    office = visit(operator)
    assert office.post("/operations/incidents/retry", sent(stage)).status_code == 302
    said = "已重试 2 处，1 处流程已继续，1 处重试时程序出错（没有改动，原因已写入日志）。"
    assert said in office.get("/operations").text


def test_a_script_is_told_how_far_it_is_and_adds_up(
    visit: Visit, stage: Stage, deploy: Deploy, desk: Desk, operator: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("service.commands.incident_batches.LOT", 1)
    deploy("errand.bpmn")
    overseeing.stopped(stage, desk, 2)
    office = visit(operator)
    script = {"HX-Request": "true", "X-CSRFToken": office.token()}

    def fragment(data: dict[str, object]) -> str:
        return office.client.post("/operations/incidents/retry", data=data, headers=script).text

    first = fragment(sent(stage))
    assert "正在重试“办理”" in first
    assert "还有 1 处没有试" in first
    assert 'hx-trigger="submit, load delay:200ms"' in first
    fields: dict[str, object] = dict(re.findall(r'name="(\w+)" value="([^"]*)"', first))
    last = fragment(fields)
    assert "“办理”重试完毕" in last
    assert "已重试 2 处，2 处流程已继续。" in last


def test_nobody_else_tries_all_again(
    visit: Visit, stage: Stage, deploy: Deploy, desk: Desk, cast: Cast
) -> None:
    deploy("errand.bpmn")
    overseeing.stopped(stage, desk, 1)
    answer = visit(cast.stranger).post("/operations/incidents/retry", sent(stage))
    assert answer.status_code == 404
    assert len(stage.rows(Incident, state="ACTIVE")) == 1
