"""The 工作台 over HTTP, as a browser gets it, on databases that `inbox_load` has filled."""

import http.client
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import event, insert

from benchmarks.completion import KEY, serving
from benchmarks.inbox_load import POST_GROUP, PROCESSES, RARE_WORD, VIEWER
from benchmarks.machine import table
from service import app
from service.commands.rooms import Rooms
from service.commands.sign_in import begin_session
from service.settings import Settings
from service.store.tables import CandidateGroup, Deputy, Membership
from service.web.identity import COOKIE
from tests.programs import free_port

TOKEN = "session-of-the-viewer"
PAGES = (
    "/",
    "/inbox/claimable",
    "/inbox/claimable?sort=due",
    f"/inbox/claimable?process={PROCESSES[0]}&sort=oldest",
    "/inbox/claimable?state=OVERDUE&sort=due",
    f"/inbox/claimable?q={quote('教师01')}",
    f"/inbox/claimable?q={quote(RARE_WORD)}",
    "/inbox/done",
    "/inbox/started",
    "/inbox/started?state=ACTIVE",
)
REPEATS = 30


def measure(name: str, urls: dict[int, str], folder: Path) -> None:
    """Print the best time of each page in milliseconds at each size, and its statements."""
    common = Settings(
        data_dir=folder,
        secret_key=KEY,
        audit_key=KEY[::-1],
        data_key=KEY[8:] + KEY[:8],
        https=False,
        web_workers=1,
    )
    each = [replace(common, database_url=url, port=free_port()) for url in urls.values()]
    bureau = app.discover()
    everything = [app.assemble(settings, bureau) for settings in each]
    for rooms in everything:
        _sign_in(rooms)
    statements = _statements(each[-1], bureau, everything[-1])
    for rooms in everything:
        rooms.feel.close()
        rooms.database.dispose()
    with ExitStack() as running:
        for settings in each:
            running.enter_context(serving("ours", settings))
        rows = [_row(page, [settings.port for settings in each], statements) for page in PAGES]
    heads = ("page", *(f"{size:,}" for size in urls), "last : first", "statements")
    table(f"The 工作台 over HTTP, {name}, best of {REPEATS}, ms", heads, rows)


def _sign_in(rooms: Rooms) -> None:
    """Give the viewer their offices and whom they stand in for, and open their session."""
    now = rooms.clock()
    offices = sorted(VIEWER.groups - {POST_GROUP})
    with rooms.write() as tools:
        session = tools.session
        session.execute(insert(CandidateGroup), [{"id": one, "name": one} for one in offices])
        seats = [{"group_id": one, "username": VIEWER.username} for one in offices]
        session.execute(insert(Membership), seats)
        agreement = {
            "deputy": VIEWER.username,
            "starts_at": datetime(2000, 1, 1, tzinfo=UTC),
            "ends_at": now + timedelta(days=9),
            "covers_open": True,
            "appointed_at": now,
            "appointed_by": "system",
        }
        agreements = [
            {
                "key": place,
                "principal": one.username,
                "process_ids": sorted(one.process_ids or ()),
                **agreement,
            }
            for place, one in enumerate(VIEWER.principals, 1)
        ]
        session.execute(insert(Deputy), agreements)
        begin_session(session, VIEWER.username, TOKEN, now)


def _statements(settings: Settings, bureau: app.Bureau, rooms: Rooms) -> dict[str, int]:
    """Count what each page sends to the database, with what tells whose session it is."""
    client = app.web_application(settings, bureau, rooms).test_client()
    client.set_cookie(COOKIE, TOKEN)
    taken = dict.fromkeys(PAGES, 0)
    page = ""

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if page and not statement.startswith("BEGIN"):
            taken[page] += 1

    event.listen(rooms.database.reading, "before_cursor_execute", note)
    client.get("/")
    for page in PAGES:
        assert client.get(page).status_code == 200
    event.remove(rooms.database.reading, "before_cursor_execute", note)
    return taken


def _row(page: str, ports: Sequence[int], statements: dict[str, int]) -> Sequence[str]:
    spent: list[list[float]] = [[] for _ in ports]
    for _repeat in range(REPEATS):
        for port, times in zip(ports, spent, strict=True):
            times.append(_get(port, page))
    best = [min(times) for times in spent]
    ratio = best[-1] / best[0]
    return (page, *(f"{each:.1f}" for each in best), f"{ratio:.2f}", str(statements[page]))


def _get(port: int, page: str) -> float:
    """Milliseconds until the last byte of the page is there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    begin = time.perf_counter()
    connection.request("GET", page, headers={"Cookie": f"{COOKIE}={TOKEN}"})
    answer = connection.getresponse()
    answer.read()
    spent = 1000 * (time.perf_counter() - begin)
    assert answer.status == 200, (page, answer.status)
    connection.close()
    return spent
