"""The two kinds of session, on both databases."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Update, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.domain.errors import ResultUnknown, StorageFull
from service.store.database import Busy, Database
from service.store.tables import Person
from tests.faults.proxy import Proxy
from tests.fixtures_store import Cast, CountStatements, migrated_url


@pytest.fixture
def hasty(database_url: str) -> Iterator[Database]:
    """A second program on the same database, which hardly waits."""
    database = Database(database_url, wait_seconds=0.05)
    yield database
    database.dispose()


def people(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def rename(name: str) -> str:
    return f"UPDATE person SET display_name = '{name}' WHERE username = 'zhang.min'"  # noqa: S608


def name_of(database: Database) -> str | None:
    with database.read() as session:
        return session.scalar(select(Person.display_name).where(Person.username == "zhang.min"))


def write_and_fail(session: Session) -> None:
    session.execute(text(rename("无名")))
    _ = 1 / 0


def test_what_a_block_wrote_is_there_when_it_ends(database: Database, cast: Cast) -> None:
    with database.write() as session:
        session.execute(text(rename("张敏敏")))
    assert name_of(database) == "张敏敏"


def test_a_changed_object_is_written_with_the_rest(database: Database, cast: Cast) -> None:
    with database.write() as session:
        session.get_one(Person, "zhang.min").display_name = "张敏敏"
    assert name_of(database) == "张敏敏"


def test_an_error_rolls_all_of_a_block_back(database: Database, cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        write_and_fail(session)
    assert name_of(database) == "张敏"


def test_a_savepoint_rolls_back_alone(database: Database, cast: Cast) -> None:
    with database.write() as session:
        session.execute(text(rename("张敏敏")))
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            write_and_fail(session)
    assert name_of(database) == "张敏敏"


def test_one_block_is_one_commit(
    database: Database, cast: Cast, count_statements: CountStatements
) -> None:
    with count_statements() as statements, database.write() as session:
        session.execute(text(rename("张敏敏")))
        session.execute(text(rename("张敏")))
    assert (len(statements), statements.commits) == (2, 1)


def test_a_reading_session_cannot_write(database: Database, cast: Cast) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        session.execute(text(rename("张敏敏")))
    assert name_of(database) == "张敏"


def test_what_was_read_stays_readable_after_the_block(database: Database, cast: Cast) -> None:
    with database.read() as session:
        person = session.get_one(Person, "zhang.min")
    assert person.display_name == "张敏"


def test_reading_does_not_wait_for_a_writer(
    database: Database, hasty: Database, cast: Cast
) -> None:
    with database.write() as session:
        session.execute(text(rename("张敏敏")))
        assert name_of(hasty) == "张敏"


def test_who_waited_too_long_for_another_writer_is_told_to_try_again(
    database: Database, hasty: Database, cast: Cast
) -> None:
    with database.write() as session:
        session.execute(text(rename("张敏敏")))
        with pytest.raises(Busy, match="请稍后再试"), hasty.write() as other:
            other.execute(text(rename("张大敏")))
    assert name_of(database) == "张敏敏"


def test_the_threads_of_a_process_write_in_the_order_of_asking(
    sqlite_database: Database, cast: Cast
) -> None:
    order: list[int] = []

    def write(number: int) -> None:
        with sqlite_database.write() as session:
            session.execute(text(rename(f"第{number}个")))
            order.append(number)

    with ThreadPoolExecutor(5) as threads, sqlite_database.write() as session:
        session.execute(text(rename("先")))
        for number in range(5):
            threads.submit(write, number)
            _until_in_line(sqlite_database, number + 2)
        assert order == []

    assert order == [0, 1, 2, 3, 4]


def _until_in_line(database: Database, count: int) -> None:
    deadline = monotonic() + 30
    while len(database.turn.line) < count:
        assert monotonic() < deadline
        threading.Event().wait(0.002)


def test_who_finds_no_free_connection_is_told_to_try_again(database_url: str) -> None:
    database = Database(database_url, pool_size=1, wait_seconds=0.01)
    held = [database.reading.connect() for _ in range(11)]
    with pytest.raises(Busy), database.read() as session:
        session.execute(text("SELECT 1"))
    for connection in held:
        connection.close()
    database.dispose()


def test_a_mistake_in_a_statement_is_not_called_busy(database: Database) -> None:
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(text("SELECT nonsense FROM nowhere"))


def test_a_foreign_key_holds(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), database.write() as session:
        session.execute(text("INSERT INTO membership VALUES ('nowhere', 'nobody')"))


def test_a_full_disk_is_called_so_and_nothing_is_written(sqlite_database: Database) -> None:
    def fill() -> None:
        with sqlite_database.write() as session:
            session.execute(text("CREATE TABLE filled (content)"))
            pages = session.scalar(text("PRAGMA page_count"))
            session.execute(text(f"PRAGMA max_page_count = {pages}"))
            session.execute(text("INSERT INTO filled VALUES (zeroblob(1000000))"))

    with pytest.raises(StorageFull, match="存储空间满了"):
        fill()
    with sqlite_database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'filled'")) == 0


def test_a_child_process_opens_connections_of_its_own(database: Database, cast: Cast) -> None:
    assert people(database) == 3
    child = os.fork()
    if child == 0:
        os._exit(0 if people(database) == 3 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert people(database) == 3


def test_sqlite_has_a_commit_on_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'jiaoyan.db'}")
    with database.write() as session:
        settings = [
            session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    database.dispose()
    assert settings == ["wal", 2, 1]


@pytest.mark.postgresql
class TestPostgresql:
    """What SQLite cannot do."""

    @pytest.fixture(params=["postgresql"])
    def database_url(self, request: pytest.FixtureRequest) -> Iterator[str]:
        """Only the one kind; see the fixture of the same name."""
        yield from migrated_url(request, "postgresql")

    def test_a_lost_connection_costs_one_try(self, database: Database, cast: Cast) -> None:
        with pytest.raises(Busy), database.write() as session:
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        assert people(database) == 3

    def test_a_server_that_does_not_answer_is_busy(self) -> None:
        nowhere = Database("postgresql://127.0.0.1:9/nothing", wait_seconds=1)
        with pytest.raises(Busy), nowhere.read() as session:
            session.execute(text("SELECT 1"))

    def test_whether_a_commit_was_heard_is_not_known_where_the_connection_is_cut(
        self, database: Database, cast: Cast
    ) -> None:
        """The first is cut before the server hears of it, the second before it can answer."""
        with database.read() as session:
            place = session.scalar(text("SHOW unix_socket_directories"))
        proxy = Proxy(Path(f"{place}/.s.PGSQL.5432"), every=1)
        cut_off = Database(database.url.set(query={}, host="127.0.0.1", port=proxy.port))
        for name, there in (("张敏敏", "张敏"), ("张大敏", "张大敏")):
            with pytest.raises(ResultUnknown, match="刷新"), cut_off.write() as session:
                session.execute(text(rename(name)))
            assert name_of(database) == there
        cut_off.dispose()
        proxy.close()

    @pytest.mark.parametrize("says_more", [True, False])
    def test_who_says_nothing_for_too_long_amid_a_transaction_loses_its_locks(
        self, database: Database, cast: Cast, says_more: bool
    ) -> None:
        """Also at its commit it is known that nothing was written."""
        silent = Database(database.url, idle_seconds=0.1)

        def fall_silent() -> None:
            with silent.write() as session:
                session.execute(text(rename("张大敏")))
                with database.write() as other:  # waits until the server has ended the first
                    other.execute(text(rename("张敏敏")))
                if says_more:
                    session.execute(text("SELECT 1"))

        with pytest.raises(Busy):
            fall_silent()
        assert name_of(database) == "张敏敏"
        silent.dispose()

    def test_of_two_that_wait_for_each_other_one_gives_way(
        self, database: Database, cast: Cast
    ) -> None:
        both_hold_one = threading.Barrier(2)

        def change(first: str, second: str) -> bool:
            try:
                with database.write() as session:
                    session.execute(deactivation(first))
                    both_hold_one.wait(10)
                    session.execute(deactivation(second))
            except Busy:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(change, ["zhang.min", "li.na"], ["li.na", "zhang.min"]))
        assert sorted(done) == [False, True]


def deactivation(username: str) -> Update:
    return update(Person).where(Person.username == username).values(active=False)
