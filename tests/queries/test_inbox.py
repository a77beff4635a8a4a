"""The four lists: what is in them, in which order, page by page, on both kinds of database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from service.commands import user_tasks
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.queries import inbox, inbox_summary, selects
from service.queries.cursor import BadCursor
from service.queries.inbox import InboxRow
from service.queries.inbox_filter import CaseState, InboxFilter
from service.queries.inbox_order import Box, Sort, SortUnknown
from service.queries.inbox_summary import Counts
from service.store.tables import InboxEntry, UserTask
from service.store.tables.tasks import HolderKind
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import OFFICE, Cast, CountStatements

Rows = Callable[..., list[InboxRow]]
NAMES = ("王一", "李二", "张三", "赵四", "钱五")


@pytest.fixture
def cases(stage: Stage, deploy: Deploy) -> list[int]:
    """The keys of five cases that wait for the office, oldest first."""
    deploy(*REVIEW)
    keys = []
    for name in NAMES:
        keys.append(stage.start("review", variables={"姓名": name}).instance_key)
        stage.clock.forward(minutes=1)
    return keys


@pytest.fixture
def rows(rooms: Rooms, now: datetime) -> Rows:
    """All rows of a list, read page by page."""

    def read(actor: Actor, box: Box, limit: int = 2, **wanted: object) -> list[InboxRow]:
        found: list[InboxRow] = []
        after: str | None = None
        while True:
            with rooms.read() as session:
                page = inbox.page(
                    session,
                    actor=actor,
                    box=box,
                    wanted=replace(InboxFilter(), **wanted),  # type: ignore[arg-type]
                    now=now,
                    after=after,
                    limit=limit,
                )
            found.extend(page.rows)
            if page.next is None:
                return found
            assert len(page.rows) == limit
            after = page.next

    return read


def titles(rows: list[InboxRow]) -> list[str]:
    return [row.title.removesuffix("的材料核对") for row in rows]


def tasks(stage: Stage, cases: list[int]) -> list[int]:
    return [stage.task(case, "check") for case in cases]


def claim(stage: Stage, key: int, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, key, actor=actor, now=stage.clock.now)


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6])
def test_pages_join_without_a_gap_or_a_double(
    rows: Rows, cast: Cast, cases: list[int], limit: int
) -> None:
    assert titles(rows(cast.officer, Box.CLAIMABLE, limit)) == list(reversed(NAMES))
    assert titles(rows(cast.officer, Box.CLAIMABLE, limit, sort=Sort.OLDEST)) == list(NAMES)
    assert titles(rows(cast.applicant, Box.STARTED, limit)) == list(reversed(NAMES))


def test_a_task_that_reaches_me_by_two_groups_and_by_name_is_listed_once(
    rows: Rows, cast: Cast, cases: list[int], stage: Stage
) -> None:
    also_for(stage, tasks(stage, cases)[1:3], HolderKind.GROUP, "second-office")
    also_for(stage, tasks(stage, cases)[2:], HolderKind.CANDIDATE, cast.officer.username)
    officer = replace(cast.officer, groups=frozenset({OFFICE, "second-office"}))
    for limit in (1, 2, 3):
        for sort, order in ((Sort.NEWEST, -1), (Sort.OLDEST, 1), (Sort.DUE, 1)):
            found = titles(rows(officer, Box.CLAIMABLE, limit, sort=sort))
            assert found == list(NAMES)[::order]
    with stage.rooms.read() as session:
        assert inbox_summary.counts(session, actor=officer).claimable == len(NAMES)


def also_for(stage: Stage, keys: list[int], kind: HolderKind, holder: str) -> None:
    """Let these tasks wait for one more holder."""
    entries = [
        {
            **stage.row(InboxEntry, task_key=key, holder=OFFICE),
            "holder_kind": kind,
            "holder": holder,
        }
        for key in keys
    ]
    with stage.rooms.write() as tools:
        tools.session.execute(insert(InboxEntry), entries)


def test_due_tasks_come_first_and_undated_ones_last(
    rows: Rows, cast: Cast, cases: list[int], stage: Stage, now: datetime
) -> None:
    due = {1: now + timedelta(days=2), 3: now - timedelta(days=1), 4: now + timedelta(days=2)}
    for index, moment in due.items():
        due_at(stage, tasks(stage, cases)[index], moment)
    for limit in (1, 2, 3):
        found = titles(rows(cast.officer, Box.CLAIMABLE, limit, sort=Sort.DUE))
        assert found == ["赵四", "李二", "钱五", "王一", "张三"]
    assert titles(rows(cast.officer, Box.CLAIMABLE, state=CaseState.OVERDUE)) == ["赵四"]
    assert titles(rows(cast.applicant, Box.STARTED, state=CaseState.OVERDUE)) == ["赵四"]
    for index in (2, 3):
        stage.complete(tasks(stage, cases)[index], cast.officer, outcome="approve")
    assert titles(rows(cast.officer, Box.DONE, state=CaseState.OVERDUE)) == ["赵四"]


def due_at(stage: Stage, key: int, moment: datetime) -> None:
    with stage.rooms.write() as tools:
        for table, column in ((InboxEntry, InboxEntry.task_key), (UserTask, UserTask.key)):
            tools.session.execute(update(table).where(column == key).values(due_at=moment))


def test_a_claimed_task_moves_to_me_and_is_gone_for_the_group(
    rows: Rows, cast: Cast, cases: list[int], stage: Stage
) -> None:
    claim(stage, tasks(stage, cases)[0], cast.officer)
    assert titles(rows(cast.officer, Box.TODO)) == ["王一"]
    assert "王一" not in titles(rows(cast.officer, Box.CLAIMABLE))


def test_what_i_did_is_listed_by_when_i_did_it(
    rows: Rows, cast: Cast, cases: list[int], stage: Stage
) -> None:
    for index in (2, 0, 1):
        stage.clock.forward(minutes=1)
        stage.complete(tasks(stage, cases)[index], cast.officer, outcome="approve")
    for limit in (1, 2):
        assert titles(rows(cast.officer, Box.DONE, limit)) == ["李二", "王一", "张三"]
        assert titles(rows(cast.officer, Box.DONE, limit, sort=Sort.OLDEST))[0] == "张三"


def test_tasks_done_in_the_same_moment_are_all_listed(
    rows: Rows, cast: Cast, cases: list[int], stage: Stage
) -> None:
    for key in tasks(stage, cases):
        stage.complete(key, cast.officer, outcome="approve")
    assert len(rows(cast.officer, Box.DONE, 2)) == len(NAMES)


def test_a_search_looks_at_title_step_procedure_and_who_started(
    rows: Rows, cast: Cast, cases: list[int]
) -> None:
    def found(q: str) -> list[str]:
        return titles(rows(cast.officer, Box.CLAIMABLE, q=q))

    assert found("张三") == ["张三"]
    assert len(found("核对材料")) == len(found("张敏")) == len(NAMES)
    assert titles(rows(cast.applicant, Box.STARTED, q="李")) == ["李二"]


@pytest.mark.parametrize("q", ["%", "_", "王%一", "\\", "'; DROP TABLE user_task; --"])
def test_a_search_means_its_letters(rows: Rows, cast: Cast, cases: list[int], q: str) -> None:
    assert rows(cast.officer, Box.CLAIMABLE, q=q) == []


def test_cases_are_filtered_by_how_they_stand(
    rows: Rows, cast: Cast, cases: list[int], stage: Stage, operator: Actor
) -> None:
    stage.cancel(cases[1], operator)
    stage.complete(tasks(stage, cases)[0], cast.officer, outcome="approve")
    stage.complete(stage.task(cases[0], "confirm"), cast.applicant, {"已知悉": True})

    def found(state: CaseState) -> list[str]:
        return titles(rows(cast.applicant, Box.STARTED, state=state))

    assert found(CaseState.TERMINATED) == ["李二"]
    assert found(CaseState.COMPLETED) == ["王一"]
    assert found(CaseState.ACTIVE) == ["钱五", "赵四", "张三"]
    assert titles(rows(cast.officer, Box.DONE, state=CaseState.COMPLETED)) == ["王一"]


def test_a_case_names_the_steps_it_waits_at(rows: Rows, cast: Cast, cases: list[int]) -> None:
    assert rows(cast.applicant, Box.STARTED)[0].steps == ("核对材料",)


def test_the_procedures_of_a_list_are_those_that_occur_in_it(
    rooms: Rooms, cast: Cast, cases: list[int], deploy: Deploy
) -> None:
    deploy("errand.bpmn")
    with rooms.read() as session:
        for box in (Box.CLAIMABLE, Box.STARTED):
            actor = cast.officer if box is Box.CLAIMABLE else cast.applicant
            assert inbox_summary.procedures(session, actor=actor, box=box) == (
                ("review", "材料核对"),
            )
        assert inbox_summary.procedures(session, actor=cast.officer, box=Box.TODO) == ()


def test_a_stranger_has_nothing_in_any_list(
    rows: Rows, rooms: Rooms, cast: Cast, cases: list[int]
) -> None:
    for box in Box:
        assert rows(cast.stranger, box) == []
    with rooms.read() as session:
        assert inbox_summary.counts(session, actor=cast.stranger) == Counts(0, 0, 0, 0, 0)
        assert inbox_summary.first_todo(session, actor=cast.stranger) is None


def test_counting_all_lists_is_one_statement(
    rooms: Rooms, cast: Cast, cases: list[int], count_statements: CountStatements
) -> None:
    with rooms.read() as session, count_statements() as statements:
        assert inbox_summary.counts(session, actor=cast.officer) == Counts(0, 5, 0, 0, 0)
    assert len(statements) == 1


def test_a_count_stops_behind_what_a_page_can_say(
    rooms: Rooms, cast: Cast, cases: list[int], stage: Stage
) -> None:
    task, entry = stage.row(UserTask, key=tasks(stage, cases)[0]), InboxEntry
    first = stage.row(entry, task_key=tasks(stage, cases)[0])
    keys = range(1, selects.MOST_COUNTED + 20)
    with rooms.write() as tools:
        tools.session.execute(insert(UserTask), [{**task, "key": key} for key in keys])
        tools.session.execute(insert(entry), [{**first, "task_key": key} for key in keys])
    with rooms.read() as session:
        counted = inbox_summary.counts(session, actor=cast.officer).claimable
    assert counted == selects.MOST_COUNTED + 1


def test_the_task_that_waited_longest_is_offered_next(
    rooms: Rooms, cast: Cast, cases: list[int], stage: Stage
) -> None:
    first, second = tasks(stage, cases)[:2]
    claim(stage, second, cast.officer)
    claim(stage, first, cast.officer)
    with rooms.read() as session:
        assert inbox_summary.first_todo(session, actor=cast.officer) == first
        assert inbox_summary.first_todo(session, actor=cast.officer, besides=first) == second


@pytest.mark.parametrize("after", ["", "x", "W10", "bnVsbA", "WyJ0b2RvLW5ld2VzdCIsICJ4Il0"])
def test_a_place_that_is_none_of_this_list_is_refused(
    rooms: Rooms, cast: Cast, now: datetime, after: str
) -> None:
    with rooms.read() as session, pytest.raises(BadCursor):
        inbox.page(
            session,
            actor=cast.officer,
            box=Box.TODO,
            wanted=InboxFilter(),
            now=now,
            after=after or "!",
        )


def test_a_sorting_that_a_list_does_not_have_is_refused(
    rooms: Rooms, cast: Cast, now: datetime
) -> None:
    by_due = InboxFilter(sort=Sort.DUE)
    with rooms.read() as session, pytest.raises(SortUnknown, match="newest、oldest"):
        inbox.page(session, actor=cast.officer, box=Box.DONE, wanted=by_due, now=now)


def test_who_leaves_a_group_no_longer_sees_its_tasks(
    rows: Rows, cast: Cast, cases: list[int]
) -> None:
    assert rows(replace(cast.officer, groups=frozenset()), Box.CLAIMABLE) == []
