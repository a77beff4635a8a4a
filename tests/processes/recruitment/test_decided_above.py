"""Case 10: who can never decide asks the party organ above, and the case goes on by its answer."""

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import delete

from processes.committee import agenda, discussion, meetings
from processes.committee.above_views import items_above
from processes.committee.refusals import DecidedAbove
from processes.committee.rules import Outcome
from processes.committee.tables import Item
from processes.registers.party_group import decisions
from processes.registers.staffing.tables import Researcher
from service.domain.errors import FieldsInvalid
from service.domain.values import Json
from service.procedure import send_message
from service.store.tables import UserTask
from tests.processes.desk import OFFICER, Desk
from tests.processes.party_group import SECRETARY, Group, about_plan, actor_of, next_day
from tests.processes.recruitment.deciding import (
    called_by,
    disclosure_of,
    incidents,
    newest,
    run_jobs,
    tasks,
)
from tests.processes.recruitment.engaging import (
    RETIRED,
    VERIFIED,
    ask_for,
    consent,
    do,
    engagement,
    look_up_record,
    qualify,
)
from tests.processes.recruitment.reconsidering import REPLY, SENT

pytestmark = pytest.mark.usefixtures("begin")
_weeks = count(6)
ORGAN = str(SENT["superior_organ"])


@pytest.fixture(autouse=True)
def nobody_rehired(bureau: Desk) -> Iterator[None]:
    yield
    with bureau.rooms.database.write() as session:
        session.execute(delete(Researcher).where(Researcher.kind == "返聘银龄"))


@pytest.fixture
def engaged(bureau: Desk) -> int:
    """An engagement on which three of the five members must keep out."""
    qualify(bureau, RETIRED)
    case = ask_for(bureau)
    consent(bureau, case)
    do(bureau, case, "verify", "verified", filled=VERIFIED)
    look_up_record(bureau, case)
    found = engagement(bureau, case)
    item = item_of(bureau, found)
    bureau.clock.pass_days(11 * next(_weeks))
    group = Group(bureau, 5)
    group.prepare(about_plan(f"当日计划{item}"))
    with group.sitting() as sitting:
        agenda.place(sitting, item)
    group.give_notice()
    group.call(5)
    with group.sitting() as sitting:
        meetings.open_meeting(sitting)
    group.discuss(item, recuse=[3, 4, 5])
    assert group.begin_vote(item) is Outcome.DEFERRED
    run_jobs(bureau)
    return found


def item_of(desk: Desk, engaged: int) -> int:
    return int(str(desk.variables(engaged)["committee_item"]))


def asked_in(desk: Desk, engaged: int) -> int:
    return called_by(desk, engaged, "committee_standing")


def only(desk: Desk, engaged: int, element_id: str) -> UserTask:
    (task,) = tasks(desk, asked_in(desk, engaged), element_id)
    return task


def today(desk: Desk) -> str:
    return desk.clock().date().isoformat()


def report(desk: Desk, engaged: int, **changes: Json) -> None:
    """The office sends the request, and says so."""
    task = only(desk, engaged, "report")
    sent: dict[str, Json] = {
        **SENT,
        "sent_on": today(desk),
        "sent_document": desk.upload(task.key, "sent_document", OFFICER),
    }
    desk.complete(task, "sent", sent | changes, actor=OFFICER)
    run_jobs(desk)


def reply(desk: Desk, engaged: int, answer: str, **changes: Json) -> None:
    """The office enters what was answered."""
    task = only(desk, engaged, "reply")
    given: dict[str, Json] = {
        **REPLY,
        "reply_answer": answer,
        "reply_on": today(desk),
        "reply_document": desk.upload(task.key, "reply_document", OFFICER),
    }
    desk.complete(task, "submit", given | changes, actor=OFFICER)
    run_jobs(desk)


def problems(desk: Desk, engaged: int) -> str:
    told = desk.variables(asked_in(desk, engaged))["superior_problems"]
    assert isinstance(told, list)
    return "".join(map(str, told))


def test_the_case_goes_on_by_the_decision_of_the_organ_above(bureau: Desk, engaged: int) -> None:
    assert tasks(bureau, engaged, "resubmit") == [], "it does not go round in the bureau"
    report(bureau, engaged)
    bureau.clock.pass_days(6)
    reply(bureau, engaged, "同意")
    assert incidents(bureau, engaged) == []
    # the register says who decided, and by which paper
    item = item_of(bureau, engaged)
    with bureau.rooms.read() as session:
        found = decisions.find(session, str(item))
        assert found is not None
        assert found.carried
        assert found.decided_on == bureau.clock().date()
        (row, *_) = items_above(session, actor=SECRETARY)
        assert row.decision is not None
        assert (row.decision.organ, row.decision.number) == (ORGAN, "乌组复〔2026〕8号")
        assert row.item.words.startswith(ORGAN)
        assert row.item.root_key == item
    # and so does the 公示
    notice = called_by(bureau, engaged, "public_notice")
    shown = disclosure_of(bureau, notice).content
    assert shown.startswith(f"经{ORGAN}决定（乌组复〔2026〕8号），现将拟聘人选公示如下。")
    # which the bureau's own group cannot take up again
    next_day(bureau)
    group = Group(bureau, 3)
    group.begin(about_plan(f"之后的计划{item}"), present=3)
    with pytest.raises(DecidedAbove, match=ORGAN), group.sitting() as sitting:
        discussion.reconsider(
            sitting, sitting.tools.session.get_one(Item, row.item.key),
            proposer=actor_of(2).username, reason="另有意见",
            consenting=[actor_of(number).username for number in (1, 2, 3)],
        )  # fmt: skip


def test_where_the_organ_above_refuses_nobody_is_engaged(bureau: Desk, engaged: int) -> None:
    report(bureau, engaged)
    reply(bureau, engaged, "不同意")
    assert bureau.instance(engaged).end_event == "党组未通过"


def test_a_reply_is_entered_whole_and_a_message_alone_decides_nothing(
    bureau: Desk, engaged: int
) -> None:
    with pytest.raises(FieldsInvalid) as refused:
        report(bureau, engaged, superior_organ="乌海市教育局党组")
    assert refused.value.errors == {"superior_organ": ["所选内容不在可选范围内。"]}
    report(bureau, engaged, sent_number="")
    assert "请示的文号" in problems(bureau, engaged)
    report(bureau, engaged)
    with bureau.rooms.write() as tools:
        send_message(
            tools, "committee.superior_reply", correlation_key=str(item_of(bureau, engaged)),
            variables={"reply_answer": "同意", "reply_number": "乌组复〔2026〕9号"},
            now=bureau.clock(),
        )  # fmt: skip
    run_jobs(bureau)
    # what it says stands in the form, for the office to confirm with the paper
    waiting = bureau.variables(asked_in(bureau, engaged))
    assert waiting["reply_number"] == "乌组复〔2026〕9号"
    assert bureau.instance(engaged).end_event is None
    reply(bureau, engaged, "同意", reply_on="2025-01-01")
    assert "不能早于报送的日期" in problems(bureau, engaged)
    reply(bureau, engaged, "同意")
    assert called_by(bureau, engaged, "public_notice")


def test_it_may_come_before_the_group_again_instead(bureau: Desk, engaged: int) -> None:
    task = only(bureau, engaged, "report")
    bureau.complete(task, "keep", {}, actor=OFFICER, comment="两名成员将离任")
    run_jobs(bureau)
    assert len(tasks(bureau, engaged, "resubmit")) == 1
    assert incidents(bureau, engaged) == []


def test_an_item_of_no_case_is_reported_too(bureau: Desk) -> None:
    bureau.clock.pass_days(11 * next(_weeks))
    group = Group(bureau, 5)
    group.begin(about_plan("办公室提出的计划"), present=5)
    group.discuss(recuse=[3, 4, 5])
    assert group.begin_vote() is Outcome.DEFERRED
    run_jobs(bureau)
    case = newest(bureau, "committee_standing")
    assert bureau.instance(case).title == "核对党组决定：办公室提出的计划"
    (task,) = tasks(bureau, case, "report")
    sent = {**SENT, "sent_document": bureau.upload(task.key, "sent_document", OFFICER)}
    bureau.complete(task, "sent", sent | {"sent_on": today(bureau)}, actor=OFFICER)
    (task,) = tasks(bureau, case, "reply")
    answer = {**REPLY, "reply_document": bureau.upload(task.key, "reply_document", OFFICER)}
    answered = answer | {"reply_answer": "不同意", "reply_on": today(bureau)}
    bureau.complete(task, "submit", answered, actor=OFFICER)
    assert bureau.instance(case).end_event == "可以往下办"
    with bureau.rooms.read() as session:
        found = decisions.find(session, str(group.only))
        assert found is not None
        assert not found.carried


def test_the_organ_above_may_give_it_back_to_the_group(bureau: Desk, engaged: int) -> None:
    report(bureau, engaged)
    reply(bureau, engaged, "退回由本局再议", reply_number="乌组复〔2026〕10号")
    assert incidents(bureau, engaged) == []
    assert len(tasks(bureau, engaged, "resubmit")) == 1
    with bureau.rooms.read() as session:
        asked = session.get_one(Item, item_of(bureau, engaged))
        assert asked.reason.endswith("退回由本局再议（乌组复〔2026〕10号）")
        assert asked.key not in {row.item.key for row in items_above(session, actor=SECRETARY)}
