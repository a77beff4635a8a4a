"""复议 takes effect on an appointment: before somebody begins, and after (撤销聘任)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.committee import agenda
from processes.committee.rules import ItemClass, Outcome
from processes.committee.tables import Item, ItemState
from processes.recruitment.tables import CandidacyState
from service.domain.actors import Actor
from service.domain.values import Json
from service.feel import FeelPool
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import newest, run_jobs, settle_waiting, tasks
from tests.processes.recruitment.reconsidering import decide_again, overturn, take_up
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau
from tests.processes.recruitment.selection_cast import MORE, SUBJECTS

REVOCATION = "appointment_revocation"
_people, _subjects, _weeks = iter(MORE[:-1]), iter(SUBJECTS), count()


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("again"), feel) as desk:
        yield desk


@pytest.fixture
def one(bureau: Desk) -> Selecting:
    """An appointment that waits for its filing, on a Monday of its own."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(7 * next(_weeks))
    person = next(_people)
    return begin_post(bureau, [person], next(_subjects), process="recruitment_appointment")


def person_of(one: Selecting) -> Actor:
    with one.desk.rooms.read() as session:
        item = session.get_one(Item, item_of(one))
    return next(each for each in MORE if each.username == item.subject)


def item_of(one: Selecting) -> int:
    return int(str(one.desk.variables(one.case)["committee_item"]))


def begun(one: Selecting) -> int:
    """Let somebody begin; return the item by which."""
    one.file(one.key_of_first)
    one.appoint(person_of(one))
    assert state_of(one) == CandidacyState.ON_TRIAL
    return item_of(one)


def state_of(one: Selecting) -> str:
    return one.candidacy(person_of(one)).state


def waiting(desk: Desk, case: int) -> Item:
    """The item that a case has put up and that waits for an agenda."""
    with desk.rooms.read() as session:
        wanted = select(Item).where(Item.instance_key == case, Item.state == ItemState.WAITING)
        return session.scalars(wanted).one()


def test_while_it_is_taken_up_again_nobody_is_appointed(one: Selecting) -> None:
    # while it waits for the filing
    decide_again(one.desk, take_up(one.desk, item_of(one)), Outcome.CARRIED)
    one.file(one.key_of_first)
    assert one.open_elements() == ["appoint"]
    # and when the office has it in hand
    again = take_up(one.desk, item_of(one))
    assert one.open_elements() == [], "the office has nothing to do with it meanwhile"
    decide_again(one.desk, again, Outcome.CARRIED)
    one.appoint(person_of(one))
    assert state_of(one) == CandidacyState.ON_TRIAL


@pytest.mark.parametrize("filed", [False, True])
def test_before_they_begin_they_are_not_appointed(one: Selecting, filed: bool) -> None:
    if filed:
        one.file(one.key_of_first)
    overturn(one.desk, item_of(one))
    assert one.open_elements() == []
    assert one.desk.variables(one.case)["appointment_result"] == "not_appointed"
    assert state_of(one) == CandidacyState.DROPPED
    assert one.candidacy(person_of(one)).reason == "局党组复议改变了决定"
    # nobody is in post by it: the case of 撤销聘任 ends at once
    assert one.desk.instance(newest(one.desk, REVOCATION)).end_event == "没有到岗"


def test_after_they_began_nothing_is_undone_and_the_group_is_asked(one: Selecting) -> None:
    item = begun(one)
    overturn(one.desk, item)
    # nothing is undone by itself
    assert state_of(one) == CandidacyState.ON_TRIAL
    case = newest(one.desk, REVOCATION)
    name = person_of(one).display_name
    put_up = waiting(one.desk, case)
    assert put_up.item_class == ItemClass.REVOCATION
    assert put_up.title.startswith(f"撤销{name}的聘任：")
    assert str(item) not in put_up.title + put_up.text + put_up.matter
    assert "复议“" in put_up.text
    assert f"确定{name}为拟聘人选的决定不再有效" in put_up.text
    (task,) = tasks(one.desk, case, "prepare")
    one.desk.complete(task, "ready", actor=OFFICER)
    # the Party group decides it: they leave, and the appointment is over
    settle_waiting(one.desk, case)
    assert one.desk.instance(case).end_event == "已撤销聘任"
    assert state_of(one) == CandidacyState.RETURNED
    assert one.candidacy(person_of(one)).reason == "局党组决定撤销聘任"
    assert one.desk.variables(one.case)["appointment_result"] == "returned"
    one.run()


def test_where_the_group_does_not_revoke_the_trial_goes_on_to_its_end(one: Selecting) -> None:
    overturn(one.desk, begun(one))
    case = newest(one.desk, REVOCATION)
    # passed and transferred, they are not made final before the group has decided
    one.pass_days(93)
    one.do("trial_review", "pass", {"trial_opinion": "胜任"}, files=["trial_document"])
    one.transfer(one.key_of_first)
    assert state_of(one) == CandidacyState.TRANSFERRING
    (task,) = tasks(one.desk, case, "prepare")
    one.desk.complete(task, "ready", actor=OFFICER)
    settle_waiting(one.desk, case, Outcome.NOT_CARRIED)
    assert one.desk.instance(case).end_event == "不撤销，继续聘任"
    assert state_of(one) == CandidacyState.APPOINTED
    assert one.desk.variables(one.case)["appointment_result"] == "final"


def test_who_was_made_final_leaves_by_the_same_decision(one: Selecting) -> None:
    item = begun(one)
    one.pass_days(93)
    one.do("trial_review", "pass", {"trial_opinion": "胜任"}, files=["trial_document"])
    one.transfer(one.key_of_first)
    assert state_of(one) == CandidacyState.APPOINTED
    overturn(one.desk, item)
    case = newest(one.desk, REVOCATION)
    # put off first, then decided
    (task,) = tasks(one.desk, case, "prepare")
    one.desk.complete(task, "ready", actor=OFFICER)
    settle_waiting(one.desk, case, Outcome.DEFERRED)
    (task,) = tasks(one.desk, case, "again")
    left: dict[str, Json] = {"withdrawal_ground": "本人已经离岗", "withdrawal_reason": "将退休"}
    one.desk.complete(task, "withdraw", left, actor=OFFICER)
    run_jobs(one.desk)
    # they are still there: it goes on, with what was written
    assert "本人还在岗" in str(one.desk.variables(case)["withdrawal_problems"])
    assert one.desk.variables(case)["withdrawal_reason"] == "将退休"
    (task,) = tasks(one.desk, case, "again")
    one.desk.complete(task, "again", {"item_new_evidence": "补充说明"}, actor=OFFICER)
    run_jobs(one.desk)
    (task,) = tasks(one.desk, case, "prepare")
    one.desk.complete(task, "ready", actor=OFFICER)
    settle_waiting(one.desk, case)
    assert state_of(one) == CandidacyState.RETURNED
    assert one.cell(one.post.seat).state.colour.is_gap


def test_in_a_round_the_next_candidate_takes_their_place(bureau: Desk) -> None:
    bureau.clock.pass_days(7)
    first, second = MORE[-3], MORE[-2]
    post = begin_post(bureau, [first, second], SUBJECTS[0])
    post.write(90, 80)
    post.interview(90, 80)
    post.examine()
    post.decide()
    notice = post.called("public_notice")
    overturn(bureau, int(str(bureau.variables(post.case)["committee_item"])))
    assert "公示已撤回" in str(bureau.instance(notice).end_event)
    assert post.candidacy(first).state == CandidacyState.DROPPED
    assert post.candidacy(first).reason == "落选：局党组复议改变了决定，不再聘用"
    assert post.candidacy(second).state == CandidacyState.PROPOSED


def test_a_plan_is_announced_only_while_its_decision_holds(bureau: Desk) -> None:
    bureau.clock.pass_days(7)
    one = Selecting(bureau)
    one.open(SUBJECTS[1])
    one.approve()
    one.plan()
    item = waiting(bureau, one.case).key
    # carried, and taken up again before the case hears of it
    with bureau.rooms.write() as tools:
        decided = tools.session.get_one(Item, item)
        decided.state, decided.outcome = ItemState.DECIDED, Outcome.CARRIED
        decided.decided_at = bureau.clock()
    again = take_up(bureau, item)
    with bureau.rooms.write() as tools:
        agenda.tell_case(tools, tools.session.get_one(Item, item), meeting=None, now=bureau.clock())
    one.run()
    assert one.round.announced_at is None
    decide_again(bureau, again, Outcome.CARRIED)
    one.run()
    assert one.round.announced_at is not None
