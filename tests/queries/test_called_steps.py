"""Open cases by a step of what they have called, and by what is late there."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.authorization import ALL, Action, ObjectKind
from service.queries import called_steps, open_cases
from service.queries.cursor import BadCursor
from service.queries.open_cases import CaseFilter
from tests import overseeing
from tests.fixtures_commands import Stage
from tests.fixtures_events import begin_with, bring_in, child_of
from tests.queries.test_called_cases import WORKING, _give, calls, run

AT_WORK = CaseFilter("work", called="inner")
LATE = CaseFilter(overdue=True)


@pytest.fixture
def reader(stage: Stage) -> Actor:
    """Reads the rounds and what waits two calls below, but not what lies between."""
    _give(stage, stage.cast.applicant, ALL, ObjectKind.PROCEDURE, Action.ACT)
    for one in ("outer", "inner"):
        _give(stage, stage.cast.officer, one, ObjectKind.CASE, Action.READ)
    return stage.cast.officer


@pytest.fixture
def rounds(stage: Stage, reader: Actor) -> list[tuple[int, int]]:
    """Three rounds with the task of each, the second of them standing two calls below it."""
    for xml in (WORKING, calls("middle", "inner"), calls("outer", "middle", then="公布结果")):
        bring_in(stage.rooms, xml)
    keys = [begin_with(stage, "outer") for _ in range(3)]
    begin_with(stage, "inner")  # called by nobody
    run(stage)
    return [(key, stage.task(child_of(stage, child_of(stage, key)), "work")) for key in keys]


def below(stage: Stage, session: Session, actor: Actor) -> tuple[str, ...]:
    def called(session: Session, key: int) -> set[str]:
        found = stage.rooms.models.process(session, key).elements.values()
        return {one.calls for one in found if one.calls}

    return called_steps.processes_below(session, actor=actor, process_id="outer", calls=called)


def listed(stage: Stage, actor: Actor, wanted: CaseFilter, limit: int = 2) -> list[int]:
    """The keys of all pages."""
    found: list[int] = []
    after: str | None = None
    with stage.rooms.read() as session:
        while True:
            page = open_cases.page(
                session, actor=actor, process_id="outer", wanted=wanted, now=stage.clock.now,
                names=partial(stage.rooms.models.element_name, session), after=after, limit=limit,
                below=below(stage, session, actor),
            )  # fmt: skip
            found += [row.key for row in page.rows]
            after = page.next
            if after is None:
                return found


def test_a_step_two_calls_below_may_be_asked_for(
    stage: Stage, reader: Actor, rounds: list[tuple[int, int]]
) -> None:
    with stage.rooms.read() as session:
        its = below(stage, session, reader)
        [step] = open_cases.steps_of_called(session, actor=reader, below=its)
    assert its == ("inner",)
    assert (step.process_id, step.id, step.name) == ("inner", "work", "笔试登分")
    for limit in (1, 2, 5):
        assert sorted(listed(stage, reader, AT_WORK, limit)) == [key for key, _ in rounds]
    assert listed(stage, reader, CaseFilter("no-step", called="inner")) == []


def test_what_is_late_below_counts_the_longest_late_first(
    stage: Stage, reader: Actor, rounds: list[tuple[int, int]]
) -> None:
    now = stage.clock.now
    for (_key, task), days in zip(rounds, (1, -3, 9), strict=True):
        overseeing.make_late(stage, task, now - timedelta(days=days))
    late = [rounds[2][0], rounds[0][0]]
    for limit in (1, 2, 5):
        assert listed(stage, reader, LATE, limit) == late
        at_step = CaseFilter("work", overdue=True, called="inner")
        assert listed(stage, reader, at_step, limit) == late


def test_what_is_late_in_the_case_itself_stands_among_what_is_late_below(
    stage: Stage, reader: Actor, rounds: list[tuple[int, int]]
) -> None:
    stage.complete(rounds[1][1], stage.cast.stranger)
    run(stage)
    own = stage.task(rounds[1][0], "then")
    overseeing.make_late(stage, own, stage.clock.now - timedelta(days=5))
    overseeing.make_late(stage, rounds[0][1], stage.clock.now - timedelta(days=2))
    assert listed(stage, reader, LATE, 1) == [rounds[1][0], rounds[0][0]]
    assert sorted(listed(stage, reader, AT_WORK)) == [rounds[0][0], rounds[2][0]]


def test_what_the_reader_may_not_read_below_is_neither_asked_for_nor_late(
    stage: Stage, reader: Actor, rounds: list[tuple[int, int]]
) -> None:
    other = stage.cast.stranger
    overseeing.make_late(stage, rounds[0][1], stage.clock.now - timedelta(days=2))
    _give(stage, other, "outer", ObjectKind.CASE, Action.READ)
    with stage.rooms.read() as session:
        assert below(stage, session, other) == ()
    assert listed(stage, other, LATE) == []
    assert listed(stage, other, AT_WORK) == []
    # who reads what is called and not who calls it sees no list of that either
    _give(stage, stage.cast.applicant, "inner", ObjectKind.CASE, Action.READ)
    assert listed(stage, stage.cast.applicant, AT_WORK) == []


def test_the_place_of_another_list_is_refused(
    stage: Stage, reader: Actor, rounds: list[tuple[int, int]]
) -> None:
    with stage.rooms.read() as session:
        asked = {"actor": reader, "process_id": "outer", "now": stage.clock.now, "limit": 1,
                 "names": partial(stage.rooms.models.element_name, session),
                 "below": ("inner",)}  # fmt: skip
        place = open_cases.page(session, wanted=AT_WORK, **asked).next  # type: ignore[arg-type]
        assert place
        for wanted, after in ((LATE, place), (AT_WORK, "x")):
            with pytest.raises(BadCursor):
                open_cases.page(session, wanted=wanted, after=after, **asked)  # type: ignore[arg-type]
