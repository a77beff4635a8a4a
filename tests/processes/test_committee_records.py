"""Procedural records (程序事项): what happened to the procedure, as the minutes tell it."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select

from processes.committee import agenda, discussion, meetings, records, views, voting
from processes.committee.minutes import PROCEDURAL, WITHHELD, minutes_of
from processes.committee.minutes_files import as_docx, as_pdf
from processes.committee.record_tables import RecordKind
from processes.committee.refusals import NotDiscussed, WrongState
from processes.committee.rules import Choice, Outcome
from processes.committee.tables import Item, Meeting, MinutesFile, Presence, Statement
from service.commands import starting
from service.commands.deployments import Upload, deploy
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, ObjectKind
from service.feel import FeelPool
from tests.processes.conftest import give_right
from tests.processes.desk import Desk
from tests.processes.diagrams_committee import ASKING
from tests.processes.party_group import (
    SECRETARIES,
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    complete,
    next_day,
    open_bureau,
)

YES, NO = Choice.YES, Choice.NO
_numbers = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("records"), feel) as desk:
        deploy(desk.rooms, [Upload("asking.bpmn", ASKING.encode())], actor=SYSTEM, now=desk.clock())
        with desk.rooms.database.write() as session:
            right = (SECRETARIES, "asking", ObjectKind.PROCEDURE, Action.ACT)
            give_right(session, desk.rooms.keys.next(), right, desk.clock())
        yield desk


@pytest.fixture
def group(bureau: Desk) -> Group:
    """Five members, all there, one exit on the agenda."""
    next_day(bureau)
    group = Group(bureau, 5)
    group.begin(about_exit(f"某人{next(_numbers)}"), present=5)
    return group


def kinds(group: Group) -> list[str]:
    with group.desk.rooms.read() as session:
        return [one.record.kind for one in records.of_meeting(session, group.key)]


def lines(group: Group) -> str:
    """The section 程序事项 as the minutes have it."""
    with group.desk.rooms.read() as session:
        minutes = minutes_of(session, session.get_one(Meeting, group.key))
    found = [one for one in minutes.sections if one.heading == PROCEDURAL]
    return "\n".join(found[0].lines) if found else ""


def test_too_few_came_and_the_case_that_waits_is_told(bureau: Desk) -> None:
    # given an exit of a case on the agenda, and three of six who came
    next_day(bureau)
    name = f"当事人{next(_numbers)}"
    case = starting.start(
        bureau.rooms, process_id="asking",
        variables={"who": name, "people": [{"name": name, "unit": "市教研机构"}]},
        actor=SECRETARY, now=bureau.clock(), through_form=False,
    ).instance_key  # fmt: skip
    key = int(str(bureau.variables(case)["committee_item"]))
    group = Group(bureau, 6)
    group.prepare(about_plan(f"计划{next(_numbers)}"))
    with group.sitting() as sitting:
        agenda.place(sitting, key)
    group.give_notice()
    group.run_jobs()
    # then nothing is declared while somebody's presence is not known
    group.mark(1, Presence.PRESENT)
    with pytest.raises(WrongState, match="党组成员02"), group.sitting() as sitting:
        meetings.declare_not_held(sitting, "三人外出")
    group.call(3)
    # when the meeting is declared not held
    with group.sitting() as sitting:
        meetings.declare_not_held(sitting, "三人外出")
    group.run_jobs()
    # then every item has NO_QUORUM with the figures, and the case knows
    with bureau.rooms.read() as session:
        items = session.scalars(select(Item).where(Item.meeting_key == group.key)).all()
    assert {item.outcome for item in items} == {Outcome.NO_QUORUM}
    assert bureau.variables(case)["committee_result"] == Outcome.NO_QUORUM
    assert "应到6人，实到3人，不足4人" in str(bureau.variables(case)["committee_words"])
    # and what remains is signed and archived like any minutes
    complete(bureau, group, "check_minutes", "ready", SECRETARY)
    complete(bureau, group, "sign_minutes", "sign", actor_of(1))
    with bureau.rooms.read() as session:
        kept = session.get_one(MinutesFile, group.key)
    text = "\n".join(p.text for p in Document(BytesIO(kept.docx)).paragraphs)
    for said in (
        "（原定，会议没有开成）",
        "流会：应到6人，实到3人，不足4人；理由：三人外出",
        "拟主持：党组成员01",
    ):
        assert said in text
    assert bureau.instance(group.key).end_event == "纪要已归档"


def test_a_meeting_that_can_sit_is_not_declared_off(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 3)
    group.prepare(about_plan(f"计划{next(_numbers)}"))
    group.call(2)
    with pytest.raises(WrongState, match="可以宣布开会"), group.sitting() as sitting:
        meetings.declare_not_held(sitting, "一人外出")


def test_nothing_is_voted_on_before_it_was_discussed(group: Group) -> None:
    group.discuss()
    with pytest.raises(NotDiscussed, match="C-DISCUSS"), group.sitting() as sitting:
        voting.begin_vote(sitting, group.only, "named")
    # a written opinion is no discussion
    group.mark(5, Presence.LEFT)
    with group.sitting() as sitting:
        discussion.state(sitting, group.only, actor_of(5).username, "同意", written=True)
    with pytest.raises(NotDiscussed), group.sitting() as sitting:
        voting.begin_vote(sitting, group.only, "named")
    with group.sitting() as sitting:
        discussion.nobody_speaks(sitting, group.only)
    with pytest.raises(WrongState, match="已经登记过了"), group.sitting() as sitting:
        discussion.nobody_speaks(sitting, group.only)
    assert group.begin_vote() is None
    assert "无人发言（" in lines(group)


def test_the_minutes_tell_what_happened_to_the_procedure(group: Group) -> None:
    # given a motion, a void round, a changed chair, an item that was not reached
    other = group.only
    with group.sitting() as sitting:
        meetings.delegate_chair(sitting, actor_of(2).username)
    group.discuss()
    with group.sitting() as sitting:
        discussion.state(sitting, other, actor_of(3).username, "情况清楚", written=False)
    group.begin_vote()
    for number in (1, 3, 4, 5):
        group.vote_as(SECRETARY, number, NO)
    with group.sitting() as sitting:
        voting.annul(sitting, other, "有成员没有听清事项")
    group.begin_vote()
    group.votes(5, chair=2)
    group.close_vote()
    with group.sitting() as sitting:
        agreed = [actor_of(4).username]
        discussion.reconsider(
            sitting, sitting.item(other), proposer=agreed[0], reason="有新材料", consenting=agreed
        )
    group.close()
    # then the minutes say so, each with who and why
    text = lines(group)
    for said in (
        "变更主持人：会议由党组成员01主持，改为委托党组成员02主持（会议秘书01，",
        "第1轮记名投票作废，重新表决；作废时已表态4人（同意0票、不同意4票、弃权0票、缓议0票）"
        "；理由：有成员没有听清事项",
        "党组成员04提议复议，同意的1人（党组成员04），应到5人，没有超过半数，不予复议",
    ):
        assert said in text
    assert kinds(group) == [RecordKind.CHAIR, RecordKind.ANNULLED, RecordKind.MOTION]
    with group.desk.rooms.read() as session:
        minutes = minutes_of(session, session.get_one(Meeting, group.key))
        listed = views.desk(session, group.key, actor=SECRETARY).records
    assert len(listed) == 3
    # and both files hold it
    content = as_docx(minutes, now=group.now)
    assert "作废本轮" in "\n".join(p.text for p in Document(BytesIO(content)).paragraphs)
    assert as_pdf(minutes, now=group.now).startswith(b"%PDF-")


def test_who_entered_a_vote_for_whom_is_in_the_minutes(group: Group) -> None:
    group.discuss()
    group.begin_vote()
    group.vote(2, YES)
    for number in (3, 4, 5, 1):
        group.vote_as(SECRETARY, number, YES)
    group.close_vote()
    with group.desk.rooms.read() as session:
        minutes = minutes_of(session, session.get_one(Meeting, group.key))
    assert "由会议秘书01按会上表态代为登记：党组成员03、党组成员04、党组成员05、党组成员01" in (
        minutes.sections[0].lines
    )


def test_some_of_a_secret_round_are_not_told_by_choice(group: Group) -> None:
    group.discuss()
    group.begin_vote(method="secret")
    group.vote(2, NO)
    with group.sitting() as sitting:
        voting.annul(sitting, group.only, "票箱出错")
    assert "作废时已表态1人；" in lines(group)


def test_what_was_not_reached_is_told_and_waits(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 3)
    title = f"计划{next(_numbers)}"
    group.begin(about_plan(title), present=3)
    group.close()
    assert f"未及讨论（{title}）：会议没有议到，留待下次会议" in lines(group)
    assert group.item().meeting_key is None


def test_records_of_an_item_are_kept_from_who_keeps_out_of_it(group: Group) -> None:
    group.discuss(recuse=[3])
    group.begin_vote()
    with group.sitting() as sitting:
        voting.annul(sitting, group.only, "主持人先行表态")
    group.begin_vote()
    group.votes(4, voters=[1, 2, 4, 5])
    group.close_vote()
    with group.desk.rooms.read() as session:
        hidden = views.hidden_items(session, group.key, actor_of(3))
        shown = minutes_of(session, session.get_one(Meeting, group.key)).without(hidden)
    assert "先行" not in str(shown)
    assert shown.sections[-1].lines == (WITHHELD,) * 2


def test_what_was_pasted_from_an_office_program_does_not_stop_the_minutes(group: Group) -> None:
    # given a statement with a line end of PowerPoint, and one from before with more of the kind
    group.discuss()
    with group.sitting() as sitting:
        discussion.state(sitting, group.only, "member02", "第一点\v第二点\x01", written=False)
        group_said = select(Statement.text).where(Statement.item_key == group.only)
        assert sitting.tools.session.scalar(group_said) == "第一点\n第二点"
    with group.desk.rooms.read() as session:
        minutes = minutes_of(session, session.get_one(Meeting, group.key))
    older = replace(minutes, title="会议\v纪要\x01", signature=("签名\v\ufffe第二行",))

    # then both files are written
    content = as_docx(older, now=group.now)

    assert "签名\n第二行" in "\n".join(p.text for p in Document(BytesIO(content)).paragraphs)
    assert as_pdf(older, now=group.now).startswith(b"%PDF-")
