"""我的代理: who names whom, and what the two then see."""

import re

import pytest
from sqlalchemy import select

from service.commands import accounts
from service.domain.actors import SYSTEM
from service.domain.values import Json
from service.store.tables import Deputy
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import Cast
from tests.web.conftest import Visit

WEEK = {"deputy": "王伟", "from": "2026-03-02", "to": "2026-03-06", "covers_open": "on"}


@pytest.fixture
def task(stage: Stage, deploy: Deploy) -> int:
    deploy(*REVIEW)
    return stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")


def test_a_deputy_is_named_by_name_and_sees_the_tasks(
    visit: Visit, stage: Stage, cast: Cast, task: int
) -> None:
    officer, deputy = visit(cast.officer), visit(cast.stranger)
    assert deputy.get(f"/tasks/{task}").status_code == 404

    assert officer.post("/profile/deputies", WEEK).status_code == 302

    assert "代理中" in officer.get("/profile/deputies").text
    assert "<strong>李娜</strong>" in deputy.get("/profile/deputies").text
    assert "代李娜" in deputy.get("/inbox/claimable").text
    page = deputy.get(f"/tasks/{task}").text
    assert "李娜委托你代理，你可以代李娜签收" in page
    deputy.post(f"/tasks/{task}/claim")
    assert "你已代李娜签收" in deputy.get(f"/tasks/{task}").text
    assert "王伟（代李娜）" in deputy.get(f"/tasks/{task}").text
    assert "王伟（代李娜）办理" in officer.get(f"/tasks/{task}").text


def test_what_the_principal_holds_may_be_done_by_both(visit: Visit, cast: Cast, task: int) -> None:
    officer, deputy = visit(cast.officer), visit(cast.stranger)
    officer.post(f"/tasks/{task}/claim")
    officer.post("/profile/deputies", WEEK)

    page = deputy.get(f"/tasks/{task}").text

    assert "你们都可以办理，先办为准" in page
    assert re.findall(r'data-outcome="(\w+)"', page) == ["approve", "reject"]
    body: Json = {
        "revision": 2,
        "outcome": "approve",
        "comment": "属实",
        "data": {"核对意见": "属实"},
    }
    assert deputy.send("POST", f"/tasks/{task}/complete", body).status_code == 200
    shown = officer.get(f"/tasks/{task}").text
    assert "这项任务已由王伟（代李娜）于" in shown
    assert officer.get("/inbox/done").text.count("row-title") == 1


def test_an_end_is_at_once(visit: Visit, stage: Stage, cast: Cast, task: int) -> None:
    officer, deputy = visit(cast.officer), visit(cast.stranger)
    officer.post("/profile/deputies", WEEK)
    key = stage.key(Deputy)

    assert officer.post(f"/profile/deputies/{key}/end").status_code == 302

    assert "提前结束" in officer.get("/profile/deputies").text
    assert deputy.get(f"/tasks/{task}").status_code == 404
    assert officer.post(f"/profile/deputies/{key}/end").status_code == 404


def test_a_stranger_ends_nothing(visit: Visit, stage: Stage, cast: Cast, task: int) -> None:
    visit(cast.officer).post("/profile/deputies", WEEK)
    key = stage.key(Deputy)

    refused = visit(cast.applicant).post(f"/profile/deputies/{key}/end")

    assert refused.status_code in {403, 404}
    assert stage.row(Deputy)["ended_by"] is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"deputy": "没有的人"}, "没有叫“没有的人”的在用账号"),
        ({"deputy": "李娜"}, "不能委托本人"),
        ({"deputy": ""}, "在用账号"),
        ({"from": "明天"}, "日期“明天”不能识别"),
        ({"to": "9999-12-31"}, "不能识别"),
        ({"from": "2026-03-05", "to": "2026-03-03"}, "晚于"),
        ({"from": "2026-02-01", "to": "2026-02-03"}, "已经过去"),
        ({"to": "2028-03-06"}, "366 天"),
    ],
)
def test_what_is_wrong_is_told_and_kept(
    visit: Visit, stage: Stage, cast: Cast, change: dict[str, str], why: str
) -> None:
    answer = visit(cast.officer).post("/profile/deputies", {**WEEK, **change})

    assert answer.status_code in {400, 409}
    assert why in answer.text
    assert f'name="to" type="date" value="{(WEEK | change)["to"]}"' in answer.text
    assert stage.rows(Deputy) == []


def test_a_name_of_several_asks_for_the_user_name(visit: Visit, stage: Stage, cast: Cast) -> None:
    with stage.rooms.write() as tools:
        accounts.create_person(
            tools,
            username="wang.wei2",
            display_name="王伟",
            actor=SYSTEM,
            now=stage.clock.now,
        )
    answer = visit(cast.officer).post("/profile/deputies", WEEK)
    assert "wang.wei、wang.wei2" in answer.text
    again = visit(cast.officer).post("/profile/deputies", {**WEEK, "deputy": "wang.wei2"})
    assert again.status_code == 302
    with stage.rooms.read() as session:
        assert session.scalar(select(Deputy.deputy)) == "wang.wei2"


def test_nobody_is_signed_in(visit: Visit) -> None:
    assert visit(None).get("/profile/deputies").status_code == 302
