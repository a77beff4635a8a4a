"""在办事项: who is led there, what the list says, and what it says when there is nothing."""

import re
from datetime import timedelta

import pytest

from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.receipts import case_number
from service.domain.values import Variables
from tests import overseeing
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_events import begin_with, bring_in
from tests.queries.test_awaited import APPROVAL
from tests.queries.test_called_cases import WORKING, calls, run
from tests.web.conftest import Visit

SENT: Variables = {"姓名": "王小明", "教龄": 8}


@pytest.fixture
def reader(stage: Stage, deploy: Deploy) -> Actor:
    """Reads the cases of `review`, and holds nothing."""
    deploy("errand.bpmn", *REVIEW)
    actor = stage.cast.stranger
    right = Grant(GranteeKind.PERSON, actor.username, "review", ObjectKind.CASE, Action.READ)
    with stage.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    return actor


def words(page: str) -> str:
    """What a person reads of a page, but for the number of an error."""
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    return re.sub(r"编号：[0-9a-f]{12}\b", "", said)


def test_the_desk_leads_who_reads_cases_to_each_of_them(
    visit: Visit, stage: Stage, reader: Actor
) -> None:
    key = stage.start("review", variables=SENT).instance_key
    office = visit(reader)
    assert 'href="/cases"' in office.get("/").text
    assert 'href="/cases/review"' in office.get("/cases").text
    listed = office.get("/cases/review")
    assert "在办 1 件" in listed.text
    assert f'href="/instances/{key}"' in listed.text
    assert f"编号：{case_number(key)}，张敏于" in words(listed.text)
    assert "核对材料：人事科（待签收）" in words(listed.text)
    assert office.get(f"/instances/{key}").status_code == 200


def test_what_is_late_is_shown_alone(visit: Visit, stage: Stage, reader: Actor) -> None:
    keys = [
        stage.start("review", variables={**SENT, "姓名": name}).instance_key for name in "甲乙丙"
    ]
    task = stage.task(keys[1], "check")
    overseeing.make_late(stage, task, stage.clock.now - timedelta(days=2))
    office = visit(reader)
    late = office.get("/cases/review", step="check", overdue="1").text
    assert ("乙的材料核对" in late, "甲的材料核对" in late) == (True, False)
    assert "已逾期" in words(late)
    unknown = office.get("/cases/review", step="x", overdue="x").text
    assert all(f"{name}的材料核对" in unknown for name in "甲乙丙")


def test_where_nothing_is_open_the_page_says_so(
    visit: Visit, stage: Stage, reader: Actor, operator: Actor
) -> None:
    office = visit(reader)
    assert "现在没有在办的事项。" in office.get("/cases/review").text
    stage.start("review", variables=SENT)
    none_late = office.get("/cases/review", overdue="1").text
    assert "没有符合条件的事项。" in none_late
    assert "清除条件，查看全部" in none_late


def test_a_stranger_learns_nothing_of_a_procedure(
    visit: Visit, stage: Stage, reader: Actor, operator: Actor
) -> None:
    stage.start("errand")
    # One who reads other cases, one who started this one, one who oversees its running.
    for actor in (reader, stage.cast.applicant, operator):
        visitor = visit(actor)
        hidden, missing = (visitor.get(f"/cases/{one}") for one in ("errand", "nothing"))
        assert hidden.status_code == missing.status_code == 404
        assert words(hidden.text).replace("errand", "nothing") == words(missing.text)
    assert visit(operator).get("/cases").status_code == 403
    assert 'href="/cases"' not in visit(operator).get("/").text


def test_the_start_page_leads_there_too(visit: Visit, stage: Stage, reader: Actor) -> None:
    starts = Grant(GranteeKind.EVERYONE, "*", "*", ObjectKind.PROCEDURE, Action.ACT)
    with stage.rooms.write() as tools:
        rights.grant(tools, starts, actor=SYSTEM, now=stage.clock.now)
    page = visit(reader).get("/start").text
    assert ('href="/cases/review"' in page, 'href="/cases/errand"' in page) == (True, False)


def test_a_case_that_waits_for_nobody_says_for_what(
    visit: Visit, stage: Stage, reader: Actor
) -> None:
    bring_in(stage.rooms, APPROVAL.replace(b'id="waits"', b'id="review"'))
    key = begin_with(stage, "review")
    listed = words(visit(reader).get("/cases/review").text)
    assert "等待“用编核准”" in listed
    assert "没有待办的任务" not in listed
    page = words(visit(reader).get(f"/instances/{key}").text)
    assert "现在等什么 等待“用编核准”自 2026年" in page
    assert "没有待办的任务" not in page


def test_steps_of_what_a_case_has_called_may_be_asked_for(
    visit: Visit, stage: Stage, reader: Actor
) -> None:
    everything = Grant(
        GranteeKind.PERSON, stage.cast.applicant.username, ALL, ObjectKind.PROCEDURE, Action.ACT
    )
    with stage.rooms.write() as tools:
        rights.grant(tools, everything, actor=SYSTEM, now=stage.clock.now)
        for one in ("outer", "inner"):
            right = Grant(GranteeKind.PERSON, reader.username, one, ObjectKind.CASE, Action.READ)
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    bring_in(stage.rooms, WORKING)
    bring_in(stage.rooms, calls("outer", "inner"))
    key = begin_with(stage, "outer")
    run(stage)
    office = visit(reader)
    page = office.get("/cases/outer").text
    assert '<option value="inner/work">inner：笔试登分</option>' in page
    found = office.get("/cases/outer", step="inner/work").text
    assert '<option value="inner/work" selected>' in found
    assert f'href="/instances/{key}"' in found
    assert f'href="/instances/{key}"' not in office.get("/cases/outer", overdue="1").text
