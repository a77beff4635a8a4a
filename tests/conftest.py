"""Fixtures for all rooms: each room's module of fixtures is named here."""

pytest_plugins = [
    "tests.fixtures_feel",
    "tests.fixtures_store",
]
