"""Objections handed in on paper: entered with day and scan, and holding the 公示 like any other."""

import io
from datetime import date, timedelta
from itertools import count

import pytest

from service.commands import objections, paper_objections, ties
from service.commands.disclosures import objections_to
from service.commands.objections import Receipt
from service.commands.public_files import Sent
from service.domain.actors import Actor
from service.domain.disclosures import DisclosureNotFound, ObjectionText, PaperTooLate
from service.domain.errors import FieldsInvalid
from service.domain.recusal import TieKind
from service.queries import disclosures, timeline
from service.web.texts import ZONE
from tests.processes.desk import COLLEAGUE, OFFICER, PDF, Desk
from tests.processes.recruitment.deciding import (
    about,
    disclosure_of,
    record_decision,
    run_jobs,
    tasks,
    wait_until,
)
from tests.processes.recruitment.noticing import (
    check,
    end_days,
    ended_as,
    person,
    post,
    show,
    take,
)

pytestmark = pytest.mark.usefixtures("begin")
_forms = count(1)


def register(
    desk: Desk,
    case: int,
    day: date | None,
    *,
    actor: Actor = OFFICER,
    form: str = "",
    scan: bool = True,
) -> Receipt:
    receipt = paper_objections.register(
        desk.rooms, disclosure_of(desk, case).key, ObjectionText("教龄不满六年。", "王某", ""),
        received_on=day, form=form or f"paper-{next(_forms)}",
        files=[Sent("扫描件.pdf", io.BytesIO(PDF))] if scan else [], actor=actor, now=desk.clock(),
    )  # fmt: skip
    run_jobs(desk)
    return receipt


def today(desk: Desk) -> date:
    return desk.clock().astimezone(ZONE).date()


def test_it_is_checked_from_the_day_it_came_and_answered_by_the_receipt(bureau: Desk) -> None:
    case = post(bureau)
    came = today(bureau)
    bureau.clock.pass_days(2)
    receipt = register(bureau, case, came)
    assert len(tasks(bureau, case, "check_objection")) == 1
    assert came.isoformat() in map(str, bureau.within(case, "objection_received_on"))
    end_days(bureau, case)
    assert ended_as(bureau, case) is None
    check(bureau, case, "upheld")
    assert ended_as(bureau, case) == "异议成立，不再聘用"
    told = objections.look_up(
        bureau.rooms, receipt.number, receipt.secret, address="10.8.0.1", now=bureau.clock()
    )
    assert [one.state for one in told.answers] == ["upheld"]
    with bureau.rooms.read() as session:
        (one,) = objections_to(session, disclosure_of(bureau, case).key)
        page = disclosures.objection(session, actor=COLLEAGUE, key=one.key)
        acts = timeline.of_instance(session, instance_key=case, with_values=True)
    assert (page.received_on, page.registered_by) == (came, "人事科01")
    assert [file.file_name for file in page.files] == ["扫描件.pdf"]
    assert any(f"登记书面异议 {receipt.number}" in act.detail for act in acts)


def test_one_of_the_last_day_that_is_entered_behind_it_holds_the_end(bureau: Desk) -> None:
    case = post(bureau)
    last = disclosure_of(bureau, case).ends_on
    wait_until(bureau, f"{last}T17:00:00+08:00")
    # the days are over when the clerk comes to it, and the case has not looked yet
    bureau.clock.pass_days(1)
    register(bureau, case, last)
    end_days(bureau, case)
    assert ended_as(bureau, case) is None
    assert disclosure_of(bureau, case).closed_at is None


def test_the_same_form_makes_one_objection(bureau: Desk) -> None:
    case = post(bureau)
    first = register(bureau, case, today(bureau), form="once")
    assert register(bureau, case, today(bureau), form="once") == first
    # and is nobody else's
    assert register(bureau, case, today(bureau), form="once", actor=COLLEAGUE) != first


@pytest.mark.parametrize(
    ("offset", "told"),
    [(None, "请填写"), (-1, "不在公示期内"), (1, "不能晚于今天")],
)
def test_another_day_is_refused(bureau: Desk, offset: int | None, told: str) -> None:
    case = post(bureau)
    day = None if offset is None else today(bureau) + timedelta(days=offset)
    with pytest.raises(FieldsInvalid) as refused:
        register(bureau, case, day)
    assert told in str(refused.value.errors["received_on"])
    assert tasks(bureau, case, "check_objection") == []


def test_without_a_scan_it_is_refused(bureau: Desk) -> None:
    case = post(bureau)
    with pytest.raises(FieldsInvalid) as refused:
        register(bureau, case, today(bureau), scan=False)
    assert "扫描件" in str(refused.value.errors["files"])


def test_to_what_is_over_nothing_is_entered(bureau: Desk) -> None:
    case = post(bureau)
    first = disclosure_of(bureau, case).begins_on
    end_days(bureau, case)
    with pytest.raises(PaperTooLate):
        register(bureau, case, first)


def test_a_stranger_and_who_is_tied_enter_none(bureau: Desk) -> None:
    name = person()
    item = record_decision(bureau, about(name, "head06"))
    case = show(bureau, name, str(item))
    with bureau.rooms.write() as tools:
        ties.declare(
            tools, username=OFFICER.username, other="head06", kind=TieKind.LINEAL,
            actor=OFFICER, now=bureau.clock(),
        )  # fmt: skip
    for actor in (OFFICER, Actor("teacher002", "教师002"), Actor("head06", "负责人06")):
        with pytest.raises(DisclosureNotFound):
            register(bureau, case, today(bureau), actor=actor)
    with bureau.rooms.read() as session:
        offered = disclosures.registrable(session, actor=OFFICER, today=today(bureau))
        assert disclosure_of(bureau, case).key not in {one.key for one in offered}
    register(bureau, case, today(bureau), actor=COLLEAGUE)
    take(bureau, case, "check_objection", actor=COLLEAGUE)
