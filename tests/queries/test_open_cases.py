"""The open cases of a procedure: to whom, at which step and whose turn, in which order."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import pytest

from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.instances import ProcessNotFound
from service.domain.values import Variables
from service.queries import open_cases
from service.queries.cursor import BadCursor
from service.queries.open_cases import CaseFilter, OpenCase
from tests import overseeing
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_store import OFFICE

ALL = CaseFilter()
SENT: Variables = {"姓名": "王小明", "教龄": 8}


@pytest.fixture
def reader(stage: Stage, deploy: Deploy) -> Actor:
    """Reads the cases of `errand` and `review`, and holds nothing."""
    deploy("errand.bpmn", "later.bpmn")
    deploy("review.bpmn", "application.form", "opinion.form", "receipt.form")
    reads(stage, stage.cast.stranger, "errand", "review")
    return stage.cast.stranger


def reads(stage: Stage, actor: Actor, *procedures: str) -> None:
    with stage.rooms.write() as tools:
        for one in procedures:
            right = Grant(GranteeKind.PERSON, actor.username, one, ObjectKind.CASE, Action.READ)
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)


def listed(
    stage: Stage, actor: Actor, process_id: str = "errand", wanted: CaseFilter = ALL, limit: int = 2
) -> list[OpenCase]:
    """All pages of the list."""
    rows: list[OpenCase] = []
    after: str | None = None
    with stage.rooms.read() as session:
        while True:
            page = open_cases.page(
                session, actor=actor, process_id=process_id, wanted=wanted, now=stage.clock.now,
                names=partial(stage.rooms.models.element_name, session), after=after, limit=limit,
            )  # fmt: skip
            rows += page.rows
            after = page.next
            if after is None:
                return rows


def test_an_open_case_says_where_it_is_and_whose_turn_it_is(stage: Stage, reader: Actor) -> None:
    key = stage.start("review", variables=SENT).instance_key
    ended = stage.start("errand").instance_key
    for element_id in ("ask", "read"):
        stage.complete(stage.task(ended, element_id), stage.cast.applicant)
    [case] = listed(stage, reader, "review")
    [turn] = case.turns
    assert (case.key, case.title, case.more) == (key, "王小明的材料核对", 0)
    assert (turn.name, turn.holder, turn.groups) == ("核对材料", None, ("人事科",))
    assert (turn.since, turn.due_at) == (stage.clock.now, None)
    stage.complete(stage.task(key, "check"), stage.cast.officer, {"核对意见": "属实"},
                   outcome="approve")  # fmt: skip
    [case] = listed(stage, reader, "review")
    assert [(one.name, one.holder) for one in case.turns] == [("确认结果", "张敏")]
    assert listed(stage, reader, "errand") == []


def test_every_order_is_walked_page_by_page(stage: Stage, reader: Actor) -> None:
    now = stage.clock.now
    keys = [stage.start("errand").instance_key for _ in range(5)]
    for key, days in ((keys[3], 9), (keys[0], 4), (keys[4], 1), (keys[1], -3)):
        overseeing.make_late(stage, stage.task(key, "ask"), now - timedelta(days=days))
    assert [one.key for one in listed(stage, reader)] == keys[::-1]
    at_step = listed(stage, reader, wanted=CaseFilter(step="ask"))
    assert [one.key for one in at_step] == keys[::-1]
    late = [keys[3], keys[0], keys[4]]
    for wanted in (CaseFilter(overdue=True), CaseFilter(step="ask", overdue=True)):
        assert [one.key for one in listed(stage, reader, wanted=wanted)] == late
        assert [one.key for one in listed(stage, reader, wanted=wanted, limit=3)] == late


def test_a_case_with_several_tasks_is_listed_once(stage: Stage, deploy: Deploy) -> None:
    deploy("parallel.bpmn", "note_left.form", "note_right.form")
    reads(stage, stage.cast.stranger, "parallel")
    key = stage.start("parallel").instance_key
    names = open_steps(stage, stage.cast.stranger, "parallel")
    for element_id in names:
        overseeing.make_late(
            stage, stage.task(key, element_id), stage.clock.now - timedelta(days=2)
        )
    [case] = listed(stage, stage.cast.stranger, "parallel", CaseFilter(overdue=True))
    assert [one.name for one in case.turns] == list(names.values())
    assert len(names) == 2


def open_steps(stage: Stage, actor: Actor, process_id: str) -> Mapping[str, str]:
    with stage.rooms.read() as session:
        return dict(open_cases.steps(session, actor=actor, process_id=process_id))


def test_one_may_ask_for_the_steps_that_something_waits_at(stage: Stage, reader: Actor) -> None:
    assert open_steps(stage, reader, "review") == {}
    for _ in range(3):
        stage.start("review", variables=SENT)
    assert open_steps(stage, reader, "review") == {"check": "核对材料"}
    assert open_steps(stage, stage.cast.applicant, "review") == {}


def test_what_stands_still_is_not_late(stage: Stage, reader: Actor, operator: Actor) -> None:
    key = overseeing.suspended(stage, operator)
    overseeing.make_late(stage, stage.task(key, "ask"), stage.clock.now - timedelta(days=2))
    assert listed(stage, reader, wanted=CaseFilter(overdue=True)) == []
    [case] = listed(stage, reader)
    assert case.suspended


def test_only_who_reads_cases_is_shown_a_procedure(stage: Stage, reader: Actor) -> None:
    stage.start("errand")
    with stage.rooms.read() as session:
        seen = open_cases.procedures(session, actor=reader)
        assert {one.id: one.open for one in seen} == {"errand": 1, "review": 0}
        assert open_cases.readable(session, actor=reader) == {"errand", "review"}
        # Whoever started it, or oversees its running, reads no list of it for that.
        assert open_cases.procedures(session, actor=stage.cast.applicant) == ()
        for hidden in ("later", "nothing"):
            with pytest.raises(ProcessNotFound):
                open_cases.procedure(session, actor=reader, process_id=hidden)
    assert listed(stage, stage.cast.applicant) == []


def test_a_group_by_its_members_reads_too(stage: Stage, reader: Actor) -> None:
    stage.start("errand")
    assert listed(stage, stage.cast.officer) == []
    right = Grant(GranteeKind.GROUP, OFFICE, "errand", ObjectKind.CASE, Action.READ)
    with stage.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    assert len(listed(stage, stage.cast.officer)) == 1


def test_the_place_of_another_list_is_refused(stage: Stage, reader: Actor) -> None:
    for _ in range(3):
        stage.start("errand")
    with stage.rooms.read() as session:
        asked = {"actor": reader, "process_id": "errand", "now": stage.clock.now, "limit": 1}
        asked["names"] = partial(stage.rooms.models.element_name, session)
        place = open_cases.page(session, wanted=ALL, **asked).next  # type: ignore[arg-type]
        for after in ("x", place):
            with pytest.raises(BadCursor):
                open_cases.page(
                    session,
                    wanted=CaseFilter(overdue=True),
                    after=after,
                    **asked,  # type: ignore[arg-type]
                )
