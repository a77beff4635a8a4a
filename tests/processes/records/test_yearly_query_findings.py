"""What follows a record that the yearly query finds, and that only its case says so."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, update

from processes.registers import roster_history, roster_workbook
from processes.registers.entries import EntryRefused
from processes.registers.qualification_acts import Revocation, revoke
from processes.registers.roster_search import Filters
from processes.registers.set_values import values_on
from processes.registers.staffing import seats
from processes.registers.staffing.matrix import institutions
from processes.registers.staffing.rosters import RESEARCHER_ROSTER
from processes.registers.staffing.seats import Step
from processes.registers.staffing.tables import Researcher
from processes.registers.told_acts import Period
from service.commands import process_instances
from service.domain.actors import SYSTEM, Actor
from service.domain.errors import FieldsInvalid, NotFound
from service.domain.import_rows import Cell
from service.domain.irreversible import InstanceIrreversible
from service.domain.receipts import case_number
from service.domain.values import Json
from service.queries import instances
from service.store.tables import Person
from tests.processes.desk import COLLEAGUE, OFFICE, OFFICER, Desk
from tests.processes.records.querying import (
    DISMISS,
    DISTRICT_OFFICE,
    DISTRICT_ONE,
    DISTRICT_TWO,
    answer,
    ask,
    case_of,
    entry,
    only,
    settle,
    soundness,
)
from tests.processes.recruitment.engaging import qualify


def test_trap_14_a_record_ends_a_full_timer_s_duties_at_once_and_is_no_exit(bureau: Desk) -> None:
    case, one = case_of(bureau, "researcher04"), entry(bureau, "researcher04")
    assert not is_gap(bureau, one)
    answer(bureau, case, "有记录")
    # from that day on the cell is a gap, and the seat is not given away
    stopped = entry(bureau, "researcher04")
    assert (stopped.leaving, stopped.leaves_on) == ("其他", date(2026, 8, 3))
    assert stopped.leaving_basis == f"暂停岗位职责，见事项{case_number(case)}"
    assert (stopped.ended_on, stopped.seat_code) == (None, one.seat_code)
    assert is_gap(bureau, one)
    told = told_of(bureau, "researcher04")
    assert "暂停岗位职责" in told
    for word in ("未成年人", "六十二", "犯罪", "记录查询", "有记录", "解聘"):
        assert word not in told
    # nobody drops the case, and it is not booked as what the Party group alone decides
    with pytest.raises(InstanceIrreversible), bureau.rooms.write() as tools:
        process_instances.cancel(tools, case, actor=OFFICER, reason="不查了", now=bureau.clock())
    with pytest.raises(FieldsInvalid):
        settle(bureau, case, dismissal_how="退出教研队伍")
    settle(bureau, case, dismissal_how="解除聘用协议")
    assert "离岗的方式应为解除聘用合同、调出、开除" in said(bureau, case)
    settle(bureau, case)
    left = entry(bureau, "researcher04")
    assert (left.ended_on, left.ended_how) == (date(2026, 8, 3), "解除聘用合同")
    assert left.leaving_basis == "乌海教解聘〔2026〕1号"
    assert bureau.instance(case).end_event == "已离开岗位"
    assert soundness(bureau, "researcher04") == ""


def test_a_finding_that_was_wrong_is_put_right_by_somebody_else(bureau: Desk) -> None:
    before = entry(bureau, "researcher25")
    assert before.leaving == "到校任教"
    case = case_of(bureau, "researcher25")
    # by who employs them: the office of the district, and not the city's
    assert only(bureau, case).candidate_groups == [DISTRICT_OFFICE]
    with pytest.raises(NotFound):
        answer(bureau, case, actor=OFFICER)
    answer(bureau, case, "有记录", actor=DISTRICT_ONE)
    with pytest.raises(NotFound), bureau.rooms.read() as session:
        instances.get(session, actor=OFFICER, key=case)
    settle(bureau, case, "mistaken", actor=DISTRICT_ONE)
    assert "须由查询人以外的人核实更正" in said(bureau, case)
    settle(bureau, case, "mistaken", actor=DISTRICT_TWO)
    after = entry(bureau, "researcher25")
    assert (after.leaving, after.leaves_on) == (before.leaving, before.leaves_on)
    assert (after.returns_on, after.leaving_basis) == (before.returns_on, before.leaving_basis)
    assert after.ended_on is None
    assert after.records_on == date(2026, 8, 3)
    assert bureau.instance(case).end_event == "恢复职责"
    assert soundness(bureau, "researcher25") == ""


def test_who_left_by_another_act_behind_a_finding_stays_as_that_has_it(bureau: Desk) -> None:
    case = case_of(bureau, "researcher09")
    answer(bureau, case, "有记录")
    assert only(bureau, case).element_id == DISMISS
    with bureau.rooms.database.write() as session:
        session.execute(
            update(Researcher)
            .where(Researcher.username == "researcher09")
            .values(ended_on=date(2026, 8, 3), ended_how="退出教研队伍")
        )
    ask(bureau, "2026-08-04")
    assert bureau.instance(case).end_event == "已离开岗位"
    assert entry(bureau, "researcher09").ended_how == "退出教研队伍"


@pytest.mark.parametrize("username", ["researcher13", "researcher14"])
def test_r_n1_what_qualified_somebody_is_withdrawn_before_they_may_return(
    bureau: Desk, username: str
) -> None:
    case, seat = case_of(bureau, username), "小学语文"
    key = qualify(bureau, Actor(username, username, frozenset()), seat)
    answer(bureau, case, "有记录")
    settle(bureau, case)
    task = only(bureau, case)
    assert (task.element_id, task.candidate_groups) == ("withdraw", [OFFICE])
    cells: dict[str, Cell] = {
        "username": username, "unit_id": "city-research", "kind": "兼职", "covers": seat,
        "began_on": "2026-08-03", "term_ends_on": "2027-08-02",
    }  # fmt: skip
    step = Step(1, 1, SYSTEM, bureau.clock(), "聘任")
    with bureau.rooms.write() as tools:
        account = {"username": username, "display_name": username, "sort_name": username}
        known = {"active": True, "failed_sign_ins": 0, "created_at": bureau.clock()}
        tools.session.execute(insert(Person), [account | known])
        with pytest.raises(EntryRefused) as refused:
            seats.enter(tools.session, step, cells)
    assert f"事项{case_number(case)}还没有办结" in refused.value.faults[0].text
    if username == "researcher13":
        bureau.complete(task, "withdrawn", {"withdrawal_note": ""}, actor=COLLEAGUE)
        assert "在名册里仍然有效" in str(bureau.variables(case)["withdrawal_problems"])
        with bureau.rooms.write() as tools:
            paper = Revocation("R-N1", "乌教准撤〔2026〕1号", "查询属实", "已告知，没有陈述")
            revoke(tools, key, paper, revision=1, actor=SYSTEM, now=bureau.clock())
        bureau.complete(only(bureau, case), "withdrawn", {"withdrawal_note": ""}, actor=COLLEAGUE)
    else:
        bureau.complete(task, "kept", {"withdrawal_note": ""}, actor=COLLEAGUE)
        assert "须写明理由" in str(bureau.variables(case)["withdrawal_problems"])
        reason: dict[str, Json] = {"withdrawal_note": "记录不属于准入条件所列情形"}
        bureau.complete(only(bureau, case), "kept", reason, actor=COLLEAGUE)
    assert bureau.instance(case).end_event == "已离开岗位"


def told_of(desk: Desk, username: str) -> str:
    """All that readers of the register, its history and their workbooks get of somebody."""
    with desk.rooms.read() as session:
        content, _ = roster_workbook.export(
            session, RESEARCHER_ROSTER, actor=SYSTEM, filters=Filters()
        )
        told = [
            one for one in roster_history.acts(
                session, RESEARCHER_ROSTER, actor=SYSTEM, period=Period(date(2026, 8, 1))
            )
            if username in str(one)
        ]  # fmt: skip
    sheet = load_workbook(BytesIO(content)).active
    rows = [] if sheet is None else list(sheet.iter_rows(values_only=True))
    return f"{told}{[row for row in rows if username in str(row)]}"


def said(desk: Desk, case: int) -> str:
    return str(desk.variables(case)["settle_problems"])


def is_gap(desk: Desk, one: Researcher) -> bool:
    today = desk.clock().date()
    with desk.rooms.read() as session:
        values = values_on(session, today)
        (found,) = institutions(session, today, values, units=[one.unit_id])
        (cell,) = [
            each for each in found.cells
            if any(holder.seat_code == one.seat_code for holder in each.facts.holders)
        ]  # fmt: skip
        return cell.state.colour.is_gap
