"""What a round keeps: answers registered once, and nothing for cases that were cancelled."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from processes.recruitment import replies, views
from processes.recruitment.history import acts_of
from processes.recruitment.replies import AnsweredAlready
from processes.recruitment.tables import CandidacyState
from processes.registers.days import bureau_day
from service.feel import FeelPool
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import APPROVED, MORE


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("kept"), feel) as desk:
        yield desk


@pytest.fixture
def one(bureau: Desk) -> Selecting:
    """A round to be opened, on the same Monday: what one test keeps is not in the other's cell."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    return Selecting(bureau)


def test_an_answer_is_registered_once_and_not_contradicted(one: Selecting) -> None:
    one.open("初中数学")
    against = replace(APPROVED, approved=False)
    with one.desk.rooms.write() as tools:
        given = (tools, one.round.key)
        now = one.desk.clock()
        replies.register_establishment(*given, APPROVED, actor=OFFICER, now=now)
        replies.register_establishment(*given, APPROVED, actor=OFFICER, now=now)
        with pytest.raises(AnsweredAlready, match=APPROVED.number):
            replies.register_establishment(*given, against, actor=OFFICER, now=now)
        page = views.round_of(tools.session, OFFICER, one.round.key, bureau_day(now))
        acts = acts_of(tools.session, one.round.key)
    assert not page.awaits_approval
    assert [act.act for act in acts].count("establishment-reply") == 1
    one.run()
    assert one.post.seat_code == "SJ-05"
    one.do("plan", "abandon", comment="不再招聘")


def test_what_was_cancelled_holds_up_nobody(one: Selecting) -> None:
    a, b, c = MORE[:3]
    one.announce("初中历史", plan_ratio=1)
    one.qualify(a, "初中历史")
    for teacher in (a, b):
        one.apply(teacher)
    one.check(a)
    one.cancel(one.applications.pop(b.username))
    one.pass_days(12)
    # the round does not wait for the application that was cancelled
    assert one.open_elements() == ["written"]
    assert one.candidacy(b).state == CandidacyState.WITHDRAWN
    # a round that was cancelled takes nobody, and keeps no cell and no seat
    one.cancel()
    one.desk.clock.pass_days(-12)
    late = one.apply(c)
    assert "现在不接受报名" in str(one.desk.variables(late)["entry_problems"])
    again = Selecting(one.desk)
    again.open("初中历史")
    assert again.desk.variables(again.case)["need_problems"] == []
    again.approve()
    assert again.post.seat_code == "SJ-06"
    again.do("plan", "abandon", comment="不再招聘")
