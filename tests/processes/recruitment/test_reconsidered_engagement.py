"""复议 takes effect on 返聘: before the entry, and after it (撤销聘任)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from processes.committee.rules import Outcome
from processes.registers.staffing.facts import Leaving
from processes.registers.staffing.tables import Researcher
from service.domain.values import Json
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import (
    about,
    incidents,
    newest,
    record_decision,
    run_jobs,
    settle_waiting,
    tasks,
    wait_until,
)
from tests.processes.recruitment.engaging import (
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
from tests.processes.recruitment.reconsidering import decide_again, overturn, take_up

pytestmark = pytest.mark.usefixtures("begin")


@pytest.fixture(autouse=True)
def nobody_rehired(bureau: Desk) -> Iterator[None]:
    yield
    with bureau.rooms.database.write() as session:
        session.execute(delete(Researcher).where(Researcher.kind == "返聘银龄"))


@pytest.fixture
def engaged(bureau: Desk) -> int:
    """An engagement that is to be signed: decided, disclosed, without an objection."""
    qualify(bureau, RETIRED)
    case = ask_for(bureau)
    consent(bureau, case)
    do(bureau, case, "verify", "verified", filled=VERIFIED)
    look_up_record(bureau, case)
    found = engagement(bureau, case)
    settle_waiting(bureau, found)
    pass_notice(bureau, found)
    return found


def item_of(desk: Desk, engaged: int) -> int:
    return int(str(desk.variables(engaged)["committee_item"]))


def test_nothing_is_signed_while_the_decision_is_taken_up_again(bureau: Desk, engaged: int) -> None:
    again = take_up(bureau, item_of(bureau, engaged))
    assert tasks(bureau, engaged, "sign") == []
    decide_again(bureau, again, Outcome.CARRIED)
    sign(bureau, engaged, "2026-04-01", "2026-09-30")
    assert len(entries(bureau, RETIRED)) == 1


def test_before_the_entry_nobody_is_engaged(bureau: Desk, engaged: int) -> None:
    overturn(bureau, item_of(bureau, engaged))
    assert tasks(bureau, engaged, "sign") == []
    assert bureau.instance(engaged).end_event == "党组未通过"
    assert entries(bureau, RETIRED) == []


def test_where_the_decision_was_restored_it_is_put_up_no_more(bureau: Desk, engaged: int) -> None:
    sign(bureau, engaged, "2026-04-01", "2026-09-30")
    item = item_of(bureau, engaged)
    overturn(bureau, item)
    case = newest(bureau, "appointment_revocation")
    (task,) = tasks(bureau, case, "prepare")
    bureau.complete(task, "ready", actor=OFFICER)
    settle_waiting(bureau, case, Outcome.DEFERRED)
    decide_again(bureau, take_up(bureau, item), Outcome.CARRIED)
    (task,) = tasks(bureau, case, "again")
    given: dict[str, Json] = {
        "withdrawal_ground": "原来的聘任决定已经恢复", "withdrawal_reason": "复议又同意聘任",
    }  # fmt: skip
    bureau.complete(task, "withdraw", given, actor=OFFICER)
    run_jobs(bureau)
    assert bureau.instance(case).end_event == "不再提出，继续聘任"
    (entry,) = entries(bureau, RETIRED)
    assert entry.ended_on is None
    assert incidents(bureau, case) + incidents(bureau, engaged) == []


def test_after_the_entry_the_group_is_asked(bureau: Desk, engaged: int) -> None:
    sign(bureau, engaged, "2026-04-01", "2026-09-30")
    overturn(bureau, item_of(bureau, engaged))
    (entry,) = entries(bureau, RETIRED)
    assert entry.ended_on is None
    case = newest(bureau, "appointment_revocation")
    (task,) = tasks(bureau, case, "prepare")
    bureau.complete(task, "ready", actor=OFFICER)
    wait_until(bureau, "2026-04-02T09:00:00+08:00")
    settle_waiting(bureau, case)
    (entry,) = entries(bureau, RETIRED)
    assert entry.ended_how == Leaving.WITHDRAWN
    assert bureau.variables(engaged)["engagement_result"] == "ended"


def test_who_was_entered_by_the_number_of_the_item_is_found_too(bureau: Desk, engaged: int) -> None:
    sign(bureau, engaged, "2026-04-01", "2026-09-30")
    by_office = record_decision(bureau, about("教师009", "teacher009"))
    with bureau.rooms.database.write() as session:
        (row,) = session.query(Researcher).filter_by(username=RETIRED.username).all()
        row.username, row.appointment_basis = "teacher009", f"议题 {by_office}"
    overturn(bureau, by_office)
    case = newest(bureau, "appointment_revocation")
    assert len(tasks(bureau, case, "prepare")) == 1
    assert bureau.instance(case).title == "撤销聘任：教师009"
