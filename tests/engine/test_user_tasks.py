"""What a user task asks for when it arises."""

from datetime import UTC, datetime

import pytest

from service.domain.events import IncidentType, UserTaskCreated
from service.domain.values import Json
from service.engine import Outcome
from tests.engine.builders import diagram, end, flows, properties, start, user
from tests.engine.conftest import Play, read_model
from tests.engine.player import Player


def one_task(extensions: str = "", **more: str) -> bytes:
    """Start, one user task, end."""
    return diagram(
        start(), user("check", extensions=extensions, **more), end(), flows("start", "check", "end")
    )


def created(player: Player) -> UserTaskCreated:
    """The task that waits."""
    [task] = player.tasks.values()
    return task


def schedule(due: str = "", follow_up: str = "") -> str:
    """When a task is due."""
    return f'<zeebe:taskSchedule dueDate="{due}" followUpDate="{follow_up}" />'


def test_its_expressions_are_evaluated_over_the_variables(play: Play) -> None:
    extensions = schedule("=now() + duration(&quot;P2D&quot;)") + (
        '<zeebe:priorityDefinition priority="=urgency * 10" />'
    )
    player = play(one_task(extensions, assignee="=boss"), boss="lin", urgency=7)

    task = created(player)
    assert (task.assignee, task.priority) == ("lin", 70)
    assert task.due_date == datetime(2026, 3, 4, 1, 30, tzinfo=UTC)


def test_literals_never_reach_feel(play: Play) -> None:
    player = play(one_task(assignee="amount > 1"))

    assert created(player).assignee == "amount > 1"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("office, party", ("office", "party")),
        ('=["office", group, "office"]', ("office", "party")),
        ("=group", ("party",)),
        ("=null", ()),
    ],
)
def test_candidates_are_a_list_or_a_text_with_commas(
    play: Play, written: str, names: tuple[str, ...]
) -> None:
    quoted = written.replace('"', "&quot;")
    source = one_task().replace(
        b'assignee="kim"', f'assignee="kim" candidateGroups="{quoted}"'.encode()
    )
    player = play(source, group="party")

    assert created(player).candidate_groups == names


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-05T08:00:00+08:00", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026-03-05T08:00:00Z", datetime(2026, 3, 5, 8, tzinfo=UTC)),
        ("2026-03-05T08:00:00", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026-03-05T08:00:00@Asia/Urumqi", datetime(2026, 3, 5, 2, tzinfo=UTC)),
        ("=date(&quot;2026-03-05&quot;)", datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)),
        ("=today()", datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)),
        ("=null", None),
        ("", None),
    ],
)
def test_a_due_date_is_an_aware_moment(play: Play, written: str, moment: datetime | None) -> None:
    """Without a zone it is Shanghai's; a date alone lasts until the end of its day."""
    task = created(play(one_task(schedule(due=written))))

    assert task.due_date == moment
    assert moment is None or (task.due_date and task.due_date.tzinfo)


def test_a_follow_up_date_begins_with_its_day(play: Play) -> None:
    task = created(play(one_task(schedule(follow_up="2026-03-05"))))

    assert task.follow_up_date == datetime(2026, 3, 4, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("extensions", "variables", "word"),
    [
        (schedule(due="=who"), {"who": "tomorrow"}, "截止时间"),
        (schedule(due="=who"), {"who": 5}, "截止时间"),
        ('<zeebe:priorityDefinition priority="=who" />', {"who": 101}, "优先级"),
        ('<zeebe:priorityDefinition priority="=who" />', {"who": 1.5}, "优先级"),
        (schedule(due="=nobody"), {}, "nobody"),
    ],
)
def test_a_value_that_does_not_fit_is_an_incident(
    play: Play, extensions: str, variables: dict[str, Json], word: str
) -> None:
    player = play(one_task(extensions), **variables)

    [incident] = player.incidents.values()
    assert incident.failure.type is IncidentType.EXTRACT_VALUE_ERROR
    assert word in incident.failure.message
    assert player.tasks == {}


def test_an_assignee_that_is_no_text_is_an_incident(play: Play) -> None:
    player = play(one_task(assignee="=who"), who=["kim"])

    assert player.stuck == ["check"]


def test_its_name_is_that_of_the_element_or_else_its_id(play: Play) -> None:
    named = play(one_task(name="核对\n材料"))
    unnamed = play(one_task())

    assert created(named).name == "核对 材料"
    assert created(unnamed).name == "check"


def test_the_outcomes_are_the_buttons_in_their_order() -> None:
    settings = properties(
        outcomes="approve=核对属实; reject=不予通过; later", comment_required="reject"
    )
    model = read_model(one_task(settings))

    assert model.elements["check"].outcomes == (
        Outcome("approve", "核对属实"),
        Outcome("reject", "不予通过", comment_required=True),
        Outcome("later", "later"),
    )


@pytest.mark.parametrize(
    ("written", "days"),
    [("5", 5), ("0", 0), ("=if urgency > 5 then 1 else 5", 1), ("=null", None), ("none", None)],
)
def test_working_days_to_the_due_date_are_told(play: Play, written: str, days: int | None) -> None:
    player = play(one_task(properties(due_working_days=written)), urgency=7)

    assert created(player).due_working_days == days


@pytest.mark.parametrize("written", ["=0 - 1", "=251", "=1.5", '="five"', "=9999999999"])
def test_working_days_that_cannot_be_are_an_incident_in_words(play: Play, written: str) -> None:
    player = play(one_task(properties(due_working_days=written)))

    [raised] = player.incidents.values()
    assert raised.failure.type is IncidentType.EXTRACT_VALUE_ERROR
    assert "办理期限" in raised.failure.message
