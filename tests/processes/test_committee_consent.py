"""The 书记 agrees to the agenda; who chairs an item for a recused chair signs that part."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.committee import agenda, consent, discussion, meetings, rule_settings, views
from processes.committee.minutes import minutes_of, read_back
from processes.committee.refusals import AgendaNotAgreed, MeetingNotFound, WrongState
from processes.committee.rules import RuleSettings
from processes.committee.tables import Meeting, MinutesFile
from processes.registers.days import bureau_day
from processes.registers.party_group import members
from service.commands import completion, starting
from service.feel import FeelPool
from service.store.tables import UserTask
from tests.processes.desk import Desk
from tests.processes.party_group import (
    PROCESS,
    RULE_SETTER,
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    complete,
    next_day,
    open_bureau,
    open_task,
    term_of,
)

_numbers = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("consent"), feel) as desk:
        yield desk


@pytest.fixture
def group(bureau: Desk) -> Group:
    """Three members; a plan on the agenda, of which nobody has been told."""
    next_day(bureau)
    group = Group(bureau, 3)
    day = bureau_day(bureau.clock())
    with bureau.rooms.write() as tools:
        for number in range(1, 4):
            members.enter(tools, term_of(number, day), actor=SECRETARY, now=bureau.clock())
    group.key = starting.start(
        bureau.rooms, process_id=PROCESS,
        variables={"planned_at": bureau.clock().isoformat(), "place": "三楼会议室"},
        actor=SECRETARY, now=bureau.clock(), through_form=False,
    ).instance_key  # fmt: skip
    group.add(about_plan(f"计划{next(_numbers)}"))
    return group


def ask(group: Group) -> None:
    with group.sitting() as sitting:
        consent.ask(sitting)
    group.run_jobs()


def answer(group: Group, outcome: str, words: str = "", number: int = 1) -> None:
    complete(group.desk, group, "agree_agenda", outcome, actor_of(number), words)
    group.run_jobs()


def give_notice(group: Group) -> None:
    with group.sitting() as sitting:
        meetings.send_notice(sitting)
    group.run_jobs()


def change(group: Group) -> None:
    group.add(about_plan(f"另一计划{next(_numbers)}"))
    group.run_jobs()


def waiting(group: Group) -> list[tuple[str, str | None]]:
    with group.desk.rooms.read() as session:
        rows = select(UserTask.element_id, UserTask.assignee).where(
            UserTask.instance_key == group.key, UserTask.ended_at.is_(None)
        )
        return sorted((row.element_id, row.assignee) for row in session.execute(rows))


ASKED = [("agree_agenda", actor_of(1).username)]


def test_notice_goes_out_when_the_secretary_of_the_group_has_agreed(group: Group) -> None:
    with pytest.raises(AgendaNotAgreed, match=r"党组成员01.*C-AGENDA"):
        give_notice(group)
    ask(group)
    assert waiting(group) == ASKED
    with pytest.raises(AgendaNotAgreed):
        give_notice(group)
    # before whom it is, reads it; another member does not know of the meeting yet
    with group.desk.rooms.read() as session:
        assert views.seat(session, group.key, actor=actor_of(1)).items
        with pytest.raises(MeetingNotFound):
            views.seat(session, group.key, actor=actor_of(2))
    answer(group, "agree")
    give_notice(group)
    assert [one for one, _ in waiting(group)] == ["read_notice"] * 3
    group.call(3)
    with group.sitting() as sitting:
        meetings.open_meeting(sitting)
    with group.desk.rooms.read() as session:
        minutes = minutes_of(session, session.get_one(Meeting, group.key))
    assert "审定议程：党组成员01同意会议议程（党组成员01，" in str(minutes.sections[-1].lines)


def test_an_agenda_is_sent_back_with_words(group: Group) -> None:
    ask(group)
    answer(group, "return", "预算先不上会")
    with group.desk.rooms.read() as session:
        seen = views.desk(session, group.key, actor=SECRETARY)
    assert seen.sent_back == "预算先不上会"
    with pytest.raises(AgendaNotAgreed):
        give_notice(group)
    ask(group)
    answer(group, "agree")
    give_notice(group)


def test_a_changed_agenda_is_asked_about_anew(group: Group) -> None:
    ask(group)
    change(group)
    assert waiting(group) == []
    ask(group)
    answer(group, "agree")
    # what was agreed to is another agenda than this one
    with group.sitting() as sitting:
        agenda.take_off(sitting, next(iter(group.items.values())))
    with pytest.raises(AgendaNotAgreed):
        give_notice(group)
    # asked twice, it is before them once
    ask(group)
    ask(group)
    assert waiting(group) == ASKED
    answer(group, "agree")
    with pytest.raises(WrongState, match="可以发出通知"):
        ask(group)


def test_an_answer_that_came_behind_a_change_does_not_count(group: Group) -> None:
    ask(group)
    complete(group.desk, group, "agree_agenda", "agree", actor_of(1))
    change(group)
    assert group.meeting().agenda_agreed_at is None
    ask(group)
    answer(group, "agree")
    give_notice(group)


def test_an_agenda_changed_after_its_notice_is_agreed_to_and_noticed_anew(group: Group) -> None:
    ask(group)
    answer(group, "agree")
    give_notice(group)
    change(group)
    ask(group)
    assert waiting(group) == ASKED
    answer(group, "agree")
    give_notice(group)
    assert [one for one, _ in waiting(group)] == ["read_notice"] * 3
    # when all have read it, the same way once more, and then it is cancelled
    for number in (1, 2, 3):
        task = next(one for one in _to_read(group) if one.assignee == actor_of(number).username)
        _read(group, task, number)
    change(group)
    ask(group)
    assert waiting(group) == ASKED
    with group.sitting() as sitting:
        meetings.cancel(sitting, "书记出差")
    group.run_jobs()
    assert group.desk.instance(group.key).end_event == "会议取消"


def _to_read(group: Group) -> list[UserTask]:
    with group.desk.rooms.read() as session:
        wanted = select(UserTask).where(
            UserTask.instance_key == group.key, UserTask.ended_at.is_(None)
        )
        return list(session.scalars(wanted))


def _read(group: Group, task: UserTask, number: int) -> None:
    completion.complete(
        group.desk.rooms, task.key, submission={}, outcome="read", comment="",
        revision=task.revision, actor=actor_of(number), now=group.now,
    )  # fmt: skip


def test_the_rules_of_procedure_name_another_post(bureau: Desk, group: Group) -> None:
    settings = replace(RuleSettings(), agenda_post="成员")
    next_day(bureau)
    with bureau.rooms.write() as tools:
        rule_settings.set_rules(
            tools, settings, effective_from=bureau_day(bureau.clock()), source="议事规则",
            actor=RULE_SETTER, now=bureau.clock(),
        )  # fmt: skip
    other = Group(bureau, 3)
    other.prepare(about_plan(f"计划{next(_numbers)}"))
    with other.sitting() as sitting:
        assert consent.approver(sitting).username == actor_of(2).username
    # and a meeting that was convened before keeps to its own
    with group.sitting() as sitting:
        assert consent.approver(sitting).username == actor_of(1).username
    next_day(bureau)
    with bureau.rooms.write() as tools:
        rule_settings.set_rules(
            tools, RuleSettings(), effective_from=bureau_day(bureau.clock()), source="议事规则",
            actor=RULE_SETTER, now=bureau.clock(),
        )  # fmt: skip


def test_who_chaired_an_item_for_a_recused_chair_signs_that_part(bureau: Desk) -> None:
    # given an exit chaired by the second member, from which the chair is recused
    next_day(bureau)
    group = Group(bureau, 5)
    name = f"某人{next(_numbers)}"
    group.begin(about_exit(name), present=5)
    group.discuss(recuse=[1])
    with group.sitting() as sitting:
        discussion.delegate_item(sitting, group.only, actor_of(2).username)
    group.begin_vote()
    group.votes(4, voters=[2, 3, 4, 5], chair=2)
    group.close_vote()
    group.close()
    # when the minutes are checked, they come before that member, who sends them back
    complete(bureau, group, "check_minutes", "ready", SECRETARY)
    assert waiting(group) == [("sign_items", actor_of(2).username)]
    complete(bureau, group, "sign_items", "return", actor_of(2), "发言记错了")
    assert open_task(bureau, group, "check_minutes").assignee == SECRETARY.username
    complete(bureau, group, "check_minutes", "ready", SECRETARY)
    complete(bureau, group, "sign_items", "sign", actor_of(2))
    complete(bureau, group, "sign_minutes", "sign", actor_of(1))
    # then the archived minutes name both, and the chair has read nothing of it
    with bureau.rooms.read() as session:
        kept = session.get_one(MinutesFile, group.key)
        whole = minutes_of(session, session.get_one(Meeting, group.key))
        hidden = views.hidden_items(session, group.key, actor_of(1))
    assert "第1项主持人（签认）：党组成员02" in read_back(kept.content).signature
    assert name not in str(whole.without(hidden).sections)
    part = whole.only(frozenset({group.only}))
    assert part.sections[0] == whole.sections[0]
    assert "分项本" in part.mark


def test_who_was_not_asked_agrees_to_nothing(group: Group) -> None:
    # given the question before the 书记, and somebody else who answers it in a task of their own
    ask(group)
    with group.desk.rooms.write() as tools:
        meeting = tools.session.get_one(Meeting, group.key)
        kept = consent.answer(
            tools.session, meeting, question=consent.question_of(meeting), agreed=True, words="",
            username=SECRETARY.username, now=group.desk.clock(),
        )  # fmt: skip
    assert not kept
    with group.desk.rooms.read() as session:
        assert session.get_one(Meeting, group.key).agenda_agreed_at is None
    with pytest.raises(AgendaNotAgreed), group.sitting() as sitting:
        consent.require_agreed(sitting)
