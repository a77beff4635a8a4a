"""Trap 14: the records of serving researchers are queried every year, and what follows a finding.

From 2 August on, thirty days before the anniversary of 1 September, they are asked for; each test
has a researcher of its own.
"""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from processes.records import asking
from processes.records.asking import ask as ask_for_queries
from processes.registers.editing import amend
from processes.registers.set_values import set_value, values_on
from processes.registers.staffing.norms import RECORDS_YEARLY
from processes.registers.staffing.rosters import RESEARCHER_ROSTER
from processes.registers.staffing.tables import STAFFING_RULES, RecordsQuery, Researcher
from processes.registers.staffing.yearly_records import looked_up, overdue
from processes.sample import registers
from service.commands import process_instances
from service.domain.actors import SYSTEM
from service.domain.errors import NotFound
from service.domain.values import Json
from service.jobs.runner import JobRunner
from service.queries import instances
from tests.processes.desk import APPLICANT, OFFICER, Desk
from tests.processes.records.querying import (
    LOOK_UP,
    PART_TIMER,
    WHO,
    answer,
    ask,
    asked,
    case_of,
    entry,
    looked_up_last,
    only,
    queries,
    soundness,
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


def test_who_is_asked_for_already_is_not_counted(
    bureau: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST", 1)
    for username in ("researcher15", "researcher16"):
        looked_up_last(bureau, username, date(2025, 9, 1))
    ask(bureau, "2026-08-03")  # does the work twice
    assert {"researcher15", "researcher16"} <= set(asked(bureau))


def test_a_district_without_a_personnel_office_queries_by_itself(bureau: Desk) -> None:
    (late,) = registers.DISTRICT_OVERDUE
    today = date(2026, 8, 3)
    with bureau.rooms.read() as session:
        one = session.scalars(select(Researcher).where(Researcher.username == late)).one()
        said = looked_up(session, SYSTEM, [one], today=today)[one.key]
        assert "researcher30（由区教育局查询）" in overdue(session, SYSTEM, today)
    assert said == "逾期，应于2025年9月1日前查询（由区教育局查询）"
    assert late not in asked(bureau)
    with bureau.rooms.write() as tools:
        amend(
            tools, RESEARCHER_ROSTER, one.key, {"records_on": "2026-08-02"},
            revision=one.revision, reason="区教育局函告", actor=SYSTEM, now=bureau.clock(),
        )  # fmt: skip
    assert entry(bureau, late).records_on == date(2026, 8, 2)


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
