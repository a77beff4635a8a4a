"""A bureau with very many tasks: rows in bulk, a million of them in about a minute.

The viewer is candidate for 100,000 of the open tasks (for all where there are fewer): through
three offices, a post group and by name, some in two ways. They have done as many and started as
many, hold a tenth of that, and stand in for two others, one of whom holds as many. Half of these
were brought before the viewer. All sizes have
one shape: what differs is the number of rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, create_engine, insert, text

from service.domain.actors import Actor, Principal
from service.store.database import with_driver
from service.store.tables import (
    Deployment,
    Person,
    ProcessDefinition,
    Resource,
)
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import EntryState, HolderKind, TaskState

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
MOST = 100_000
"""Open tasks that the viewer may claim, at most."""
RARE = "rare_review"
"""A procedure of which the viewer has hardly any task: one of the oldest in each list."""
RARE_WORD = "罕见"
PROCESSES = ("admission_review", "annual_review", "lesson_review", RARE)
POST_GROUP = "教研员 · 数学 · 小学 @ city-research"
_YEAR = timedelta(days=365)
_EVERY = 50_000
_BARRED = 500
"""Of one in so many tasks the viewer, and one of those they stand in for, must keep out."""
_BATCH = 20_000
_MOMENTS = 9_973
"""Tasks arise at so many moments, spread over a year."""
_DUE_PERIOD = 90 * 997
_KEPT_OUT = ("viewer", "absent2")

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
_PEOPLE = ("viewer", "newcomer", "absent1", "absent2", *(f"person{n:03}" for n in range(200)))
_OF = {one: ((_PERSON, one),) for one in _PEOPLE}
_BROUGHT = ((_PERSON, "absent1"), (HolderKind.SUPERIOR, "viewer"))
"""What is late and was brought before the viewer."""

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


class Task(NamedTuple):
    """One case with its one task."""

    number: int
    holders: tuple[tuple[HolderKind, str], ...]
    started_by: str
    turn: int
    """What its dates and its procedure go by: a task in turn, whoever else has some between."""
    done: bool = False
    rare: bool = False


def tasks(size: int) -> Iterator[Task]:
    """Yield the open tasks, then what the viewer and those they stand in for hold and have done."""
    own = min(size, MOST)
    step = size // own
    for number in range(size):
        mine = number // step
        if number % step == 0:
            starter = f"person{mine % 200:03}"
            yield Task(number, _WAYS[mine % 7], starter, mine, rare=mine % _EVERY == 7)
        else:
            yield Task(number, ((_GROUP, f"other-{number % 200}"),), "person001", number)
    others = chain(
        ((place, _OF["viewer"], False, "person002") for place in range(own // 10)),
        ((place, _OF["absent1"], False, "person003") for place in range(own // 20)),
        ((place, _BROUGHT, False, "person003") for place in range(own // 20)),
        ((place, _OF["viewer"], True, "person004") for place in range(own)),
        ((place, _OF[f"person{place % 200:03}"], False, "viewer") for place in range(own)),
    )
    for number, (place, holders, done, starter) in enumerate(others, size):
        yield Task(number, holders, starter, place, done, place == 7)


def load(url: str, size: int) -> None:
    """Write everything into a migrated, empty database, and let it take its statistics."""
    engine = create_engine(with_driver(url))
    with engine.begin() as connection:
        _write_surroundings(connection)
        connection.execute(text(_QUICKLY[engine.dialect.name]))
        with _indexed_afterwards(connection):
            rows = _Rows(engine.dialect.name)
            left = tasks(size)
            while batch := list(islice(left, _BATCH)):
                for table, made in rows.of(batch):
                    _bulk(connection, table, made)
    if engine.dialect.name == "postgresql":
        # What autovacuum does by itself, a minute later.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


_QUICKLY = {
    "sqlite": "PRAGMA cache_size = -400000",
    # Without looking up each foreign key; sorts for indexes stay in memory.
    "postgresql": "SET LOCAL session_replication_role = replica; "
    "SET LOCAL maintenance_work_mem = '256MB'",
}


@contextmanager
def _indexed_afterwards(connection: Connection) -> Iterator[None]:
    """Take the indexes of the tables away, and make the very same again behind the block."""
    query, drop = _INDEXES[connection.dialect.name]
    indexes = [
        (name, made) for table, name, made in connection.execute(text(query)) if table in COLUMNS
    ]
    for name, _ in indexes:
        connection.execute(text(drop.format(name)))
    yield
    for _, made in indexes:
        connection.execute(text(made))


_INDEXES = {
    "sqlite": (
        "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "DROP INDEX {}",
    ),
    "postgresql": (
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE NOT EXISTS"
        " (SELECT 1 FROM pg_constraint WHERE conindid = indexname::regclass)",
        "DROP INDEX {}",
    ),
}


def _write_surroundings(connection: Connection) -> None:
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
            for place, one in enumerate(_PEOPLE)
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


Row: TypeAlias = Sequence[str | int | None]

COLUMNS = {
    "process_instance": (
        "key", "definition_key", "process_id", "title", "state", "revision", "engine_state",
        "started_by", "started_at", "ended_at", "open_incidents", "history_length", "history_head",
    ),
    "user_task": (
        "key", "instance_key", "definition_key", "process_id", "element_id", "name", "state",
        "revision", "assignee", "candidate_users", "candidate_groups", "priority", "due_at",
        "created_at", "ended_at", "no_deputy",
    ),
    "inbox_entry": (
        "task_key", "holder_kind", "holder", "state", "instance_key", "process_id", "due_at",
        "created_at", "ended_at",
    ),
    "task_bar": ("username", "task_key", "party"),
}  # fmt: skip


class _Rows:
    """Makes the rows of tasks; moments are written once each, as the database takes them."""

    def __init__(self, dialect: str) -> None:
        zone = "" if dialect == "sqlite" else "+00"

        def written(moment: datetime) -> str:
            return f"{moment:%Y-%m-%d %H:%M:%S.%f}{zone}"

        spread = [NOW - _YEAR + _YEAR * place / _MOMENTS for place in range(_MOMENTS)]
        self._created = [written(moment) for moment in spread]
        self._ended = [written(moment + timedelta(days=1)) for moment in spread]
        self._due = [written(NOW + _until_due(turn)) for turn in range(0, _DUE_PERIOD, 2)]

    def of(self, batch: Sequence[Task]) -> Iterator[tuple[str, Iterable[Row]]]:
        """Give the rows of each table, in the order in which they may be written."""
        yield "process_instance", map(self._instance, batch)
        yield "user_task", map(self._task, batch)
        yield "inbox_entry", (entry for task in batch for entry in self._entries(task))
        barred = [task for task in batch if task.turn % _BARRED == 0]
        yield (
            "task_bar",
            [(who, _key(task) + 1, "person000") for task in barred for who in _KEPT_OUT],
        )

    def _instance(self, task: Task) -> Row:
        number, _, started_by, turn, done, _ = task
        place = _process(task)
        state = InstanceState.COMPLETED if done and turn % 2 else InstanceState.ACTIVE
        title = f"教师{number % 600:03}{RARE_WORD if task.rare else ''}申请{number}"
        return (
            _key(task), 10 + place, PROCESSES[place], title, state.value, 1, "", started_by,
            self._created[turn % _MOMENTS], self._ended[turn % _MOMENTS] if done else None,
            0, 0, "",
        )  # fmt: skip

    def _task(self, task: Task) -> Row:
        _, holders, _, turn, done, _ = task
        key, place = _key(task), _process(task)
        kind, holder = holders[0]
        return (
            key + 1, key, 10 + place, PROCESSES[place], "review", "审核",
            (TaskState.COMPLETED if done else TaskState.CREATED).value, 1,
            holder if kind is _PERSON else None, "[]", "[]", 50, self._due_at(turn),
            self._created[turn % _MOMENTS], self._ended[turn % _MOMENTS] if done else None,
            int(turn % 10 == 3),
        )  # fmt: skip

    def _entries(self, task: Task) -> Iterator[Row]:
        _, holders, _, turn, done, _ = task
        state = (EntryState.DONE if done else EntryState.OPEN).value
        key, process, due = _key(task), PROCESSES[_process(task)], self._due_at(turn)
        created = self._created[turn % _MOMENTS]
        ended = self._ended[turn % _MOMENTS] if done else None
        for kind, holder in holders:
            yield key + 1, kind.value, holder, state, key, process, due, created, ended

    def _due_at(self, turn: int) -> str | None:
        """Half of them have no date."""
        return None if turn % 2 else self._due[turn % _DUE_PERIOD // 2]


def _until_due(turn: int) -> timedelta:
    """One in ten is overdue."""
    days = -(turn % 90) if turn % 10 == 0 else 1 + turn % 90
    return timedelta(days=days, seconds=turn % 997 - 1000)


def _key(task: Task) -> int:
    """Key of the case; the task's is the next."""
    return 1000 + 2 * task.number


def _process(task: Task) -> int:
    """Place of its procedure among `PROCESSES`."""
    return 3 if task.rare else task.turn % 3


def _bulk(connection: Connection, table: str, rows: Iterable[Row]) -> None:
    """Write rows past SQLAlchemy: COPY, or one prepared statement for all."""
    columns = COLUMNS[table]
    names = ", ".join(columns)
    raw = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with raw.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            copy.write("".join(map(_copied, rows)))
        return
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names of ours
    raw.executemany(statement, list(rows))


def _copied(row: Row) -> str:
    """A line of COPY: nothing here holds a tab, a backslash or an end of line."""
    return "\t".join(["\\N" if value is None else str(value) for value in row]) + "\n"
