"""What a case waits for where it waits for no person: by its name, since when and until when."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.jobs.runner import JobRunner
from service.queries import open_cases
from service.queries.awaited import Awaited, AwaitedKind, of_cases
from service.queries.open_cases import CaseFilter
from service.store.tables import Incident
from tests.commands.suspending import suspend
from tests.engine.builders import (
    catch,
    diagram,
    end,
    event_gateway,
    flows,
    message,
    multi,
    on,
    receive,
    service,
    start,
    user,
)
from tests.fixtures_commands import WORK, Desk, Stage
from tests.fixtures_events import CALLED, CALLS, begin_with, bring_in

REPLY = message("reply", '="1"')


def waits(*nodes: str, declared: str = "", path: Sequence[str] = ("it",)) -> bytes:
    """A procedure that begins and waits in `it`."""
    return diagram(
        start(), *nodes, end(), flows("start", *path, "end"), process_id="waits", declared=declared
    )


APPROVAL = waits(catch("it", on("message", "reply"), name="用编核准"), declared=REPLY)


def run_due(stage: Stage) -> None:
    JobRunner(stage.rooms, owner="worker-1", kinds=WORK).run_due()


def awaited(stage: Stage, key: int, actor: Actor = SYSTEM) -> tuple[Awaited, ...]:
    with stage.rooms.read() as session:
        names = partial(stage.rooms.models.element_name, session)
        return of_cases(session, actor=actor, keys=[key], names=names)[key]


def begun(stage: Stage, process_id: str = "waits") -> int:
    right = Grant(
        GranteeKind.PERSON, stage.cast.applicant.username, ALL, ObjectKind.PROCEDURE, Action.ACT
    )
    with stage.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    return begin_with(stage, process_id)


def test_an_answer_is_told_by_the_name_of_its_element(stage: Stage) -> None:
    bring_in(
        stage.rooms, waits(catch("it", on("message", "reply"), name="用编核准"), declared=REPLY)
    )
    [one] = awaited(stage, begun(stage))
    assert (one.kind, one.name) == (AwaitedKind.ANSWER, "用编核准")
    assert (one.since, one.until, one.count) == (stage.clock.now, None, 1)


def test_a_moment_says_until_when(stage: Stage) -> None:
    bring_in(stage.rooms, waits(catch("it", on("timeDuration", "P5D"), name="公示期满")))
    key = begun(stage)
    [one] = awaited(stage, key)
    assert (one.kind, one.name) == (AwaitedKind.MOMENT, "公示期满")
    assert one.until == stage.clock.now + timedelta(days=5)


def test_a_moment_of_a_suspended_case_is_open(stage: Stage, operator: Actor) -> None:
    bring_in(stage.rooms, waits(catch("it", on("timeDuration", "P5D"))))
    key = begun(stage)
    suspend(stage, key, operator)
    [one] = awaited(stage, key)
    assert one.until is None


def test_of_events_that_exclude_each_other_each_is_told(stage: Stage) -> None:
    content = diagram(
        start(), event_gateway("choice"),
        catch("answer", on("message", "reply"), name="答复"),
        catch("late", on("timeDuration", "P3D"), name="逾期"),
        end(), flows("start", "choice", "answer", "end"), flows("choice", "late", "end"),
        process_id="waits", declared=REPLY,
    )  # fmt: skip
    bring_in(stage.rooms, content)
    found = awaited(stage, begun(stage))
    assert [(one.kind, one.name, one.until) for one in found] == [
        (AwaitedKind.ANSWER, "答复", None),
        (AwaitedKind.MOMENT, "逾期", stage.clock.now + timedelta(days=3)),
    ]


def test_what_a_person_does_is_none_of_it(stage: Stage) -> None:
    bring_in(stage.rooms, waits(user("it", assignee="li.na")))
    assert awaited(stage, begun(stage)) == ()


def test_a_called_case_is_led_to_by_who_may_see_it(stage: Stage) -> None:
    bring_in(stage.rooms, CALLS)
    bring_in(stage.rooms, CALLED)
    key = begun(stage, "calls")
    run_due(stage)
    [one] = awaited(stage, key)
    assert one.kind is AwaitedKind.CASE
    assert one.case_key is not None
    assert awaited(stage, key, stage.cast.officer)[0].case_key is None


def test_a_step_of_the_system_that_failed_says_so(stage: Stage, desk: Desk) -> None:
    bring_in(stage.rooms, waits(service("it", name="登记名册")))
    desk.fails(RuntimeError("没有连上"), times=20)
    key = begun(stage)
    [one] = awaited(stage, key)
    assert (one.kind, one.name, one.stopped) == (AwaitedKind.SYSTEM, "登记名册", False)
    while not stage.rows(Incident):
        stage.clock.forward(hours=1)
        run_due(stage)
    assert awaited(stage, key)[0].stopped


def test_many_passes_of_one_element_are_one(stage: Stage) -> None:
    many = receive("it", "reply", multi("=[1, 2, 3]"))
    bring_in(stage.rooms, waits(many, declared=REPLY))
    [one] = awaited(stage, begun(stage))
    assert one.count == 3


def test_the_list_of_open_cases_says_it_where_nobody_has_a_task(stage: Stage) -> None:
    bring_in(
        stage.rooms, waits(catch("it", on("message", "reply"), name="用编核准"), declared=REPLY)
    )
    begun(stage)
    with stage.rooms.read() as session:
        [case] = open_cases.page(
            session, actor=SYSTEM, process_id="waits", wanted=CaseFilter(), now=stage.clock.now,
            names=partial(stage.rooms.models.element_name, session),
        ).rows  # fmt: skip
    assert case.turns == ()
    assert [one.name for one in case.awaited] == ["用编核准"]
