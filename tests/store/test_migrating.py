"""The migrations make the tables that the program expects, and know when they have."""

import importlib
import pkgutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, inspect, text
from sqlalchemy.pool import NullPool

import service.store.tables
from service.store.base import Base
from service.store.database import Database, with_driver
from service.store.migrating import DatabaseNewer, heads_current, upgrade
from tests.fixtures_store import VERSION_LOCATIONS

FOREIGN = '''"""A migration of somebody else's."""

import sqlalchemy as sa
from alembic import op

revision: str = "x0001"
down_revision: str | None = None
branch_labels = ("foreign",)
depends_on: str | None = "s0001"


def upgrade() -> None:
    op.create_table("foreign_thing", sa.Column("key", sa.BigInteger(), primary_key=True))
'''


DAY = {"day": datetime(2026, 3, 2, tzinfo=UTC)}


def differences(url: str, *metadata: MetaData) -> list[object]:
    engine = create_engine(with_driver(url), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, metadata))  # type: ignore[arg-type]  # takes several


def tables(url: str) -> set[str]:
    engine = create_engine(with_driver(url), poolclass=NullPool)
    with engine.connect() as connection:
        return set(inspect(connection).get_table_names())


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A folder of migrations beside the service's."""
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "x0001_foreign.py").write_text(FOREIGN, "utf-8")
    return folder


def test_the_service_alone_gets_exactly_its_tables(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    assert differences(empty_database_url, Base.metadata) == []


@pytest.mark.skipif(not VERSION_LOCATIONS, reason="the bureau's procedures were taken out")
def test_the_branches_together_make_exactly_all_tables(empty_database_url: str) -> None:
    upgrade(empty_database_url, VERSION_LOCATIONS)
    processes = importlib.import_module("processes")
    for module in pkgutil.walk_packages(processes.__path__, "processes."):
        if module.name.endswith(".tables"):
            importlib.import_module(module.name)
    metadata = importlib.import_module("service.procedure").ProcessesBase.metadata
    assert differences(empty_database_url, Base.metadata, metadata) == []


def test_an_empty_database_is_not_current(empty_database_url: str) -> None:
    assert not heads_current(empty_database_url)


def test_a_database_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    assert not heads_current(f"sqlite:///{tmp_path / 'none' / 'jiaoyan.db'}")
    assert list(tmp_path.iterdir()) == []


def test_an_upgraded_database_is_current_and_stays_as_it_is(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    upgrade(empty_database_url)
    assert heads_current(empty_database_url)


def test_a_branch_that_comes_later_is_added(empty_database_url: str, foreign: Path) -> None:
    upgrade(empty_database_url)
    assert not heads_current(empty_database_url, [foreign])
    upgrade(empty_database_url, [foreign])
    assert heads_current(empty_database_url, [foreign])
    assert "foreign_thing" in tables(empty_database_url)


def test_a_branch_that_depends_on_ours_comes_after_it(
    empty_database_url: str, foreign: Path
) -> None:
    upgrade(empty_database_url, [foreign])
    assert heads_current(empty_database_url, [foreign])
    assert tables(empty_database_url) >= {"foreign_thing", "person"}


def test_a_migration_that_fails_leaves_nothing_behind(
    empty_database_url: str, foreign: Path
) -> None:
    (foreign / "x0001_foreign.py").write_text(FOREIGN + "    raise RuntimeError\n", "utf-8")
    with pytest.raises(RuntimeError):
        upgrade(empty_database_url, [foreign])
    assert tables(empty_database_url) == set()


def test_a_database_of_a_newer_program_is_left_alone(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    engine = create_engine(with_driver(empty_database_url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 's9999'"))
    with pytest.raises(DatabaseNewer, match="s9999"):
        upgrade(empty_database_url)


def test_forms_that_were_deployed_before_get_their_names(empty_database_url: str) -> None:
    upgrade(empty_database_url, target="s0009")
    engine = create_engine(with_driver(empty_database_url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO deployment VALUES (1, :day, 'x', NULL)"), DAY)
        for key, content in ((2, '{"components": [{"text": "# 请假单"}]}'), (3, "{}")):
            row = {"key": key, "content": content, **DAY}
            connection.execute(
                text(
                    "INSERT INTO resource (key, deployment_key, name, kind, content, checksum)"
                    " VALUES (:key, 1, 'a.form', 'form', :content, 'x')"
                ),
                row,
            )
            connection.execute(
                text(
                    "INSERT INTO form_definition (key, resource_key, form_id, version, deployed_at)"
                    " VALUES (:key, :key, 'leave', :key, :day)"
                ),
                row,
            )

    upgrade(empty_database_url)

    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM form_definition ORDER BY key"))
        assert names.scalars().all() == ["请假单", None]


def test_programs_that_start_together_upgrade_once(empty_database_url: str) -> None:
    together = threading.Barrier(2)

    def start(_: int) -> bool:
        together.wait(10)
        upgrade(empty_database_url)
        return heads_current(empty_database_url)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(start, range(2))) == [True, True]


def test_asking_whether_all_is_done_does_not_load_alembic(sqlite_database: Database) -> None:
    locations = [str(path) for path in VERSION_LOCATIONS]
    program = (
        "import sys; from pathlib import Path; from service.store.migrating import heads_current;"
        f"locations = [Path(path) for path in {locations}];"
        f"current = heads_current({str(sqlite_database.url)!r}, locations);"
        "sys.exit(0 if current and 'alembic' not in sys.modules else 1)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_looking_waits_for_nobody_who_writes(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = version_num"))
        assert heads_current(sqlite_database.url, VERSION_LOCATIONS)


def test_every_table_has_a_place_in_the_schema() -> None:
    mapped = {mapper.local_table for mapper in Base.registry.mappers}
    exported = {
        getattr(service.store.tables, name).__table__ for name in service.store.tables.__all__
    }
    assert mapped == exported
