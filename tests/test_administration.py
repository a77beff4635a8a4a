"""What an operator is told of a database that is not as the program needs it."""

from pathlib import Path

import pytest

from service import administration
from service.administration import DatabaseNotReady
from service.settings import Settings
from service.store import migrating
from tests.processes.conftest import SECRET


def settings_in(folder: Path) -> Settings:
    return Settings(data_dir=folder, audit_key=SECRET, secret_key=SECRET, https=False)


def test_a_folder_without_a_database_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    with pytest.raises(DatabaseNotReady, match=f"{folder}.* 还没有建立"):
        administration.deploy(settings_in(folder), [])
    assert not folder.exists()


def test_a_database_behind_the_program_says_what_it_lacks(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    migrating.upgrade(settings.database)
    with pytest.raises(DatabaseNotReady, match="比程序旧，还缺 p0001"):
        administration.deploy(settings, [])


def test_an_address_is_told_without_its_password() -> None:
    settings = Settings(database_url="postgresql://jiaoyan:hidden@db.example/jiaoyan")
    named = administration.database_named(settings)
    assert "hidden" not in named
    assert "db.example/jiaoyan" in named
