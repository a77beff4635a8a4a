"""Disclosures that processes open and close, and objections that keep them open."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.commands.publications import publish_notice
from service.domain.disclosures import (
    DisclosureItem,
    DisclosureNotFound,
    DisclosureOver,
    ObjectionAwaitsTask,
    ObjectionState,
)
from service.domain.notices import NoticeText
from service.queries import disclosures
from service.store.tables import Disclosure, Incident, Notice
from tests.commands.objecting import WRITTEN, answer, disclosed, object_to
from tests.fixtures_commands import Deploy, Desk, Stage
from tests.fixtures_events import Bring, RunDue, begin_with
from tests.fixtures_public import (
    DISCLOSES,
    FIRST,
    TEXT,
    closes,
    disclose,
    let_office_publish,
    opens,
)

__all__ = ["disclosed"]


def test_everybody_reads_it_in_its_days(stage: Stage, disclosed: tuple[int, str]) -> None:
    _key, slug = disclosed
    with stage.rooms.read() as session:
        page = disclosures.get(session, slug=slug, today=FIRST)
    assert page.items == TEXT.items
    assert page.row.takes_objections(TEXT.ends_on)
    assert not page.row.takes_objections(TEXT.ends_on + timedelta(days=1))


def test_before_its_first_day_it_is_not_there(stage: Stage, bring: Bring, desk: Desk) -> None:
    later = replace(TEXT, begins_on=date(2026, 3, 9), ends_on=date(2026, 3, 15))
    _key, slug = disclose(stage, bring, desk, later)
    with stage.rooms.read() as session, pytest.raises(DisclosureNotFound):
        disclosures.get(session, slug=slug, today=FIRST)
    with pytest.raises(DisclosureNotFound):
        object_to(stage, slug)


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": (DisclosureItem("教师甲 15030219900101123X"),)},
        {"items": (DisclosureItem("教师甲", "电话 138-0013-8000"),)},
        {"items": (DisclosureItem("", "小学语文"),)},
        {"content": "身份证号 150302 19900101 1234。"},
        {"ends_on": FIRST - timedelta(days=1)},
        {"title": ""},
    ],
)
def test_what_may_not_be_shown_is_not_disclosed(
    stage: Stage, bring: Bring, desk: Desk, wrong: dict[str, object]
) -> None:
    desk.acts = [opens(replace(TEXT, **wrong))]  # type: ignore[arg-type]  # of this test's making
    bring(DISCLOSES)
    begin_with(stage, "discloses")
    assert stage.rows(Disclosure) == []


def test_a_handler_that_runs_again_opens_nothing_twice(
    stage: Stage, bring: Bring, desk: Desk, run_due: RunDue
) -> None:
    def opens_and_fails(context: object) -> None:
        opens()(context)  # type: ignore[arg-type]  # the context it was given
        raise OSError("later")

    desk.acts = [opens_and_fails, opens()]
    bring(DISCLOSES)
    begin_with(stage, "discloses")
    assert stage.rows(Disclosure) == []
    stage.clock.forward(minutes=2)
    run_due()
    assert len(stage.rows(Disclosure)) == 1


def test_an_objection_reaches_the_process_and_its_answerer(
    stage: Stage, bring: Bring, desk: Desk, run_due: RunDue
) -> None:
    let_office_publish(stage.rooms, "discloses")
    key, slug = disclose(stage, bring, desk, heard=True)
    receipt = object_to(stage, slug)
    run_due()
    assert stage.open_tasks(key) == ["check", "wait"]
    assert stage.variables(key)["objection_number"] == receipt.number
    assert WRITTEN.text not in str(stage.variables(key))
    with stage.rooms.read() as session:
        [row] = disclosures.objections(session, actor=stage.cast.officer, unresolved=True)
        page = disclosures.objection(session, actor=stage.cast.officer, key=row.key)
    assert (page.text, page.has_sender) == (WRITTEN.text, True)
    # who has no task of the case does not answer beside it
    assert (page.may_answer, page.waits) == (False, True)
    with pytest.raises(ObjectionAwaitsTask):
        answer(stage)


def test_a_disclosure_with_an_open_objection_is_closed_by_nobody(
    stage: Stage, disclosed: tuple[int, str], desk: Desk
) -> None:
    key, slug = disclosed
    object_to(stage, slug)
    desk.acts = [closes, closes, closes]
    stage.complete(stage.task(key, "wait"), stage.cast.applicant)
    assert stage.open_tasks(key) == ["settle"]  # the error event has caught the refusal
    answer(stage, ObjectionState.UNSETTLED, text="一时难以查实，继续核查。")
    stage.complete(stage.task(key, "settle"), stage.cast.applicant)
    assert stage.open_tasks(key) == ["settle"]
    assert stage.row(Disclosure)["closed_at"] is None
    answer(stage)
    stage.complete(stage.task(key, "settle"), stage.cast.applicant)
    assert stage.open_tasks(key) == []
    assert stage.row(Disclosure)["closed_at"] == stage.clock.now


def test_where_no_event_catches_the_refusal_an_incident_holds_the_step(
    stage: Stage, bring: Bring, desk: Desk
) -> None:
    bring(DISCLOSES.replace(b"disclosure-objections-open", b"something-else"))
    desk.acts = [opens(), closes]
    key = begin_with(stage, "discloses")
    object_to(stage, str(stage.variables(key)["slug"]))
    stage.complete(stage.task(key, "wait"), stage.cast.applicant)
    assert stage.row(Incident)["type"] == "UNHANDLED_ERROR_EVENT"
    assert stage.row(Disclosure)["closed_at"] is None


def test_one_that_is_closed_shows_no_names_and_takes_nothing(
    stage: Stage, disclosed: tuple[int, str], desk: Desk
) -> None:
    key, slug = disclosed
    desk.acts = [closes]
    stage.complete(stage.task(key, "wait"), stage.cast.applicant)
    with stage.rooms.read() as session:
        page = disclosures.get(session, slug=slug, today=FIRST)
    assert (page.items, page.content, page.conclusion) == ((), "", "公示无异议。")
    with pytest.raises(DisclosureOver, match="已经结束"):
        object_to(stage, slug)


def test_after_its_last_day_it_takes_nothing(stage: Stage, disclosed: tuple[int, str]) -> None:
    stage.clock.forward(days=7)
    with pytest.raises(DisclosureOver, match="2026年3月8日"):
        object_to(stage, disclosed[1])


def test_a_case_closes_no_disclosure_of_another(
    stage: Stage, disclosed: tuple[int, str], desk: Desk, bring: Bring
) -> None:
    own, _slug = disclosed
    desk.acts = [lambda _context: {"disclosure_key": stage.variables(own)["disclosure_key"]}]
    other = begin_with(stage, "discloses")
    desk.acts = [closes]
    stage.complete(stage.task(other, "wait"), stage.cast.applicant)
    assert stage.row(Disclosure)["closed_at"] is None


def test_a_step_publishes_a_notice_once(
    stage: Stage, deploy: Deploy, desk: Desk, run_due: RunDue
) -> None:
    def publishes(context: object) -> None:
        text = NoticeText("计划公告", "全年计划。", stage.clock.now)
        publish_notice(context, text)  # type: ignore[arg-type]  # the context it was given

    desk.acts = [publishes]
    deploy("errand.bpmn")
    key = begin_with(stage, "errand")
    stage.complete(stage.task(key, "ask"), stage.cast.applicant)
    row = stage.row(Notice)
    assert (row["process_id"], row["instance_key"]) == ("errand", key)
