"""Whose turn it is where the tasks lie in called cases, however deep, for whom they are to see."""

from functools import partial

import pytest

from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.jobs.runner import JobRunner
from service.queries import open_cases
from service.queries.awaited import AwaitedKind
from service.queries.open_cases import CaseFilter, OpenCase
from tests.engine.builders import (
    call,
    catch,
    diagram,
    end,
    flows,
    message,
    on,
    properties,
    start,
    user,
)
from tests.fixtures_commands import WORK, Stage
from tests.fixtures_events import begin_with, bring_in, child_of


def calls(process_id: str, called: str, then: str = "") -> bytes:
    path = ("start", "call", "then", "end") if then else ("start", "call", "end")
    nodes = [user("then", assignee="li.na", name=then)] if then else []
    return diagram(
        start(), call("call", called), *nodes, end(), flows(*path), process_id=process_id
    )


WORKING = diagram(
    start(), user("work", assignee="wang.wei", name="笔试登分"), end(),
    flows("start", "work", "end"), process_id="inner",
)  # fmt: skip
TITLED = diagram(
    start(), user("work", assignee="wang.wei", name="笔试登分"), end(),
    flows("start", "work", "end"), process_id="inner",
    extensions=properties(title='="王小明的选拔"'),
)  # fmt: skip
WAITING = diagram(
    start(), catch("it", on("message", "reply"), name="用编核准"), end(),
    flows("start", "it", "end"), process_id="inner", declared=message("reply", '="1"'),
)  # fmt: skip


@pytest.fixture
def reader(stage: Stage) -> Actor:
    """Holds nothing; anybody may start anything."""
    _give(stage, stage.cast.applicant, ALL, ObjectKind.PROCEDURE, Action.ACT)
    return stage.cast.officer


def _give(stage: Stage, actor: Actor, on: str, kind: ObjectKind, action: Action) -> None:
    with stage.rooms.write() as tools:
        right = Grant(GranteeKind.PERSON, actor.username, on, kind, action)
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)


def begun(stage: Stage, inner: bytes) -> int:
    """A round that has called a post that has called what waits."""
    bring_in(stage.rooms, inner)
    bring_in(stage.rooms, calls("middle", "inner"))
    bring_in(stage.rooms, calls("outer", "middle", then="公布结果"))
    key = begin_with(stage, "outer")
    run(stage)
    return key


def run(stage: Stage) -> None:
    while JobRunner(stage.rooms, owner="worker-1", kinds=WORK).run_due():
        pass


def listed(stage: Stage, reader: Actor, *procedures: str) -> OpenCase:
    """The one open case of `outer`, for somebody who reads the cases of these."""
    for one in procedures:
        _give(stage, reader, one, ObjectKind.CASE, Action.READ)
    with stage.rooms.read() as session:
        [case] = open_cases.page(
            session, actor=reader, process_id="outer", wanted=CaseFilter(), now=stage.clock.now,
            names=partial(stage.rooms.models.element_name, session),
        ).rows  # fmt: skip
    return case


def test_a_task_two_calls_below_is_told_with_the_case_it_lies_in(
    stage: Stage, reader: Actor
) -> None:
    key = begun(stage, WORKING)
    inner = child_of(stage, child_of(stage, key))
    case = listed(stage, reader, "outer", "middle", "inner")
    [turn] = case.turns
    assert (turn.name, turn.holder, turn.called_key) == ("笔试登分", "王伟", inner)
    assert turn.called_title
    assert (case.more, case.awaited) == (0, ())
    # and when that is over, the case's own task is
    stage.complete(stage.task(inner, "work"), stage.cast.stranger)
    run(stage)
    assert [(one.name, one.called_key) for one in listed(stage, reader).turns] == [
        ("公布结果", None)
    ]


def test_a_called_case_that_is_not_for_the_reader_tells_nothing(
    stage: Stage, reader: Actor
) -> None:
    begun(stage, WORKING)
    case = listed(stage, reader, "outer")
    assert case.turns == ()
    [one] = case.awaited
    assert (one.kind, one.case_key, one.called_title) == (AwaitedKind.CASE, None, "")


def test_who_oversees_the_called_case_reads_no_title_made_of_its_values(
    stage: Stage, reader: Actor
) -> None:
    begun(stage, TITLED)
    _give(stage, reader, "inner", ObjectKind.RUNNING, Action.READ)
    [turn] = listed(stage, reader, "outer").turns
    assert (turn.name, turn.called_title) == ("笔试登分", "inner")
    _give(stage, reader, "inner", ObjectKind.CASE, Action.READ)
    [turn] = listed(stage, reader).turns
    assert turn.called_title == "王小明的选拔"


def test_a_case_in_between_that_is_hidden_hides_nothing_below(stage: Stage, reader: Actor) -> None:
    begun(stage, WORKING)
    case = listed(stage, reader, "outer", "inner")
    assert [turn.name for turn in case.turns] == ["笔试登分"]


def test_what_a_called_case_waits_for_is_told_in_place_of_the_call(
    stage: Stage, reader: Actor
) -> None:
    key = begun(stage, WAITING)
    inner = child_of(stage, child_of(stage, key))
    [one] = listed(stage, reader, "outer", "middle", "inner").awaited
    assert (one.kind, one.name, one.called_key) == (AwaitedKind.ANSWER, "用编核准", inner)


def test_a_call_whose_inside_is_hidden_is_told_as_far_as_it_is_seen(
    stage: Stage, reader: Actor
) -> None:
    key = begun(stage, WAITING)
    [one] = listed(stage, reader, "outer", "middle").awaited
    assert (one.kind, one.case_key, one.called_key) == (
        AwaitedKind.CASE, None, child_of(stage, key),
    )  # fmt: skip
