"""返聘银龄: from the need to the end of the agreement, its gates, what is refused on the way."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import delete

from processes.registers.seats import SEATS
from processes.registers.set_values import values_on
from processes.registers.staffing import seats as seat_commands
from processes.registers.staffing.tables import Researcher
from service.domain.values import Json
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import (
    called_by,
    decide_waiting,
    incidents,
    object_to,
    settle_waiting,
    tasks,
    wait_until,
)
from tests.processes.recruitment.engaging import (
    NEED,
    NOTICE,
    RESEARCHER,
    RETIRED,
    VERIFIED,
    ask_for,
    consent,
    do,
    engagement,
    entries,
    look_up_record,
    pass_notice,
    qualify,
    sign,
)
from tests.processes.recruitment.noticing import CHECKED

pytestmark = pytest.mark.usefixtures("begin")


@pytest.fixture(autouse=True)
def nobody_rehired(bureau: Desk) -> Iterator[None]:
    yield
    with bureau.rooms.database.write() as session:
        session.execute(delete(Researcher).where(Researcher.kind == "返聘银龄"))


def problems(desk: Desk, case: int) -> str:
    found = desk.variables(case)["engagement_problems"]
    return "；".join(map(str, found)) if isinstance(found, list) else ""


def verified(desk: Desk, **changes: Json) -> int:
    """A case whose materials the office has found true."""
    qualify(desk, RETIRED)
    case = ask_for(desk)
    consent(desk, case, **changes)
    do(desk, case, "verify", "verified", filled=VERIFIED)
    return case


def put_up(desk: Desk) -> tuple[int, int]:
    """A case that waits for the Party group, and its engagement."""
    case = verified(desk)
    look_up_record(desk, case)
    return case, engagement(desk, case)


def agreed(desk: Desk) -> tuple[int, int]:
    """One whose 公示 is over."""
    case, engaged = put_up(desk)
    settle_waiting(desk, engaged)
    pass_notice(desk, engaged)
    return case, engaged


def enter_retired(desk: Desk, *usernames: str) -> None:
    with desk.rooms.write() as tools:
        for username in usernames:
            step = seat_commands.Step(tools.keys.next(), 1, OFFICER, desk.clock(), "测试登记")
            seat_commands.enter(
                tools.session, step,
                {"username": username, "unit_id": "city-research", "kind": "返聘银龄",
                 "began_on": "2025-12-31", "term_ends_on": "2026-12-31", "covers": "小学数学",
                 "seat_code": "", "waiver": "", "stock_basis": "返聘协议〔2025〕1号"},
            )  # fmt: skip


def test_from_the_need_to_the_end_of_the_agreement(bureau: Desk) -> None:
    # given a need, the teacher's consent and papers, and a qualification that is valid
    qualify(bureau, RETIRED)
    case = ask_for(bureau)
    assert bureau.instance(case).title == "返聘教师002（小学语文）"
    consent(bureau, case)
    do(bureau, case, "verify", "verified", filled=VERIFIED)
    look_up_record(bureau, case)
    # when the Party group decides in its meeting and nobody objects
    engaged = engagement(bureau, case)
    decide_waiting(bureau, engaged)
    pass_notice(bureau, engaged)
    sign(bureau, engaged, "2026-04-01", "2026-09-30")
    # then they are in the register without a seat, and the cell is what it was
    (entry,) = entries(bureau, RETIRED)
    assert (entry.kind, entry.seat_code, entry.covers) == ("返聘银龄", "", "小学语文")
    assert (entry.began_on, entry.term_ends_on) == (date(2026, 4, 1), date(2026, 9, 30))
    # and leave it the day after the last one, to be assessed
    wait_until(bureau, "2026-09-30T23:00:00+08:00")
    assert entries(bureau, RETIRED)[0].ended_on is None
    wait_until(bureau, "2026-10-01T00:00:00+08:00")
    (entry,) = entries(bureau, RETIRED)
    assert (entry.ended_on, entry.ended_how) == (date(2026, 10, 1), "任期届满")
    do(bureau, case, "reassess", "end", RESEARCHER, reassess_record="履职良好")
    assert bureau.instance(case).end_event == "期满结束"
    assert incidents(bureau, case) + incidents(bureau, engaged) == []


def test_a_renewal_goes_through_all_gates_again(bureau: Desk) -> None:
    case, engaged = agreed(bureau)
    sign(bureau, engaged, "2026-04-01", "2026-04-30")
    wait_until(bureau, "2026-05-01T00:00:00+08:00")
    do(bureau, case, "reassess", "renew", RESEARCHER, reassess_record="履职良好")
    assert len(tasks(bureau, case, "consent")) == 1
    consent(bureau, case)
    do(bureau, case, "verify", "verified", filled=VERIFIED)
    # last year's answers are gone, and a query made before the renewal does not count again
    assert bureau.variables(case)["record_document"] is None
    look_up_record(bureau, case, record_on="2026-04-30")
    assert "以前的结果不能再用" in str(bureau.variables(case)["record_problems"])
    look_up_record(bureau, case, record_on="2026-05-01")
    again = engagement(bureau, case)
    assert again != engaged
    settle_waiting(bureau, again)
    pass_notice(bureau, again)
    sign(bureau, again, "2026-06-01", "2027-05-31")
    first, second = entries(bureau, RETIRED)
    assert first.ended_on is not None
    assert second.term_ends_on == date(2027, 5, 31)


def test_the_cell_never_turns_green_by_a_retired_teacher(bureau: Desk) -> None:
    seat = "普通高中化学"
    qualify(bureau, RETIRED, seat)
    case = ask_for(bureau, wanted_seat=seat)
    consent(bureau, case)
    do(bureau, case, "verify", "verified", filled=VERIFIED)
    look_up_record(bureau, case)
    engaged = engagement(bureau, case)
    settle_waiting(bureau, engaged)
    pass_notice(bureau, engaged)
    sign(bureau, engaged, "2026-04-01", "2026-09-30")
    with bureau.rooms.read() as session:
        found = seat_commands.look_up(
            session, unit="city-research", seat=SEATS[seat], day=date(2026, 5, 1)
        )
        assert found is not None
        assert found.state.colour.is_gap
        assert any("返聘银龄1人" in one.text for one in found.state.reasons)
        assert values_on(session, date(2026, 5, 1)).day == date(2026, 5, 1)


def test_trap_14_nobody_is_rehired_before_the_record_is_looked_up(bureau: Desk) -> None:
    case = verified(bureau)
    assert [one.element_id for one in bureau.open_tasks(case)] == ["record"]
    # an answer of a day to come goes back
    look_up_record(bureau, case, record_on="2099-01-01")
    assert "不能晚于今天" in str(bureau.variables(case)["record_problems"])
    # and a record ends it
    look_up_record(bureau, case, record_n1="有记录", record_reason="法院判决书")
    assert bureau.instance(case).end_event == "核查不合格"


def test_trap_16_central_funds_are_refused_at_the_materials(bureau: Desk) -> None:
    qualify(bureau, RETIRED)
    case = ask_for(bureau, funds="中央财政（银龄讲学计划）")
    consent(bureau, case)
    do(bureau, case, "verify", "verified", filled=VERIFIED)
    assert "不是国家银龄讲学计划" in problems(bureau, case)
    assert len(tasks(bureau, case, "verify")) == 1
    do(bureau, case, "verify", "reject")
    assert bureau.instance(case).end_event == "不予返聘"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"retired_on": "2026-12-01"}, "晚于协议开始日"),
        ({"born_on": "1959-01-01"}, "已超过65周岁"),
        ({"title": "小学一级教师"}, "职称初级，应为中级以上"),
    ],
)
def test_retirement_age_and_title_are_looked_at(
    bureau: Desk, changes: dict[str, Json], why: str
) -> None:
    case = verified(bureau, **changes)
    assert why in problems(bureau, case)


def test_trap_17_an_old_title_counts_as_what_it_was(bureau: Desk) -> None:
    case = verified(bureau, title="小学高级教师")
    assert problems(bureau, case) == ""
    assert len(tasks(bureau, case, "record")) == 1


def test_the_cap_holds_when_the_need_is_put_and_again_when_it_is_signed(bureau: Desk) -> None:
    # given a case that is agreed, and others who came in meanwhile until the cap is reached
    case, engaged = agreed(bureau)
    enter_retired(bureau, "applicant", "head06")
    # then nobody more is asked for
    other = ask_for(bureau, wanted_person="basic-education-1")
    assert "返聘上限2人" in problems(bureau, other)
    do(bureau, other, "amend", "withdraw", RESEARCHER, filled=NEED)
    assert bureau.instance(other).end_event == "需求已撤回"
    # and the agreement is not entered
    sign(bureau, engaged, "2026-04-01", "2026-09-30")
    assert "R-CH-3" in problems(bureau, engaged)
    assert entries(bureau, RETIRED) == []
    sign(bureau, engaged, "2026-04-01", "2026-09-30", "declined")
    assert bureau.instance(case).end_event == "没有聘用或者终止"


@pytest.mark.parametrize(
    ("begins", "last", "why"),
    [
        ("2026-04-01", "2027-04-01", "一次不超过12个月"),
        ("2026-01-05", "2026-12-31", "开始日不能早于今天"),
    ],
)
def test_an_agreement_is_a_year_at_the_most(bureau: Desk, begins: str, last: str, why: str) -> None:
    _, engaged = agreed(bureau)
    sign(bureau, engaged, begins, last)
    assert why in problems(bureau, engaged)
    assert len(tasks(bureau, engaged, "sign")) == 1


def test_somebody_without_a_qualification_goes_through_the_admission_review(bureau: Desk) -> None:
    case = ask_for(bureau, wanted_seat="小学科学")
    consent(bureau, case)
    do(bureau, case, "verify", "verified", filled=VERIFIED)
    review = called_by(bureau, case, "admission_review")
    assert bureau.variables(review)["applicant"] == RETIRED.username
    assert tasks(bureau, case, "record") == []


def test_an_objection_that_is_right_ends_it(bureau: Desk) -> None:
    case, engaged = put_up(bureau)
    settle_waiting(bureau, engaged)
    notice = called_by(bureau, engaged, NOTICE)
    object_to(bureau, notice)
    do(bureau, notice, "check_objection", "upheld", filled=CHECKED)
    pass_notice(bureau, engaged)
    assert bureau.instance(engaged).end_event == "公示未通过"
    assert bureau.instance(case).end_event == "没有聘用或者终止"


def test_a_need_for_a_researcher_of_the_register_is_refused(bureau: Desk) -> None:
    case = ask_for(bureau, wanted_person="researcher03")
    assert "已在教研员名册里（专职）" in problems(bureau, case)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"wanted_person": "nobody-there"}, "没有这个人"),
        ({"wanted_unit": "primary-06"}, "不是教研机构"),
        ({"wanted_unit": "haibowan-research"}, "C-LEVEL"),
    ],
)
def test_what_cannot_be_asked_for_says_why(
    bureau: Desk, changes: dict[str, Json], why: str
) -> None:
    assert why in problems(bureau, ask_for(bureau, **changes))
