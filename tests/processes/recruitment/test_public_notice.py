"""公示 as a case: after the decision alone, its days, objections that no timer ends, what comes."""

from datetime import datetime

import pytest

from processes.recruitment.notice_steps import OBJECTED
from service.commands import objections
from service.commands.case_acts import send_message
from service.domain.actors import Actor
from service.domain.disclosures import DisclosureOver, ObjectionState, ObjectionText
from service.domain.errors import NotFound
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.recruitment.deciding import (
    disclosure_of,
    incidents,
    object_to,
    pass_days,
    run_jobs,
    tasks,
    wait_until,
)
from tests.processes.recruitment.noticing import (
    CHECKED,
    check,
    end_days,
    ended_as,
    forget_messages,
    post,
    settle_on_its_page,
    take,
)

pytestmark = pytest.mark.usefixtures("begin")


def test_without_objections_it_is_clean_when_the_days_are_over_and_not_before(
    bureau: Desk,
) -> None:
    case = post(bureau)
    last = datetime.fromisoformat(f"{disclosure_of(bureau, case).ends_on}T23:59:59+08:00")
    wait_until(bureau, last.isoformat())
    assert ended_as(bureau, case) is None
    end_days(bureau, case)
    assert ended_as(bureau, case) == "公示无异议"
    assert bureau.variables(case)["notice_result"] == "clean"
    assert disclosure_of(bureau, case).conclusion == "公示期满，没有收到异议。"


def test_after_the_last_day_no_objection_is_taken(bureau: Desk) -> None:
    case = post(bureau)
    slug = disclosure_of(bureau, case).slug
    end_days(bureau, case)
    with pytest.raises(DisclosureOver):
        objections.submit(
            bureau.rooms, slug, ObjectionText("晚了"), form="late", address="10.1.0.1",
            now=bureau.clock(),
        )  # fmt: skip


def test_trap_13_no_timer_closes_over_an_open_objection(bureau: Desk) -> None:
    # given an objection on the last day
    case = post(bureau)
    wait_until(bureau, f"{disclosure_of(bureau, case).ends_on}T23:00:00+08:00")
    object_to(bureau, case)
    # when the days end and far more time passes
    end_days(bureau, case)
    pass_days(bureau, 90)
    # then it is still open
    assert ended_as(bureau, case) is None
    assert disclosure_of(bureau, case).closed_at is None
    # and ends with the answer alone
    check(bureau, case, "dismissed")
    assert ended_as(bureau, case) == "公示无异议"
    assert "经核查不成立" in str(disclosure_of(bureau, case).conclusion)


def test_the_check_is_due_in_ten_working_days_and_is_extended_once(bureau: Desk) -> None:
    case = post(bureau)
    object_to(bureau, case)
    (task,) = tasks(bureau, case, "check_objection")
    first = task.due_at
    check(bureau, case, "extend")
    (task,) = tasks(bureau, case, "check_objection")
    assert first is not None
    assert task.due_at is not None
    assert 13 <= (task.due_at - first).days <= 22
    check(bureau, case, "extend")
    (task,) = tasks(bureau, case, "check_objection")
    assert task.due_at is not None
    check(bureau, case, "dismissed")
    assert tasks(bureau, case, "check_objection") == []


@pytest.mark.parametrize("key", ["999", "x", ""])
def test_a_message_about_no_objection_of_this_notice_stops_nothing(bureau: Desk, key: str) -> None:
    case = post(bureau)
    notice = str(bureau.variables(case)["notice_key"])
    with bureau.rooms.write() as tools:
        send_message(
            tools, OBJECTED, correlation_key=notice, now=bureau.clock(),
            variables={"objection_key": key, "objection_number": "YY-1"},
        )  # fmt: skip
    run_jobs(bureau)
    assert tasks(bureau, case, "check_objection") == []
    assert incidents(bureau, case) == []
    end_days(bureau, case)
    assert ended_as(bureau, case) == "公示无异议"


def test_an_answer_without_a_record_of_the_check_comes_back(bureau: Desk) -> None:
    case = post(bureau)
    object_to(bureau, case)
    check(bureau, case, "dismissed", check_record=" ")
    assert len(tasks(bureau, case, "check_objection")) == 1
    check(bureau, case, "dismissed", objection_answer="")
    assert len(tasks(bureau, case, "check_objection")) == 1
    check(bureau, case, "dismissed")
    assert tasks(bureau, case, "check_objection") == []


def test_each_objection_is_checked_by_itself_and_one_that_is_right_is_enough(bureau: Desk) -> None:
    case = post(bureau)
    receipts = [object_to(bureau, case) for _ in range(3)]
    assert len(tasks(bureau, case, "check_objection")) == 3
    check(bureau, case, "dismissed")
    check(bureau, case, "upheld", actor=COLLEAGUE)
    end_days(bureau, case)
    assert ended_as(bureau, case) is None
    check(bureau, case, "unsettled")
    assert ended_as(bureau, case) == "异议成立，不再聘用"
    assert bureau.variables(case)["notice_result"] == "upheld"
    told = objections.look_up(
        bureau.rooms, receipts[0].number, receipts[0].secret, address="10.2.0.1", now=bureau.clock()
    )
    assert told.answers[0].text == CHECKED["objection_answer"]


def test_an_objection_of_the_last_second_holds_the_end_until_it_is_answered(bureau: Desk) -> None:
    # given an objection that the case hears of only after its days are over
    case = post(bureau)
    last = datetime.fromisoformat(f"{disclosure_of(bureau, case).ends_on}T23:59:59+08:00")
    wait_until(bureau, last.isoformat())
    slug = disclosure_of(bureau, case).slug
    objections.submit(
        bureau.rooms, slug, ObjectionText("最后一刻"), form="last", address="10.3.0.1",
        now=bureau.clock(),
    )  # fmt: skip
    forget_messages(bureau)
    end_days(bureau, case)
    # then nothing is ended, and somebody is asked to answer it
    (task,) = tasks(bureau, case, "answer_rest")
    bureau.complete(task, "settled", actor=OFFICER)
    task = take(bureau, case, "answer_rest")
    settle_on_its_page(bureau, case, ObjectionState.DISMISSED)
    bureau.complete(task, "settled", actor=OFFICER)
    assert ended_as(bureau, case) == "公示无异议"


def test_what_cannot_be_settled_puts_the_appointment_off(bureau: Desk) -> None:
    case = post(bureau)
    object_to(bureau, case)
    check(bureau, case, "unsettled")
    end_days(bureau, case)
    # given the names are not shown any more, and nothing goes on
    (task,) = tasks(bureau, case, "postpone")
    assert disclosure_of(bureau, case).conclusion == "异议一时难以查实，暂缓聘用。"
    pass_days(bureau, 200)
    assert ended_as(bureau, case) is None
    # when somebody says it is settled though it is not, the task comes back
    bureau.complete(task, "settled", actor=OFFICER)
    run_jobs(bureau)
    task = take(bureau, case, "postpone")
    # and goes on when it is
    put_off = disclosure_of(bureau, case)
    settle_on_its_page(bureau, case, ObjectionState.DISMISSED)
    bureau.complete(task, "settled", actor=OFFICER)
    run_jobs(bureau)
    assert ended_as(bureau, case) == "公示无异议"
    # and the public page says what it came to, not that it is put off
    told = disclosure_of(bureau, case)
    assert told.conclusion == "公示期满，收到的异议经核查不成立。"
    assert told.closed_at == put_off.closed_at


def test_who_gives_up_waiting_ends_it_as_undetermined(bureau: Desk) -> None:
    case = post(bureau)
    object_to(bureau, case)
    check(bureau, case, "unsettled")
    end_days(bureau, case)
    (task,) = tasks(bureau, case, "postpone")
    bureau.complete(task, "give_up", actor=OFFICER, comment="岗位急需")
    run_jobs(bureau)
    assert ended_as(bureau, case) == "难以查实，不予聘用"
    assert bureau.variables(case)["notice_result"] == "undetermined"
    # the public page says that too, and not why
    told = disclosure_of(bureau, case)
    assert told.conclusion == "异议难以查实，不再等待，不予聘用。"
    assert "岗位急需" not in str(told.conclusion)


def test_what_was_settled_meanwhile_counts_for_who_gives_up_waiting(bureau: Desk) -> None:
    case = post(bureau)
    object_to(bureau, case)
    check(bureau, case, "unsettled")
    end_days(bureau, case)
    task = take(bureau, case, "postpone")
    settle_on_its_page(bureau, case, ObjectionState.DISMISSED)
    bureau.complete(task, "give_up", actor=OFFICER, comment="岗位急需")
    run_jobs(bureau)
    assert ended_as(bureau, case) == "公示无异议"
    assert disclosure_of(bureau, case).conclusion == "公示期满，收到的异议经核查不成立。"


def test_trap_13_a_substitute_has_a_notice_of_their_own(bureau: Desk) -> None:
    first = post(bureau)
    object_to(bureau, first)
    check(bureau, first, "upheld")
    end_days(bureau, first)
    second = post(bureau)
    one, other = disclosure_of(bureau, first), disclosure_of(bureau, second)
    assert one.key != other.key
    assert other.begins_on > one.ends_on
    assert ended_as(bureau, second) is None
    end_days(bureau, second)
    assert ended_as(bureau, second) == "公示无异议"


def test_a_stranger_reads_neither_the_case_nor_its_tasks(bureau: Desk) -> None:
    case = post(bureau)
    object_to(bureau, case)
    (task,) = tasks(bureau, case, "check_objection")
    with pytest.raises(NotFound):
        bureau.complete(task, "dismissed", CHECKED, actor=Actor("teacher002", "教师002"))


def test_an_objection_is_answered_and_counted_on_both_databases(desk: Desk) -> None:
    case = post(desk)
    object_to(desk, case)
    end_days(desk, case)
    assert ended_as(desk, case) is None
    check(desk, case, "upheld")
    assert ended_as(desk, case) == "异议成立，不再聘用"
