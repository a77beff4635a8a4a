"""The head of a page: one line of it on a usual screen, and nothing there that leads nowhere."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from service.commands import rights
from service.domain.actors import SYSTEM
from service.domain.authorization import MEANT, Grant, GranteeKind
from service.web.menu import MenuLine, arranged
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_events import bring
from tests.web.conftest import Visit
from tests.web.public import Outsider, offered, outsider, settings, text

__all__ = ["bring", "offered", "outsider", "settings"]


def named(*labels: str) -> list[MenuLine]:
    return [MenuLine(label, f"/{label}", current=False) for label in labels]


def head(answer: TestResponse) -> str:
    page = text(answer)
    return page[page.index("<header") : page.index("</header>")]


def test_what_fits_is_shown_and_the_rest_is_behind_one_button(app: Flask) -> None:
    labels = [
        "工作台",
        "发起申请",
        "准入资格名册",
        "教研队伍",
        "评审专家",
        "公告",
        "审计",
        "回避管理",
    ]
    with app.test_request_context():
        few, many = arranged(named(*labels[:5])), arranged(named(*labels))
        latin = arranged(named(*["ab"] * 11))
    assert ([line.label for line in few.shown], few.more) == (labels[:5], ())
    assert [line.label for line in many.shown] == labels[:5]
    assert [line.label for line in many.more] == labels[5:]
    assert len(latin.shown) == 11


def test_where_one_is_shows_on_the_button_too(visit: Visit, deploy: Deploy, stage: Stage) -> None:
    deploy("errand.bpmn")
    person = stage.cast.applicant
    with stage.rooms.write() as tools:
        for kind, actions in MEANT.items():
            for action in actions:
                right = Grant(GranteeKind.PERSON, person.username, "*", kind, action)
                rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    shown = head(visit(person).get("/operations"))
    more = shown[shown.index('id="site-more"') : shown.index("提醒")]
    assert 'aria-controls="site-more" aria-current="true"' in shown
    assert '<a href="/operations" aria-current="page">' in more
    assert shown.index("提醒") < shown.index("退出登录")


@pytest.mark.usefixtures("offered")
def test_who_came_in_from_outside_has_nothing_of_the_house(outsider: Outsider) -> None:
    visitor, _actor = outsider()
    for path, status in (("/sign-in", 200), ("/", 404)):
        answer = visitor.get(path)
        assert answer.status_code == status
        assert re.sub(r"<[^>]*>|\s", "", head(answer)) == "业务流程系统"
    assert "到办事大厅" in text(visitor.get("/"))
