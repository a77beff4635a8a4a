"""Who is asked for an application of admission, and says nothing, does not hold up the round."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from processes.recruitment.tables import CandidacyState
from processes.registers.days import bureau_day
from service.feel import FeelPool
from tests.processes.desk import Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import MORE

SUBJECT = "小学语文"
SILENT, QUALIFIED = MORE[:2]


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
