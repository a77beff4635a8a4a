"""Which ways a case has gone: every flow once, by what its elements were left on."""

import pytest

from service.domain.errors import NotFound
from service.domain.values import Json
from service.queries import taken_flows
from service.store.tables import ElementInstance
from tests.engine.builders import (
    catch,
    declare,
    diagram,
    element,
    end,
    event_gateway,
    exclusive,
    flow,
    flows,
    on,
    parallel,
    start,
    throw,
    user,
)
from tests.engine.repeated import undo, undone_by
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue, begin_with

LOOP = diagram(
    start(), exclusive("merge"), parallel("fork"), user("left", assignee="zhang.min"),
    user("right", assignee="zhang.min"), parallel("join"),
    user("decide", assignee="zhang.min"), exclusive("pick"), end(),
    flows("start", "merge", "fork", "left", "join", "decide", "pick"),
    flows("fork", "right", "join"),
    flow("again", "pick", "merge", "=again"), flow("done", "pick", "end", "=not(again)"),
    process_id="loops",
)  # fmt: skip
CHOICE = diagram(
    start(), event_gateway("choice"), catch("late", on("timeDuration", "PT1H")),
    catch("told", on("signal", "x")), end(),
    flows("start", "choice", "late", "end"), flows("choice", "told", "end"),
    process_id="choice", declared=declare("signal", "x"),
)  # fmt: skip
ASIDE = diagram(
    start(), element("task", "act"),
    undone_by("act", user("un_act", assignee="zhang.min")),
    throw("back", undo(waits=False)), user("after", assignee="zhang.min"), end(),
    flows("start", "act", "back", "after", "end"), process_id="aside",
)  # fmt: skip


def taken(stage: Stage, key: int) -> set[str]:
    with stage.rooms.read() as session:
        found = taken_flows.get(session, actor=stage.cast.applicant, instance_key=key)
    assert list(found.flow_ids) == sorted(found.flow_ids)
    return set(found.flow_ids)


def test_what_was_gone_is_told_as_it_is_gone(stage: Stage, bring: Bring) -> None:
    bring(LOOP)
    key = begin_with(stage, "loops", again=False)
    begun = {"start_merge", "merge_fork", "fork_left", "fork_right"}
    assert taken(stage, key) == begun

    stage.complete(stage.task(key, "left"), stage.cast.applicant)
    assert taken(stage, key) == begun | {"left_join"}
    stage.complete(stage.task(key, "right"), stage.cast.applicant)
    stage.complete(stage.task(key, "decide"), stage.cast.applicant)

    joined = begun | {"left_join", "right_join", "join_decide", "decide_pick", "done"}
    assert taken(stage, key) == joined


def test_a_loop_is_told_once(stage: Stage, bring: Bring) -> None:
    bring(LOOP)
    key = begin_with(stage, "loops", again=True)
    for _ in range(3):
        for name in ("left", "right", "decide"):
            stage.complete(stage.task(key, name), stage.cast.applicant)

    ways = taken(stage, key)
    assert "again" in ways
    assert "done" not in ways
    assert len(stage.rows(ElementInstance, element_id="pick")) == 3


def test_of_an_event_gateway_only_the_way_of_what_happened(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(CHOICE)
    key = begin_with(stage, "choice")
    stage.clock.forward(hours=1)
    run_due()

    assert taken(stage, key) == {"start_choice", "choice_late", "late_end"}


def test_a_way_that_was_gone_before_its_element_ended_stays(stage: Stage, bring: Bring) -> None:
    """What nobody waits for is undone later: the event ends then, in another step."""
    bring(ASIDE)
    key = begin_with(stage, "aside")
    assert "back_after" in taken(stage, key)

    stage.complete(stage.task(key, "un_act"), stage.cast.applicant)

    assert stage.row(ElementInstance, element_id="back")["state"] == "COMPLETED"
    assert taken(stage, key) == {"start_act", "act_back", "back_after"}


def test_a_stranger_learns_no_way(stage: Stage, bring: Bring) -> None:
    bring(LOOP)
    values: dict[str, Json] = {"again": False}
    key = begin_with(stage, "loops", **values)

    with pytest.raises(NotFound), stage.rooms.read() as session:
        taken_flows.get(session, actor=stage.cast.stranger, instance_key=key)
