"""The page on which an administrator erases what the law lets go."""

from datetime import datetime

import pytest

from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.tables import Document
from tests.closed_cases import closed_case
from tests.fixtures_commands import Stage
from tests.fixtures_store import Cast
from tests.web.conftest import Visit

pytestmark = pytest.mark.usefixtures("deploy")  # lets the applicant start

PATH = "/admin/erasure"


@pytest.fixture
def administrator(stage: Stage, now: datetime) -> Actor:
    right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.ACCOUNT, Action.ACT)
    with stage.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=now)
    return stage.cast.stranger


def test_it_says_what_may_go_and_when_the_rest(
    visit: Visit, stage: Stage, administrator: Actor
) -> None:
    closed_case(stage)
    closed_case(stage, "permanent")
    browser = visit(administrator)
    page = browser.get(PATH, person="zhang.min").text
    assert "保存到 2026年9月8日" in page
    assert "永久保存，不能删除" in page
    assert "现在没有可以删除的内容" in page
    assert "证明" not in page


def test_what_is_due_is_erased_and_the_case_can_still_be_opened(
    visit: Visit, stage: Stage, administrator: Actor, cast: Cast
) -> None:
    key = closed_case(stage)
    task = stage.task(key, "check")
    stage.clock.forward(days=190)
    browser = visit(administrator)
    assert "已期满，可以删除" in browser.get(PATH, person="zhang.min").text

    answer = browser.post(PATH, {"person": "zhang.min", "reason": "本人申请"})

    assert answer.location == f"{PATH}?person=zhang.min"
    page = browser.get(PATH, person="zhang.min").text
    assert "已删除 1 个事项的内容" in page
    assert "没有内容，或已删除" in page
    applicant = visit(cast.applicant)
    case = applicant.get(f"/instances/{key}")
    assert case.status_code == 200
    assert "依法删除了部分内容" in case.text
    assert "材料属实" not in case.text
    assert applicant.get(f"/tasks/{task}").status_code == 200


def test_a_reason_is_asked_for_and_nothing_is_lost(
    visit: Visit, stage: Stage, administrator: Actor
) -> None:
    closed_case(stage)
    stage.clock.forward(days=190)
    answer = visit(administrator).post(PATH, {"person": "zhang.min", "reason": ""})
    assert answer.status_code == 422
    assert "需要写明理由" in answer.text
    assert len(stage.rows(Document)) == 1


@pytest.mark.parametrize("name", ["no.body", "<b>", "' OR 1=1", "x" * 3000])
def test_a_name_that_nobody_has_is_said_to_be_none(
    visit: Visit, administrator: Actor, name: str
) -> None:
    answer = visit(administrator).get(PATH, person=name)
    assert answer.status_code == 404
    assert "<b>" not in answer.text


def test_nobody_else_learns_that_there_is_such_a_page(
    visit: Visit, cast: Cast, operator: Actor
) -> None:
    for actor in (cast.applicant, cast.officer, cast.stranger, operator):
        browser = visit(actor)
        assert browser.get(PATH, person="zhang.min").status_code == 404
        assert browser.post(PATH, {"person": "zhang.min", "reason": "x"}).status_code == 404
