"""Minutes are put right while they are checked: texts with reason and trace, votes never."""

from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from docx import Document

from processes.committee import amending, discussion, meetings, records
from processes.committee.refusals import ItemTied, Locked, NotPresent, Unfit, WrongState
from processes.committee.tables import Meeting, MinutesFile, Presence
from service.commands import ties
from service.domain.recusal import TieKind
from service.feel import FeelPool
from service.queries import instances, timeline
from service.store.history_check import verify
from tests.processes.conftest import SECRET
from tests.processes.desk import Desk
from tests.processes.party_group import (
    OTHER_SECRETARY,
    SECRETARY,
    Group,
    about_exit,
    actor_of,
    complete,
    next_day,
    open_bureau,
)

_numbers = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("amending"), feel) as desk:
        yield desk


@pytest.fixture
def group(bureau: Desk) -> Group:
    """A meeting of four that is closed: one absent, one exit decided, one statement."""
    next_day(bureau)
    group = Group(bureau, 4)
    number = next(_numbers)
    group.begin(about_exit(f"某人{number}", f"researcher{number:02}"), present=3)
    group.discuss()
    with group.sitting() as sitting:
        discussion.state(sitting, group.only, actor_of(2).username, "同意退出", written=False)
    group.begin_vote()
    group.votes(3, voters=[1, 2, 3])
    group.close_vote()
    group.close()
    return group


def keys(group: Group) -> list[str]:
    with group.desk.rooms.read() as session:
        listed = amending.entries(session, session.get_one(Meeting, group.key))
    return [one.key for one in listed]


def amend(group: Group, key: str, text: str, reason: str = "记录有误") -> None:
    with group.sitting() as sitting:
        amending.amend(sitting, key, text, reason)


def test_sent_back_corrected_signed_and_archived(bureau: Desk, group: Group) -> None:
    statement = f"statement:{group.only}:1"
    complete(bureau, group, "check_minutes", "ready", SECRETARY)
    # what is with who signs does not change under their eyes
    with pytest.raises(WrongState, match="请主持人退回核对"):
        amend(group, statement, "不同意")
    complete(bureau, group, "sign_minutes", "return", actor_of(1), "第1项发言有误")
    # when it is put right, and what was left out is added
    amend(group, statement, "同意其退出，另行安排工作")
    amend(group, f"note:{actor_of(4).username}", "在自治区开会")
    amend(group, "place", "二楼会议室")
    with group.sitting() as sitting:
        amending.add_statement(
            sitting, group.only, actor_of(3).username, "没有不同意见", "漏记", written=False
        )
    complete(bureau, group, "check_minutes", "ready", SECRETARY)
    complete(bureau, group, "sign_minutes", "sign", actor_of(1))
    # then the archived minutes say it, and what was said before, and why
    with bureau.rooms.read() as session:
        kept = session.get_one(MinutesFile, group.key)
        assert verify(session, SECRET.encode()) == []
        case = instances.get(session, actor=SECRETARY, key=group.key)
        told = timeline.of_instance(
            session, instance_key=case.key, with_values=True, reader=SECRETARY
        )
    text = "\n".join(p.text for p in Document(BytesIO(kept.docx)).paragraphs)
    for said in (
        "发言：党组成员02：同意其退出，另行安排工作", "发言：党组成员03：没有不同意见",
        "地点：二楼会议室", "党组成员04（在自治区开会）",
        "党组成员02的发言，原记“同意退出”，改为“同意其退出，另行安排工作”；理由：记录有误",
        "补记党组成员03的发言，原记“（无）”，改为“没有不同意见”；理由：漏记",
    ):  # fmt: skip
        assert said in text
    assert any("原记“三楼会议室”，改为“二楼会议室”" in row.detail for row in told)
    with pytest.raises(Locked):
        amend(group, "place", "一楼")


def test_votes_and_results_are_nothing_to_put_right(group: Group) -> None:
    assert {key.partition(":")[0] for key in keys(group)} == {"place", "note", "statement"}
    for key in (f"vote:{group.only}:1", f"outcome:{group.only}", "note:member09", ""):
        with pytest.raises(Unfit, match="没有找到"):
            amend(group, key, "同意")


def test_nothing_is_changed_without_a_reason_or_a_change(group: Group) -> None:
    with pytest.raises(Unfit, match="改正的理由"):
        amend(group, "place", "二楼", "")
    with pytest.raises(Unfit, match="没有变化"):
        amend(group, "place", "三楼会议室")
    with group.desk.rooms.read() as session:
        assert records.of_meeting(session, group.key) == []


def test_who_was_not_there_said_nothing(group: Group) -> None:
    with pytest.raises(NotPresent), group.sitting() as sitting:
        amending.add_statement(
            sitting, group.only, actor_of(4).username, "同意", "漏记", written=False
        )


def test_a_statement_is_struck_out(group: Group) -> None:
    amend(group, f"statement:{group.only}:1", "", "登记错了人")
    with group.desk.rooms.read() as session:
        (told,) = records.of_meeting(session, group.key)
    assert told.record.figures == {"before": "同意退出", "after": ""}
    assert "改为“（删去）”" in told.line


def test_a_tied_secretary_puts_nothing_of_the_item_right(bureau: Desk, group: Group) -> None:
    with bureau.rooms.write() as tools:
        ties.declare(
            tools, username=OTHER_SECRETARY.username, other=group.item().subject,
            kind=TieKind.COLLATERAL, actor=OTHER_SECRETARY, now=bureau.clock(),
        )  # fmt: skip
    with pytest.raises(ItemTied), group.sitting(OTHER_SECRETARY) as sitting:
        amending.amend(sitting, f"statement:{group.only}:1", "不同意", "改")


def test_what_the_desk_refuses_after_the_close_says_where_it_is_done(group: Group) -> None:
    with pytest.raises(WrongState, match="核对时在“改正纪要”里改"), group.sitting() as sitting:
        meetings.mark(sitting, actor_of(2).username, Presence.ABSENT, "更改")
    with pytest.raises(WrongState, match="“改正纪要”"), group.sitting() as sitting:
        records.correct(sitting, None, text="地点有误", reason="笔误")
