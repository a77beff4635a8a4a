"""A backup that an older program has made is brought to the form of this one."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from service.commands.rooms import Rooms
from service.store.migrating import heads_current, upgrade
from service.store.table_rows import tables_of
from service.store.tables import CandidateGroup
from tests.commands.backing_up import elsewhere, restore, source, tables, take
from tests.fixtures_store import VERSION_LOCATIONS, empty_url

__all__ = ["source"]


@pytest.mark.postgresql
def test_the_rows_of_an_older_program_are_brought_to_the_newest_form(
    request: pytest.FixtureRequest, source: Rooms, tmp_path: Path
) -> None:
    old = elsewhere(source, f"sqlite:///{tmp_path / 'old.db'}", tmp_path / "old")
    upgrade(old.database.url, VERSION_LOCATIONS, target="s0016")
    with old.write() as tools:
        tools.session.execute(insert(CandidateGroup), [{"id": "office", "name": "人事科"}])
    with old.database.snapshot() as connection:
        names = [name for name in tables() if name in tables_of(connection)]
    assert "s0016" in take(old, tmp_path / "old.tar", names=names).manifest.revisions

    for url in empty_url(request, "postgresql"):
        new = elsewhere(source, url, tmp_path / "new")
        restore(new, tmp_path / "old.tar")
        assert heads_current(url, VERSION_LOCATIONS)
        with new.read() as session:
            assert session.execute(select(CandidateGroup.id, CandidateGroup.name)).all() == [
                ("office", "人事科")
            ]
        new.database.dispose()
    old.database.dispose()
