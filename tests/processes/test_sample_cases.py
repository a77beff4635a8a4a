"""The sample's cases: each at the stage that it is to show, done by the real commands."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from processes.admission import procedure as admission
from processes.committee import procedure as committee
from processes.committee.tables import Item, ItemState, Meeting, MeetingState, Vote
from processes.recruitment import procedure as recruitment
from processes.registers.days import bureau_day
from processes.registers.tables import QualificationRecord
from processes.sample import ADMISSION, MEETING, PART_TIME, REHIRE, party_group, registers
from service.demo_cases import Stopped, play
from service.domain.actors import SYSTEM
from service.feel import FeelPool
from service.queries import open_cases
from service.queries.open_cases import CaseFilter, OpenCase
from service.settings import Settings
from service.store.history_check import verify
from service.store.tables import ProcessInstance
from tests.processes.conftest import SECRET, open_desk
from tests.processes.desk import Desk

# A Thursday morning.
NOW = datetime.fromisoformat("2026-11-26T10:20+08:00")


ALL = CaseFilter()
PLAYED = [admission, committee, recruitment]


@pytest.fixture(scope="module")
def played(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("cases")
    (folder / "jiaoyan.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings(
        database_url=f"sqlite:///{folder / 'jiaoyan.db'}", data_dir=folder, audit_key=SECRET,
        secret_key=SECRET, https=False,
    )  # fmt: skip
    with open_desk(settings, feel, NOW) as desk:
        with desk.rooms.write() as tools:
            party_group.fill(tools, NOW)
            registers.fill(tools, NOW)
        play(desk.rooms, PLAYED)
        yield desk


def waiting(desk: Desk, process_id: str, wanted: CaseFilter = ALL) -> list[OpenCase]:
    with desk.rooms.read() as session:
        page = open_cases.page(session, actor=SYSTEM, process_id=process_id, wanted=wanted, now=NOW)
    return list(page.rows)


def test_engagements_wait_for_the_person_the_office_and_the_school(played: Desk) -> None:
    turns = [
        turn.name for each in (REHIRE, PART_TIME) for case in waiting(played, each)
        for turn in case.turns
    ]  # fmt: skip
    assert sorted(turns) == ["学校推荐", "本人意愿和材料", "核对材料"]


def test_applications_stand_at_several_stages(played: Desk) -> None:
    stages = {case.title: [turn.name for turn in case.turns] for case in waiting(played, ADMISSION)}
    assert stages == {
        "教师乙申请小学语文准入资格": ["人事科核对"],
        "教师丙申请初中外语准入资格": ["补正申请"],
        "教师丁申请小学数学准入资格": ["评议", "评议"],
        "教师己申请初中数学准入资格": ["异议复核"],
        "教师庚申请普通高中化学准入资格": ["人事科核对"],
    }
    late = waiting(played, ADMISSION, CaseFilter(overdue=True))
    assert [case.title for case in late] == ["教师庚申请普通高中化学准入资格"]


def test_one_is_granted_and_in_the_register(played: Desk) -> None:
    with played.rooms.read() as session:
        [row] = session.scalars(select(QualificationRecord)).all()
        ended = session.scalar(
            select(ProcessInstance.end_event).where(ProcessInstance.ended_at.is_not(None),
                                                    ProcessInstance.process_id == ADMISSION)
        )  # fmt: skip
    assert (row.holder, row.seat, ended) == ("teacher004", "初中物理", "准予登记")


def test_meetings_stand_at_every_stage(played: Desk) -> None:
    with played.rooms.read() as session:
        states = session.execute(select(Meeting.state, Meeting.number).order_by(Meeting.key)).all()
        votes = select(func.count()).select_from(Vote).join(Item, Item.key == Vote.item_key)
        undecided = session.scalar(votes.where(Item.state == ItemState.VOTING))
        unplaced = session.scalars(select(Item.title).where(Item.state == ItemState.WAITING)).all()
    assert [state for state, _ in states] == [
        MeetingState.ARCHIVED, MeetingState.CLOSED, MeetingState.OPEN, MeetingState.NOTICED,
        MeetingState.PREPARING,
    ]  # fmt: skip
    assert (undecided, unplaced) == (2, ["确定教师102为拟任教研员（示例）"])
    steps = [[turn.name for turn in case.turns] for case in waiting(played, MEETING)]
    assert steps == [[], ["签收会议通知"] * 3, [], ["签发纪要"]]


def test_all_of_it_is_on_record_and_nothing_lies_ahead(played: Desk) -> None:
    with played.rooms.read() as session:
        assert verify(session, SECRET.encode()) == []
        begun = session.scalars(select(ProcessInstance.started_at)).all()
    assert max(begun) <= NOW
    assert {bureau_day(at).isoweekday() for at in begun} <= {1, 2, 3, 4, 5}


def test_it_is_played_where_nothing_is_yet(played: Desk) -> None:
    with played.rooms.read() as session:
        before = session.scalar(select(func.count()).select_from(ProcessInstance))
    play(played.rooms, PLAYED)
    with played.rooms.read() as session:
        assert session.scalar(select(func.count()).select_from(ProcessInstance)) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_may_be_stopped_between_two_acts(desk: Desk) -> None:
    ends = threading.Event()
    ends.set()
    with pytest.raises(Stopped):
        play(desk.rooms, PLAYED, stopped=ends)
    with desk.rooms.read() as session:
        assert session.scalars(select(ProcessInstance.key)).all() == []
