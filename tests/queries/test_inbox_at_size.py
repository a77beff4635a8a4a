"""What a page of the inbox costs does not grow with the list: counted in work, never in time."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from benchmarks.inbox import Cell, cells
from benchmarks.inbox_load import COLUMNS, NOW, RARE_WORD, VIEWER, load
from service.queries import inbox, inbox_summary, selects
from service.queries.inbox_filter import InboxFilter
from service.queries.inbox_looking import LOOKED_AT
from service.queries.inbox_order import Box, Sort
from service.store.database import Database

SMALL, LARGE = 1_000, 12_000
# What no index answers is looked for row by row, up to a bound; what is overdue is sorted when
# another order is wanted; the API counts up to 10,000 of all that one may see.
LOOKED_FOR = ("text", "done: active", "done: terminated", "done: suspended")
GROWING = (*LOOKED_FOR, ": overdue", "/v2")
# 待办 is read as 待签收 is, with fewer ways.
BOUNDED = [
    cell
    for cell in cells()
    if "overdue by due date" in cell.name
    or not any(name in cell.name for name in (*GROWING, "todo: "))
]
MOST_SHOWN = 400
"""Rows that a page takes, from whichever of the ways in which a task comes to the viewer."""
MOST_COUNTED = selects.MOST_COUNTED + 1


@pytest.fixture(scope="module")
def sizes(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, Database]]:
    """SQLite with few tasks and with twelve times as many."""
    made = []
    for size in (SMALL, LARGE):
        path = tmp_path_factory.mktemp("size") / "inbox.db"
        shutil.copyfile(sqlite_template, path)
        url = f"sqlite:///{path}"
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


def test_twelve_times_the_tasks_cost_sqlite_no_more(sizes: tuple[Database, Database]) -> None:
    taken = {cell.name: [steps(database, cell) for database in sizes] for cell in BOUNDED}
    # Whose deputy one is has few tasks in the small one, so a page reads fewer of theirs.
    assert {name: both for name, both in taken.items() if both[1] > 1.5 * both[0] + 100} == {}


def test_a_search_costs_what_it_looks_at(sizes: tuple[Database, Database]) -> None:
    """That the count above counts something."""
    [absent] = [cell for cell in cells() if cell.name == "done: absent text"]
    few, many = (steps(database, absent) for database in sizes)
    assert 5 * few < many < 15 * few


def test_a_search_stops_and_goes_on_where_it_stopped(sizes: tuple[Database, Database]) -> None:
    oldest = InboxFilter(q=RARE_WORD, sort=Sort.OLDEST)
    newest = InboxFilter(q=RARE_WORD)
    with sizes[1].read() as session:
        [near] = read(session, Box.STARTED, oldest).rows
        far = read(session, Box.STARTED, newest)
        assert (far.rows, far.looked_at) == ((), LOOKED_AT)
        further = read(session, Box.STARTED, newest, after=far.next)
    assert [row.instance_key for row in further.rows] == [near.instance_key]
    assert (further.next, further.looked_at) == (None, None)


def read(
    session: Session, box: Box, wanted: InboxFilter, after: str | None = None, limit: int = 20
) -> inbox.Page[inbox.InboxRow]:
    return inbox.page(
        session, actor=VIEWER, box=box, wanted=wanted, now=NOW, after=after, limit=limit
    )


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_reads_no_more_rows_than_it_shows_or_counts(
    database: Database, database_url: str
) -> None:
    load(database_url, 3_000)
    with database.write() as session:
        # Its planner takes the tables for a thousand times as long, and plans as it would then.
        session.execute(
            text("UPDATE pg_class SET reltuples = reltuples * 1000 WHERE relname = ANY(:tables)"),
            {"tables": list(COLUMNS)},
        )
    rows: dict[str, int] = {}
    with database.read() as session:
        for cell in BOUNDED:
            reading = cell.prepare(session)
            with explained(session) as plans:
                reading(session)
            rows[cell.name] = max(map(most_rows, plans))
    counted = max(rows.pop(name) for name in ("counts", "open cases, counts"))
    assert counted <= 2 * MOST_COUNTED
    assert {name: most for name, most in rows.items() if most > MOST_SHOWN} == {}


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
    assert (counted.claimable, counted.done, counted.started) == (MOST_COUNTED,) * 3


@pytest.mark.parametrize("box", Box)
def test_a_long_list_has_every_row_once(sizes: tuple[Database, Database], box: Box) -> None:
    keys: list[tuple[int | None, int]] = []
    after: str | None = None
    with sizes[0].read() as session:
        while True:
            page = read(session, box, InboxFilter(), after, limit=100)
            keys += [(row.task_key, row.instance_key) for row in page.rows]
            after = page.next
            if after is None:
                break
    assert len(keys) == len(set(keys)) > 40
