"""What people see of deadlines: badges, 催办, 改派, the settings in words."""

import pytest

from service.domain.actors import Actor
from service.store.tables import DeadlineSetting, UserTask
from tests.commands.late_steps import (
    begin,
    bureau_time,
    dated,
    headed,
    work,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, bring
from tests.fixtures_organization import Bureau
from tests.fixtures_store import Cast
from tests.web.conftest import Visit

__all__ = ["bring", "headed"]


@pytest.fixture
def case(stage: Stage, bring: Bring, headed: Bureau) -> int:
    return begin(stage, bring, dated())


def test_the_initiator_urges_from_the_case_and_the_holder_reads_it(
    visit: Visit, stage: Stage, case: int, cast: Cast
) -> None:
    task = stage.task(case, "work")
    applicant, holder = visit(cast.applicant), visit(cast.stranger)
    assert f'data-opens="urge-{task}"' in applicant.get(f"/instances/{case}").text
    assert "催办…" not in holder.get(f"/instances/{case}").text

    sent = {"comment": "周五要用", "case": str(case)}
    answer = applicant.post(f"/tasks/{task}/urge", sent)
    assert answer.headers["Location"] == f"/instances/{case}"

    page = applicant.get(f"/instances/{case}").text
    assert "已催办，办理人会收到提醒。2026年3月2日 13:30以后可以再催。" in page
    assert "刚催办过，2026年3月2日 13:30以后可以再催。" in page
    assert "催办“" in page
    assert f'data-opens="urge-{task}"' not in page
    applicant.post(f"/tasks/{task}/urge", sent)
    assert "这一次没有发出" in applicant.get(f"/instances/{case}").text
    mine = holder.get(f"/tasks/{task}").text
    assert "张敏于 2026年3月2日 09:30 催办" in mine
    assert "周五要用" in mine
    assert "被催办" in holder.get("/inbox/todo").text


def test_strangers_find_nothing(visit: Visit, stage: Stage, case: int, cast: Cast) -> None:
    task = stage.task(case, "work")
    office = visit(cast.officer)
    assert office.post(f"/tasks/{task}/urge").status_code == 404
    assert office.post(f"/tasks/{task}/assign", {"assignee": "zhang.min"}).status_code == 404
    assert office.get("/operations/deadlines").status_code == 403
    assert office.get("/operations/deadlines/dated").status_code == 404
    assert office.post("/operations/deadlines/dated", {"reason": "x"}).status_code == 404
    assert visit(None).get("/operations/deadlines").status_code == 302


def test_the_superior_finds_it_urges_and_hands_on(
    visit: Visit, stage: Stage, case: int, cast: Cast
) -> None:
    task = stage.task(case, "work")
    assert "逾期上报" not in visit(cast.officer).get("/").text
    work(stage, bureau_time(6, 12))

    superior = visit(cast.officer)
    home = superior.get("/").text
    assert '逾期上报 <span class="count">1</span>' in home
    assert "已上报" in superior.get("/inbox/escalated").text
    assert "已上报" in visit(cast.stranger).get("/inbox/todo").text
    page = superior.get(f"/tasks/{task}").text
    assert "王伟逾期未办，已报到你这里：你可以催办或改派，不能代为办理" in page
    assert "data-outcome" not in page
    superior.post(f"/tasks/{task}/urge", {})
    superior.post(f"/tasks/{task}/assign", {"assignee": "li.na", "revision": "1"})
    assert "不能把任务改派给自己" in superior.get("/").text
    superior.post(f"/tasks/{task}/assign", {"assignee": "nobody", "revision": "1"})
    assert "没有改派" in superior.get("/").text
    superior.post(f"/tasks/{task}/assign", {"assignee": "qian.jin", "revision": "1"})
    assert stage.row(UserTask)["assignee"] == "qian.jin"
    assert "上报给李娜" in superior.get(f"/instances/{case}").text


def test_nobody_in_between_reads_a_raw_word(visit: Visit, stage: Stage, case: int) -> None:
    work(stage, bureau_time(31, 12))
    page = visit(stage.cast.applicant).get(f"/instances/{case}").text
    assert "提醒：“work”已逾期" in page
    assert "上报给sun.li" in page
    assert "没有找到可以上报的人，已通知运维人员" in page


def test_settings_are_read_and_changed_in_words(
    visit: Visit, stage: Stage, case: int, operator: Actor
) -> None:
    office = visit(operator)
    assert 'href="/operations/deadlines"' in office.get("/operations").text
    assert 'href="/operations/deadlines/dated"' in office.get("/operations/deadlines").text
    page = office.get("/operations/deadlines/dated").text
    for sentence in (
        "期限：到达后 2 个工作日，当天下班前。",
        "到期前 1 个工作日提醒办理人。",
        "逾期 1 个工作日提醒办理人，之后每 1 个工作日一次，最多 3 次。",
        "逾期 2 个工作日报所在机构的上级负责人。",
        "逾期 4 个工作日报流程负责人（未设，改报运维人员）。",
        "发起人可以催办，两次至少隔 4 小时。",
        "没有期限，不提醒也不上报。",  # of the other step
        "改动只对以后到达的任务生效",
    ):
        assert sentence in page, sentence
    assert "2026年3月4日 17:30</time> 到期" in page

    form = {
        "element": "work",
        "version": "0",
        "due-working-days": "0",
        "remind-after": "无",
        "escalate-after": "3",
        "escalate-to": "上级负责人",
        "reason": "试行一个月",
    }
    office.post("/operations/deadlines/dated", form)

    page = office.get("/operations/deadlines/dated").text
    assert "期限设置已保存" in page
    assert "到达当天下班前" in page
    assert "第 1 次：赵刚于 2026年3月2日 09:30，办理期限（工作日） 0" in page
    assert 'value="上级负责人"' in page
    [row] = stage.rows(DeadlineSetting)
    assert row["texts"] == {
        "due-working-days": "0",
        "remind-after": "none",
        "escalate-after": "3",
        "escalate-to": "superior",
    }
    assert "试行一个月" in page


def test_a_wrong_setting_is_refused_beside_what_was_written(
    visit: Visit, stage: Stage, case: int, operator: Actor
) -> None:
    office = visit(operator)
    form = {"element": "work", "version": "0", "remind-limit": "1000", "reason": "多催几次"}
    answer = office.post("/operations/deadlines/dated", form)
    assert answer.status_code == 400
    assert "提醒不能没完没了" in answer.text
    assert 'value="1000"' in answer.text
    assert stage.rows(DeadlineSetting) == []
