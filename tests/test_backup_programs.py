"""Backups with the programs as an operator starts them, beside a server that works."""

import hashlib
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from service import app
from service.app import ROOT
from service.commands import (
    accounts,
    api_tokens,
    completion,
    deployments,
    documents,
    rights,
    starting,
)
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind, everyone
from service.settings import Settings
from service.store.tables import Document, HistoryEntry, ProcessInstance, UserTask
from tests.fixtures_commands import DIAGRAMS, EVIDENCE
from tests.fixtures_store import empty_url
from tests.programs import SECRETS, command_here, environment, free_port
from tests.test_programs import jiaoyan, running

ZHANG = Actor("zhang.min", "张敏")
MEGABYTE = 1024 * 1024


@dataclass
class House:
    """A system with its data, and the one account that works there."""

    folder: Path
    url: str
    rooms: Rooms
    token: str = ""
    definition: int = 0
    done: list[int] = field(default_factory=list)
    """Instances whose end the server has acknowledged."""

    @property
    def environment(self) -> dict[str, str]:
        return {"JIAOYAN_DATABASE_URL": self.url, **SECRETS}

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in a process of its own."""
        return jiaoyan(self.folder, *words, **self.environment)

    def run_here(self, *words: str) -> str:
        """Run a command in this process, which takes less time; returns what it prints."""
        return command_here(self.folder, *words, **self.environment)

    def attach(self, content: bytes) -> int:
        """Upload a file and start a case with it; returns the key of its task."""
        now = self.rooms.clock()
        receipt = documents.upload(
            self.rooms, self.definition, field="证明", file_name="证明.pdf",
            stream=io.BytesIO(b"%PDF-1.7\n" + content), actor=ZHANG, now=now,
        )  # fmt: skip
        started = starting.start(
            self.rooms, process_id="evidence", variables={"证明": [str(receipt.key)]},
            actor=ZHANG, now=now, through_form=True,
        )  # fmt: skip
        with self.rooms.read() as session:
            task = select(UserTask.key).where(UserTask.instance_key == started.instance_key)
            return session.scalars(task).one()


def house_at(folder: Path, url: str) -> House:
    given = {"JIAOYAN_DATA_DIR": str(folder), "JIAOYAN_DATABASE_URL": url, **SECRETS}
    settings = Settings.read(given)
    return House(folder, url, app.assemble(settings, app.discover()))


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    yield from furnished(house_at(tmp_path / "house", database_url))


@pytest.fixture
def small(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    """A system on SQLite."""
    copy = shutil.copyfile(sqlite_template, tmp_path / "jiaoyan.db")
    yield from furnished(house_at(tmp_path / "house", f"sqlite:///{copy}"))


def furnished(house: House) -> Iterator[House]:
    """With an account that may start, and one process that takes files."""
    rooms, now = house.rooms, house.rooms.clock()
    house.folder.mkdir()
    with rooms.write() as tools:
        accounts.create_person(
            tools, username=ZHANG.username, display_name="张敏", actor=SYSTEM, now=now
        )
        rights.grant(tools, everyone(ObjectKind.PROCEDURE, Action.ACT), actor=SYSTEM, now=now)
        house.token = api_tokens.create_token(
            tools, username=ZHANG.username, name="测试", expires_at=now + timedelta(days=1),
            actor=SYSTEM, now=now,
        ).plain  # fmt: skip
    uploads = [deployments.Upload(name, (DIAGRAMS / name).read_bytes()) for name in EVIDENCE]
    [process] = deployments.deploy(rooms, uploads, actor=SYSTEM, now=now).processes
    house.definition = process.key
    yield house
    rooms.feel.close()
    rooms.database.dispose()


def post(port: int, token: str, path: str) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", b"{}", headers, method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
        return json.loads(answer.read() or b"null")


def work(house: House, port: int, stop: threading.Event) -> None:
    """Attach files and let the server complete tasks until told to stop; leave each third open.

    The pauses leave the backup and the server some of the machine: a backlog proves no more.
    """
    for number in range(10_000):
        if stop.wait(0.03):
            return
        task = house.attach(str(number).encode() * 1000)
        if number % 3:
            post(port, house.token, f"/v2/user-tasks/{task}/completion")
            with house.rooms.read() as session:
                house.done.append(
                    session.scalars(select(UserTask.instance_key).where(UserTask.key == task)).one()
                )


def test_a_backup_that_is_taken_under_load_is_restored_and_goes_on(
    house: House, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    port, stop = free_port(), threading.Event()
    settings = {**house.environment, "JIAOYAN_HTTPS": "false", "JIAOYAN_WEB_WORKERS": "1"}
    with running(house.folder, port, ["serve"], **settings):
        workers = [threading.Thread(target=work, args=(house, port, stop)) for _ in range(2)]
        for worker in workers:
            worker.start()
        until_true(lambda: len(house.done) > 10)
        acknowledged = list(house.done)
        taken = house.run("backup", "--out", str(tmp_path / "backup.tar"))
        worked_meanwhile = len(house.done) - len(acknowledged)
        stop.set()
        for worker in workers:
            worker.join()
    assert taken.returncode == 0, taken.stderr
    assert (taken.stderr, worked_meanwhile > 0) == ("", True)
    assert (tmp_path / "backup.tar").stat().st_mode & 0o777 == 0o600

    for url in empty_url(request, house.rooms.database.dialect):
        restored = house_at(tmp_path / "restored", url)
        assert "已恢复" in restored.run_here("restore", str(tmp_path / "backup.tar"))
        assert "0 处不符" in restored.run_here("audit", "verify")
        holds_together(restored, acknowledged)
        restored.rooms.feel.close()
        restored.rooms.database.dispose()


def holds_together(house: House, acknowledged: list[int]) -> None:
    """Each case is whole, what was acknowledged before is there, files open, an open task ends."""
    with house.rooms.read() as session:
        instances = session.scalars(select(ProcessInstance)).all()
        open_tasks = dict(
            session.execute(
                select(UserTask.instance_key, func.count())
                .where(UserTask.state == "CREATED")
                .group_by(UserTask.instance_key)
            ).all()
        )
        entries = dict(
            session.execute(
                select(HistoryEntry.instance_key, func.count()).group_by(HistoryEntry.instance_key)
            ).all()
        )
        files = session.execute(select(Document.storage_name, Document.sha256)).all()
        task = session.scalars(select(UserTask.key).where(UserTask.state == "CREATED")).first()
    states = {each.key: each.state for each in instances}
    assert {states.get(key) for key in acknowledged} == {"COMPLETED"}
    assert {key for key, state in states.items() if state == "ACTIVE"} == open_tasks.keys()
    assert {each.key: each.history_length for each in instances} == entries
    assert len(files) >= len(states)
    for name, sha256 in files:
        with house.rooms.files.open(name) as stream:
            assert hashlib.sha256(stream.read()).hexdigest() == sha256
    assert task is not None
    completion.complete(
        house.rooms, task, submission={}, outcome=None, comment="", revision=None, strict=False,
        actor=ZHANG, now=house.rooms.clock(),
    )  # fmt: skip


def when_read(pipe: Path) -> int:
    """Open a pipe for writing as soon as somebody reads it."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            assert time.monotonic() < deadline, "nobody reads"
            time.sleep(0.02)


def until_true(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "not within 60 s"
        time.sleep(0.02)


def started(house: House, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "service.cli", *words],
        env=environment(house.folder, free_port(), **house.environment),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_backup_that_is_stopped_leaves_no_file(
    small: House, tmp_path: Path, how: signal.Signals
) -> None:
    small.attach(b"first")
    with small.rooms.read() as session:
        path = small.rooms.files.path(session.scalars(select(Document.storage_name)).one())
    content = path.read_bytes()
    path.unlink()
    os.mkfifo(path)
    folder = tmp_path / "backups"
    folder.mkdir()

    backup = started(small, "backup", "--out", str(folder))
    writer = when_read(path)  # which writes nothing, so the copying stands still
    assert len(list(folder.glob("*.tar.part"))) == 1
    backup.send_signal(how)
    _, errors = backup.communicate(timeout=30)
    os.close(writer)

    if how is not signal.SIGKILL:
        assert (backup.returncode, "已中断" in errors) == (1, True), errors
        assert list(folder.iterdir()) == []
    path.unlink()
    path.write_bytes(content)
    small.run_here("backup", "--out", str(folder), "--keep", "1")
    assert [each.suffix for each in folder.iterdir()] == [".tar"]


def test_a_disk_that_is_full_is_said_and_nothing_half_done_stays(
    small: House, tmp_path: Path
) -> None:
    small.attach(os.urandom(5 * MEGABYTE))
    folder = tmp_path / "backups"
    folder.mkdir()

    with files_up_to(3 * MEGABYTE):
        refused = small.run("backup", "--out", str(folder))
    assert (refused.returncode, "磁盘空间不足" in refused.stderr) == (1, True), refused.stderr
    assert list(folder.iterdir()) == []

    file = str(folder / "backup.tar")
    small.run_here("backup", "--out", file)
    empty = replace(small, folder=tmp_path / "empty", url="sqlite:///" + str(tmp_path / "new.db"))
    with files_up_to(3 * MEGABYTE):
        refused = empty.run("restore", file)
    assert (refused.returncode, "磁盘空间不足" in refused.stderr) == (1, True), refused.stderr
    assert [each.name for each in empty.folder.iterdir()] == ["files.lock"]
    assert "已恢复" in empty.run_here("restore", file)
    assert "备份完好" in empty.run_here("backup", "verify", file)


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let no process that is started here make a larger file, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
