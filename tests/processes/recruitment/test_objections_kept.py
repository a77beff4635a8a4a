"""Nobody who is tied finds or answers an objection, and its page says nothing beside the case."""

from itertools import count

import pytest
from sqlalchemy import update

from service.commands import objection_answers, objections, ties
from service.commands.disclosures import objections_to
from service.domain.disclosures import (
    ObjectionAwaitsTask,
    ObjectionInCheck,
    ObjectionNotFound,
    ObjectionState,
    ObjectionText,
)
from service.domain.recusal import TieKind
from service.domain.user_tasks import TaskNotYours
from service.queries import disclosures, timeline
from service.store.tables import Objection
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.recruitment.deciding import (
    about,
    disclosure_of,
    object_to,
    record_decision,
    run_jobs,
    tasks,
)
from tests.processes.recruitment.noticing import (
    CHECKED,
    check,
    end_days,
    ended_as,
    forget_messages,
    person,
    post,
    settle_on_its_page,
    show,
    take,
)

pytestmark = pytest.mark.usefixtures("begin")


_people = count(11)


def somebody() -> str:
    """Somebody who was not decided on yet."""
    return f"researcher{next(_people)}"


def marry(desk: Desk, whom: str) -> None:
    """The officer is the candidate's spouse."""
    with desk.rooms.write() as tools:
        ties.declare(
            tools, username=OFFICER.username, other=whom, kind=TieKind.SPOUSE,
            actor=OFFICER, now=desk.clock(),
        )  # fmt: skip


def objected(desk: Desk, whom: str = "") -> tuple[int, int]:
    """A 公示 with an objection that is being checked: case and objection."""
    name = person()
    item = record_decision(desk, about(name, whom or somebody()))
    case = show(desk, name, str(item))
    object_to(desk, case)
    return case, key_of(desk, case)


def key_of(desk: Desk, case: int) -> int:
    with desk.rooms.read() as session:
        (one,) = objections_to(session, disclosure_of(desk, case).key)
    return one.key


@pytest.mark.parametrize("when", ["before", "after"])
def test_who_is_tied_to_the_person_finds_no_objection(bureau: Desk, when: str) -> None:
    whom = {"before": "teacher066", "after": "teacher079"}[when]
    if when == "before":
        marry(bureau, whom)
    case, key = objected(bureau, whom)
    if when == "after":
        marry(bureau, whom)
    with bureau.rooms.read() as session:
        listed = disclosures.objections(session, actor=OFFICER, unresolved=True)
        assert key not in {one.key for one in listed}
        with pytest.raises(ObjectionNotFound):
            disclosures.objection(session, actor=OFFICER, key=key)
        assert disclosures.objection(session, actor=COLLEAGUE, key=key).text
    with pytest.raises(ObjectionNotFound), bureau.rooms.write() as tools:
        objection_answers.reveal_sender(
            tools, key, reason="看看是谁", actor=OFFICER, now=bureau.clock()
        )
    with pytest.raises(ObjectionNotFound):
        settle_on_its_page(bureau, case, ObjectionState.DISMISSED)
    (task,) = tasks(bureau, case, "check_objection")
    with pytest.raises(TaskNotYours):
        bureau.complete(task, "dismissed", CHECKED, actor=OFFICER)


def test_whom_it_is_about_finds_none_either(bureau: Desk) -> None:
    _case, key = objected(bureau, COLLEAGUE.username)
    with bureau.rooms.read() as session, pytest.raises(ObjectionNotFound):
        disclosures.objection(session, actor=COLLEAGUE, key=key)


def test_while_the_case_checks_it_nobody_answers_it_on_its_page(bureau: Desk) -> None:
    case, key = objected(bureau)
    task = take(bureau, case, "check_objection")
    with pytest.raises(ObjectionInCheck):
        settle_on_its_page(bureau, case, ObjectionState.DISMISSED)
    with bureau.rooms.read() as session:
        page = disclosures.objection(session, actor=OFFICER, key=key)
    assert (page.may_answer, page.checking_task) == (False, task.key)
    # so its step alone says what was found, with a record
    bureau.complete(task, "upheld", {"check_record": " ", "objection_answer": ""}, actor=OFFICER)
    run_jobs(bureau)
    end_days(bureau, case)
    assert ended_as(bureau, case) is None
    check(bureau, case, "upheld")
    assert ended_as(bureau, case) == "异议成立，不再聘用"


def test_another_check_of_the_case_lets_nobody_answer_a_message_under_way(bureau: Desk) -> None:
    case, _key = objected(bureau)
    take(bureau, case, "check_objection")
    slug = disclosure_of(bureau, case).slug
    objections.submit(
        bureau.rooms, slug, ObjectionText("还有一件"), form="second", address="10.5.0.1",
        now=bureau.clock(),
    )  # fmt: skip
    with bureau.rooms.read() as session:
        second = objections_to(session, disclosure_of(bureau, case).key)[1].key
    with pytest.raises(ObjectionAwaitsTask), bureau.rooms.write() as tools:
        objection_answers.answer(
            tools, second, state=ObjectionState.DISMISSED, record="无", text="不成立。",
            actor=OFFICER, now=bureau.clock(),
        )  # fmt: skip
    forget_messages(bureau)


def test_what_is_put_off_is_answered_by_who_has_its_task_and_the_case_keeps_why(
    bureau: Desk,
) -> None:
    case, _key = objected(bureau)
    check(bureau, case, "unsettled")
    end_days(bureau, case)
    take(bureau, case, "postpone")
    with pytest.raises(ObjectionAwaitsTask):
        settle_on_its_page(bureau, case, ObjectionState.DISMISSED, actor=COLLEAGUE)
    settle_on_its_page(bureau, case, ObjectionState.DISMISSED)
    with bureau.rooms.read() as session:
        told = [
            str(one)
            for one in timeline.of_instance(
                session, instance_key=case, with_values=True, reader=OFFICER
            )
        ]
    assert any("异议不成立。核查情况：函调。" in one for one in told)


def test_a_check_says_nothing_else_than_what_was_answered_before(bureau: Desk) -> None:
    # given an objection that was answered beside its check, as could be done before
    case = post(bureau)
    object_to(bureau, case)
    with bureau.rooms.database.write() as session:
        session.execute(
            update(Objection)
            .where(Objection.key == key_of(bureau, case))
            .values(state=ObjectionState.DISMISSED)
        )
    check(bureau, case, "upheld")
    assert "已经答复为异议不成立" in str(bureau.within(case, "objection_problems"))
    check(bureau, case, "dismissed", check_record=" ")
    assert len(tasks(bureau, case, "check_objection")) == 1
    check(bureau, case, "dismissed")
    end_days(bureau, case)
    assert ended_as(bureau, case) == "公示无异议"
