"""The answer of a commit is lost: the bytes stay, and the sweep takes those that no row names."""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import make_url, select

from service.commands import documents, notices
from service.commands.public_files import Sent
from service.commands.rooms import Rooms
from service.domain.errors import ResultUnknown
from service.domain.notices import NoticeText
from service.store.database import Database
from service.store.tables import Document
from tests.databases import Server
from tests.faults.proxy import Cut, Proxy
from tests.fixtures_commands import EVIDENCE, REVIEW, Deploy, Stage
from tests.fixtures_public import let_office_publish, let_public_start
from tests.fixtures_store import migrated_url

LONG_AGO = 1_700_000_000
PDF = b"%PDF-1.7\n1 0 obj"

pytestmark = pytest.mark.postgresql


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Of SQLite no commit is lost on the way."""
    for url in migrated_url(request, "postgresql"):
        database = Database(url)
        yield database
        database.dispose()


@pytest.fixture(params=list(Cut))
def cut(request: pytest.FixtureRequest) -> Cut:
    how: Cut = request.param
    return how


@pytest.fixture
def behind(stage: Stage, postgresql_server: Server, cut: Cut) -> Iterator[Rooms]:
    """Rooms whose next commit is cut off like this."""
    proxy = Proxy(postgresql_server.socket, 0)
    url = make_url(stage.rooms.database.url).set(host="127.0.0.1", port=proxy.port, query={})
    database = Database(url)
    for way in (database.read, database.write):  # the first connection asks what it has reached
        with way() as session:
            session.execute(select(Document.key))
    proxy.cut_next(cut)
    yield replace(stage.rooms, database=database)
    database.dispose()
    proxy.close()


Send = Callable[[Rooms], object]


@pytest.fixture(params=["form", "notice"])
def send(request: pytest.FixtureRequest, stage: Stage, deploy: Deploy) -> Send:
    """Send a file: with a form, or with a notice to the public."""
    actor, now = stage.cast.applicant, stage.clock.now
    if request.param == "form":
        [process] = deploy(*EVIDENCE).processes
        return lambda rooms: documents.upload(
            rooms, process.key, field="证明", file_name="a.pdf", stream=io.BytesIO(PDF),
            actor=actor, now=now,
        )  # fmt: skip
    deploy(*REVIEW)
    let_public_start(stage.rooms, "review")
    let_office_publish(stage.rooms)
    text = NoticeText("受理公告", "现受理审核申请。", now, None, ("review",))
    return lambda rooms: notices.publish(
        rooms, text, files=[Sent("a.pdf", io.BytesIO(PDF))], process_id="review",
        actor=stage.cast.officer, now=now,
    )  # fmt: skip


def lying(stage: Stage) -> set[str]:
    return set(stage.rooms.files.names(older_than=4e9))


def age(stage: Stage) -> None:
    """Let what lies there be as old as the test's clock is past it."""
    for name in lying(stage):
        os.utime(stage.rooms.files.path(name), (LONG_AGO, LONG_AGO))


def test_the_file_stays_as_long_as_a_row_may_name_it(
    stage: Stage, send: Send, behind: Rooms, cut: Cut
) -> None:
    with pytest.raises(ResultUnknown):
        send(behind)
    rows = {str(row["storage_name"]) for row in stage.rows(Document)}
    assert len(rows) == (1 if cut is Cut.UNSAID else 0)
    assert len(lying(stage)) == 1

    age(stage)
    documents.clean_up(stage.rooms, now=stage.clock.now)

    assert lying(stage) == rows
