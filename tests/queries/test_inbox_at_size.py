"""What a page of the inbox costs does not grow with the list: counted in work, never in time."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from benchmarks.inbox import Cell, cells
from benchmarks.inbox_load import NOW, VIEWER, load
from service.queries import inbox, inbox_summary, selects
from service.queries.inbox import InboxFilter
from service.queries.inbox_order import Box
from service.store.database import Database
from service.store.migrating import upgrade
from tests.fixtures_store import VERSION_LOCATIONS

SMALL, LARGE = 500, 5_000
# What looks at each of one's own entries: a text anywhere in a title, a state that the entries do
# not have. What counts or looks up to 999 of each way grows until then.
GROWING = ("text", "terminated", "started: rare", "overdue", "due, deep", "/v2")
UP_TO_999 = ("counts", "procedures")
BOUNDED = [cell for cell in cells() if not any(name in cell.name for name in GROWING)]
MOST_ROWS = selects.MOST_COUNTED + 1


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Database]]:
    """SQLite with few and with ten times as many tasks."""
    made = []
    for size in (SMALL, LARGE):
        url = f"sqlite:///{tmp_path_factory.mktemp('size') / 'inbox.db'}"
        upgrade(url, VERSION_LOCATIONS)
        load(url, size)
        made.append(Database(url))
    yield made[0], made[1]
    for database in made:
        database.dispose()


def steps(database: Database, cell: Cell) -> int:
    """Hundreds of instructions that SQLite's machine takes for one reading."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    with database.read() as session:
        read = cell.prepare(session)
        raw: Any = session.connection().connection.driver_connection
        raw.set_progress_handler(count, 100)
        try:
            read(session)
        finally:
            raw.set_progress_handler(None, 0)
    return taken


@pytest.mark.parametrize(
    "cell",
    [cell for cell in BOUNDED if not any(name in cell.name for name in UP_TO_999)],
    ids=lambda cell: cell.name,
)
def test_ten_times_the_tasks_cost_sqlite_no_more(
    sizes: tuple[Database, Database], cell: Cell
) -> None:
    few, many = (steps(database, cell) for database in sizes)
    assert many <= 1.5 * few + 10


def test_a_search_for_text_costs_what_the_list_is_long(sizes: tuple[Database, Database]) -> None:
    """That the count above counts something."""
    [absent] = [cell for cell in cells() if cell.name == "done: absent text"]
    few, many = (steps(database, absent) for database in sizes)
    assert many > 5 * few


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_reads_no_more_rows_than_it_shows_or_counts(
    database: Database, database_url: str
) -> None:
    load(database_url, LARGE)
    read: dict[str, int] = {}
    with database.read() as session:
        # Of a few thousand rows it would rather read all; with millions it does not.
        for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            session.execute(text(f"SET enable_{way} = off"))
        for cell in BOUNDED:
            reading = cell.prepare(session)
            with explained(session) as plans:
                reading(session)
            read[cell.name] = max(map(most_rows, plans))
    assert {name: rows for name, rows in read.items() if rows > MOST_ROWS} == {}


@contextmanager
def explained(session: Session) -> Iterator[list[dict[str, Any]]]:
    """Give the plans, with what was really read, of the statements of the block."""
    statements: list[tuple[str, Any]] = []
    plans: list[dict[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield plans
    event.remove(engine, "before_cursor_execute", note)
    for statement, parameters in statements:
        asked = session.connection().exec_driver_sql(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters
        )
        found = asked.scalar_one()
        plans.append((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


def most_rows(plan: dict[str, Any]) -> int:
    """The most rows that a node of the plan read from a table, those it threw away included."""
    own = 0
    if "Relation Name" in plan:
        thrown = plan.get("Rows Removed by Filter", 0)
        own = int((plan["Actual Rows"] + thrown) * plan["Actual Loops"])
    return max([own, *map(most_rows, plan.get("Plans", ()))])


def test_counts_stop_above_what_is_shown(sizes: tuple[Database, Database]) -> None:
    with sizes[1].read() as session:
        counted = inbox_summary.counts(session, actor=VIEWER)
    assert (counted.claimable, counted.done, counted.started) == (MOST_ROWS,) * 3


@pytest.mark.parametrize("box", Box)
def test_a_long_list_has_every_row_once(sizes: tuple[Database, Database], box: Box) -> None:
    keys: list[tuple[int | None, int]] = []
    after: str | None = None
    with sizes[0].read() as session:
        read: Callable[..., inbox.Page[inbox.InboxRow]] = inbox.page
        while True:
            page = read(
                session,
                actor=VIEWER,
                box=box,
                wanted=InboxFilter(),
                now=NOW,
                after=after,
                limit=100,
            )
            keys += [(row.task_key, row.instance_key) for row in page.rows]
            after = page.next
            if after is None:
                break
    assert len(keys) == len(set(keys)) > 50
