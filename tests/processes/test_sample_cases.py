"""The sample's cases: each at the stage that it is to show, done by the real commands."""

import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from processes.admission import procedure as admission
from processes.committee import procedure as committee
from processes.committee.tables import Item, ItemState, Meeting, MeetingState, Vote
from processes.records import procedure as records
from processes.recruitment import procedure as recruitment
from processes.recruitment.tables import Candidacy, Round
from processes.registers.days import bureau_day
from processes.registers.process_ids import APPLICATION, PART_TIME, REHIRE, SELECTION
from processes.registers.set_values import values_on
from processes.registers.staffing.matrix import institutions
from processes.registers.staffing.rules import Colour
from processes.registers.staffing.tables import Researcher
from processes.registers.tables import QualificationRecord
from processes.sample import (
    ADMISSION,
    MEETING,
    YEARLY_RECORDS,
    party_group,
    registers,
)
from service.demo_cases import Stopped, play
from service.domain.actors import SYSTEM
from service.feel import FeelPool
from service.procedure import ProcessesBase
from service.queries import open_cases
from service.queries.open_cases import CaseFilter, OpenCase
from service.settings import Settings
from service.store.base import Base
from service.store.history_check import verify
from service.store.tables import Disclosure, Notice, ProcessInstance
from tests.bare_days import CHINESE, ISO_DAY
from tests.processes.conftest import SECRET, open_desk
from tests.processes.desk import Desk

# A Thursday morning.
NOW = datetime.fromisoformat("2026-11-26T10:20+08:00")


ALL = CaseFilter()
PLAYED = [admission, committee, records, recruitment]


@pytest.fixture(scope="module")
def played(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("cases")
    (folder / "jiaoyan.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings(
        database_url=f"sqlite:///{folder / 'jiaoyan.db'}", data_dir=folder, audit_key=SECRET,
        secret_key=SECRET, data_key=SECRET, https=False,
    )  # fmt: skip
    with open_desk(settings, feel, NOW) as desk:
        with desk.rooms.write() as tools:
            party_group.fill(tools, NOW)
            registers.fill(tools, NOW)
        play(desk.rooms, PLAYED)
        yield desk


def waiting(desk: Desk, process_id: str, wanted: CaseFilter = ALL) -> list[OpenCase]:
    with desk.rooms.read() as session:
        page = open_cases.page(
            session, actor=SYSTEM, process_id=process_id, wanted=wanted, now=NOW,
            names=partial(desk.rooms.models.element_name, session),
        )  # fmt: skip
    return list(page.rows)


def test_engagements_wait_for_the_person_the_office_and_the_school(played: Desk) -> None:
    turns = [
        turn.name for each in (REHIRE, PART_TIME) for case in waiting(played, each)
        for turn in case.turns
    ]  # fmt: skip
    assert sorted(turns) == ["学校推荐", "本人意愿和材料", "核对材料"]


def test_yearly_queries_wait_for_the_answer_and_for_the_dismissal(played: Desk) -> None:
    turns = [turn.name for case in waiting(played, YEARLY_RECORDS) for turn in case.turns]
    assert sorted(turns) == ["依法解聘或者调离", "查询违法犯罪记录"]


def test_a_retired_teacher_and_a_part_timer_are_engaged(played: Desk) -> None:
    with played.rooms.read() as session:
        mine = Researcher.username.in_(("teacher066", "teacher079"))
        rows = session.execute(
            select(Researcher.kind, Researcher.seat_code, Researcher.term_ends_on)
            .where(mine, Researcher.ended_on.is_(None))
            .order_by(Researcher.username)
        ).all()
    assert [(row.kind, row.seat_code) for row in rows] == [("兼职", ""), ("返聘银龄", "")]
    assert all(row.term_ends_on is not None and row.term_ends_on > NOW.date() for row in rows)


def test_applications_stand_at_several_stages(played: Desk) -> None:
    stages = {case.title: [turn.name for turn in case.turns] for case in waiting(played, ADMISSION)}
    assert stages == {
        "教师乙申请小学语文准入资格": ["人事科核对"],
        "教师丙申请初中外语准入资格": ["补正申请"],
        "教师丁申请小学数学准入资格": ["评议", "评议"],
        "教师己申请初中数学准入资格": ["异议复核"],
        "教师庚申请初中物理准入资格": ["人事科核对"],
    }
    late = waiting(played, ADMISSION, CaseFilter(overdue=True))
    assert [case.title for case in late] == ["教师庚申请初中物理准入资格"]


def test_who_is_granted_is_in_the_register(played: Desk) -> None:
    with played.rooms.read() as session:
        granted = session.execute(
            select(QualificationRecord.holder_name, QualificationRecord.seat)
        ).all()
        ends = session.scalars(
            select(ProcessInstance.end_event).where(ProcessInstance.ended_at.is_not(None),
                                                    ProcessInstance.process_id == ADMISSION)
        ).all()  # fmt: skip
    assert [tuple(row) for row in granted] == [
        ("教师辛", "跨学段信息技术"), ("教师癸", "初中数学"), ("教师子", "小学外语"),
        ("教师壬", "普通高中生物学"), ("教师戊", "普通高中化学"),
        ("校外教师甲", "跨学段心理健康"),
    ]  # fmt: skip
    assert set(ends) == {"准予登记"}


def test_rounds_stand_at_several_stages(played: Desk) -> None:
    with played.rooms.read() as session:
        rounds = session.execute(select(Round.number, Round.state).order_by(Round.key)).all()
        people = session.execute(
            select(Candidacy.name, Candidacy.post_code, Candidacy.state).order_by(Candidacy.key)
        ).all()
    assert [tuple(row) for row in rounds] == [
        ("A2026-01", "ended"), ("A2026-02", "announced"), ("A2026-03", "announced"),
        ("B2026-01", "announced"), ("C2026-01", "announced"), ("A2026-04", "planned"),
        ("C2026-02", "planned"),
    ]  # fmt: skip
    assert {tuple(row) for row in people} == {
        ("教师辛", "A2026-01-01", "appointed"), ("教师壬", "A2026-02-01", "proposed"),
        ("教师戊", "A2026-03-01", "admitted"), ("校外教师甲", "B2026-01-01", "admitted"),
        ("校外教师乙", "B2026-01-01", "checking"), ("校外教师丙", "B2026-01-01", "checking"),
        ("校外教师丁", "C2026-01-01", "checking"),
    }  # fmt: skip
    planned, marked, shown = waiting(played, SELECTION)
    assert [turn.name for turn in planned.turns] == ["拟定方案"]
    assert {turn.name for turn in marked.turns} == {"面试评分"}
    assert all("笔试和面试" in turn.called_title for turn in marked.turns)
    assert [(one.name, one.called_title) for one in shown.awaited] == [("公示期满", "公示：教师壬")]
    applications = waiting(played, APPLICATION)
    assert sorted(turn.name for case in applications for turn in case.turns) == [
        "查看结果", "补正材料", "资格审查", "资格审查",
    ]  # fmt: skip


def test_the_public_sees_the_round_that_is_open_and_who_is_to_be_appointed(played: Desk) -> None:
    with played.rooms.read() as session:
        notice = session.scalars(select(Notice).where(Notice.title.contains("公开招聘"))).one()
        [shown] = session.scalars(select(Disclosure).where(Disclosure.ends_on >= NOW.date())).all()
    assert notice.closes_at is not None
    assert notice.opens_at < NOW < notice.closes_at
    assert "教师壬" in str(shown.items)


def test_the_cell_of_the_round_that_has_ended_is_staffed(played: Desk) -> None:
    with played.rooms.read() as session:
        [it] = [
            cell
            for institution in institutions(session, NOW.date(), values_on(session, NOW.date()))
            for cell in institution.cells
            if cell.facts.seat.name == "跨学段信息技术" and cell.facts.holders
        ]
    assert [holder.username for holder in it.facts.holders] == ["teacher007"]
    assert it.state.colour is Colour.STAFFED


def test_meetings_stand_at_every_stage(played: Desk) -> None:
    with played.rooms.read() as session:
        states = session.execute(select(Meeting.state, Meeting.number).order_by(Meeting.key)).all()
        votes = select(func.count()).select_from(Vote).join(Item, Item.key == Vote.item_key)
        undecided = session.scalar(votes.where(Item.state == ItemState.VOTING))
        unplaced = session.scalars(select(Item.title).where(Item.state == ItemState.WAITING)).all()
    assert [state for state, _ in states] == [
        *[MeetingState.ARCHIVED] * 3, MeetingState.CLOSED, MeetingState.OPEN, MeetingState.NOTICED,
        MeetingState.PREPARING,
    ]  # fmt: skip
    assert (undecided, unplaced) == (2, ["确定教师102为拟任教研员（示例）"])
    steps = [[turn.name for turn in case.turns] for case in waiting(played, MEETING)]
    assert steps == [["审定会议议程"], ["签收会议通知"] * 3, [], ["签发纪要"]]


def test_all_of_it_is_on_record_and_nothing_lies_ahead(played: Desk) -> None:
    with played.rooms.read() as session:
        assert verify(session, SECRET.encode()) == []
        begun = session.scalars(select(ProcessInstance.started_at)).all()
    assert max(begun) <= NOW
    assert {bureau_day(at).isoweekday() for at in begun} <= {1, 2, 3, 4, 5}


def test_no_sentence_that_was_kept_has_a_day_as_programs_write_it(played: Desk) -> None:
    kept = [each for each in (*Base.metadata.sorted_tables, *ProcessesBase.metadata.sorted_tables)
            if each.name not in {"resource", "process_definition", "form_definition"}]  # fmt: skip
    with played.rooms.read() as session:
        rows = [(each.name, row) for each in kept for row in session.execute(select(each))]
    sentences = [(name, text) for name, row in rows for value in row for text in texts_of(value)]
    assert len(sentences) > 1000
    assert [one for one in sentences if ISO_DAY.search(one[1])] == []


def texts_of(value: object) -> Iterator[str]:
    """The Chinese texts in a value of a row, through JSON."""
    if isinstance(value, str) and CHINESE.search(value):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in texts_of(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in texts_of(one))


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
