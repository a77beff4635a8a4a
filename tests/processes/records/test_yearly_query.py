"""Trap 14: the records of serving researchers are queried every year, and what follows a finding.

From 2 August on, thirty days before the anniversary of 1 September, they are asked for; each test
has a researcher of its own.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from processes.records.asking import ask as ask_for_queries
from processes.registers import changes
from processes.registers.set_values import set_value, values_on
from processes.registers.staffing.matrix import institutions
from processes.registers.staffing.norms import RECORDS_YEARLY
from processes.registers.staffing.rosters import RESEARCHER_ROSTER
from processes.registers.staffing.tables import STAFFING_RULES, RecordsQuery, Researcher
from processes.registers.staffing.yearly_records import looked_up, overdue
from processes.sample import registers
from service.commands import process_instances
from service.domain.actors import SYSTEM
from service.domain.errors import FieldsInvalid, NotFound
from service.domain.irreversible import InstanceIrreversible
from service.domain.values import Json
from service.feel import FeelPool
from service.jobs.runner import JobRunner
from service.queries import instances
from tests.processes.conftest import SettledBureau, open_copy
from tests.processes.desk import APPLICANT, COLLEAGUE, OFFICER, Desk
from tests.processes.records.querying import (
    DISMISS,
    LOOK_UP,
    answer,
    ask,
    case_of,
    entry,
    looked_up_last,
    only,
    queries,
    settle,
)

PART_TIMER = "teacher493"
WHO = (*(f"researcher{number:02}" for number in range(2, 13)), "researcher25", PART_TIMER)
"""Those whose query is due in these tests; the others' is made as far as they go."""


@pytest.fixture(scope="module")
def bureau(
    settled_sqlite: SettledBureau, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_copy(settled_sqlite, tmp_path_factory.mktemp("records"), feel) as desk:
        with desk.rooms.write() as tools:
            registers.fill(tools, desk.clock())
            tools.session.execute(
                update(Researcher)
                .where(Researcher.username.not_in([*WHO, *registers.QUERY_OVERDUE]))
                .values(records_on=date(2027, 7, 3))
            )
        ask(desk, "2026-08-01")
        assert asked(desk) == sorted(registers.QUERY_OVERDUE)
        ask(desk, "2026-08-02")
        yield desk


@pytest.fixture(autouse=True)
def begin(bureau: Desk) -> None:
    bureau.clock.now = datetime.fromisoformat("2026-08-03T09:30+08:00")


def asked(desk: Desk) -> list[str]:
    wanted = select(Researcher.username).join(
        RecordsQuery, RecordsQuery.researcher_key == Researcher.key
    )
    with desk.rooms.read() as session:
        return sorted(session.scalars(wanted))


def soundness(desk: Desk, username: str) -> str:
    one = entry(desk, username)
    with desk.rooms.read() as session:
        return changes.soundness(
            RESEARCHER_ROSTER, one, changes.history(session, RESEARCHER_ROSTER, one.key)
        )


def test_who_is_in_post_is_asked_for_once_a_year_whatever_their_kind(bureau: Desk) -> None:
    # 教研员05 retires on 2 August
    there = {*WHO, *registers.QUERY_OVERDUE} - {"researcher05"}
    assert asked(bureau) == sorted(there)
    assert entry(bureau, PART_TIMER).kind == "兼职"
    task = only(bureau, case_of(bureau, "researcher02"))
    assert (task.element_id, str(task.due_at)[:10]) == (LOOK_UP, "2026-09-01")
    # what was overdue when it was asked for is to be made within ten working days
    late = only(bureau, case_of(bureau, registers.QUERY_OVERDUE[0]))
    assert str(late.due_at)[:10] == "2026-08-14"
    title = bureau.instance(case_of(bureau, "researcher02")).title
    assert title == "教研员02：年度违法犯罪记录查询"


def test_trap_14_a_full_timer_is_queried_every_year(bureau: Desk) -> None:
    case = case_of(bureau, "researcher03")
    answer(bureau, case)
    assert bureau.instance(case).end_event == "查询完毕"
    assert entry(bureau, "researcher03").records_on == date(2026, 8, 3)
    assert soundness(bureau, "researcher03") == ""
    # not once more this year, and from thirty days before the next anniversary on
    ask(bureau, "2027-08-01")
    assert len(queries(bureau, "researcher03")) == 1
    ask(bureau, "2027-08-02")
    assert [one.due_on for one in queries(bureau, "researcher03")] == [
        date(2026, 9, 1), date(2027, 9, 1),
    ]  # fmt: skip


def test_trap_14_a_record_ends_a_full_timer_s_duties_at_once_and_is_no_exit(bureau: Desk) -> None:
    case, one = case_of(bureau, "researcher04"), entry(bureau, "researcher04")
    assert not is_gap(bureau, one)
    answer(bureau, case, "有记录")
    # from that day on the cell is a gap, and the seat is not given away
    stopped = entry(bureau, "researcher04")
    assert (stopped.leaving, stopped.leaves_on) == ("其他", date(2026, 8, 3))
    assert "停止岗位职责" in stopped.leaving_basis
    assert (stopped.ended_on, stopped.seat_code) == (None, one.seat_code)
    assert is_gap(bureau, one)
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
    answer(bureau, case, "有记录", actor=OFFICER)
    settle(bureau, case, "mistaken", actor=OFFICER)
    assert "须由查询人以外的人核实更正" in said(bureau, case)
    settle(bureau, case, "mistaken", actor=COLLEAGUE)
    after = entry(bureau, "researcher25")
    assert (after.leaving, after.leaves_on) == (before.leaving, before.leaves_on)
    assert (after.returns_on, after.leaving_basis) == (before.returns_on, before.leaving_basis)
    assert after.ended_on is None
    assert bureau.instance(case).end_event == "恢复职责"
    assert soundness(bureau, "researcher25") == ""


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"query_on": "2026-07-02"}, "不能早于2026年7月3日"),
        ({"query_on": "2026-08-04"}, "不能晚于今天"),
        ({"query_result": "有记录", "query_note": ""}, "须写明是什么记录"),
    ],
)
def test_an_answer_that_is_not_complete_comes_back(
    bureau: Desk, wrong: dict[str, Json], why: str
) -> None:
    case = case_of(bureau, "researcher06")
    answer(bureau, case, changes=wrong)
    assert why in str(bureau.variables(case)["query_problems"])
    assert only(bureau, case).element_id == LOOK_UP
    assert entry(bureau, "researcher06").records_on != date(2026, 8, 3)


def test_who_leaves_meanwhile_is_queried_no_more(bureau: Desk) -> None:
    case = case_of(bureau, "researcher07")
    with bureau.rooms.database.write() as session:
        session.execute(
            update(Researcher)
            .where(Researcher.username == "researcher07")
            .values(ended_on=date(2026, 8, 3), ended_how="调出")
        )
    ask(bureau, "2026-08-04")
    assert bureau.instance(case).end_event == "已经离岗"


def test_who_has_left_before_the_case_begins_is_not_queried(bureau: Desk) -> None:
    case = case_of(bureau, "researcher12")
    with bureau.rooms.write() as tools:
        process_instances.cancel(tools, case, actor=OFFICER, reason="误操作", now=bureau.clock())
    with bureau.rooms.write() as tools:
        ask_for_queries(tools, bureau.clock())
        one = Researcher.username == "researcher12"
        left = {"ended_on": date(2026, 8, 3), "ended_how": "调出"}
        tools.session.execute(update(Researcher).where(one).values(left))
    JobRunner(bureau.rooms, owner="worker-1").run_due()
    (query,) = queries(bureau, "researcher12")
    assert query.closed_at is not None
    assert bureau.instance(query.instance_key or 0).end_event == "已经离岗"


def test_who_left_by_another_act_behind_a_finding_stays_as_that_has_it(bureau: Desk) -> None:
    case = case_of(bureau, "researcher09")
    answer(bureau, case, "有记录")
    with bureau.rooms.database.write() as session:
        session.execute(
            update(Researcher)
            .where(Researcher.username == "researcher09")
            .values(ended_on=date(2026, 8, 3), ended_how="退出教研队伍")
        )
    ask(bureau, "2026-08-04")
    assert only(bureau, case).element_id == DISMISS
    settle(bureau, case)
    assert bureau.instance(case).end_event == "已离开岗位"
    assert entry(bureau, "researcher09").ended_how == "退出教研队伍"


def test_a_case_that_was_cancelled_is_asked_for_once_more(bureau: Desk) -> None:
    case = case_of(bureau, "researcher08")
    with bureau.rooms.write() as tools:
        process_instances.cancel(tools, case, actor=OFFICER, reason="误操作", now=bureau.clock())
    ask(bureau, "2026-08-04")
    (query,) = queries(bureau, "researcher08")
    assert query.instance_key not in {None, case}
    assert only(bureau, case_of(bureau, "researcher08")).element_id == LOOK_UP


def test_the_register_says_who_is_overdue(bureau: Desk) -> None:
    today = date(2026, 9, 1)
    with bureau.rooms.read() as session:
        one = session.scalars(select(Researcher).where(Researcher.username == "researcher10")).one()
        assert looked_up(session, SYSTEM, [one], today=today) == {
            one.key: "2026年2月9日已查，2026年9月1日前再查"
        }
        on_time = overdue(session, SYSTEM, today)
        late = overdue(session, SYSTEM, date(2026, 9, 2))
        assert looked_up(session, SYSTEM, [one], today=date(2026, 9, 2)) == {
            one.key: "逾期，应于2026年9月1日前查询"
        }
        assert overdue(session, APPLICANT, date(2026, 9, 2)) == []
    assert "researcher10" not in on_time
    assert "researcher10" in late


def test_a_bureau_that_reads_the_law_otherwise_is_not_told_of_queries(bureau: Desk) -> None:
    first, late = date(2027, 8, 2), date(2027, 9, 2)
    morning = datetime.fromisoformat("2027-08-02T08:00+08:00")
    before = asked(bureau)
    with bureau.rooms.write() as tools:
        revision = values_on(tools.session, first).revision
        set_value(
            tools, RECORDS_YEARLY, "否", register=STAFFING_RULES, reason="试验",
            effective_from=first, revision=revision, actor=SYSTEM, now=morning,
        )  # fmt: skip
        ask_for_queries(tools, morning)
    assert asked(bureau) == before
    with bureau.rooms.read() as session:
        assert overdue(session, SYSTEM, late - timedelta(days=365)) != []
        assert overdue(session, SYSTEM, late) == []


def test_a_stranger_learns_nothing_of_a_query(bureau: Desk) -> None:
    case = case_of(bureau, "researcher02")
    with bureau.rooms.read() as session:
        assert instances.get(session, actor=OFFICER, key=case).end_event is None
        with pytest.raises(NotFound):
            instances.get(session, actor=APPLICANT, key=case)


def test_one_who_was_never_queried_is_asked_for_at_the_newest_anniversary(bureau: Desk) -> None:
    looked_up_last(bureau, "researcher11", None)
    with bureau.rooms.read() as session:
        one = session.scalars(select(Researcher).where(Researcher.username == "researcher11")).one()
        assert looked_up(session, SYSTEM, [one], today=date(2026, 8, 3)) == {
            one.key: "逾期，应于2025年9月1日前查询"
        }
        count = select(func.count()).where(RecordsQuery.researcher_key == one.key)
        assert session.scalar(count) == 1


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
