"""What invited to apply was cancelled: the public is told at once, and nothing is taken."""

import re

import pytest
from sqlalchemy import update

from service.commands import process_instances
from service.domain.actors import SYSTEM
from service.domain.values import Json
from service.store.tables import Notice
from tests.fixtures_commands import Stage
from tests.fixtures_events import bring
from tests.web.public import Outsider, apply, case_of, guest, offered, outsider, settings, text

__all__ = ["bring", "guest", "offered", "outsider", "settings"]


@pytest.mark.parametrize(
    ("reason", "shown"), [("学校撤并，不再招聘", True), ("见13904731234的来电", False)]
)
def test_nobody_applies_by_the_notice_of_a_case_that_was_cancelled(
    outsider: Outsider, stage: Stage, offered: str, reason: str, shown: bool
) -> None:
    # given a notice that a case has published, and an application that is being written
    visitor, _actor = outsider()
    case = case_of(apply(visitor, stage))
    with stage.rooms.database.write() as session:
        session.execute(update(Notice).values(instance_key=case))
    assert "我要申请" in text(visitor.get(f"/public/notices/{offered}"))
    form = text(visitor.get("/public/apply/review"))
    found = re.search(r'"definitionKey": "(\d+)"', form)
    assert found is not None
    # when the case is cancelled
    now = stage.clock.now
    with stage.rooms.write() as tools:
        process_instances.cancel(tools, case, reason=reason, actor=SYSTEM, now=now)
    # then its notice says so, wherever it is read
    page = text(visitor.get(f"/public/notices/{offered}"))
    assert "我要申请" not in page
    assert "已终止，不再接受申请" in page
    assert (reason in page) is shown
    for address in ("/public", "/public/notices"):
        listed = text(visitor.get(address))
        assert "已终止" in listed
        assert "我要申请" not in listed
    # and the form that was open is not taken
    body: Json = {"definitionKey": found[1], "requestId": "s" * 16, "data": {"姓名": "乙"}}
    assert visitor.send("POST", "/public/apply/review", body).status_code == 409
