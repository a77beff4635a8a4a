"""The appointment: who may take the seat, from when, on what terms, and what becomes of it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.recruitment.candidacies import CandidacyNotFound
from processes.recruitment.filings import Filing
from processes.recruitment.history import acts_of
from processes.recruitment.replies import NotAwaited
from processes.recruitment.tables import CandidacyState
from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from processes.registers.staffing.tables import StaffSeat
from service.domain.actors import Actor
from service.feel import FeelPool
from service.store.tables import Person
from tests.processes.desk import Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau
from tests.processes.recruitment.selection_cast import CITY, FILED, MORE, SUBJECTS
from tests.processes.registers.entering import put, researcher, seat

_people, _weeks = iter(MORE[:-1]), count()


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("appointing"), feel) as desk:
        yield desk


@pytest.fixture
def desk(bureau: Desk) -> Desk:
    """The bureau on a Monday of its own."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(7 * next(_weeks))
    return bureau


def appointing(desk: Desk, teacher: Actor, subject: str) -> Selecting:
    """An appointment whose filing was agreed to; a subject is given once, its seat is kept."""
    one = begin_post(desk, [teacher], subject, process="recruitment_appointment")
    one.file(one.key_of_first)
    return one


def kept_for(one: Selecting) -> int | None:
    """The case for which the seat of the post is kept."""
    with one.desk.rooms.read() as session:
        found = select(StaffSeat.reserved_instance).where(StaffSeat.code == one.post.seat_code)
        return session.scalars(found).one()


def problems(one: Selecting) -> str:
    """Why the appointment goes back to the office."""
    told = one.desk.variables(one.case)["appointment_problems"]
    assert isinstance(told, list)
    return "".join(map(str, told))


def test_contract_and_trial(desk: Desk) -> None:
    first = next(_people)
    subject = SUBJECTS[0]
    one = begin_post(desk, [first], subject, process="recruitment_appointment")
    key = one.candidacy(first).key
    # an answer is taken by the round that waits for it, and by no other
    other = begin_post(desk, [next(_people)], SUBJECTS[2], process="recruitment_checks")
    with pytest.raises(CandidacyNotFound):
        other.file(key)
    with pytest.raises(NotAwaited):
        other.file(other.key_of_first)
    one.file(key)
    one.appoint(first, contract_years=2, trial_months=7, began_on=one.later(-1))
    told = problems(one)
    assert "R-T7" in told
    assert "R-T6a" in told
    assert "到岗日不能早于2026年" in told
    assert one.cell(subject).state.colour.is_gap
    one.appoint(first)
    assert not one.cell(subject).state.colour.is_gap
    assert kept_for(one) is None
    # a trial that was not passed: the cell is red again
    one.pass_days(93)
    one.do("trial_review", "return", {"trial_opinion": "不能胜任"}, files=["trial_document"],
           comment="试用考核不合格")  # fmt: skip
    assert one.candidacy(first).state == CandidacyState.RETURNED
    assert one.cell(subject).state.colour.is_gap
    # but its seat is kept for the next candidate, and for no other round
    assert kept_for(one) == one.round.instance_key


def test_a_refused_filing_appoints_nobody(desk: Desk) -> None:
    first = next(_people)
    one = begin_post(desk, [first], SUBJECTS[1], process="recruitment_appointment")
    one.file(one.candidacy(first).key, Filing(False, FILED.organ, FILED.number, FILED.dated_on))
    assert one.desk.variables(one.case)["appointment_result"] == "not_filed"
    assert one.candidacy(first).state == CandidacyState.DROPPED
    assert one.candidacy(first).reason.startswith("备案未同意（乌海市人社局")


def test_the_seat_goes_to_the_candidate_and_to_nobody_else(desk: Desk) -> None:
    first, other = next(_people), next(_people)
    one = appointing(desk, first, SUBJECTS[3])
    one.appoint(other)
    assert f"本人的账号是{first.username}" in problems(one)
    assert one.candidacy(first).state == CandidacyState.FILING
    # a name that means the account does as well, and the history says which account it was
    one.appoint(first, appointee=first.display_name)
    assert not one.cell(SUBJECTS[3]).state.colour.is_gap
    with desk.rooms.read() as session:
        acts = {act.act: act.changes for act in acts_of(session, one.round.key)}
    said = acts["appointed"]
    assert isinstance(said, dict)
    assert said["account"] == ["", first.username]
    # and it is that account which leaves
    one.pass_days(93)
    one.do("trial_review", "return", {"trial_opinion": "不能胜任"}, files=["trial_document"],
           comment="试用考核不合格")  # fmt: skip
    assert one.candidacy(first).state == CandidacyState.RETURNED


def test_what_the_sheet_lacks_appoints_nobody_and_the_office_may_give_it_up(desk: Desk) -> None:
    first = next(_people)
    one = appointing(desk, first, SUBJECTS[2])
    one.appoint(first, person_type=None, began_on=None, contract_years=None, trial_months=None,
                appointee=None, appointment_number=None)  # fmt: skip
    for missing in ("人员类型", "到岗日", "账号", "聘任文号"):
        assert missing in problems(one)
    one.appoint(first, person_type="experienced")
    assert "集中遴选的人员类型应为“遴选”" in problems(one)
    # the transfer did not come about: the seat stays kept for the next candidate
    one.do("appoint", "cannot", comment="调动没有办成")
    assert one.desk.variables(one.case)["appointment_result"] == "not_appointed"
    assert one.candidacy(first).state == CandidacyState.DROPPED
    assert kept_for(one) == one.round.instance_key


def test_somebody_from_outside_is_appointed_by_an_account_of_their_name(desk: Desk) -> None:
    new, other = next(_people), next(_people)
    outside = Actor("outside-01", new.display_name)
    one = appointing(desk, outside, SUBJECTS[4])
    one.appoint(other)
    assert "只能聘任公示的本人" in problems(one)
    one.appoint(new)
    assert one.candidacy(outside).state == CandidacyState.ON_TRIAL


def test_whose_staff_account_is_closed_does_not_count_as_from_outside(desk: Desk) -> None:
    first, namesake = next(_people), next(_people)
    one = appointing(desk, first, SUBJECTS[5])
    with desk.rooms.database.write() as session:
        session.get_one(Person, first.username).active = False
        session.get_one(Person, namesake.username).display_name = first.display_name
    one.appoint(namesake)
    assert f"本人的账号{first.username}已经停用" in problems(one)
    assert one.candidacy(first).state == CandidacyState.FILING
    with desk.rooms.database.write() as session:
        session.get_one(Person, first.username).active = True
    one.appoint(namesake)
    assert f"本人的账号是{first.username}" in problems(one)
    one.do("appoint", "cannot", comment="不再聘任")


def test_one_seat_a_person(desk: Desk) -> None:
    first = next(_people)
    one = appointing(desk, first, SUBJECTS[5])
    with desk.rooms.write() as tools:
        now = desk.clock()
        put(tools, SEAT_ROSTER, seat("SJ-91", unit_id=CITY, seat="初中物理"), now=now)
        put(tools, RESEARCHER_ROSTER, researcher(first.username, seat_code="SJ-91"), now=now)
    one.appoint(first)
    assert "一人只占一个岗位" in problems(one)
    assert "准入资格" not in problems(one)
    # the qualification is asked for again on the day of the appointment
    one.pass_days(3 * 366)
    one.appoint(first)
    assert "准入资格已经失效" in problems(one)
