"""The commands' parts put together as in production, around a database of each kind in turn.

`rooms`     all rooms; files under `tmp_path`, the clock stands until a test moves it
`clock`     `clock.now`, and `clock.forward(seconds=30)`
`desk`      what the handlers of the test diagrams are told to do, and what they were asked
`operator`  may see and retry what runs, assign tasks and deploy; sees no values
`deploy`    deploys files of tests/commands/diagrams by name
`stage`     rooms and clock, with the commands that tests use most in a short form

The applicant and the office may start every process; the stranger may do nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect, select, update

from service.commands import (
    completion,
    deployments,
    process_instances,
    rights,
    starting,
    user_tasks,
)
from service.commands.deployments import DeploymentReceipt, Upload
from service.commands.file_room import FileRoom
from service.commands.handlers import HandlerRegistry, TaskContext
from service.commands.models import ModelCache
from service.commands.process_instances import Started
from service.commands.rooms import Rooms
from service.commands.user_tasks import Completed
from service.commands.work import RUN_HERE
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.keys import KeySource
from service.domain.values import Json, Variables
from service.engine import Engine
from service.feel import FeelPool
from service.store.base import Base
from service.store.calendars import calendar_of
from service.store.database import Database
from service.store.history_check import verify
from service.store.sealing import DataKeys
from service.store.tables import (
    HistoryEntry,
    HistoryValue,
    Job,
    Person,
    ProcessInstance,
    UserTask,
    Variable,
)
from service.store.tables.tasks import TaskState
from service.store.tables.work import JobKind
from tests import overtaken
from tests.clocks import Clock
from tests.fixtures_store import AUDIT_KEY, OFFICE, Cast

DIAGRAMS = Path(__file__).parent / "commands" / "diagrams"
DATA_KEY = "the data key of the tests"
OPERATOR = Actor("zhao.gang", "赵刚")

REVIEW = ("review.bpmn", "application.form", "opinion.form", "receipt.form")
WORK = tuple(kind for kind in RUN_HERE if kind is not JobKind.NOTIFY)
"""What runners of tests do that count jobs: telling people has tests of its own."""

PARALLEL = ("parallel.bpmn", "note_left.form", "note_right.form")
RATING = ("rating.bpmn", "score.form", "level.dmn")
EVIDENCE = ("evidence.bpmn", "evidence.form")


@dataclass(slots=True)
class Desk:
    """What the handler of the type `work` does: its acts in turn, then it gives `result`."""

    acts: list[Callable[[TaskContext], Variables | None]] = field(default_factory=list)
    result: Variables = field(default_factory=lambda: {"办理": "完成"})
    asked: list[TaskContext] = field(default_factory=list)

    def work(self, context: TaskContext) -> Variables | None:
        self.asked.append(context)
        return self.acts.pop(0)(context) if self.acts else self.result

    def fails(self, error: Exception, times: int = 1) -> None:
        def fail(_context: TaskContext) -> Variables | None:
            raise error

        self.acts.extend([fail] * times)


def record(context: TaskContext) -> Variables:
    """The handler of the type `record`: a pure one."""
    return {"登记号": f"R{context.element_instance_key}"}


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def rooms(
    database: Database, feel: FeelPool, keys: KeySource, tmp_path: Path, clock: Clock, desk: Desk
) -> Rooms:
    handlers = HandlerRegistry()
    handlers.register("work", desk.work)
    handlers.register("record", record)
    counting = feel.with_calendar(partial(calendar_of, database))
    return Rooms(
        database=database,
        engine=Engine(counting),
        feel=counting,
        handlers=handlers,
        keys=keys,
        files=FileRoom(tmp_path / "files", limit=1024 * 1024),
        models=ModelCache(),
        clock=clock,
        audit_key=AUDIT_KEY,
        data_keys=DataKeys([DATA_KEY]),
    )


@pytest.fixture
def operator(rooms: Rooms, cast: Cast, now: datetime) -> Actor:
    kinds = [
        (ObjectKind.RUNNING, Action.READ),
        (ObjectKind.RUNNING, Action.ACT),
        (ObjectKind.TASK, Action.ACT),
        (ObjectKind.DEPLOYMENT, Action.READ),
        (ObjectKind.DEPLOYMENT, Action.ACT),
    ]
    with rooms.write() as tools:
        person = {
            "username": OPERATOR.username,
            "display_name": OPERATOR.display_name,
            "sort_name": OPERATOR.username,
            "password_hash": None,
            "active": True,
            "failed_sign_ins": 0,
            "locked_until": None,
            "created_at": now,
        }
        tools.session.execute(insert(Person), [person])
        for kind, action in kinds:
            right = Grant(GranteeKind.PERSON, OPERATOR.username, "*", kind, action)
            rights.grant(tools, right, actor=SYSTEM, now=now)
    return OPERATOR


Deploy = Callable[..., DeploymentReceipt]


@pytest.fixture
def deploy(rooms: Rooms, cast: Cast, now: datetime) -> Deploy:
    """Let applicant and office start everything, and deploy files by name."""
    with rooms.write() as tools:
        for kind, grantee in (
            (GranteeKind.PERSON, cast.applicant.username),
            (GranteeKind.GROUP, OFFICE),
        ):
            right = Grant(kind, grantee, "*", ObjectKind.PROCEDURE, Action.ACT)
            rights.grant(tools, right, actor=SYSTEM, now=now)

    def deploy_files(*names: str, actor: Actor = SYSTEM) -> DeploymentReceipt:
        uploads = [Upload(name, (DIAGRAMS / name).read_bytes()) for name in names]
        return deployments.deploy(rooms, uploads, actor=actor, now=rooms.clock())

    return deploy_files


@dataclass(frozen=True, slots=True)
class Stage:
    """Short forms: what the person sends is in the call, the moment is the clock's."""

    rooms: Rooms
    clock: Clock
    cast: Cast

    def start(
        self,
        process_id: str,
        actor: Actor | None = None,
        variables: Variables | None = None,
        *,
        request_id: str | None = None,
    ) -> Started:
        return starting.start(
            self.rooms,
            process_id=process_id,
            variables=variables or {},
            actor=actor or self.cast.applicant,
            now=self.clock.now,
            request_id=request_id,
            through_form=True,
        )

    def complete(
        self,
        task_key: int,
        actor: Actor,
        submission: Variables | None = None,
        *,
        outcome: str | None = None,
        comment: str = "",
        revision: int | None = None,
        strict: bool = False,
    ) -> Completed:
        return completion.complete(
            self.rooms,
            task_key,
            submission=submission or {},
            outcome=outcome,
            comment=comment,
            revision=revision,
            strict=strict,
            actor=actor,
            now=self.clock.now,
        )

    def after_the_check(self, happens: Callable[[], object]) -> "Stage":
        """The same stage, where this happens once, just before its first writing transaction."""
        return replace(self, rooms=overtaken.before_writing(self.rooms, happens))

    def while_the_form_is_checked(self, happens: Callable[[], object]) -> "Stage":
        """The same stage, where this happens once, behind its first reading transaction."""
        return replace(self, rooms=overtaken.behind_reading(self.rooms, happens))

    def with_empty_caches(self) -> "Stage":
        """The same stage as another process of the program has it."""
        return replace(self, rooms=replace(self.rooms, models=ModelCache()))

    def rows_of_instances(self) -> int:
        """How many rows hang on instances, in all tables."""
        entities: list[type[Base]] = [ProcessInstance, UserTask, Variable, HistoryEntry, Job]
        return sum(len(self.rows(entity)) for entity in entities)

    def assign(self, task_key: int, assignee: str, actor: Actor) -> None:
        with self.rooms.write() as tools:
            user_tasks.assign(tools, task_key, assignee=assignee, actor=actor, now=self.clock.now)

    def break_state(self, instance_key: int, state: str = "{}") -> None:
        """Make the engine's state unreadable, as a bad restore would."""
        with self.rooms.write() as tools:
            tools.session.execute(
                update(ProcessInstance)
                .where(ProcessInstance.key == instance_key)
                .values(engine_state=state)
            )

    def cancel(self, instance_key: int, actor: Actor) -> None:
        with self.rooms.write() as tools:
            process_instances.cancel(
                tools, instance_key, reason="不再需要", actor=actor, now=self.clock.now
            )

    def task(self, instance_key: int, element_id: str) -> int:
        """The key of the newest task of this element."""
        with self.rooms.read() as session:
            return session.scalars(
                select(UserTask.key)
                .where(UserTask.instance_key == instance_key, UserTask.element_id == element_id)
                .order_by(UserTask.key.desc())
            ).first() or pytest.fail(f"there is no task {element_id}")

    def open_tasks(self, instance_key: int) -> list[str]:
        with self.rooms.read() as session:
            return sorted(
                session.scalars(
                    select(UserTask.element_id).where(
                        UserTask.instance_key == instance_key, UserTask.state == TaskState.CREATED
                    )
                )
            )

    def variables(self, instance_key: int) -> dict[str, Json]:
        """The root variables without the initiator."""
        with self.rooms.read() as session:
            rows = session.execute(
                select(Variable.name, Variable.value).where(Variable.scope_key == instance_key)
            )
            return {name: value for name, value in rows if name != "initiator"}

    def row(self, entity: type[Base], **where: object) -> Mapping[str, object]:
        """The only row of a table with these values."""
        [row] = self.rows(entity, **where)
        return row

    def key(self, entity: type[Base], **where: object) -> int:
        """The key of the only row with these values."""
        key = self.row(entity, **where)["key"]
        assert isinstance(key, int)
        return key

    def rows(self, entity: type[Base], **where: object) -> list[Mapping[str, object]]:
        """All rows of a table with these values, in the order of their keys."""
        table = entity.__table__
        conditions = [table.c[name] == value for name, value in where.items()]
        with self.rooms.read() as session:
            found = session.execute(
                select(table).where(*conditions).order_by(*inspect(entity).primary_key)
            ).mappings()
            return [dict(row) for row in found]

    def acts(self, instance_key: int) -> list[str]:
        """The history's acts, oldest first; its chain must hold."""
        with self.rooms.read() as session:
            assert verify(session, AUDIT_KEY) == []
            return list(
                session.scalars(
                    select(HistoryEntry.act)
                    .where(HistoryEntry.instance_key == instance_key)
                    .order_by(HistoryEntry.number)
                )
            )

    def value(self, instance_key: int, act: str) -> dict[str, Json]:
        """What the newest entry of this act tells."""
        with self.rooms.read() as session:
            value = session.scalars(
                select(HistoryValue.value)
                .join(
                    HistoryEntry,
                    (HistoryEntry.instance_key == HistoryValue.instance_key)
                    & (HistoryEntry.number == HistoryValue.number),
                )
                .where(HistoryEntry.instance_key == instance_key, HistoryEntry.act == act)
                .order_by(HistoryEntry.number.desc())
            ).first()
        assert isinstance(value, dict)
        return value


@pytest.fixture
def stage(rooms: Rooms, clock: Clock, cast: Cast) -> Stage:
    return Stage(rooms, clock, cast)
