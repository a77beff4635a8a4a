"""What the day's work does for cases that an operator has cancelled: nothing waits for them."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.recruitment import endings, procedure, score_rows, views
from processes.recruitment.history import acts_of, is_whole
from processes.recruitment.tables import (
    Candidacy,
    CandidacyState,
    Part,
    PostState,
    RoundState,
    ScoreEntry,
)
from processes.recruitment.upkeep import follow_cancelled
from processes.recruitment.variables import Row
from processes.registers.days import bureau_day
from processes.registers.staffing.tables import StaffSeat
from service.domain.irreversible import InstanceIrreversible
from service.domain.values import Json
from service.feel import FeelPool
from service.store.tables import Notice, Notification
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau, page_of
from tests.processes.recruitment.selection_cast import MORE, RATERS

_weeks = count()


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("ended"), feel) as desk:
        yield desk


@pytest.fixture
def one(bureau: Desk) -> Selecting:
    """A round to be opened, in weeks of its own: each Party group is in office for a day."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(60 * next(_weeks))
    return Selecting(bureau)


def follow(one: Selecting) -> None:
    """Do the day's work, twice: the second time nothing is left to do."""
    (work,) = procedure.daily
    assert work.run is follow_cancelled
    for _ in range(2):
        with one.desk.rooms.write() as tools:
            work.run(tools, one.desk.clock())
    one.run()


def kept_for(one: Selecting, code: str) -> int | None:
    with one.desk.rooms.read() as session:
        return session.scalars(
            select(StaffSeat.reserved_instance).where(StaffSeat.code == code)
        ).one()


def test_a_round_that_waits_hears_of_an_application_that_was_cancelled(one: Selecting) -> None:
    a, b = MORE[:2]
    one.announce("初中数学", plan_ratio=1)
    one.qualify(a, "初中数学")
    for teacher in (a, b):
        one.apply(teacher)
    one.check(a)
    one.pass_days(12)
    # the round has counted, and waits for the check of b
    assert one.open_elements() == ["formal_check"]
    one.cancel(one.applications.pop(b.username))
    follow(one)
    assert one.candidacy(b).state == CandidacyState.WITHDRAWN
    assert one.open_elements() == ["written"]
    one.cancel()


def test_a_round_that_was_cancelled_ends_with_its_seats_and_applications(
    one: Selecting, tmp_path: Path
) -> None:
    a, b = MORE[2:4]
    one.announce("初中历史", plan_ratio=1)
    one.qualify(a, "初中历史")
    for teacher in (a, b):
        one.apply(teacher)
    one.check(a)
    code = one.post.seat_code
    one.cancel()
    # the page says so at once, and offers nothing
    with one.desk.rooms.read() as session:
        today = bureau_day(one.desk.clock())
        page = views.round_of(session, OFFICER, one.round.key, today)
        listed = views.rounds_of(session, OFFICER, None).rows[0]
    assert (page.state, page.may_act, listed.state) == ("事项已取消", False, "事项已取消")
    assert [post.state for post in page.posts] == ["事项已取消"]
    assert "本轮的事项已经取消" in page_of(one.desk, tmp_path, f"/recruitment/{one.round.key}")
    follow(one)
    assert (one.round.state, one.post.state) == (RoundState.ENDED, PostState.CANCELLED)
    # the public reads it at once, and the 终止公告 is left to the personnel office
    with one.desk.rooms.read() as session:
        of_case = select(Notice.title, Notice.slug).where(Notice.instance_key == one.case)
        (announced,) = session.execute(of_case).all()
    assert announced.title == f"{one.round.title}公告"
    public = page_of(one.desk, tmp_path, f"/public/notices/{announced.slug}")
    assert "这个公告的事项已终止" in public
    assert "原因：撤销" in public
    owed = page_of(one.desk, tmp_path, f"/recruitment/{one.round.key}")
    assert "还没有发布终止公告" in owed
    with one.desk.rooms.read() as session:
        told = select(Notification.username).where(
            Notification.kind == "notice-owed", Notification.text.contains(one.round.title)
        )
        assert OFFICER.username in session.scalars(told).all()
        found = endings.look_up(session, one.round.key, OFFICER)
    assert (found.stage, [*found.waiting]) == (endings.Stage.STOPPED, [])
    assert [each.code for each in found.posts] == [one.post.code]
    assert kept_for(one, code) is None
    # who waited is told, and who is still being checked will be
    assert one.candidacy(a).state == CandidacyState.PASSED_OVER
    one.do("read_result", "read", actor=a, case=one.applications[a.username])
    case = one.applications[a.username]
    assert one.desk.variables(case)["round_result"] == "本轮招聘的事项已经取消：撤销"
    one.qualify(b, "初中历史")
    one.check(b)
    one.do("read_result", "read", actor=b, case=one.applications[b.username])
    case = one.applications[b.username]
    assert one.desk.variables(case)["round_result"] == "本轮招聘的事项已经取消：撤销"
    with one.desk.rooms.read() as session:
        assert is_whole(acts_of(session, one.round.key), one.round)


def test_a_round_that_was_never_announced_tells_the_public_nothing(one: Selecting) -> None:
    one.open("初中数学")
    one.approve()
    one.cancel()
    follow(one)
    assert one.round.state == RoundState.ENDED
    with one.desk.rooms.read() as session:
        assert not session.scalars(select(Notice.key).where(Notice.instance_key == one.case)).all()


def test_nobody_cancels_a_round_behind_an_appointment(one: Selecting) -> None:
    a = MORE[4]
    one = begin_post(one.desk, [a], "小学科学", process="recruitment_appointment")
    one.file(one.key_of_first)
    one.appoint(a)
    with pytest.raises(InstanceIrreversible) as refusal:
        one.cancel()
    assert "登入名册、占用岗位" in refusal.value.message
    assert "撤销决定" in refusal.value.message
    follow(one)
    assert one.round.state != RoundState.ENDED
    assert one.candidacy(a).state == CandidacyState.ON_TRIAL
    assert not one.cell("小学科学").state.colour.is_gap


def test_marks_stay_with_whom_they_were_given(one: Selecting) -> None:
    # given three who sat the papers, and one whose case ends while the examiners mark
    first, second, third = MORE[:3]
    one.announce("小学数学", plan_ratio=1)
    one.examine_all(first, second, third)
    one.write(50, 95, 70)
    one.seat_panel()
    one.attend()
    for rater in RATERS[:6]:
        one.rate(rater, 50, 95, 70)
    one.cancel(one.applications[first.username])
    follow(one)

    # when the last sheet comes in
    one.rate(RATERS[6], 50, 95, 70)

    # then nobody has the marks of another
    ranked = [(row["name"], row["written"], row["interview"]) for row in one.shown("ranked")]
    assert ranked == [
        (second.display_name, "95", "95.00"),
        (third.display_name, "70", "70.00"),
    ]


def test_papers_stay_with_whom_they_were_written_by(one: Selecting) -> None:
    first, second, third = MORE[:3]
    one.announce("初中语文", plan_ratio=1)
    one.examine_all(first, second, third)
    rows = one.shown("written_rows")
    one.cancel(one.applications[first.username])
    follow(one)
    filled: Json = [
        row | {"points": points, "absent": False}
        for row, points in zip(rows, (95, 70, 50), strict=True)
    ]

    # when the sheet of before comes in
    one.do("written", "submit", {"written_rows": filled})

    # then what it says of the one who is out counts for nobody
    with one.desk.rooms.read() as session:
        marks = {
            row.candidacy_key: row.points
            for row in session.scalars(select(ScoreEntry).where(ScoreEntry.part == Part.WRITTEN))
        }
    assert one.candidacy(first).key not in marks
    assert marks[one.candidacy(second).key] == "70"
    assert marks[one.candidacy(third).key] == "50"


def test_a_list_of_before_it_had_keys_names_people_by_name_and_unit() -> None:
    people = [
        Candidacy(key=key, name=name, unit="一小") for key, name in ((2, "王某"), (3, "李某"))
    ]
    rows: list[Row] = [
        {"ticket": "01", "name": "张某", "unit": "一小"},
        {"ticket": "02", "name": "王某", "unit": "一小"},
    ]

    found = score_rows._on_the_list(rows, people)  # what older cases hold

    assert {ticket: each.key for ticket, each in found.items()} == {"02": 2, "03": 3}
