"""A 复议 that the group can never decide is the organ above's: it answers, or gives it back."""

from itertools import count

import pytest
from sqlalchemy import select

from processes.committee import agenda, decisions, discussion, meetings
from processes.committee.above_views import items_above
from processes.committee.rules import Outcome
from processes.committee.tables import Item, ItemState
from processes.registers.party_group import decisions as register
from service.store.tables import Message
from tests.processes.desk import Desk
from tests.processes.party_group import SECRETARY, Group, about_plan, actor_of
from tests.processes.recruitment.deciding import newest, run_jobs
from tests.processes.recruitment.reconsidering import answer_from_above

pytestmark = pytest.mark.usefixtures("begin")
_weeks = count(60)


@pytest.fixture
def again(bureau: Desk) -> Item:
    """A plan was carried; on its 复议 three of five members keep out."""
    bureau.clock.pass_days(11 * next(_weeks))
    group = Group(bureau, 5)
    group.begin(about_plan(f"办公室的计划{bureau.clock.now:%y%m%d}"), present=5)
    group.discuss()
    group.begin_vote()
    group.votes(5)
    group.close_vote()
    with group.sitting() as sitting:
        found = discussion.reconsider(
            sitting, sitting.tools.session.get_one(Item, group.only),
            proposer=actor_of(2).username, reason="有新的情况",
            consenting=[actor_of(number).username for number in (1, 2, 3)],
        )  # fmt: skip
        assert found is not None
        sitting.tools.session.flush()
        key = found.key
    bureau.clock.pass_days(1)
    other = Group(bureau, 5)
    other.prepare(about_plan(f"当日的计划{key}"))
    with other.sitting() as sitting:
        agenda.place(sitting, key)
    other.give_notice()
    other.call(5)
    with other.sitting() as sitting:
        meetings.open_meeting(sitting)
    other.discuss(key, recuse=[3, 4, 5])
    assert other.begin_vote(key) is Outcome.DEFERRED
    run_jobs(bureau)
    return other.item(key)


def answered(desk: Desk, answer: str) -> int:
    case = newest(desk, "committee_standing")
    answer_from_above(desk, case, answer)
    return case


def sent_to(desk: Desk, root: int) -> list[str]:
    with desk.rooms.read() as session:
        wanted = select(Message.name).where(Message.correlation_key == str(root))
        return list(session.scalars(wanted.order_by(Message.key)))


def test_the_organ_above_takes_the_decision_away(bureau: Desk, again: Item) -> None:
    root = again.root_key
    with bureau.rooms.read() as session:
        assert next(row.item.key for row in items_above(session, actor=SECRETARY)) == again.key
        # what rests on the decision waits, and nobody takes it up a second time
        assert decisions.taken_up(session, again) is not None
        found = register.find(session, str(root))
        assert found is not None
        assert found.carried
    before = sent_to(bureau, root)
    case = answered(bureau, "不同意")
    assert bureau.instance(case).end_event == "复议已有答复"
    assert sent_to(bureau, root)[len(before) :] == [agenda.OVERTURNED, agenda.RECONSIDERED]
    with bureau.rooms.read() as session:
        found = register.find(session, str(root))
        assert found is not None
        assert not found.carried
        assert decisions.taken_up(session, again) is None


def test_given_back_the_reconsideration_waits_for_an_agenda(bureau: Desk, again: Item) -> None:
    root = again.root_key
    before = sent_to(bureau, root)
    case = answered(bureau, "退回由本局再议")
    assert bureau.instance(case).end_event == "复议已有答复"
    assert sent_to(bureau, root)[len(before) :] == [agenda.RECONSIDERED]
    with bureau.rooms.read() as session:
        waiting = decisions.taken_up(session, again)
        assert waiting is not None
        assert (waiting.state, waiting.previous_key) == (ItemState.WAITING, again.key)
        assert "退回由本局再议（乌组复〔2026〕8号）" in waiting.ground
        assert again.key not in {row.item.key for row in items_above(session, actor=SECRETARY)}


def test_an_item_of_the_office_comes_before_the_group_again(bureau: Desk) -> None:
    bureau.clock.pass_days(11 * next(_weeks))
    group = Group(bureau, 5)
    group.begin(about_plan("办公室提出、退回的计划"), present=5)
    group.discuss(recuse=[3, 4, 5])
    assert group.begin_vote() is Outcome.DEFERRED
    run_jobs(bureau)
    case = answered(bureau, "退回由本局再议")
    assert bureau.instance(case).end_event == "可以往下办"
    with bureau.rooms.read() as session:
        wanted = select(Item).where(Item.previous_key == group.only)
        waiting = session.scalars(wanted).one()
    assert (waiting.state, waiting.root_key) == (ItemState.WAITING, waiting.key)
