"""A meeting that was begun on an older diagram is led to a new one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from processes.committee import consent, views
from processes.committee.refusals import Outdated
from processes.committee.tables import Item, ItemState, MeetingState
from service.commands import deployments
from service.commands.deployments import Upload
from service.domain.actors import SYSTEM
from service.feel import FeelPool
from tests.processes.committee_pages import act, browsers
from tests.processes.desk import Desk
from tests.processes.party_group import SECRETARY, Group, about_plan, next_day, open_bureau

OLDER = Path(__file__).with_name("older_committee") / "committee_meeting.bpmn"


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    """A bureau that held its meetings by the diagram of before the consent to the agenda."""
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("outdated"), feel) as desk:
        upload = Upload(OLDER.name, OLDER.read_bytes())
        deployments.deploy(desk.rooms, [upload], actor=SYSTEM, now=desk.clock())
        yield desk


class Untold(Group):
    """Its members have had no notice."""

    def give_notice(self) -> None:
        pass


@pytest.fixture(params=[False, True], ids=["told", "not told"])
def group(bureau: Desk, request: pytest.FixtureRequest) -> Group:
    """Its agenda is listed; the members have had notice, or have not yet."""
    next_day(bureau)
    group = (Untold if request.param else Group)(bureau, 3)
    group.prepare(about_plan(f"计划{bureau.clock.now:%d}"))
    with group.sitting() as sitting:
        sitting.meeting.state = MeetingState.PREPARING
        consent.let_fall(sitting)
    return group


def test_the_desk_says_what_the_older_diagram_lacks_and_leads_to_a_new_meeting(
    bureau: Desk, group: Group, tmp_path: Path
) -> None:
    with bureau.rooms.read() as session:
        lacks = views.desk(session, group.key, actor=SECRETARY).outdated
    assert lacks == set(views.STEPS_OF_TODAY)
    # nothing is sent that would never be answered
    with pytest.raises(Outdated, match="取消会议，重新召开"), group.sitting() as sitting:
        consent.ask(sitting)
    browser = browsers(bureau, tmp_path)("secretary")
    page = browser.get(f"/committee/meetings/{group.key}").text
    assert "旧版没有“审定议程”这一步：议程送不到审定人" in page
    assert "取消，重新召开" in page
    status, page = act(browser, group, "cancel", reason="流程图已经更新，重新召开")
    assert status == 200
    group.run_jobs()
    assert bureau.instance(group.key).end_event == "会议取消"
    assert "请按原来的时间地点（或者另定）拟定新的会议" in page
    assert 'href="/start/committee_meeting"' in page
    with bureau.rooms.read() as session:
        item = session.get_one(Item, group.only)
        assert (item.state, item.meeting_key) == (ItemState.WAITING, None)
