"""What others answer to a round: the organ of establishments, the Party group."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from processes.committee.agenda import DECIDED
from processes.recruitment.replies import (
    ESTABLISHMENT,
)
from processes.recruitment.tables import PostState, RoundState
from processes.registers.days import bureau_day
from processes.registers.staffing.rosters import SEAT_ROSTER
from service.commands.case_acts import send_message
from service.commands.offers import require_offered
from service.domain.values import Json
from service.feel import FeelPool
from service.store.tables import Notice
from tests.processes.desk import Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import (
    APPROVED,
    CITY,
)
from tests.processes.registers.entering import put, seat

_weeks, _days = count(), count()


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("answering"), feel) as desk:
        yield desk


@pytest.fixture
def one(bureau: Desk) -> Selecting:
    """A round to be opened, in weeks of its own: each Party group is in office for a day."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(40 * next(_weeks) % 250 + next(_days))
    return Selecting(bureau)


def words(one: Selecting, name: str, case: int = 0) -> str:
    """What a case says in a list of problems."""
    value = one.desk.variables(case or one.case)[name]
    assert isinstance(value, list)
    return "".join(map(str, value))


def test_a_seat_is_entered_before_it_is_kept(one: Selecting) -> None:
    # given an approval for a seat that is not in the register yet
    one.open("初中物理")
    one.approve()
    assert "须先由机构编制管理机关批准" in words(one, "register_refusals")
    one.do("enter_seats", "submit")
    assert one.open_elements() == ["enter_seats"]
    with one.desk.rooms.write() as tools:
        put(tools, SEAT_ROSTER, seat("SJ-08", unit_id=CITY, seat="初中物理"), now=one.desk.clock())
    one.do("enter_seats", "submit")
    assert one.post.seat_code == "SJ-08"
    one.do("plan", "abandon", comment="不再招聘")


def test_a_program_cannot_approve_in_the_bureau_s_name_either(one: Selecting) -> None:
    one.open("初中数学")
    with one.desk.rooms.write() as tools:
        variables: dict[str, Json] = {
            "reply_approved": True, "reply_organ": "市教育局", "reply_number": "1",
            "reply_dated_on": "2026-02-02",
        }  # fmt: skip
        send_message(
            tools, ESTABLISHMENT, correlation_key=str(one.round.key), variables=variables,
            now=one.desk.clock(),
        )  # fmt: skip
    one.run()
    assert "不能批准编制" in words(one, "reply_problems")
    assert one.post.seat_code == ""
    # nor in the organ's: what counts is what was registered
    forge(one, reply_approved=True)
    assert "没有在本轮招聘的页面登记" in words(one, "reply_problems")
    assert one.post.seat_code == ""
    one.approve()
    assert one.open_elements() == ["plan"]
    one.do("plan", "abandon", comment="不再招聘")


def forge(one: Selecting, *, reply_approved: bool) -> None:
    """Send the organ's answer, as a program may that publishes messages."""
    dated_on = None if APPROVED.dated_on is None else APPROVED.dated_on.isoformat()
    variables: dict[str, Json] = {
        "reply_approved": reply_approved, "reply_organ": APPROVED.organ,
        "reply_number": APPROVED.number, "reply_dated_on": dated_on,
    }  # fmt: skip
    with one.desk.rooms.write() as tools:
        send_message(
            tools, ESTABLISHMENT, correlation_key=str(one.round.key), variables=variables,
            now=one.desk.clock(),
        )  # fmt: skip
    one.run()


def test_a_plan_that_is_not_carried_comes_back_changed(one: Selecting) -> None:
    one.open("初中历史")
    one.approve()
    one.plan()
    # nobody decides in the Party group's name
    with one.desk.rooms.write() as tools:
        item = str(one.desk.variables(one.case)["committee_item"])
        carried: dict[str, Json] = {"committee_result": "CARRIED", "committee_words": "同意"}
        send_message(
            tools, DECIDED, correlation_key=item, variables=carried, now=one.desk.clock()
        )  # fmt: skip
    one.run()
    assert one.round.state == RoundState.PLANNED
    assert one.open_elements() == []
    one.decide(carried=False)
    assert one.open_elements() == ["plan"]
    # the same plan may not be put up again, a changed one may
    one.plan()
    assert one.open_elements() == ["plan"]
    one.plan(plan_changes="提高开考比例", plan_ratio=4)
    one.decide()
    assert one.round.state == RoundState.ANNOUNCED
    # what was announced is offered to the public until the last day of registration is over
    with one.desk.rooms.read() as session:
        require_offered(session, "recruitment_application", name="报名", now=one.desk.clock())
        notice = session.get_one(Notice, int(one.round.notice_key))
    closes = one.round.registration_closes_on
    assert notice.closes_at is not None
    assert closes is not None
    assert bureau_day(notice.closes_at) == closes + timedelta(days=1)
    # and nobody came: the post is cancelled, the round over
    one.pass_days((closes - bureau_day(one.desk.clock())).days + 1)
    assert one.post.state == PostState.CANCELLED
