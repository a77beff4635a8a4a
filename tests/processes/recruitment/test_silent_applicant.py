"""Who is asked for an application of admission, and says nothing, does not hold up the round."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.recruitment.tables import CandidacyState
from processes.registers.days import bureau_day
from processes.registers.tables import QualificationRecord
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.recruitment.reviewed import fill_in, grant, refuse
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import MORE

SUBJECT = "小学语文"
SILENT, QUALIFIED, GRANTED, REFUSED = MORE[:4]


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("silent"), feel) as desk:
        yield desk


def test_behind_the_term_the_office_decides_and_the_round_goes_on(bureau: Desk) -> None:
    bureau.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
    one = Selecting(bureau)
    one.announce(SUBJECT, plan_ratio=1)
    one.qualify(QUALIFIED, SUBJECT)
    for teacher in (SILENT, QUALIFIED):
        one.apply(teacher)
        one.check(teacher)
    review = one.called("admission_review")
    asked = bureau.open_task(review)
    assert asked.due_at is not None
    # given 15 working days from Tuesday 3 March, registration being over long since
    assert bureau_day(asked.due_at) == date(2026, 3, 24)
    one.pass_days(21)
    assert bureau.open_task(review).element_id == "fill_in"
    # when the day behind the last one comes
    one.pass_days(1)
    # then the office sees whom it is about, and may give another term
    assert bureau.variables(review)["applicant_name"] == SILENT.display_name
    one.do("supplement_late", "extend", case=review)
    again = bureau.open_task(review)
    assert (again.element_id, again.assignee) == ("supplement", SILENT.username)
    assert one.candidacy(SILENT).state == CandidacyState.CHECKING
    # or take it as withdrawn when nothing comes again: the round goes on without them
    one.pass_days(23)
    one.do("supplement_late", "withdraw", case=review, comment="逾期没有填写")
    one.run()
    assert one.candidacy(SILENT).state == CandidacyState.WITHDRAWN
    assert one.open_elements() == ["written"]


def test_who_is_granted_the_qualification_is_admitted_and_who_is_refused_is_out(
    bureau: Desk,
) -> None:
    bureau.clock.now = datetime.fromisoformat("2026-06-01T09:30+08:00")
    one = Selecting(bureau)
    one.announce("小学数学", plan_ratio=1)
    reviews = {}
    for teacher, end in ((GRANTED, grant), (REFUSED, refuse)):
        one.apply(teacher)
        one.check(teacher)
        reviews[teacher] = one.called("admission_review")
        fill_in(bureau, reviews[teacher], teacher)
        end(bureau, reviews[teacher], teacher)
        one.run()
    # the one is admitted by the qualification that was granted, and not asked for another
    with bureau.rooms.read() as session:
        of_review = QualificationRecord.instance_key == reviews[GRANTED]
        granted = session.scalars(select(QualificationRecord).where(of_review)).one()
    assert one.candidacy(GRANTED).qualification_key == granted.qualification_key
    assert one.candidacy(GRANTED).state == CandidacyState.ADMITTED
    # the other objects within the review, not once more to the formal check
    refused = one.candidacy(REFUSED)
    assert (refused.state, refused.reason) == (CandidacyState.REFUSED, "没有取得教研员准入资格")
    assert bureau.open_tasks(one.applications[REFUSED.username]) == []
    one.pass_days(12)
    assert one.open_elements() == ["written"]
    one.cancel()
