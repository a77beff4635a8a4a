"""复议 takes effect on a 公示: before it is posted, while it is shown, when its days are over."""

import pytest
from sqlalchemy import select

from processes.committee.rules import Outcome
from service.commands import objections
from service.commands.objections import Progress, Receipt
from service.domain.disclosures import ObjectionAnswered, ObjectionState
from service.procedure import send_message
from service.store.tables import Notice
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import (
    about,
    disclosure_of,
    incidents,
    object_to,
    record_decision,
    run_jobs,
    tasks,
)
from tests.processes.recruitment.noticing import (
    check,
    end_days,
    ended_as,
    person,
    settle_on_its_page,
    show,
)
from tests.processes.recruitment.reconsidering import decide_again, overturn, take_up

pytestmark = pytest.mark.usefixtures("begin")
WITHDRAWN = "经局党组复议，原决定已经改变，不再聘用，本公示撤回。"


def posted(desk: Desk) -> tuple[int, int]:
    """A 公示 of somebody who was decided on: its case, and the item."""
    name = person()
    item = record_decision(desk, about(name))
    return show(desk, name, str(item)), item


def told_to_the_public(desk: Desk, case: int) -> list[Notice]:
    with desk.rooms.read() as session:
        return list(session.scalars(select(Notice).where(Notice.instance_key == case)))


def test_nothing_is_posted_while_the_decision_is_taken_up_again(bureau: Desk) -> None:
    name = person()
    item = record_decision(bureau, about(name))
    again = take_up(bureau, item)
    case = show(bureau, name, str(item))
    assert "notice_key" not in bureau.variables(case)
    # the second decision confirms the first
    decide_again(bureau, again, Outcome.CARRIED)
    assert disclosure_of(bureau, case).closed_at is None
    end_days(bureau, case)
    assert "公示无异议" in str(ended_as(bureau, case))


def test_what_was_taken_away_before_is_never_posted(bureau: Desk) -> None:
    name = person()
    item = record_decision(bureau, about(name))
    overturn(bureau, item)
    case = show(bureau, name, str(item))
    assert "公示已撤回" in str(ended_as(bureau, case))
    assert bureau.variables(case)["notice_result"] == "revoked"
    assert "notice_key" not in bureau.variables(case)
    assert told_to_the_public(bureau, case) == []


def test_a_notice_is_withdrawn_at_once_and_says_why(bureau: Desk) -> None:
    case, item = posted(bureau)
    overturn(bureau, item)
    assert "公示已撤回" in str(ended_as(bureau, case))
    assert bureau.variables(case)["notice_result"] == "revoked"
    shown = disclosure_of(bureau, case)
    assert shown.conclusion == WITHDRAWN
    assert shown.closed_at is not None
    (notice,) = told_to_the_public(bureau, case)
    assert notice.title == "关于撤回拟聘教研员人选公示的公告（集中遴选）"
    assert "经局党组复议，原决定已经改变" in notice.body
    assert str(bureau.variables(case)["content"]) not in notice.body


def test_while_it_is_taken_up_again_the_days_go_on_and_nothing_is_concluded(bureau: Desk) -> None:
    case, item = posted(bureau)
    again = take_up(bureau, item)
    assert disclosure_of(bureau, case).closed_at is None
    end_days(bureau, case)
    assert ended_as(bureau, case) is None
    assert disclosure_of(bureau, case).closed_at is None
    decide_again(bureau, again, Outcome.CARRIED)
    assert "公示无异议" in str(ended_as(bureau, case))
    assert disclosure_of(bureau, case).conclusion == "公示期满，没有收到异议。"
    assert incidents(bureau, case) == []


def test_at_the_end_of_its_days_it_is_withdrawn_where_the_second_decision_is_another(
    bureau: Desk,
) -> None:
    case, item = posted(bureau)
    again = take_up(bureau, item)
    end_days(bureau, case)
    decide_again(bureau, again, Outcome.NOT_CARRIED)
    assert "公示已撤回" in str(ended_as(bureau, case))
    assert len(told_to_the_public(bureau, case)) == 1


def test_what_is_put_off_is_withdrawn_too(bureau: Desk) -> None:
    case, item = posted(bureau)
    receipt = object_to(bureau, case)
    (task,) = tasks(bureau, case, "check_objection")
    filled = {"check_record": "函调中。", "objection_answer": "一时难以查实。"}
    bureau.complete(task, "unsettled", dict(filled), actor=OFFICER)
    end_days(bureau, case)
    again = take_up(bureau, item)
    assert tasks(bureau, case, "postpone") == [], "nobody concludes it meanwhile"
    decide_again(bureau, again, Outcome.NOT_CARRIED)
    assert disclosure_of(bureau, case).conclusion == WITHDRAWN
    assert "公示已撤回" in str(ended_as(bureau, case))
    said = [one.state for one in looked_up(bureau, receipt).answers]
    assert said == [ObjectionState.UNSETTLED, ObjectionState.LAPSED]


def test_objections_that_are_open_end_with_it_and_who_objected_is_told(bureau: Desk) -> None:
    case, item = posted(bureau)
    receipt = object_to(bureau, case)
    overturn(bureau, item)
    # nothing stays published that holds no more, and nobody has to answer first
    assert "公示已撤回" in str(ended_as(bureau, case))
    assert disclosure_of(bureau, case).conclusion == WITHDRAWN
    assert bureau.variables(case)["notice_lapsed"] == [receipt.number]
    progress = looked_up(bureau, receipt)
    assert progress.state is ObjectionState.LAPSED
    (answer,) = progress.answers
    assert "这件异议因此不再核查，不作成立或者不成立的结论" in answer.text
    assert answer.text.endswith("请书面提出。书面受理：市教育局人事科。")
    (notice,) = told_to_the_public(bureau, case)
    assert "还没有核查完的1件异议不再核查，已经答复" in notice.body
    # the office sees it as ended, and cannot find anything of it behind
    with pytest.raises(ObjectionAnswered):
        settle_on_its_page(bureau, case, ObjectionState.DISMISSED)


def test_what_was_found_of_an_objection_stays_found(bureau: Desk) -> None:
    case, item = posted(bureau)
    receipt = object_to(bureau, case)
    check(bureau, case, "dismissed")
    overturn(bureau, item)
    assert looked_up(bureau, receipt).state is ObjectionState.DISMISSED
    (notice,) = told_to_the_public(bureau, case)
    assert "不再核查" not in notice.body


def looked_up(desk: Desk, receipt: Receipt) -> Progress:
    return objections.look_up(
        desk.rooms, receipt.number, receipt.secret, address="10.9.0.1", now=desk.clock()
    )


def test_a_message_that_says_so_changes_nothing(bureau: Desk) -> None:
    case, item = posted(bureau)
    with bureau.rooms.write() as tools:
        send_message(
            tools, "committee.reconsidered", correlation_key=str(item),
            variables={"committee_result": "NOT_CARRIED"}, now=bureau.clock(),
        )  # fmt: skip
    run_jobs(bureau)
    end_days(bureau, case)
    assert "公示无异议" in str(ended_as(bureau, case))
