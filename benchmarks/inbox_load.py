"""A bureau with very many tasks: rows in bulk, about a minute for a million of them.

The viewer is candidate for 100,000 of the open tasks (for all where there are fewer): through
three offices, a post group and by name, some in two ways. They have done as many and started as
many, hold a tenth of that, and stand in for two others, who have as many as they. All sizes have
one shape: what differs is the number of rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.orm import DeclarativeBase

from service.domain.actors import Actor, Principal
from service.store.database import with_driver
from service.store.tables import (
    Deployment,
    InboxEntry,
    Person,
    ProcessDefinition,
    ProcessInstance,
    Resource,
    TaskBar,
    UserTask,
)
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import EntryState, HolderKind, TaskState

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
MOST = 100_000
"""Open tasks that the viewer may claim, at most."""
RARE = "rare_review"
"""A procedure of which the viewer has a task in 50,000."""
RARE_WORD = "罕见"
PROCESSES = ("admission_review", "annual_review", "lesson_review", RARE)
POST_GROUP = "教研员 · 数学 · 小学 @ city-research"
_YEAR = timedelta(days=365)
_EVERY = 50_000
_BARRED = 500
"""Of one in so many tasks the viewer, and one of those they stand in for, must keep out."""
_BATCH = 20_000

_GROUP, _PERSON, _CANDIDATE = HolderKind.GROUP, HolderKind.PERSON, HolderKind.CANDIDATE
_WAYS = (
    ((_GROUP, "office-1"),),
    ((_GROUP, "office-2"),),
    ((_GROUP, "office-3"),),
    ((_GROUP, POST_GROUP),),
    ((_CANDIDATE, "viewer"),),
    ((_GROUP, "office-1"), (_GROUP, "office-2")),
    ((_GROUP, POST_GROUP), (_CANDIDATE, "viewer")),
)
"""How a task comes to the viewer to claim, one after the other."""

VIEWER = Actor(
    "viewer",
    "查看者",
    frozenset({"office-1", "office-2", "office-3", POST_GROUP}),
    principals=(
        Principal("absent1", "出差者01", frozenset(), None, NOW - 2 * _YEAR, covers_open=True),
        Principal(
            "absent2",
            "出差者02",
            frozenset({"other-1", "other-2"}),
            frozenset(PROCESSES[:2]),
            NOW - 2 * _YEAR,
            covers_open=True,
        ),
    ),
)
NEWCOMER = Actor("newcomer", "新人", frozenset({"empty-office"}))
"""Somebody who has nothing yet: what they ask for is sought among everybody's rows."""


@dataclass(frozen=True, slots=True)
class Task:
    """One case with its one task."""

    number: int
    holders: tuple[tuple[HolderKind, str], ...]
    started_by: str
    done: bool = False
    rare: bool = False

    @property
    def instance_key(self) -> int:
        """Key of the case."""
        return 1000 + 2 * self.number

    @property
    def key(self) -> int:
        """Key of the task."""
        return self.instance_key + 1

    @property
    def process(self) -> int:
        """Place of its procedure among `PROCESSES`."""
        return 3 if self.rare else self.number % 3

    @property
    def created_at(self) -> datetime:
        """Spread over a year."""
        return NOW - _YEAR + _YEAR * (self.number % 9_973) / 9_973

    @property
    def due_at(self) -> datetime | None:
        """One in ten is overdue, half of them have no date."""
        if self.number % 2:
            return None
        days = -(self.number % 90) if self.number % 10 == 0 else 1 + self.number % 90
        return NOW + timedelta(days=days, seconds=self.number % 997 - 1000)

    @property
    def ended_at(self) -> datetime | None:
        """A day after it came."""
        return self.created_at + timedelta(days=1) if self.done else None

    @property
    def title(self) -> str:
        """What the search text is sought in."""
        return f"教师{self.number % 600:03}{RARE_WORD if self.rare else ''}申请{self.number}"


def tasks(size: int) -> Iterator[Task]:
    """Yield the open tasks, then what the viewer and those they stand in for hold and have done."""
    own = min(size, MOST)
    step = size // own
    for number in range(size):
        mine = number // step
        if number % step == 0:
            starter = f"person{number % 200:03}"
            yield Task(number, _WAYS[mine % 7], starter, rare=mine % _EVERY == 7)
        else:
            yield Task(number, ((_GROUP, f"other-{number % 200}"),), "person001")
    others = (
        *(("viewer", False, "person002") for _ in range(own // 10)),
        *(("absent1", False, "person003") for _ in range(own // 10)),
        *(("viewer", True, "person004") for _ in range(own)),
        *((f"person{place % 200:03}", False, "viewer") for place in range(own)),
    )
    for place, (holder, done, starter) in enumerate(others):
        rare = place % (own // 10 if place < own // 5 else own) == 7
        yield Task(size + place, ((_PERSON, holder),), starter, done=done, rare=rare)


def load(url: str, size: int) -> None:
    """Write everything into a migrated, empty database, and let it take its statistics."""
    engine = create_engine(with_driver(url))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size=-400000")
        _write_surroundings(connection)
        batch: list[Task] = []
        for task in tasks(size):
            batch.append(task)
            if len(batch) == _BATCH:
                _write(connection, batch)
                batch = []
        _write(connection, batch)
    if engine.dialect.name == "postgresql":
        # What autovacuum does by itself, a minute later.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def _write_surroundings(connection: Connection) -> None:
    people = ["viewer", "newcomer", "absent1", "absent2", *(f"person{n:03}" for n in range(200))]
    connection.execute(
        insert(Person),
        [
            {
                "username": one,
                "display_name": f"人员{place:03}",
                "sort_name": one,
                "active": True,
                "failed_sign_ins": 0,
                "created_at": NOW,
            }
            for place, one in enumerate(people)
        ],
    )
    deployed = {"deployed_at": NOW, "deployed_by": "system"}
    connection.execute(insert(Deployment), [{"key": 1, **deployed}])
    named = {"name": "all.bpmn", "kind": "bpmn", "content": "", "checksum": ""}
    connection.execute(insert(Resource), [{"key": 2, "deployment_key": 1, **named}])
    connection.execute(
        insert(ProcessDefinition),
        [
            {
                "key": 10 + place,
                "resource_key": 2,
                "process_id": process,
                "name": f"流程{place}",
                "version": 1,
                "deployed_at": NOW,
            }
            for place, process in enumerate(PROCESSES)
        ],
    )


def _write(connection: Connection, batch: Sequence[Task]) -> None:
    _bulk(connection, ProcessInstance, _INSTANCE, map(_instance, batch))
    _bulk(connection, UserTask, _TASK, map(_task, batch))
    _bulk(connection, InboxEntry, _ENTRY, (entry for task in batch for entry in _entries(task)))
    barred = [task for task in batch if task.number % _BARRED == 0]
    bars = [(who, task.key, "person000") for task in barred for who in ("viewer", "absent2")]
    _bulk(connection, TaskBar, ("username", "task_key", "party"), bars)


_INSTANCE = (
    "key", "definition_key", "process_id", "title", "state", "revision", "engine_state",
    "started_by", "started_at", "ended_at", "open_incidents", "history_length", "history_head",
)  # fmt: skip
_TASK = (
    "key", "instance_key", "definition_key", "process_id", "element_id", "name", "state",
    "revision", "assignee", "candidate_users", "candidate_groups", "priority", "due_at",
    "created_at", "ended_at", "no_deputy",
)  # fmt: skip
_ENTRY = (
    "task_key", "holder_kind", "holder", "state", "instance_key", "process_id", "due_at",
    "created_at", "ended_at",
)  # fmt: skip


def _instance(task: Task) -> Sequence[Any]:
    state = InstanceState.COMPLETED if task.done and task.number % 2 else InstanceState.ACTIVE
    return (
        task.instance_key, 10 + task.process, PROCESSES[task.process], task.title, state.value, 1,
        "", task.started_by, task.created_at, task.ended_at, 0, 0, "",
    )  # fmt: skip


def _task(task: Task) -> Sequence[Any]:
    state = TaskState.COMPLETED if task.done else TaskState.CREATED
    return (
        task.key, task.instance_key, 10 + task.process, PROCESSES[task.process], "review", "审核",
        state.value, 1, task.holders[0][1] if task.holders[0][0] is _PERSON else None, "[]", "[]",
        50, task.due_at, task.created_at, task.ended_at, task.number % 10 == 3,
    )  # fmt: skip


def _entries(task: Task) -> Iterator[Sequence[Any]]:
    state = EntryState.DONE if task.done else EntryState.OPEN
    for kind, holder in task.holders:
        yield (
            task.key, kind.value, holder, state.value, task.instance_key,
            PROCESSES[task.process], task.due_at, task.created_at, task.ended_at,
        )  # fmt: skip


def _bulk(
    connection: Connection,
    entity: type[DeclarativeBase],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Write rows past SQLAlchemy: COPY, or one prepared statement for all."""
    names = ", ".join(columns)
    table = entity.__tablename__
    raw = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with raw.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names of ours
    raw.executemany(statement, [[_on_sqlite(value) for value in row] for row in rows])


def _on_sqlite(value: Any) -> Any:
    """A moment as SQLAlchemy keeps it there."""
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value
