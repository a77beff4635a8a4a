"""What waits for an operator: shown without a word of the case, tried again, handed out."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from service.commands import outbox
from service.commands.handlers import BpmnError
from service.domain.actors import Actor
from service.domain.outgoing import Channel, OutgoingMessage
from service.domain.receipts import case_number
from service.jobs.runner import JobRunner
from service.store.tables import Job, Resource, UserTask
from tests.engine.builders import diagram, element, end, flows, on, user
from tests.fixtures_commands import Deploy, Desk, Stage
from tests.fixtures_events import bring_in
from tests.fixtures_store import Cast
from tests.web.conftest import Visit

DAILY = diagram(
    element("startEvent", "at_night", inside=on("timeCycle", "R3/P1D")),
    user("work", assignee="zhang.min"), end(), flows("at_night", "work", "end"),
    process_id="daily",
)  # fmt: skip


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
    assert f"编号：{case_number(stopped)}" in page
    assert "错误没有被流程图接住" in page
    assert "UNHANDLED_ERROR_EVENT" not in page


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


@pytest.fixture
def not_started(stage: Stage, deploy: Deploy) -> None:
    """A process whose timer was due and whose diagram cannot be read any more."""
    bring_in(stage.rooms, DAILY)
    with stage.rooms.write() as tools:
        tools.session.execute(update(Resource).values(content="<gone/>"))
    stage.clock.forward(days=1)
    for _ in range(3):
        JobRunner(stage.with_empty_caches().rooms, owner="worker-1").run_due()
        stage.clock.forward(minutes=5)


def test_a_start_that_did_not_come_is_seen_and_tried_again(
    visit: Visit, not_started: None, operator: Actor, stage: Stage
) -> None:
    office = visit(operator)
    page = office.get("/operations").text
    assert "定时启动</span>" in page
    assert "开始事件：at_night" in page
    assert "没有发起新的事项" in page
    assert "/instances/0" not in page
    found = re.search(r"/operations/incidents/(\d+)/retry", page)
    assert found

    office.post(found[0])

    assert "已安排马上再试一次" in office.get("/operations").text
    assert len(stage.rows(Job, state="waiting")) == 1


@pytest.fixture
def deserted(stage: Stage, deploy: Deploy) -> int:
    """A case with two tasks that nobody can do."""
    deploy("deserted.bpmn")
    return stage.start("deserted").instance_key


def assignment(page: str, task: int) -> dict[str, object]:
    """What the form of this task's row sends beside the name."""
    found = re.search(
        rf'/operations/tasks/{task}/assign".*?name="revision" value="(\d+)"', page, re.S
    )
    assert found
    return {"revision": found[1]}


def test_tasks_that_nobody_can_do_are_listed_and_handed_out(
    visit: Visit, deserted: int, operator: Actor, stage: Stage, cast: Cast
) -> None:
    task = stage.task(deserted, "for_ghost")
    office = visit(operator)
    page = office.get("/operations").text
    assert "用户“no.body”" in page
    assert "候选组“no-such-group”" in page
    sent = {**assignment(page, task), "assignee": " zhang.min "}

    answer = office.post(f"/operations/tasks/{task}/assign", sent)

    assert answer.location == "/operations#deserted"
    page = office.get("/operations").text
    assert "已指定办理人" in page
    assert "no.body" not in page
    assert visit(cast.applicant).get(f"/tasks/{task}").status_code == 200


def test_without_any_the_page_says_so(visit: Visit, stopped: int, operator: Actor) -> None:
    assert "没有无人可办的任务。" in visit(operator).get("/operations").text


@pytest.mark.parametrize(
    ("assignee", "said"),
    [
        ("no.such", "没有名为「no.such」的在用账号，任务没有改派"),
        ("", "没有名为「」的在用账号"),
        ("zhao.gang", "不能把任务指定给自己"),
    ],
)
def test_a_name_that_cannot_have_it_is_explained_on_the_same_page(
    visit: Visit, deserted: int, operator: Actor, stage: Stage, assignee: str, said: str
) -> None:
    task = stage.task(deserted, "for_nobody")
    office = visit(operator)
    sent = {**assignment(office.get("/operations").text, task), "assignee": assignee}

    office.post(f"/operations/tasks/{task}/assign", sent)

    assert said in office.get("/operations").text
    assert stage.row(UserTask, key=task)["assignee"] is None


def test_a_page_from_before_somebody_elses_act_overrides_nothing(
    visit: Visit, deserted: int, operator: Actor, stage: Stage
) -> None:
    task = stage.task(deserted, "for_nobody")
    office = visit(operator)
    sent = {**assignment(office.get("/operations").text, task), "assignee": "li.na"}
    stage.assign(task, "zhang.min", operator)

    assert office.post(f"/operations/tasks/{task}/assign", sent).status_code == 409
    assert stage.row(UserTask, key=task)["assignee"] == "zhang.min"


def test_a_stranger_hands_out_nothing(
    visit: Visit, deserted: int, stage: Stage, cast: Cast
) -> None:
    task = stage.task(deserted, "for_nobody")
    for assignee in ("li.na", cast.stranger.username):
        sent = {"revision": "1", "assignee": assignee}
        answer = visit(cast.stranger).post(f"/operations/tasks/{task}/assign", sent)
        assert answer.status_code == 404
    assert visit(cast.stranger).get("/operations").status_code == 403
    assert stage.row(UserTask, key=task)["assignee"] is None


@pytest.fixture
def unsent(stage: Stage) -> None:
    """A mail that failed for good and can be sent again."""
    now = stage.clock.now
    message = OutgoingMessage(Channel.MAIL, "li.na@example.cn", "有任务等你办理。")
    with stage.rooms.write() as tools:
        row = outbox.message_row(
            tools, message, now=now, expires_at=now + timedelta(days=1), pauses=(), kept=True
        )
        tools.session.execute(insert(Job), [row])
    JobRunner(stage.rooms, owner="worker-1").run_due()


def test_what_was_not_sent_is_listed_without_to_whom_and_sent_again(
    visit: Visit, stage: Stage, stopped: int, operator: Actor, unsent: None
) -> None:
    office = visit(operator)
    page = office.get("/operations").text
    assert "没有送出的消息" in page
    assert "没有开通邮件" in page
    assert "li.na@" not in page
    answer = office.post("/operations/messages/mail/resend")
    assert answer.location == "/operations#messages"
    assert "已重新发送 1 条" in office.get("/operations").text
    assert stage.row(Job, kind="send")["state"] == "waiting"


@pytest.mark.parametrize(("name", "status"), [("mail", 403), ("fax", 404)])
def test_nobody_else_has_messages_sent_again(
    visit: Visit, cast: Cast, stage: Stage, unsent: None, name: str, status: int
) -> None:
    visitor = visit(cast.officer)
    assert visitor.post(f"/operations/messages/{name}/resend").status_code == status
    assert stage.row(Job, kind="send")["state"] == "failed"
