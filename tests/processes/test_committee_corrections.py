"""A 更正 of archived minutes is of an item, or of none: who keeps out of the item reads neither.

So are the words with which an agenda was agreed to or sent back.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from processes.committee import agenda, consent, discussion, records, views
from processes.committee.minutes import WITHHELD, Minutes, minutes_of, read_back
from processes.committee.record_tables import ProceduralRecord, RecordKind
from processes.committee.refusals import ItemNotFound, ItemTied
from processes.committee.tables import Meeting
from service.domain.actors import Actor
from service.feel import FeelPool
from tests.processes.committee_pages import Open, act, browsers
from tests.processes.desk import Desk
from tests.processes.party_group import (
    OTHER_SECRETARY,
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    complete,
    next_day,
    open_bureau,
)
from tests.processes.test_committee_kept_out import tie

_numbers = count(1)
SECRET = "成员03说的是另一回事"


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("corrections"), feel) as desk:
        yield desk


@pytest.fixture(scope="module")
def sign_in(bureau: Desk, tmp_path_factory: pytest.TempPathFactory) -> Open:
    return browsers(bureau, tmp_path_factory.mktemp("browsers"))


@pytest.fixture(scope="module")
def archived(bureau: Desk) -> Group:
    """An exit chaired by the second member for the recused chair, and a plan; signed and kept.

    The second secretary is a relative of whom the exit is about.
    """
    next_day(bureau)
    group = Group(bureau, 5)
    who = f"researcher{next(_numbers):02}"
    tie(bureau, OTHER_SECRETARY, who)
    group.begin(about_exit("某教研员", who), about_plan(), present=5)
    exit_, plan = group.items.values()
    group.discuss(exit_, recuse=[1])
    with group.sitting() as sitting:
        discussion.delegate_item(sitting, exit_, actor_of(2).username)
    group.begin_vote(exit_)
    group.votes(4, voters=[2, 3, 4, 5], chair=2, key=exit_)
    group.close_vote(exit_)
    group.discuss(plan)
    group.begin_vote(plan)
    group.votes(5, key=plan)
    group.close_vote(plan)
    group.close()
    complete(bureau, group, "check_minutes", "ready", SECRETARY)
    complete(bureau, group, "sign_items", "sign", actor_of(2))
    complete(bureau, group, "sign_minutes", "sign", actor_of(1))
    return group


def test_a_correction_is_read_by_who_reads_its_item(archived: Group, sign_in: Open) -> None:
    exit_, plan = archived.items.values()
    secretary, path = sign_in("secretary"), f"/committee/meetings/{archived.key}"
    assert "更正涉及哪一项" in secretary.get(path).text
    unsaid = act(secretary, archived, "correct", text=SECRET, reason="漏记")
    assert (unsaid[0], "请选择更正涉及哪一项" in unsaid[1]) == (400, True)
    for about, text in ((str(exit_), SECRET), (str(plan), "计划的附件"), ("meeting", "二楼")):
        status, _ = act(secretary, archived, "correct", about=about, text=text, reason="漏记")
        assert status == 200
    with archived.desk.rooms.database.write() as session:
        # as it was entered before anybody was asked of which item it is
        session.add(_of_no_item(archived, "当时没有写明议题"))
    told = (SECRET, "计划的附件", "二楼", "当时没有写明议题")
    readers = {
        "secretary": (True, True, True, True),
        "secretary2": (False, True, True, False),
        "member01": (False, True, True, False),
        "member02": (True, False, False, False),
    }
    for username, sees in readers.items():
        page = sign_in(username).get(f"{path}/minutes").text
        assert tuple(text in page for text in told) == sees, username
    desk = sign_in("secretary2").get(path).text
    assert tuple(text in desk for text in told) == readers["secretary2"]


def _of_no_item(group: Group, text: str) -> ProceduralRecord:
    return ProceduralRecord(
        meeting_key=group.key, number=90, kind=RecordKind.CORRECTION, item_key=None, text=text,
        reason="漏记", figures={}, recorded_at=group.now, recorded_by=SECRETARY.username,
        recorded_by_name="会议秘书01",
    )  # fmt: skip


def test_who_is_tied_to_it_corrects_nothing_of_an_item(archived: Group) -> None:
    exit_, _ = archived.items.values()
    with pytest.raises(ItemTied), archived.sitting(OTHER_SECRETARY) as sitting:
        records.correct(sitting, exit_, text="有误", reason="笔误")
    with pytest.raises(ItemNotFound), archived.sitting() as sitting:
        records.correct(sitting, archived.key, text="有误", reason="笔误")


def _seen(group: Group, actor: Actor) -> tuple[views.DeskView, Minutes]:
    with group.desk.rooms.read() as session:
        minutes = minutes_of(session, session.get_one(Meeting, group.key))
        hidden = views.hidden_items(session, group.key, actor)
        kept = read_back(minutes.as_json())
        assert kept == minutes
        return views.desk(session, group.key, actor=actor), kept.without(hidden)


def test_words_on_an_agenda_are_kept_from_a_secretary_who_is_tied(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 3)
    who = f"researcher{next(_numbers):02}"
    tie(bureau, OTHER_SECRETARY, who)
    group.prepare(about_exit("某教研员", who))
    group.add(about_plan(f"计划{who}"))
    with group.sitting() as sitting:
        consent.ask(sitting)
    group.run_jobs()
    complete(bureau, group, "agree_agenda", "return", actor_of(1), "某教研员的材料不齐，先不上会")
    group.run_jobs()
    told, minutes = _seen(group, SECRETARY)
    assert told.sent_back.startswith("某教研员")
    assert "材料不齐" in minutes.sections[-1].lines[-1]
    # also when the item has left the agenda
    for leaves in (False, True):
        if leaves:
            with group.sitting() as sitting:
                agenda.take_off(sitting, next(iter(group.items.values())))
        told, minutes = _seen(group, OTHER_SECRETARY)
        assert told.sent_back == consent.WITHHELD_WORDS
        assert "材料不齐" not in str((told.records, minutes))
        assert minutes.sections[-1].lines[-1] == WITHHELD
