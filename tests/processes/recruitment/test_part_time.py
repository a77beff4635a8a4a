"""兼职: from the teacher's application to the end of the term, and the waiver of the 党组."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import delete, select

from processes.committee.rules import Outcome
from processes.records.asking import ask
from processes.registers.seats import SEATS
from processes.registers.staffing import seats as seat_commands
from processes.registers.staffing.tables import RecordsQuery, Researcher
from processes.registers.staffing.yearly_records import due_of
from service.domain.errors import NotFound
from service.domain.values import Json
from tests.processes.desk import APPLICANT, Desk
from tests.processes.recruitment.deciding import (
    called_by,
    incidents,
    settle_waiting,
    tasks,
    wait_until,
)
from tests.processes.recruitment.engaging import (
    HEAD,
    RESEARCHER,
    TEACHER,
    apply,
    do,
    engagement,
    entries,
    look_up_record,
    only,
    pass_notice,
    qualify,
    sign,
)
from tests.processes.recruitment.reconsidering import decide_again, take_up

pytestmark = pytest.mark.usefixtures("begin")
EMPTY = "普通高中化学"
"""A cell of the city that nobody holds."""


@pytest.fixture(autouse=True)
def nobody_engaged(bureau: Desk) -> Iterator[None]:
    yield
    with bureau.rooms.database.write() as session:
        session.execute(delete(Researcher).where(Researcher.username == TEACHER.username))


def recommended(desk: Desk, seat: str = "小学语文") -> int:
    """An application that the school recommends."""
    qualify(desk, TEACHER, seat)
    case = apply(desk, wanted_seat=seat)
    do(desk, case, "recommend", "recommend", HEAD, school_opinion="同意，工作量可以兼顾")
    return case


def assessed(desk: Desk) -> tuple[int, int]:
    """One that the institution has assessed, and its engagement."""
    case = recommended(desk)
    look_up_record(desk, case)
    do(desk, case, "assess", "pass", RESEARCHER, assess_record="述职答辩合格")
    return case, engagement(desk, case)


def engaged(desk: Desk, begins_on: str, last_day: str) -> tuple[int, int]:
    """One that has begun."""
    case, engaged = assessed(desk)
    settle_waiting(desk, engaged)
    pass_notice(desk, engaged)
    sign(desk, engaged, begins_on, last_day)
    return case, engaged


def words(desk: Desk, agreed: int) -> str:
    """Why an engagement goes back to the office."""
    told = desk.variables(agreed)["engagement_problems"]
    assert isinstance(told, list)
    return "".join(map(str, told))


def test_from_the_application_to_the_end_of_the_term(bureau: Desk) -> None:
    # given two years from April on
    case, agreed = engaged(bureau, "2026-04-01", "2028-03-31")
    (entry,) = entries(bureau, TEACHER)
    assert (entry.kind, entry.seat_code, entry.covers) == ("兼职", "", "小学语文")
    assert entry.term_ends_on == date(2028, 3, 31)
    # thirty days before a year has passed, the record is asked for again
    wait_until(bureau, "2027-03-01T23:00:00+08:00")
    assert tasks(bureau, agreed, "record_again") == []
    # by this case alone, not by the day's work for those in post
    with bureau.rooms.write() as tools:
        ask(tools, bureau.clock())
        mine = select(RecordsQuery).where(RecordsQuery.researcher_key == entry.key)
        assert tools.session.scalar(mine) is None
        tools.session.rollback()
    wait_until(bureau, "2027-03-02T00:00:00+08:00")
    assert bureau.variables(agreed)["record_n1"] is None
    (query,) = tasks(bureau, agreed, "record_again")
    assert str(query.due_at)[:10] == "2027-04-01"
    # by the rule of the register: one of the last sixty days counts, an earlier one does not
    look_up_record(bureau, agreed, "record_again", record_on="2027-01-30")
    assert "不能早于2027年1月31日" in str(bureau.variables(agreed)["record_problems"])
    look_up_record(bureau, agreed, "record_again", record_on="2027-01-31")
    assert entries(bureau, TEACHER)[0].records_on == date(2027, 1, 31)
    # and settles the anniversary there too
    with bureau.rooms.read() as session:
        there = session.get_one(Researcher, entry.key)
        assert due_of(there, date(2027, 3, 2), 30).on == date(2028, 4, 1)
    # then the term ends the day after its last one
    wait_until(bureau, "2028-03-31T23:00:00+08:00")
    assert entries(bureau, TEACHER)[0].ended_on is None
    wait_until(bureau, "2028-04-01T00:00:00+08:00")
    (entry,) = entries(bureau, TEACHER)
    assert (entry.ended_on, entry.ended_how) == (date(2028, 4, 1), "任期届满")
    do(bureau, case, "reassess", "end", RESEARCHER, reassess_record="任务完成")
    assert bureau.instance(case).end_event == "期满结束"
    assert incidents(bureau, case) + incidents(bureau, agreed) == []


def test_who_lost_the_qualification_is_not_engaged(bureau: Desk) -> None:
    _, agreed = assessed(bureau)
    settle_waiting(bureau, agreed)
    pass_notice(bureau, agreed)
    # given the office asks to sign when the qualification is over
    wait_until(bureau, "2030-06-03T09:00:00+08:00")
    sign(bureau, agreed, "2030-06-10", "2032-06-09")
    assert "小学语文的准入资格已经失效，不能聘任（" in words(bureau, agreed)
    assert entries(bureau, TEACHER) == []


def test_trap_14_a_record_found_in_the_yearly_query_ends_the_engagement(bureau: Desk) -> None:
    case, agreed = engaged(bureau, "2026-04-01", "2029-03-31")
    wait_until(bureau, "2027-04-01T08:00:00+08:00")
    look_up_record(
        bureau, agreed, "record_again",
        record_n1="有记录", record_reason="检察院答复", record_on="2027-04-01",
    )  # fmt: skip
    (entry,) = entries(bureau, TEACHER)
    assert (entry.ended_on, entry.ended_how) == (date(2027, 4, 1), "解除聘用协议")
    assert bureau.instance(agreed).end_event == "提前终止"
    assert bureau.instance(case).end_event == "没有聘用或者终止"


def test_trap_14_a_query_that_is_not_made_does_not_outlast_the_term(bureau: Desk) -> None:
    _, agreed = engaged(bureau, "2026-04-01", "2028-03-31")
    wait_until(bureau, "2027-04-01T08:00:00+08:00")
    assert len(tasks(bureau, agreed, "record_again")) == 1
    wait_until(bureau, "2028-04-01T08:00:00+08:00")
    assert tasks(bureau, agreed, "record_again") == []
    assert entries(bureau, TEACHER)[0].ended_on == date(2028, 4, 1)


def test_a_renewal_is_recommended_decided_and_shown_anew(bureau: Desk) -> None:
    case, first = engaged(bureau, "2026-04-01", "2028-03-31")
    wait_until(bureau, "2027-04-01T08:00:00+08:00")
    look_up_record(bureau, first, "record_again", record_on="2027-04-01")
    wait_until(bureau, "2028-04-01T08:00:00+08:00")
    do(bureau, case, "reassess", "renew", RESEARCHER, reassess_record="任务完成")
    do(bureau, case, "recommend", "recommend", HEAD, school_opinion="同意续聘")
    look_up_record(bureau, case, record_on="2028-04-01")
    do(bureau, case, "assess", "pass", RESEARCHER, assess_record="合格")
    assert engagement(bureau, case) != first


def test_an_empty_cell_needs_a_waiver_that_is_recorded(bureau: Desk) -> None:
    # given that nobody full-time holds the cell
    case = recommended(bureau, EMPTY)
    assert "R-CH-2" in str(bureau.variables(case)["waiver_reason"])
    # when the Party group allows it
    do(bureau, case, "ask_waiver", "ask", waiver_need="高三化学教研缺人")
    settle_waiting(bureau, case)
    waiver = str(bureau.variables(case)["waiver"])
    assert waiver.startswith("局党组")
    # then it stands in the register with the engagement, and the cell is a gap as before
    look_up_record(bureau, case)
    do(bureau, case, "assess", "pass", RESEARCHER, assess_record="合格")
    agreed = engagement(bureau, case)
    settle_waiting(bureau, agreed)
    pass_notice(bureau, agreed)
    sign(bureau, agreed, "2026-04-01", "2028-03-31")
    (entry,) = entries(bureau, TEACHER)
    assert entry.waiver == waiver
    with bureau.rooms.read() as session:
        found = seat_commands.look_up(
            session, unit="city-research", seat=SEATS[EMPTY], day=date(2026, 5, 1)
        )
    assert found is not None
    assert found.state.colour.is_gap


@pytest.mark.parametrize("outcome", [Outcome.NOT_CARRIED, Outcome.DEFERRED])
def test_without_the_waiver_nobody_is_engaged(bureau: Desk, outcome: Outcome) -> None:
    case = recommended(bureau, EMPTY)
    do(bureau, case, "ask_waiver", "ask", waiver_need="高三化学教研缺人")
    settle_waiting(bureau, case, outcome)
    assert bureau.instance(case).end_event == "党组不同意"


def test_the_office_may_not_ask_at_all(bureau: Desk) -> None:
    case = recommended(bureau, EMPTY)
    do(bureau, case, "ask_waiver", "stop")
    assert bureau.instance(case).end_event == "专职未配齐，不聘"


def test_a_cell_that_emptied_before_the_letter_stops_it(bureau: Desk) -> None:
    case, agreed = assessed(bureau)
    settle_waiting(bureau, agreed)
    pass_notice(bureau, agreed)
    with bureau.rooms.database.write() as session:
        (holder,) = session.query(Researcher).filter_by(username="researcher02").all()
        seat, holder.leaving, holder.leaves_on = holder.seat_code, "调出", date(2026, 3, 3)
    sign(bureau, agreed, "2026-04-01", "2028-03-31")
    assert "R-CH-2" in str(bureau.variables(agreed)["engagement_problems"])
    assert entries(bureau, TEACHER) == []
    with bureau.rooms.database.write() as session:
        (holder,) = session.query(Researcher).filter_by(username="researcher02").all()
        holder.leaving, holder.leaves_on = "", None
        assert holder.seat_code == seat
    assert bureau.instance(case).end_event is None


@pytest.mark.parametrize(("last", "why"), [("2028-03-30", "聘期"), ("2029-04-01", "应为2至3年")])
def test_a_term_is_two_to_three_years(bureau: Desk, last: str, why: str) -> None:
    _, agreed = assessed(bureau)
    settle_waiting(bureau, agreed)
    pass_notice(bureau, agreed)
    sign(bureau, agreed, "2026-04-01", last)
    assert why in str(bureau.variables(agreed)["engagement_problems"])
    assert len(tasks(bureau, agreed, "sign")) == 1


def test_what_was_put_off_goes_to_another_meeting(bureau: Desk) -> None:
    _, agreed = assessed(bureau)
    settle_waiting(bureau, agreed, Outcome.DEFERRED)
    do(bureau, agreed, "resubmit", "again", new_evidence="补充学校工作量说明")
    settle_waiting(bureau, agreed)
    assert called_by(bureau, agreed, "public_notice")


def test_what_was_not_carried_ends_it(bureau: Desk) -> None:
    case, agreed = assessed(bureau)
    settle_waiting(bureau, agreed, Outcome.NOT_CARRIED)
    assert bureau.instance(agreed).end_event == "党组未通过"
    assert bureau.instance(case).end_event == "没有聘用或者终止"


def test_the_school_s_head_alone_recommends_and_a_stranger_sees_nothing(bureau: Desk) -> None:
    qualify(bureau, TEACHER)
    case = apply(bureau)
    task = only(bureau, case, "recommend")
    for stranger in (APPLICANT, TEACHER, RESEARCHER):
        with pytest.raises(NotFound):
            bureau.complete(task, "recommend", {"school_opinion": "同意"}, actor=stranger)
    do(bureau, case, "recommend", "refuse", HEAD, school_opinion="课务重")
    assert bureau.instance(case).end_event == "学校不同意"


def test_who_fails_the_assessment_is_not_engaged(bureau: Desk) -> None:
    case = recommended(bureau)
    look_up_record(bureau, case)
    do(bureau, case, "assess", "fail", RESEARCHER, assess_record="答辩不合格")
    assert bureau.instance(case).end_event == "考核不合格"


def test_somebody_of_the_register_does_not_apply_twice(bureau: Desk) -> None:
    engaged(bureau, "2026-04-01", "2028-03-31")
    case = apply(bureau)
    found: Json = bureau.variables(case)["engagement_problems"]
    assert "已在教研员名册里（兼职）" in str(found)
    do(bureau, case, "amend", "withdraw", TEACHER, wanted_unit="city-research",
       wanted_seat="小学语文", statement="再申请")  # fmt: skip
    assert bureau.instance(case).end_event == "申请已撤回"


@pytest.mark.parametrize(
    ("outcome", "ends"), [(Outcome.NOT_CARRIED, "党组不同意"), (Outcome.CARRIED, None)]
)
def test_a_waiver_that_is_taken_up_again_is_waited_for(
    bureau: Desk, outcome: Outcome, ends: str | None
) -> None:
    case = recommended(bureau, EMPTY)
    do(bureau, case, "ask_waiver", "ask", waiver_need="高三化学教研缺人")
    settle_waiting(bureau, case)
    again = take_up(bureau, int(str(bureau.variables(case)["waiver_item"])))
    look_up_record(bureau, case)
    do(bureau, case, "assess", "pass", RESEARCHER, assess_record="合格")
    with pytest.raises(IndexError):
        engagement(bureau, case)
    decide_again(bureau, again, outcome)
    assert bureau.instance(case).end_event == ends
