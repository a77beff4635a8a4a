"""Where scenarios take place: a database each, the programs on it, and rooms to prepare and look.

A template is migrated, peopled and deployed to once; every scene has a copy of it.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url, select, text

from service import app
from service.app import Bureau
from service.commands import accounts, api_tokens, deployments, rights, starting
from service.commands.deployments import Upload
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.values import Json
from service.settings import Settings
from service.store.database import Busy
from service.store.tables import Job, ProcessInstance, UserTask
from service.store.tables.instances import InstanceState
from service.store.tables.tasks import TaskState
from service.store.tables.work import JobKind, JobState
from tests.faults import office
from tests.faults.clients import Journal
from tests.faults.cluster import Cluster
from tests.fixtures_store import VERSION_LOCATIONS
from tests.programs import SECRETS, Program, environment, free_port

SQLITE, POSTGRESQL = "sqlite", "postgresql"
CLERK = Actor("clerk", "办事员")
_TEMPLATE = "template_of_faults"
PATIENCE = 120.0
"""Seconds without any progress; a worker that died is taken over within 60."""


@dataclass
class Scene:
    """One database with its programs; `rooms` are those of whoever looks."""

    database: str
    folder: Path
    settings: Settings
    env: dict[str, str]
    rooms: Rooms
    token: str
    cluster: Cluster | None = None
    programs: list[Program] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)

    def start(self, word: str, **more: str) -> Program:
        """Start `serve` or `worker`; returns once it serves, or looks for jobs."""
        log = self.folder / f"{word}.log"
        program = Program([word], {**self.env, **more}, log, module=office.MODULE)
        self.programs.append(program)
        if word == "serve":
            program.wait_until_it_answers(self.settings.port)
        return program

    def journal(self) -> Journal:
        """Open a journal of what clients are answered."""
        self.journals.append(Journal(self.folder / "journal"))
        return self.journals[-1]

    def begin(
        self, process_id: str, count: int, *, now: datetime | None = None, **variables: Json
    ) -> list[int]:
        """Start so many instances as the clerk, at another moment if told; returns their keys."""
        return [
            starting.start(
                self.rooms, process_id=process_id, variables=variables, actor=CLERK,
                now=now or self.rooms.clock(), through_form=False,
            ).instance_key
            for _ in range(count)
        ]  # fmt: skip

    def open_tasks(self, element_id: str) -> dict[int, int]:
        """The open tasks of this element, by instance."""
        with self.rooms.read() as session:
            found = session.execute(
                select(UserTask.instance_key, UserTask.key)
                .where(UserTask.element_id == element_id, UserTask.state == TaskState.CREATED)
                .order_by(UserTask.key)
            )
            return {instance: key for instance, key in found}

    def completed(self) -> int:
        """How many instances are completed."""
        with self.rooms.read() as session:
            ended = ProcessInstance.state == InstanceState.COMPLETED
            return len(session.scalars(select(ProcessInstance.key).where(ended)).all())

    def waiting_jobs(self) -> int:
        """How many jobs are due and not done."""
        with self.rooms.read() as session:
            return len(
                session.scalars(
                    select(Job.key).where(
                        Job.state == JobState.WAITING,
                        Job.kind != JobKind.CALENDAR,
                        Job.due_at <= self.rooms.clock(),
                    )
                ).all()
            )

    def settle(self) -> float:
        """Wait until nothing that is due is left; returns the seconds.

        Gives up once nothing has come of it for so long: the audit says what is missing.
        """
        begun = moved = time.monotonic()
        fewest = sys.maxsize
        while time.monotonic() - moved < PATIENCE:
            with suppress(Busy):  # one of our own connections was cut too
                left = self.waiting_jobs()
                if not left:
                    break
                if left < fewest:
                    fewest, moved = left, time.monotonic()
            time.sleep(0.05)
        return time.monotonic() - begun

    def close(self) -> None:
        for program in self.programs:
            program.kill()
        for journal in self.journals:
            journal.close()
        self.rooms.feel.close()
        self.rooms.database.dispose()


class Stand:
    """Makes scenes; what they stand on is made when it is first asked for."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self._cluster: Cluster | None = None
        self._tokens: dict[str, str] = {}
        self._number = 0

    def close(self) -> None:
        self._stack.close()

    @property
    def cluster(self) -> Cluster:
        """The PostgreSQL of all scenes."""
        if self._cluster is None:
            self._cluster = Cluster()
            self._stack.callback(self._cluster.drop)
        return self._cluster

    @contextmanager
    def scene(
        self,
        database: str,
        *,
        takeover: int = 45,
        cluster: Cluster | None = None,
        data: Path | None = None,
        port_of_database: int | None = None,
    ) -> Iterator[Scene]:
        """A fresh scene. `cluster` and `data` put its data elsewhere than with the others'.

        `port_of_database` is where the programs reach PostgreSQL; who looks goes there straight.
        """
        self._number += 1
        home = self.folder / f"scene-{self._number}"
        home.mkdir()
        cluster = (cluster or self.cluster) if database == POSTGRESQL else None
        url, token = self._copy(database, data or home, cluster)
        reached = url
        if port_of_database is not None:
            reached = f"postgresql://postgres@127.0.0.1:{port_of_database}/{make_url(url).database}"
        env = environment(
            data or home, free_port(), **SECRETS, JIAOYAN_DATABASE_URL=reached,
            JIAOYAN_HTTPS="false", JIAOYAN_TAKEOVER_SECONDS=str(takeover),
        )  # fmt: skip
        settings = Settings.read(env)
        rooms = _rooms(replace(settings, database_url=url))
        scene = Scene(database, home, settings, env, rooms, token, cluster=cluster)
        try:
            yield scene
        finally:
            scene.close()
            if cluster is self._cluster and cluster is not None:
                cluster.run(f"DROP DATABASE scene_{self._number} WITH (FORCE)")

    def _copy(self, database: str, home: Path, cluster: Cluster | None) -> tuple[str, str]:
        if cluster is None:
            template = self.folder / "template.db"
            if SQLITE not in self._tokens:
                self._tokens[SQLITE] = _prepare(f"sqlite:///{template}", self.folder)
            shutil.copyfile(template, home / "jiaoyan.db")
            return f"sqlite:///{home / 'jiaoyan.db'}", self._tokens[SQLITE]
        if cluster is not self._cluster:
            cluster.run("CREATE DATABASE scene")
            return cluster.url("scene"), _prepare(cluster.url("scene"), home)
        if POSTGRESQL not in self._tokens:
            cluster.run(f"CREATE DATABASE {_TEMPLATE}")
            self._tokens[POSTGRESQL] = _prepare(cluster.url(_TEMPLATE), self.folder)
        name = f"scene_{self._number}"
        cluster.run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return cluster.url(name), self._tokens[POSTGRESQL]


def _rooms(settings: Settings) -> Rooms:
    return app.assemble(settings, Bureau(procedures=[office.procedure]))


def _prepare(url: str, folder: Path) -> str:
    """Migrate, deploy, and let the clerk start everything; returns a token of theirs."""
    bureau = Bureau(procedures=[office.procedure], version_locations=VERSION_LOCATIONS)
    settings = replace(Settings.read(SECRETS), database_url=url, data_dir=folder)
    app.upgrade_database(settings, bureau)
    rooms = _rooms(settings)
    now = datetime.now(UTC)
    with rooms.write() as tools:
        tools.session.execute(text(office.MAKE_ENTRIES))
        accounts.create_person(
            tools, username=CLERK.username, display_name=CLERK.display_name, actor=SYSTEM, now=now
        )
        right = Grant(GranteeKind.PERSON, CLERK.username, ALL, ObjectKind.PROCEDURE, Action.ACT)
        rights.grant(tools, right, actor=SYSTEM, now=now)
        token = api_tokens.create_token(
            tools, username=CLERK.username, name="faults", actor=SYSTEM, now=now
        ).plain
    files = [Upload(f"{name}.bpmn", source) for name, source in office.DIAGRAMS.items()]
    deployments.deploy(rooms, files, actor=SYSTEM, now=now)
    rooms.feel.close()
    rooms.database.dispose()
    return token
