"""Settings come from the environment, and a guessable secret starts nothing."""

from pathlib import Path

import pytest

from service.settings import SecretUnfit, SettingInvalid, Settings, demonstration_secret

GOOD = "0f9c1b7a6d3e58420f9c1b7a6d3e5842"
THIRD = "5be2c07f31d94a68b1f0e37c29d8a645"
OTHER = "a41d7be0c92f4e83b65d10c7f8e93a2d"


def test_every_field_has_its_variable() -> None:
    settings = Settings.read(
        {"JIAOYAN_PORT": "9000", "JIAOYAN_HTTPS": "false", "JIAOYAN_DATA_DIR": "/srv/jiaoyan"}
    )
    assert (settings.port, settings.https, settings.data_dir) == (9000, False, Path("/srv/jiaoyan"))


def test_without_an_address_the_database_is_sqlite_in_the_data_folder(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).database == f"sqlite:///{tmp_path / 'jiaoyan.db'}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "80a"),
        ("PORT", "-1"),
        ("HTTPS", "maybe"),
        ("ACCESS_LOG_DAYS", "179"),
        ("TAKEOVER_SECONDS", "2"),
        ("TAKEOVER_SECONDS", "3601"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_the_variables_name(name: str, text: str) -> None:
    with pytest.raises(SettingInvalid, match=f"JIAOYAN_{name}"):
        Settings.read({f"JIAOYAN_{name}": text})


@pytest.mark.parametrize(
    "secret", ["", "short", "a" * 64, "secret" * 8, "jiaoyan-demojiaoyan-demo1234"]
)
def test_a_guessable_secret_is_refused(secret: str) -> None:
    with pytest.raises(SecretUnfit, match="JIAOYAN_SECRET_KEY"):
        Settings(secret_key=secret, audit_key=GOOD, data_key=THIRD).require_secrets()


def test_each_secret_is_required() -> None:
    with pytest.raises(SecretUnfit, match="JIAOYAN_AUDIT_KEY"):
        Settings(secret_key=GOOD).require_secrets()
    with pytest.raises(SecretUnfit, match="JIAOYAN_DATA_KEY"):
        Settings(secret_key=GOOD, audit_key=OTHER).require_secrets()
    Settings(secret_key=GOOD, audit_key=OTHER, data_key=THIRD).require_secrets()


def test_each_of_several_data_keys_must_be_fit() -> None:
    settings = Settings(secret_key=GOOD, audit_key=OTHER, data_key=f"{THIRD}, {GOOD}")
    settings.require_secrets()
    assert settings.data_keys == [THIRD, GOOD]
    with pytest.raises(SecretUnfit, match="JIAOYAN_DATA_KEY"):
        Settings(secret_key=GOOD, audit_key=OTHER, data_key=f"{THIRD},old").require_secrets()


def test_the_demonstrations_secret_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    first = demonstration_secret(tmp_path, "cookie")
    assert demonstration_secret(tmp_path, "cookie") == first
    assert demonstration_secret(tmp_path, "audit") != first
    assert (tmp_path / "cookie.secret").stat().st_mode & 0o077 == 0
