"""Searches on both databases: conditions, orders, pages, and never a row of a stranger's."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from service.domain.keys import KeySource
from service.queries import (
    decision_search,
    process_instance_search,
    user_task_search,
    variable_search,
)
from service.queries.filter_search import Condition, Operand, Operator
from service.queries.keyset_search import CursorInvalid, Found, Order, Search
from service.queries.user_task_search import TaskRow
from service.store.database import Database
from service.store.tables import UserTask, Variable
from service.store.tables.tasks import EntryState, HolderKind
from tests.fixtures_store import OFFICE, Cast
from tests.store.worlds import World

Find = Callable[[Search], Found[TaskRow]]

NAMES = ["初审", "复审", "终审 100%", "re_view", "REVIEW", "打印"]


@pytest.fixture
def find(database: Database, cast: Cast, keys: KeySource, now: datetime) -> Find:
    """Search six tasks of the officer's; two have no due date, two the same one."""
    due = [None, now, now, now + timedelta(days=1), None, now + timedelta(days=2)]
    with database.write() as session:
        world = World(session, keys, now)
        instance = world.instance("leave", started_by=cast.applicant.username)
        for name, due_at in zip(NAMES, due, strict=True):
            held = (HolderKind.PERSON, cast.officer.username, EntryState.OPEN)
            offered = (HolderKind.GROUP, OFFICE, EntryState.OPEN)
            task = world.task(instance, [held] if due_at is None else [held, offered])
            session.execute(
                update(UserTask).where(UserTask.key == task).values(name=name, due_at=due_at)
            )

    def search(search: Search) -> Found[TaskRow]:
        with database.read() as session:
            return user_task_search.search(session, actor=cast.officer, search=search)

    return search


def names(found: Found[TaskRow]) -> list[str]:
    return [task.name for task in found.items]


def one(field: str, operator: Operator, operand: Operand) -> Search:
    return Search(conditions=(Condition(field, operator, operand),))


@pytest.mark.parametrize(
    ("operator", "operand", "expected"),
    [
        (Operator.EQ, "初审", ["初审"]),
        (Operator.NEQ, "初审", NAMES[1:]),
        (Operator.IN, ("初审", "打印", "没有"), ["初审", "打印"]),
        (Operator.IN, (), []),
        (Operator.NOT_IN, ("初审", "打印"), NAMES[1:5]),
        (Operator.LIKE, "*审*", NAMES[:3]),
        (Operator.LIKE, "?审", NAMES[:2]),
        (Operator.LIKE, "*%", ["终审 100%"]),
        (Operator.LIKE, "re_view", ["re_view"]),
        (Operator.LIKE, "rev*", ["REVIEW"]),
        (Operator.LIKE, r"\*审", []),
        (Operator.EXISTS, True, NAMES),
    ],
)
def test_texts_compare(
    find: Find, operator: Operator, operand: Operand, expected: list[str]
) -> None:
    assert names(find(one("name", operator, operand))) == expected


def test_moments_compare_and_what_has_none_is_unequal_to_all(find: Find, now: datetime) -> None:
    assert names(find(one("dueDate", Operator.EQ, now))) == NAMES[1:3]
    assert names(find(one("dueDate", Operator.NEQ, now))) == [NAMES[0], *NAMES[3:]]
    assert names(find(one("dueDate", Operator.GT, now))) == [NAMES[3], NAMES[5]]
    assert names(find(one("dueDate", Operator.EXISTS, False))) == [NAMES[0], NAMES[4]]


def test_candidates_are_looked_up_one_by_one(find: Find) -> None:
    offered = [NAMES[1], NAMES[2], NAMES[3], NAMES[5]]
    assert names(find(one("candidateGroup", Operator.EQ, OFFICE))) == offered
    assert names(find(one("candidateGroup", Operator.LIKE, "person*"))) == offered
    assert names(find(one("candidateGroup", Operator.NEQ, OFFICE))) == [NAMES[0], NAMES[4]]
    assert names(find(one("candidateGroup", Operator.EXISTS, False))) == [NAMES[0], NAMES[4]]
    assert not find(one("candidateUser", Operator.EQ, OFFICE)).items


def test_of_alternatives_one_must_hold_beside_the_rest(find: Find, now: datetime) -> None:
    search = Search(
        conditions=(Condition("name", Operator.LIKE, "*审*"),),
        any_of=(
            (Condition("dueDate", Operator.EXISTS, False),),
            (Condition("name", Operator.EQ, "复审"), Condition("dueDate", Operator.EQ, now)),
        ),
    )
    assert names(find(search)) == ["初审", "复审"]


@pytest.mark.parametrize("descending", [False, True])
def test_undated_tasks_are_last_in_both_orders(find: Find, descending: bool) -> None:
    found = names(find(Search(order=(Order("dueDate", descending),))))
    assert set(found[-2:]) == {NAMES[0], NAMES[4]}
    assert (found[0] == "打印") is descending


@pytest.mark.parametrize("limit", [1, 2, 4])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_forward_and_backward_hold_every_row_once(
    find: Find, descending: bool, limit: int
) -> None:
    order = (Order("dueDate", descending), Order("name", not descending))
    whole = names(find(Search(order=order)))
    forward: list[str] = []
    after = last = ""
    while (page := find(Search(order=order, limit=limit, after=after))).items:
        forward += names(page)
        after, last = page.end_cursor, page.start_cursor
    assert forward == whole
    before = last
    backward: list[str] = []
    while (page := find(Search(order=order, limit=limit, before=before))).items:
        backward = names(page) + backward
        before = page.start_cursor
    assert backward == whole[: len(backward)]
    assert len(backward) >= len(whole) - limit


def test_a_page_tells_the_whole_number_and_may_skip(find: Find) -> None:
    found = find(Search(limit=2, offset=3))
    assert names(found) == NAMES[3:5]
    assert (found.total, found.more) == (6, False)


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "W10=", "WyIiXQ==", "WyIiLCJhIl0=", "WyIiLDFlOTld"]
)
def test_a_cursor_of_elsewhere_is_refused(find: Find, cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        find(Search(after=cursor))


def cursor(*values: object) -> str:
    """A cursor as nobody was given it."""
    return b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "\ud800"),
        ("name", "\x00"),
        ("name", 1),
        ("priority", True),
        ("priority", 2**63),
        ("priority", -(2**63) - 1),
        ("priority", 10**400),
        ("priority", 1.5),
        ("dueDate", "0001-01-01T00:00:00+08:00"),
        ("dueDate", "9999-12-31T23:59:59-08:00"),
        ("dueDate", "yesterday"),
        ("dueDate", 1),
        ("dueDate", {}),
    ],
)
def test_a_cursor_with_hostile_content_is_refused(find: Find, field: str, value: object) -> None:
    for wanted in (cursor(field, value, 1), cursor(field, None, True)):
        for search in (Search(after=wanted), Search(before=wanted)):
            with pytest.raises(CursorInvalid):
                find(replace(search, order=(Order(field),)))


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, True, 2**63])
def test_a_counted_number_in_a_cursor_is_bounded(
    database: Database, cast: Cast, value: object
) -> None:
    search = Search(order=(Order("decisionRequirementsVersion"),), after=cursor(
        "decisionRequirementsVersion", value, 1))  # fmt: skip
    with database.read() as session, pytest.raises(CursorInvalid):
        decision_search.search(session, actor=cast.officer, search=search)


@pytest.mark.parametrize(
    "said", ['"\\ud800"', "9" * 5_000, "[" * 5_000 + "]" * 5_000, "NaN", "1e999", '"\\u0000"', ""]
)
def test_a_hostile_value_of_a_variable_finds_nothing(
    database: Database, cast: Cast, said: str
) -> None:
    with database.read() as session:
        for operator, operand in ((Operator.EQ, said), (Operator.IN, (said,))):
            wanted = Search(conditions=(Condition("value", operator, operand),))
            assert not variable_search.search(session, actor=cast.officer, search=wanted).items


def test_a_cursor_of_another_order_is_refused(find: Find) -> None:
    by_name = find(Search(order=(Order("name"),), limit=1))
    with pytest.raises(CursorInvalid):
        find(Search(order=(Order("dueDate"),), after=by_name.end_cursor))


def test_a_very_long_name_still_has_a_short_cursor(
    find: Find, database: Database, cast: Cast
) -> None:
    with database.write() as session:
        session.execute(update(UserTask).values(name="长" * 10_000))
    first = find(Search(order=(Order("name"),), limit=4))
    rest = find(Search(order=(Order("name"),), limit=4, after=first.end_cursor))
    assert len(first.end_cursor) < 2_000
    assert len({task.key for task in (*first.items, *rest.items)}) == 6


def test_a_stranger_finds_nothing(find: Find, database: Database, cast: Cast) -> None:
    assert find(Search()).total == 6
    with database.read() as session:
        found = user_task_search.search(session, actor=cast.stranger, search=Search())
    assert (found.items, found.total, found.end_cursor) == ((), 0, "")


def test_values_are_found_in_any_spelling_of_json_but_only_by_who_may_read_them(
    database: Database, cast: Cast, keys: KeySource, now: datetime
) -> None:
    with database.write() as session:
        instance = World(session, keys, now).instance("leave", started_by=cast.applicant.username)
        variable = {
            "key": keys.next(),
            "instance_key": instance,
            "scope_key": instance,
            "name": "plan",
            "value": {"天数": 3},
        }
        session.execute(insert(Variable), [variable])

    def found(operator: Operator, said: str) -> int:
        wanted = Condition("variables", operator, ("plan", said))
        with database.read() as session:
            return process_instance_search.search(
                session, actor=cast.applicant, search=Search(conditions=(wanted,))
            ).total

    assert found(Operator.EQ, '{ "天数" : 3 }') == 1
    assert found(Operator.LIKE, '*"天数":3*') == 1
    assert found(Operator.EQ, '{"天数":4}') == 0
    assert found(Operator.NEQ, '{"天数":4}') == 1
    assert found(Operator.EQ, "天数") == 0


def test_a_long_value_is_cut_unless_asked_for(
    database: Database, cast: Cast, keys: KeySource, now: datetime
) -> None:
    with database.write() as session:
        instance = World(session, keys, now).instance("leave", started_by=cast.applicant.username)
        value = {"key": keys.next(), "instance_key": instance, "scope_key": instance, "name": "a"}
        session.execute(insert(Variable), [{**value, "value": "字" * 9_000}])
    with database.read() as session:
        (cut,) = variable_search.search(session, actor=cast.applicant, search=Search()).items
        (whole,) = variable_search.search(
            session, actor=cast.applicant, search=Search(), truncate=False
        ).items
    assert (len(cut.value), cut.truncated) == (8191, True)
    assert (len(whole.value), whole.truncated) == (9_002, False)
