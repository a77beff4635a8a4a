"""Mail from a commit to a mailbox: a real mail server, real worker processes, a real kill."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from service import app
from service.commands import outbox
from service.commands.rooms import Rooms
from service.domain.outgoing import Channel, OutgoingMessage
from service.settings import Settings
from service.store.tables import Job
from tests.connectors.outside import Mailbox, mail_server
from tests.programs import SECRETS, environment, free_port

SOON = 30.0
MESSAGE = OutgoingMessage(Channel.MAIL, "li.na@example.cn", "有任务等你办理。", "提醒", "/")


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def mailing(sqlite_template: Path, tmp_path: Path) -> Iterator[Rooms]:
    """A fresh SQLite database with a mail that waits."""
    shutil.copyfile(sqlite_template, tmp_path / "jiaoyan.db")
    settings = Settings.read({"JIAOYAN_DATA_DIR": str(tmp_path), **SECRETS})
    rooms = app.assemble(settings, app.Bureau())
    now = datetime.now(UTC)
    with rooms.write() as tools:
        outbox.enqueue(tools, MESSAGE, now=now, expires_at=now + timedelta(hours=1))
    yield rooms
    rooms.feel.close()
    rooms.database.dispose()


@contextmanager
def worker(folder: Path, box: Mailbox) -> Iterator["subprocess.Popen[bytes]"]:
    """`jiaoyan worker` with this mail server; killed at the end if it still runs."""
    settings = {
        "JIAOYAN_MAIL_HOST": box.host,
        "JIAOYAN_MAIL_PORT": str(box.port),
        "JIAOYAN_MAIL_SECURITY": "none",
        "JIAOYAN_MAIL_FROM": "oa@example.cn",
        "JIAOYAN_BASE_URL": "https://jiaoyan.example.cn",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "worker"],
        env=environment(folder, free_port(), **SECRETS, **settings),
        cwd=app.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def state(rooms: Rooms) -> str:
    with rooms.read() as session:
        return session.scalars(select(Job.state).where(Job.kind == "send")).one()


def becomes(rooms: Rooms, wanted: str) -> bool:
    until = time.monotonic() + SOON
    while state(rooms) != wanted:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_a_killed_workers_mail_is_sent_by_the_next_under_the_same_message_id(
    mailing: Rooms, tmp_path: Path, box: Mailbox
) -> None:
    box.silent_for = SOON
    with worker(tmp_path, box):
        assert box.taken.wait(SOON)
    assert state(mailing) == "waiting"

    box.silent_for = 0
    with mailing.write() as tools:  # as if its time were over
        expired = datetime.now(UTC) - timedelta(seconds=1)
        tools.session.execute(update(Job).where(Job.kind == "send").values(lock_expires_at=expired))
    with worker(tmp_path, box):
        assert becomes(mailing, "done")

    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert box.recipients == ["li.na@example.cn"] * 2
