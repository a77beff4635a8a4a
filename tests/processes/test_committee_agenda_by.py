"""Who agrees to an agenda where the 书记 cannot: is ill for months, or must keep out of an item."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from processes.committee import agenda, consent, views
from processes.committee.minutes import minutes_of
from processes.committee.refusals import AgendaNotAgreed, NotAMember, WrongState
from processes.committee.tables import Meeting, MeetingState
from service.feel import FeelPool
from tests.processes.committee_pages import act, browsers
from tests.processes.desk import Desk
from tests.processes.party_group import (
    Group,
    about_exit,
    about_plan,
    actor_of,
    next_day,
    open_bureau,
    open_task,
)
from tests.processes.test_committee_consent import answer, ask, give_notice, waiting
from tests.processes.test_committee_kept_out import tie

WHO = "researcher01"


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("agenda"), feel) as desk:
        tie(desk, actor_of(1), WHO)
        yield desk


@pytest.fixture
def group(bureau: Desk) -> Group:
    """Three members, a plan on the agenda, no consent to it."""
    next_day(bureau)
    group = Group(bureau, 3)
    group.prepare(about_plan(f"计划{bureau.clock.now:%d}"))
    with group.sitting() as sitting:
        sitting.meeting.state = MeetingState.PREPARING
        consent.let_fall(sitting)
    return group


def asked(group: Group) -> list[str | None]:
    return [who for step, who in waiting(group) if step == "agree_agenda"]


def test_somebody_else_agrees_where_the_head_is_ill(
    bureau: Desk, group: Group, tmp_path: Path
) -> None:
    ask(group)
    assert asked(group) == [actor_of(1).username]
    browser = browsers(bureau, tmp_path)("secretary")
    fields = {"username": actor_of(2).username, "reason": ""}
    assert act(browser, group, "agenda-by", **fields)[0] == 400
    fields["reason"] = "书记住院，电话委托"
    status, page = act(browser, group, "agenda-by", **fields)
    assert (status, "改为由党组成员02审定；理由：书记住院" in page) == (200, True)
    group.run_jobs()
    assert asked(group) == [], "the question falls"
    ask(group)
    assert asked(group) == [actor_of(2).username]
    answer(group, "agree", number=2)
    give_notice(group)
    with bureau.rooms.read() as session:
        text = str(minutes_of(session, session.get_one(Meeting, group.key)))
    assert "委托审定议程：会议议程由党组成员01审定，改为由党组成员02审定" in text
    assert "党组成员02同意会议议程（" in text
    with pytest.raises(NotAMember), group.sitting() as sitting:
        consent.delegate(sitting, "secretary", "住院")
    with pytest.raises(WrongState, match="已经由党组成员02"), group.sitting() as sitting:
        consent.delegate(sitting, actor_of(2).username, "住院")
    # and back again
    with group.sitting() as sitting:
        consent.delegate(sitting, actor_of(1).username, "已经出院")
        assert consent.approver(sitting).username == actor_of(1).username
    with pytest.raises(AgendaNotAgreed, match="党组成员01"):
        give_notice(group)


def test_an_item_kept_from_the_head_is_agreed_to_by_the_next(group: Group) -> None:
    group.add(about_exit("某教研员", WHO, title=f"某教研员退出{group.key}"))
    ask(group)
    assert asked(group) == [actor_of(1).username]
    answer(group, "return", "先不上会")
    assert asked(group) == [], "what was sent back asks nobody for the rest"
    # the head cannot keep off what is not theirs to read: without the rest it is put before others
    with group.sitting() as sitting:
        agenda.take_off(sitting, next(iter(group.items.values())))
    ask(group)
    assert asked(group) == [actor_of(2).username]
    answer(group, "agree", number=2)
    give_notice(group)


def test_the_rest_goes_to_the_next_by_itself_and_each_reads_what_is_asked(
    group: Group, tmp_path: Path
) -> None:
    tie(group.desk, actor_of(1), "researcher03")
    mine, theirs = (
        group.only,
        group.add(about_exit("某教研员", "researcher03", title=f"某教研员退出{group.key}")),
    )
    ask(group)
    assert group.desk.variables(group.key)["agenda_asked"] == "第1项"
    assert seat(group, 1).asked == {mine}
    page = browsers(group.desk, tmp_path)("secretary").get(f"/committee/meetings/{group.key}").text
    assert "议程第1项已送党组成员01审定，其余各项由其他成员审定" in page
    answer(group, "agree")
    # nobody has to press again: the same press has put the rest before the next member
    assert asked(group) == [actor_of(2).username]
    assert group.desk.variables(group.key)["agenda_asked"] == "第2项"
    assert seat(group, 2).asked == {theirs}
    # no variable of the case has the words of an item that is kept from somebody
    assert "某教研员" not in str(group.desk.variables(group.key))
    with pytest.raises(AgendaNotAgreed, match="党组成员02"):
        give_notice(group)
    answer(group, "agree", number=2)
    assert asked(group) == []
    with group.desk.rooms.read() as session:
        text = str(minutes_of(session, session.get_one(Meeting, group.key)))
    assert "党组成员01同意会议议程第1项" in text
    assert "党组成员02同意会议议程第2项" in text
    # another order is another agenda
    with group.sitting() as sitting:
        agenda.move_up(sitting, theirs)
    with pytest.raises(AgendaNotAgreed, match="党组成员01"):
        give_notice(group)


def test_the_task_shows_the_agenda_but_what_its_reader_must_keep_out_of(
    group: Group, tmp_path: Path
) -> None:
    tie(group.desk, actor_of(1), "researcher05")
    kept = f"某教研员退出{group.key}"
    group.add(about_exit("某教研员", "researcher05", title=kept))
    sign_in = browsers(group.desk, tmp_path)

    def page(username: str) -> str:
        return sign_in(username).get(f"/tasks/{task.key}").text

    # given the question is before the head
    ask(group)
    task = open_task(group.desk, group, consent.AGREEING)
    # then they read it where they answer, and nothing of what they keep out of
    first = page("member01")
    for said in ("方案、计划", "审定年度计划。", "材料：无", "请你审定", "你应当回避的议题"):
        assert said in first
    assert kept not in first
    # and nobody who only sees the task
    assert "审定年度计划。" not in page("secretary")
    assert sign_in("member09").get(f"/tasks/{task.key}").status_code == 404
    # when the rest is before the next, they read that
    answer(group, "agree")
    assert "审定年度计划。" not in page("member01"), "an answered task shows no agenda of today"
    task = open_task(group.desk, group, consent.AGREEING)
    second = page("member02")
    assert (
        second.index(kept) < second.index("所涉人员：某教研员") < second.index("调查报告、本人申辩")
    )
    assert kept not in str(group.desk.variables(group.key))


def test_a_change_takes_back_the_question_that_went_on_by_itself(group: Group) -> None:
    tie(group.desk, actor_of(1), "researcher04")
    group.add(about_exit("某教研员", "researcher04", title=f"某教研员退出{group.key}"))
    ask(group)
    answer(group, "agree")
    with group.sitting() as sitting:
        agenda.move_up(sitting, list(group.items.values())[1])
    group.run_jobs()
    assert asked(group) == []
    ask(group)
    assert asked(group) == [actor_of(1).username]
    assert group.desk.variables(group.key)["agenda_asked"] == "第2项"


def seat(group: Group, number: int) -> views.SeatView:
    with group.desk.rooms.read() as session:
        return views.seat(session, group.key, actor=actor_of(number))


def test_what_is_kept_from_everybody_is_put_before_nobody(bureau: Desk, group: Group) -> None:
    for number in (2, 3):
        tie(bureau, actor_of(number), "researcher02")
    tie(bureau, actor_of(1), "researcher02")
    with group.sitting() as sitting:
        agenda.take_off(sitting, group.only)
    group.add(about_exit("某教研员", "researcher02", title=f"某教研员退出{group.key}"))
    ask(group)
    assert asked(group) == []
    # the meeting is to find that it can never decide it, and to ask the organ above
    give_notice(group)
    with bureau.rooms.read() as session:
        text = str(minutes_of(session, session.get_one(Meeting, group.key)))
    assert "每一位应到成员都应当回避，没有可以审定议程的成员" in text
