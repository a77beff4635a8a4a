"""A 复议 that the organ above decides, felt by the case that rests on the decision."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.committee.rules import ItemClass
from processes.committee.tables import Item, ItemState
from processes.recruitment.tables import CandidacyState
from processes.registers.staffing.tables import Researcher
from service.domain.actors import Actor
from service.feel import FeelPool
from service.store.tables import Notice
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import (
    disclosure_of,
    incidents,
    newest,
    settle_waiting,
    tasks,
    wait_until,
)
from tests.processes.recruitment.reconsidering import answer_from_above, cannot_decide, take_up
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau
from tests.processes.recruitment.selection_cast import MORE, SUBJECTS

ABOVE = "中共乌海市委组织部"
_people, _subjects, _weeks = iter(MORE[:-1]), iter(SUBJECTS), count()


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("above"), feel) as desk:
        yield desk


@pytest.fixture
def monday(bureau: Desk) -> None:
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(7 * next(_weeks))


def item_of(one: Selecting) -> int:
    return int(str(one.desk.variables(one.case)["committee_item"]))


def sent_above(one: Selecting) -> int:
    """The decision is taken up again, and the group can never decide it: the case that reports."""
    return cannot_decide(one.desk, take_up(one.desk, item_of(one)))


def reason_of(one: Selecting, person: Actor) -> str:
    return one.candidacy(person).reason


@pytest.fixture
def shown(bureau: Desk, monday: None) -> tuple[Selecting, int, Actor, Actor]:
    """A post at the 公示 of its first candidate: it, the 公示, the first, the second."""
    first, second = next(_people), next(_people)
    post = begin_post(bureau, [first, second], next(_subjects))
    post.write(90, 80)
    post.interview(90, 80)
    post.examine()
    post.decide()
    return post, post.called("public_notice"), first, second


def test_a_post_waits_for_the_organ_above_and_goes_on_by_its_answer(
    shown: tuple[Selecting, int, Actor, Actor],
) -> None:
    post, notice, first, _ = shown
    case = sent_above(post)
    # its days end meanwhile, and nothing is concluded
    wait_until(post.desk, str(post.desk.variables(notice)["notice_over_at"]))
    assert post.desk.instance(notice).end_event is None
    assert disclosure_of(post.desk, notice).closed_at is None
    answer_from_above(post.desk, case, "同意")
    post.run()
    assert "公示无异议" in str(post.desk.instance(notice).end_event)
    assert post.candidacy(first).state == CandidacyState.FILING
    assert post.called("recruitment_appointment")
    assert incidents(post.desk, post.case) + incidents(post.desk, notice) == []


def test_taken_away_from_above_the_notice_is_withdrawn_and_the_next_one_follows(
    shown: tuple[Selecting, int, Actor, Actor],
) -> None:
    post, notice, first, second = shown
    answer_from_above(post.desk, sent_above(post), "不同意")
    post.run()
    assert "公示已撤回" in str(post.desk.instance(notice).end_event)
    said = f"经{ABOVE}决定（乌组复〔2026〕8号），原决定已经改变，不再聘用，本公示撤回。"
    assert disclosure_of(post.desk, notice).conclusion == said
    with post.desk.rooms.read() as session:
        told = session.scalars(select(Notice).where(Notice.instance_key == notice)).one()
    assert f"经{ABOVE}决定（乌组复〔2026〕8号），原决定已经改变" in told.body
    assert "局党组复议" not in told.body
    assert post.candidacy(first).state == CandidacyState.DROPPED
    assert reason_of(post, first) == f"落选：{ABOVE}改变了决定，不再聘用"
    assert post.candidacy(second).state == CandidacyState.PROPOSED


@pytest.fixture
def appointing(bureau: Desk, monday: None) -> tuple[Selecting, Actor]:
    """An appointment that waits for its filing."""
    person = next(_people)
    return begin_post(bureau, [person], next(_subjects), process="recruitment_appointment"), person


@pytest.mark.parametrize("answer", ["同意", "不同意", "退回由本局再议"])
def test_an_appointment_waits_for_the_organ_above(
    appointing: tuple[Selecting, Actor], answer: str
) -> None:
    one, person = appointing
    case = sent_above(one)
    one.file(one.key_of_first)
    assert one.open_elements() == [], "the office has nothing to do with it meanwhile"
    answer_from_above(one.desk, case, answer)
    one.run()
    assert incidents(one.desk, one.case) == []
    if answer == "同意":
        one.appoint(person)
        assert one.candidacy(person).state == CandidacyState.ON_TRIAL
    elif answer == "不同意":
        assert one.candidacy(person).state == CandidacyState.DROPPED
        assert reason_of(one, person) == f"{ABOVE}改变了决定"
        assert one.desk.variables(one.case)["appointment_result"] == "not_appointed"
    else:
        # it is the group's own again, and waits for its agenda
        assert one.open_elements() == []
        assert one.desk.variables(one.case).get("appointment_result") != "not_appointed"


def test_overturned_from_above_after_the_appointment_it_is_revoked_in_the_register(
    appointing: tuple[Selecting, Actor],
) -> None:
    one, person = appointing
    desk = one.desk
    one.file(one.key_of_first)
    one.appoint(person)
    answer_from_above(desk, sent_above(one), "不同意")
    # nothing is undone by itself; the group is asked, and told by whom the decision was changed
    assert one.candidacy(person).state == CandidacyState.ON_TRIAL
    revocation = newest(desk, "appointment_revocation")
    with desk.rooms.read() as session:
        wanted = select(Item).where(
            Item.instance_key == revocation, Item.state == ItemState.WAITING
        )
        put_up = session.scalars(wanted).one()
    assert put_up.item_class == ItemClass.REVOCATION
    assert put_up.text.startswith(ABOVE)
    assert "以乌组复〔2026〕8号决定“" in put_up.text
    (task,) = tasks(desk, revocation, "prepare")
    desk.complete(task, "ready", actor=OFFICER)
    settle_waiting(desk, revocation)
    one.run()
    assert desk.instance(revocation).end_event == "已撤销聘任"
    with desk.rooms.read() as session:
        of_person = select(Researcher).where(Researcher.username == person.username)
        entry = session.scalars(of_person).one()
    assert (entry.ended_on, entry.ended_how) == (desk.clock().date(), "回原单位")
    assert entry.leaving_basis.endswith(f"议题 {put_up.key}")
    assert put_up.matter.startswith("撤销")
    assert put_up.matter.endswith("到岗的聘任")
    assert one.candidacy(person).state == CandidacyState.RETURNED
    assert one.desk.variables(one.case)["appointment_result"] == "returned"
    assert incidents(desk, revocation) + incidents(desk, one.case) == []
